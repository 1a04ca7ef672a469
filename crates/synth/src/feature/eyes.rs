//! Eyes: opening, ball, iris, lids and lashes.

use crate::colour::Colour;
use crate::curve::{blob, mix, step};
use crate::noise::noise;
use crate::random::SplitMix64;
use crate::spot::Spot;
use crate::style::FaceStyle;

/// Form and colour of the eyes, in eye distances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eyes {
    /// Colour of the iris.
    pub iris: Colour,
    /// Half the length of the opening; 0.2..0.24.
    pub half_length: f64,
    /// How far the upper lid rises above the middle of the iris; 0.06..0.1.
    pub upper: f64,
    /// How far the lower lid lies below it; 0.06..0.08.
    pub lower: f64,
    /// How far the outer corner is raised above the inner one; −0.01..0.03.
    pub tilt: f64,
    /// Strength of the lashes; 0.3..1.
    pub lashes: f64,
}

const IRISES: [Colour; 5] = [
    Colour([0.22, 0.13, 0.08]),
    Colour([0.35, 0.22, 0.11]),
    Colour([0.42, 0.36, 0.18]),
    Colour([0.35, 0.45, 0.38]),
    Colour([0.38, 0.52, 0.66]),
];

impl Eyes {
    pub(crate) fn pick(random: &mut SplitMix64, male: bool, dark_skin: f64) -> Self {
        let [iris, length, upper, lower, tilt, lashes] = core::array::from_fn(|_| random.unit());
        Self {
            iris: Colour::along(&IRISES, iris * (1.0 - 0.85 * dark_skin)),
            half_length: mix(0.215, 0.245, length),
            upper: mix(0.066, 0.082, upper) + if male { 0.0 } else { 0.008 },
            lower: mix(0.062, 0.075, lower),
            tilt: mix(0.0, 0.03, tilt),
            lashes: if male {
                mix(0.35, 0.55, lashes)
            } else {
                mix(0.8, 1.0, lashes)
            },
        }
    }
}

/// Both eyes over the skin under `light`.
pub(crate) fn paint(style: &FaceStyle, spot: Spot, light: f64, under: Colour) -> Colour {
    let eyes = &style.eyes;
    let s = spot.folded();
    let (x, y) = (s.x - 0.5, s.y);
    if x.abs() > 0.36 || y.abs() > 0.26 {
        return under;
    }
    let along = x / eyes.half_length;
    let belly = 1.0 - along * along;
    let slant = -eyes.tilt * along;
    // The lids' edges; they meet at the corners.
    let upper = slant - eyes.upper * belly * (1.0 + 0.12 * belly);
    let lower = slant + eyes.lower * belly;
    let skin = lids(s, (x, along), (upper, lower), under);
    let inside = (upper - y).max(y - lower);
    let open = spot.cover(inside, 0.012) * step(1.06, 0.99, along.abs());
    let ball = ball(style, spot, (x, y), (upper, light));
    let seen = skin.mixed(ball, open);
    lashes(style, spot, (along, y), (upper, lower), seen)
}

/// The crease above the upper lid, the lid's own light, the wet lower rim's shadow.
fn lids(s: Spot, (x, along): (f64, f64), (upper, lower): (f64, f64), under: Colour) -> Colour {
    let y = s.y;
    let ends = step(1.25, 0.85, along.abs());
    let crease = upper - 0.052 + 0.02 * along * along;
    let fold = ends * s.line(y - crease, 0.014, 0.035);
    let lid = ends * step(crease - 0.01, crease + 0.02, y) * step(upper + 0.01, upper - 0.01, y);
    let hollow = blob(x, y, (0.0, crease - 0.05), (0.24, 0.06));
    let under_rim = ends * s.line(y - lower - 0.035, 0.02, 0.05);
    let dark =
        (1.0 - 0.34 * fold) * (1.0 - 0.1 * hollow) * (1.0 - 0.1 * under_rim) * (1.0 + 0.05 * lid);
    under
        .shaded(dark)
        .tinted([1.0, 1.0 - 0.03 * lid, 1.0 - 0.03 * lid])
}

/// White, iris, pupil and the lamp's mirror image.
fn ball(style: &FaceStyle, spot: Spot, (x, y): (f64, f64), (upper, light): (f64, f64)) -> Colour {
    let eyes = &style.eyes;
    let under_lid = 1.0 - 0.42 * step(0.075, 0.0, y - upper);
    let round = 1.0 - 0.35 * (x / 0.24) * (x / 0.24);
    let tear = step(-0.65, -0.95, x / eyes.half_length);
    let white = Colour([0.93, 0.91, 0.89])
        .mixed(Colour([0.80, 0.52, 0.48]), 0.7 * tear)
        .shaded(mix(0.55, 1.0, light.min(1.0)) * round);
    let r = (x * x + y * y).sqrt();
    let radius = 0.100;
    let rays = noise(
        style.seed ^ 0xE1,
        60.0 * x / r.max(0.01) * 0.12,
        60.0 * y / r.max(0.01) * 0.12,
    );
    let lower_glow = 0.25 * step(-0.02, 0.08, y);
    let iris = eyes
        .iris
        .times(0.9 + lower_glow + 0.12 * rays)
        .mixed(eyes.iris.times(0.3), step(0.07, radius, r));
    let mut seen = white.mixed(iris, spot.cover(r - radius, 0.014));
    seen = seen.mixed(Colour([0.03, 0.025, 0.025]), spot.cover(r - 0.040, 0.012));
    seen = seen.times(under_lid);
    // Both eyes mirror the lamp on the same side.
    let (lx, ly) = (0.035 * style.light.x.signum(), -0.03);
    let side = if spot.x < 0.0 { -1.0 } else { 1.0 };
    let (gx, gy) = (side * x - lx, y - ly);
    seen.mixed(
        Colour::grey(0.97),
        0.9 * spot.cover((gx * gx + gy * gy).sqrt() - 0.017, 0.014),
    )
}

/// The dark edges of the lids, strongest above and towards the outer corner.
fn lashes(
    style: &FaceStyle,
    spot: Spot,
    (along, y): (f64, f64),
    (upper, lower): (f64, f64),
    under: Colour,
) -> Colour {
    let strength = style.eyes.lashes;
    let ends = step(1.12, 0.98, along.abs());
    let thick = (0.014 + 0.016 * strength) * mix(0.65, 1.15, 0.5 + 0.5 * along);
    let above = ends * spot.line(y - upper + 0.35 * thick, thick, 0.014);
    let below = ends * 0.45 * strength * spot.line(y - lower, 0.010, 0.012);
    let dark = Colour([0.10, 0.065, 0.055]);
    under
        .mixed(dark, above * mix(0.75, 0.95, strength))
        .mixed(dark, below)
}
