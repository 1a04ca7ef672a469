//! The mouth, closed or open.

use crate::colour::Colour;
use crate::curve::{blob, mix, ridge, step};
use crate::noise::noise;
use crate::random::SplitMix64;
use crate::relief::Lit;
use crate::spot::Spot;
use crate::style::FaceStyle;

/// Form and colour of the mouth, in eye distances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mouth {
    /// Gap between the lips in the middle: 0 = closed, 0.06..0.2 when open.
    pub open: f64,
    /// The corners' height below the eyes; 0.99..1.07.
    pub y: f64,
    /// Half the distance of the corners; 0.38..0.46.
    pub half_width: f64,
    /// How far the middle of the line hangs below the corners; 0..0.08.
    pub smile: f64,
    /// Fullness of the lips, 1 = average; 0.7..1.4.
    pub fullness: f64,
    /// Colour of the lips as a factor for the skin's, by channel.
    pub tint: [f64; 3],
}

impl Mouth {
    pub(crate) fn pick(random: &mut SplitMix64, male: bool, open: bool) -> Self {
        let [y, width, smile, fullness, tint, gap] = core::array::from_fn(|_| random.unit());
        let gap = mix(0.08, 0.18, gap);
        let red = if male {
            mix(0.0, 0.35, tint)
        } else {
            mix(0.35, 1.0, tint)
        };
        Self {
            open: if open { gap } else { 0.0 },
            y: mix(0.99, 1.07, y),
            half_width: mix(0.39, 0.45, width),
            smile: mix(0.01, 0.07, smile),
            fullness: if male {
                mix(0.7, 1.0, fullness)
            } else {
                mix(0.95, 1.3, fullness)
            },
            tint: [
                mix(0.93, 0.88, red),
                mix(0.74, 0.5, red),
                mix(0.74, 0.54, red),
            ],
        }
    }

    /// Everything the mouth paints lies within these half sides of its middle (0, y + [`Self::MIDDLE`]).
    pub(crate) const REACH: (f64, f64) = (0.62, 0.5);
    /// The middle of the painted region below the corners.
    pub(crate) const MIDDLE: f64 = 0.1;
}

/// Edges of lips and gap on one vertical line.
struct Profile {
    along: f64,
    top: f64,
    gap_top: f64,
    gap_bottom: f64,
    bottom: f64,
}

impl Profile {
    fn new(mouth: &Mouth, x: f64) -> Self {
        let along = (x / mouth.half_width).abs();
        let belly = (1.0 - along * along).max(0.0);
        let full = belly * (1.0 + 0.35 * along * along);
        let bow = ridge(along, 0.0, 0.2);
        let line = mouth.y + mouth.smile * belly + 0.012 * bow;
        let gap = mouth.open * belly * (1.0 + 0.3 * along * along);
        let gap_top = line - 0.3 * gap;
        let gap_bottom = line + 0.7 * gap;
        // Stretched lips are thinner.
        let fullness = mouth.fullness * (1.0 - 1.1 * mouth.open);
        Self {
            along,
            top: gap_top - fullness * full * (0.095 - 0.02 * bow + 0.012 * ridge(along, 0.3, 0.17)),
            gap_top,
            gap_bottom,
            bottom: gap_bottom + fullness * belly * (1.0 + 0.15 * along * along) * 0.135,
        }
    }
}

