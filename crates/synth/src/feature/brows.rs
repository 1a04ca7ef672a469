//! Eyebrows.

use crate::colour::Colour;
use crate::curve::{mix, step};
use crate::noise::noise;
use crate::random::SplitMix64;
use crate::spot::Spot;
use crate::style::FaceStyle;

/// Form of the eyebrows, in eye distances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Brows {
    /// Where the middle of the brow lies; −0.42..−0.28.
    pub height: f64,
    /// Thickness at the inner end; 0.06..0.14.
    pub thickness: f64,
    /// How far the middle rises above the ends; 0.03..0.1.
    pub arch: f64,
    /// How well they cover the skin; 0.5..0.95.
    pub density: f64,
}

impl Brows {
    pub(crate) fn pick(random: &mut SplitMix64, male: bool) -> Self {
        let [height, thickness, arch, density] = core::array::from_fn(|_| random.unit());
        if male {
            Self {
                height: mix(-0.35, -0.30, height),
                thickness: mix(0.10, 0.14, thickness),
                arch: mix(0.03, 0.06, arch),
                density: mix(0.7, 0.95, density),
            }
        } else {
            Self {
                height: mix(-0.40, -0.34, height),
                thickness: mix(0.055, 0.085, thickness),
                arch: mix(0.06, 0.10, arch),
                density: mix(0.65, 0.9, density),
            }
        }
    }
}

/// Both brows over the skin.
pub(crate) fn paint(style: &FaceStyle, spot: Spot, light: f64, under: Colour) -> Colour {
    let brows = &style.brows;
    let s = spot.folded();
    // 0 at the inner end, 1 at the outer; the highest place is two thirds out.
    let along = (s.x - 0.2) / 0.66;
    if !(-0.2..1.2).contains(&along) || (s.y - brows.height).abs() > 0.3 {
        return under;
    }
    let bend = (along - 0.62) / 0.62;
    let middle = brows.height - 0.3 * brows.arch + brows.arch * bend * bend;
    let thickness =
        brows.thickness * (1.0 - 0.72 * step(0.45, 1.05, along)) * step(-0.25, 0.2, along);
    // Hairs lean outwards.
    let (lean, height) = (s.x + 0.7 * (s.y - middle), s.y - middle);
    let hairs = 0.6 * noise(style.seed ^ 0xB0, lean * 60.0, height * 16.0)
        + 0.4 * noise(style.seed ^ 0xB1, lean * 140.0, height * 25.0);
    let ends = step(-0.1, 0.12, along) * step(1.08, 0.9, along);
    let cover = spot.cover(
        (s.y - middle).abs() - 0.5 * thickness - 0.005 * hairs,
        0.045,
    );
    let amount = brows.density * ends * cover * (1.0 + 0.24 * hairs);
    let colour = style
        .hair
        .brow_colour()
        .shaded(mix(0.7, 1.0, light.min(1.0)));
    under.mixed(colour, amount.clamp(0.0, 1.0))
}
