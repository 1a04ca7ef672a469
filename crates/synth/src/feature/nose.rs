//! The nose: the relief gives its form, here are the openings and creases.

use crate::colour::Colour;
use crate::curve::{blob, mix, step};
use crate::random::SplitMix64;
use crate::shape::{ellipse, segment};
use crate::spot::Spot;
use crate::style::FaceStyle;

/// Proportions of the nose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nose {
    /// The tip's distance below the eyes, in eye distances; 0.57..0.67.
    pub tip: f64,
    /// Width, 1 = average; 0.85..1.25.
    pub width: f64,
}

impl Nose {
    pub(crate) fn pick(random: &mut SplitMix64) -> Self {
        let [tip, width] = core::array::from_fn(|_| random.unit());
        Self {
            tip: mix(0.58, 0.66, tip),
            width: mix(0.88, 1.2, width),
        }
    }
}

/// Nostrils, the crease round the wings, and the shadow the nose throws.
pub(crate) fn paint(style: &FaceStyle, spot: Spot, under: Colour) -> Colour {
    let nose = &style.nose;
    let s = spot.folded();
    let (x, y) = (s.x, s.y - nose.tip);
    if x > 0.6 || !(-0.5..0.5).contains(&y) {
        return under;
    }
    let wing = 0.2 * nose.width;
    // The lamp's shadow falls away from it, downwards.
    let fallen = blob(
        spot.x + 0.16 * style.light.x,
        y,
        (0.0, 0.17),
        (0.16 * nose.width, 0.07),
    );
    let far_side =
        step(0.0, 0.5, -style.light.x * spot.x.signum()) * blob(x, y, (0.13, -0.15), (0.07, 0.3));
    let wing_crease = segment(x, y, (wing + 0.07, -0.07), (wing + 0.085, 0.06)).min(segment(
        x,
        y,
        (wing + 0.085, 0.06),
        (wing + 0.01, 0.125),
    ));
    let base = segment(x, y, (0.0, 0.135), (wing * 0.55, 0.115));
    let shade = (1.0 - 0.2 * fallen)
        * (1.0 - 0.12 * far_side)
        * (1.0 - 0.2 * spot.line(wing_crease, 0.02, 0.07))
        * (1.0 - 0.16 * spot.line(base, 0.02, 0.06));
    let (u, v) = (x - 0.54 * wing - 0.012, y - 0.088);
    let nostril = spot.cover(
        ellipse(u - 0.2 * v, v + 0.3 * u, 0.062 * nose.width, 0.03),
        0.035,
    );
    let dark = style.skin.colour.tinted([0.24, 0.14, 0.13]);
    under.shaded(shade).mixed(dark, 0.85 * nostril)
}
