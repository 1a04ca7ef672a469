//! Strands of hair: which way they lie and how they shine.

use crate::colour::Colour;
use crate::curve::{mix, ridge, step};
use crate::noise::noise;
use crate::relief::Relief;
use crate::shape::ellipse;
use crate::spot::Spot;
use crate::style::FaceStyle;

/// The hair at a spot under its light.
pub(crate) fn paint(style: &FaceStyle, relief: &Relief, spot: Spot) -> Colour {
    let hair = &style.hair;
    let texture = texture(style, spot);
    // The shell is round: light from the lamp, and a band of gloss across the strands.
    let (u, v) = (
        spot.x / (style.head.width + hair.side + 0.1),
        ((spot.y + 0.42) / (1.4 + hair.top)).clamp(-1.0, 0.6),
    );
    let depth = (1.0 - u * u - v * v).max(0.05).sqrt();
    let lit = relief.lit([u, v, depth]);
    let band = ridge(
        v - 0.25 * u * style.light.x.signum() + 0.10 * texture,
        -0.60,
        0.22,
    );
    let level = lit.light * (1.0 + 0.24 * texture) * (1.0 - 0.25 * step(0.75, 1.0, u.abs()));
    hair.colour
        .shaded(level)
        .plus(0.02 + band * (0.05 + 0.05 * texture) * (0.4 + lit.light))
}

/// Strands, light and dark, in [−1, 1]: short hair is combed back from the forehead, long hair falls from the parting to
/// both sides and hangs.
fn texture(style: &FaceStyle, spot: Spot) -> f64 {
    let hair = &style.hair;
    let (x, y) = (spot.x, spot.y);
    let (dx, dy) = (x - 0.6 * hair.part, y + 0.55);
    let turn = dx / (dx.abs() + dy.abs() + 0.05);
    let reach = (dx * dx + dy * dy).sqrt();
    let bend = hair.wave * 0.5 * noise(style.seed ^ 0xA2, turn * 3.0, reach * 2.2);
    let back = fibres(style.seed ^ 0xA3, turn * 16.0 + bend, reach * 1.4);
    let from_part = x - 0.5 * hair.part;
    let around = ellipse(0.85 * from_part, y + 0.1, style.head.width, 1.5);
    let side = 8.0 * from_part.signum();
    let wave = hair.wave * 0.05 * noise(style.seed ^ 0xA4, side + from_part * 2.0, y * 2.4);
    let fallen = fibres(
        style.seed ^ 0xA5,
        (around + wave) * 13.0 + side,
        0.6 * from_part,
    );
    let sway = hair.wave * 0.12 * noise(style.seed ^ 0xA4, x * 1.5, y * 2.4);
    let hanging = fibres(style.seed ^ 0xA7, (x + sway) * 11.0, y * 0.7);
    let long = step(0.5, 0.9, hair.length);
    let parting = long * step(0.05, 0.0, from_part.abs()) * step(-0.9, -1.3, y);
    mix(mix(back, fallen, long), hanging, step(-0.6, 0.2, y)) - 0.5 * parting
}

/// Fine and coarse strands in [−1, 1].
fn fibres(seed: u64, across: f64, along: f64) -> f64 {
    0.5 * noise(seed, across, along)
        + 0.3 * noise(seed ^ 1, across * 2.7, along * 1.3)
        + 0.2 * noise(seed ^ 2, across * 7.0, along * 1.7)
}
