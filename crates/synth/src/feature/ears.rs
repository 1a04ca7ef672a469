//! Ears, behind the cheeks.

use crate::colour::Colour;
use crate::relief::Relief;
use crate::shape::{ellipse, segment};
use crate::spot::Spot;
use crate::style::FaceStyle;

/// Both ears over what is behind them.
pub(crate) fn paint(style: &FaceStyle, relief: &Relief, spot: Spot, under: Colour) -> Colour {
    let side = if spot.x < 0.0 { -1.0 } else { 1.0 };
    let s = spot.folded();
    let (x, y) = (s.x - style.head.width - 0.02, s.y - 0.2);
    // Leaning outwards at the top.
    let (u, v) = (x + 0.16 * y, y - 0.1 * x);
    let edge = ellipse(u, v, 0.15, 0.36).max(-0.4 - u);
    let cover = spot.cover(edge, 0.02);
    if cover == 0.0 {
        return under;
    }
    let roundness = ((u - 0.02) / 0.16).clamp(-1.0, 1.0);
    let lit = relief.lit([side * roundness * 0.6, 0.2 * v, 0.8]);
    let hollow = spot.cover(ellipse(u + 0.03, v + 0.04, 0.07, 0.2), 0.09);
    let rim = spot.line(ellipse(u + 0.01, v + 0.01, 0.105, 0.29), 0.02, 0.05);
    let lobe = segment(u, v, (-0.12, 0.3), (-0.03, 0.24));
    let dark = 1.0 - 0.42 * hollow - 0.2 * rim - 0.1 * spot.cover(lobe - 0.02, 0.06);
    let skin = style.skin.colour.tinted([1.0, 0.93, 0.92]);
    under.mixed(skin.shaded(0.93 * lit.light * dark), cover)
}
