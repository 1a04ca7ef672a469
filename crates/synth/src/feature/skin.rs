//! Skin: its colour, redness, pores and folds.

use crate::colour::Colour;
use crate::curve::{blob, mix, step};
use crate::noise::cloud;
use crate::random::SplitMix64;
use crate::relief::{Lit, shelter};
use crate::spot::Spot;
use crate::style::FaceStyle;

/// Colour and surface of the skin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Skin {
    /// In full light.
    pub colour: Colour,
    /// Redness of cheeks and nose; 0..1.
    pub flush: f64,
    /// How much the lamp mirrors; 0.02..0.12.
    pub gloss: f64,
    /// Depth of wrinkles and folds; 0..1.
    pub age: f64,
}

const PALE_TO_DARK: [Colour; 6] = [
    Colour([0.97, 0.83, 0.76]),
    Colour([0.94, 0.77, 0.67]),
    Colour([0.86, 0.67, 0.55]),
    Colour([0.76, 0.56, 0.43]),
    Colour([0.60, 0.42, 0.32]),
    Colour([0.47, 0.32, 0.25]),
];

impl Skin {
    pub(crate) fn pick(random: &mut SplitMix64, young: bool) -> Self {
        let [tone, flush, gloss, age] = core::array::from_fn(|_| random.unit());
        Self {
            colour: Colour::along(&PALE_TO_DARK, tone * tone).varied(random, 0.015),
            flush: mix(0.3, 1.0, flush),
            gloss: mix(0.03, 0.10, gloss),
            age: if young {
                mix(0.0, 0.2, age)
            } else {
                mix(0.6, 1.0, age)
            },
        }
    }
}

/// The skin of the face at a spot under its light.
pub(crate) fn paint(style: &FaceStyle, spot: Spot, lit: Lit) -> Colour {
    let skin = &style.skin;
    let (x, y) = (spot.x, spot.y);
    let blotch = cloud(style.seed ^ 0x51, x * 3.0, y * 3.0, 2);
    let pores = cloud(style.seed ^ 0x52, x * 26.0, y * 26.0, 2);
    let flush = skin.flush
        * (blob(x.abs(), y, (0.62, 0.52), (0.3, 0.24))
            + 0.7 * blob(x, y, (0.0, style.nose.tip), (0.2, 0.18))
            + 0.3 * blob(x, y, (0.0, style.head.chin - 0.2), (0.25, 0.15)))
        * (1.0 + 0.4 * blotch);
    let red = [1.0 + 0.015 * flush, 1.0 - 0.075 * flush, 1.0 - 0.07 * flush];
    let grain = 1.0 + 0.014 * blotch + 0.012 * pores;
    let light = lit.light * shelter(style, x, y) * folds(style, spot);
    skin.colour
        .tinted(red)
        .times(grain)
        .shaded(light)
        .plus(skin.gloss * lit.gloss)
}

/// Nasolabial folds for everyone; lines of forehead, eyes and mouth corners with age.
fn folds(style: &FaceStyle, spot: Spot) -> f64 {
    let age = style.skin.age;
    let s = spot.folded();
    let mouth = &style.mouth;
    let mut light = 1.0;
    // From the wing of the nose round the corner of the mouth.
    let (top, bottom) = (style.nose.tip - 0.02, mouth.y + 0.02);
    let along = (s.y - top) / (bottom - top);
    if (-0.2..1.3).contains(&along) {
        let t = along.clamp(0.0, 1.2);
        let edge =
            0.25 * style.nose.width + (mouth.half_width + 0.13 - 0.25) * t * (1.55 - 0.55 * t);
        let ends = step(-0.15, 0.15, along) * step(1.3, 0.8, along);
        let depth = 0.07 + 0.05 * mouth.smile / 0.08 + 0.11 * age;
        light *= 1.0 - depth * ends * step(0.09, 0.0, (s.x - edge + 0.01).abs());
        light *= 1.0 + 0.35 * depth * ends * step(0.11, 0.0, (s.x - edge - 0.11).abs());
    }
    if age > 0.3 {
        let waver = 0.02 * cloud(style.seed ^ 0x53, s.x * 4.0, s.y, 1);
        for (n, y) in [-0.78, -0.92, -1.05].into_iter().enumerate() {
            let line = s.y - y - waver * (1.0 + n as f64) - 0.04 * s.x * s.x;
            light *= 1.0 - 0.07 * age * step(0.7, 0.4, s.x) * spot.line(line, 0.02, 0.05);
        }
        for slope in [-0.5, 0.0, 0.5] {
            let line = s.y - 0.02 - slope * (s.x - 0.74) * 0.8;
            let ends = step(0.76, 0.82, s.x) * step(0.98, 0.88, s.x);
            light *= 1.0 - 0.10 * age * ends * spot.line(line, 0.012, 0.03);
        }
        // The bag under the eye.
        let bag = (s.x - 0.48) / 0.24;
        let line = s.y - 0.25 + 0.09 * bag * bag;
        light *= 1.0 - 0.12 * age * step(1.0, 0.6, bag.abs()) * spot.line(line, 0.02, 0.06);
    }
    light
}