/// Lips, and teeth between them, over the skin.
pub(crate) fn paint(style: &FaceStyle, spot: Spot, lit: Lit, under: Colour) -> Colour {
    let mouth = &style.mouth;
    let (x, y) = (spot.x, spot.y - mouth.y - Mouth::MIDDLE);
    if x.abs() > Mouth::REACH.0 || y.abs() > Mouth::REACH.1 {
        return under;
    }
    let y = spot.y;
    let edge = Profile::new(mouth, x);
    let ends = step(1.03, 0.97, edge.along);
    let around = surroundings(style, spot, &edge, under);
    let lips = lips(style, spot, lit, &edge);
    let soft = 0.03;
    let lip = ends * spot.cover((edge.top - y).max(y - edge.bottom), soft);
    let mut seen = around.mixed(lips, lip);
    if mouth.open > 0.0 {
        let inside = ends * spot.cover((edge.gap_top - y).max(y - edge.gap_bottom), 0.014);
        seen = seen.mixed(cavity(style, spot, &edge), inside);
    }
    // The line where the lips meet, or the rims of the gap.
    let dark = style.skin.colour.tinted([0.30, 0.15, 0.15]);
    let corner = step(0.75, 1.0, edge.along);
    let closed = step(0.05, 0.0, mouth.open).max(corner);
    let fine = step(1.1, 1.0, edge.along);
    let line = fine * spot.line(y - edge.gap_top, 0.02 + 0.008 * corner, 0.026);
    let low = fine * spot.line(y - edge.gap_bottom, 0.012, 0.02);
    seen.mixed(dark, 0.85 * line * mix(0.75, 1.0, closed))
        .mixed(dark, 0.4 * low)
}

/// Shadow under the lower lip and in the corners, light on the rim of the upper lip.
fn surroundings(style: &FaceStyle, spot: Spot, edge: &Profile, under: Colour) -> Colour {
    let y = spot.y;
    let wide = step(1.0, 0.5, edge.along);
    let below = wide * ridge(y, edge.bottom + 0.045, 0.045);
    let rim = wide * ridge(y, edge.top - 0.02, 0.018);
    let corner = blob(
        spot.x.abs(),
        y,
        (style.mouth.half_width + 0.02, style.mouth.y + 0.005),
        (0.05, 0.05),
    );
    under.shaded((1.0 - 0.15 * below) * (1.0 - 0.22 * corner) * (1.0 + 0.03 * rim))
}

fn lips(style: &FaceStyle, spot: Spot, lit: Lit, edge: &Profile) -> Colour {
    let mouth = &style.mouth;
    let y = spot.y;
    let upper = step(edge.gap_bottom, edge.gap_top - 0.004, y);
    let place = ((y - edge.gap_bottom) / (edge.bottom - edge.gap_bottom).max(0.01)).clamp(0.0, 1.0);
    // The upper lip looks down, the lower one up until it rolls under.
    let form = mix(1.08 - 0.22 * place * place, 0.86, upper);
    let folds = noise(style.seed ^ 0x60, spot.x * 38.0, y * 4.0);
    let shine = (1.0 - upper) * ridge(place, 0.4, 0.3) * step(0.8, 0.2, edge.along);
    style
        .skin
        .colour
        .tinted(mouth.tint)
        .times(1.0 + 0.035 * folds)
        .shaded(form * mix(0.93, lit.light, 0.7))
        .plus(0.07 * shine)
}

/// Teeth, gums' shadow and tongue.
fn cavity(style: &FaceStyle, spot: Spot, edge: &Profile) -> Colour {
    let mouth = &style.mouth;
    let y = spot.y;
    let depth = y - edge.gap_top;
    let dark = Colour([0.20, 0.07, 0.07]);
    let tongue = step(0.5, 1.0, depth / mouth.open.max(0.01)) * step(0.7, 0.2, edge.along);
    let back = dark.mixed(Colour([0.55, 0.25, 0.25]), 0.6 * tongue);
    // The dental arch recedes towards the corners, into the dark.
    let tooth_bottom = 0.105 - 0.03 * edge.along * edge.along;
    let arch = 1.0 - 0.5 * step(0.25, 0.95, edge.along);
    let width = 0.082;
    let place = spot.x.abs() / width;
    let gap = (place - (place + 0.5).floor()).abs() * width;
    let between = 0.10 * spot.line(gap, 0.006, 0.012);
    let lip_shadow = 1.0 - 0.28 * step(0.035, 0.0, depth);
    let scallop = 0.006 * ridge(gap, 0.0, 0.02);
    let teeth = Colour([0.93, 0.91, 0.86]).times(arch * lip_shadow * (1.0 - between));
    let shown = spot.cover(depth - tooth_bottom + scallop, 0.012) * step(1.0, 0.88, edge.along);
    back.mixed(teeth, shown)
}
