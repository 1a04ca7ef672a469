//! Glasses: frame, bridge, temples, lenses and the shadow they throw.

use crate::colour::Colour;
use crate::curve::{mix, step};
use crate::random::SplitMix64;
use crate::shape::{rounded_box, segment};
use crate::spot::Spot;
use crate::style::FaceStyle;

/// A pair of glasses, in eye distances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glasses {
    /// Colour of the frame.
    pub colour: Colour,
    /// Half the width of a lens; 0.36..0.42.
    pub half_width: f64,
    /// Half the height of a lens; 0.22..0.34.
    pub half_height: f64,
    /// Radius of the lens's corners; 0.08..0.3.
    pub corner: f64,
    /// Thickness of the rim; 0.025..0.07.
    pub rim: f64,
    /// Half the gap between the lenses; 0.11..0.15.
    pub half_bridge: f64,
    /// How far the lenses' middle hangs below the eyes; 0.02..0.08.
    pub drop: f64,
    /// How much light the lenses take; 0.02..0.15.
    pub tint: f64,
    /// Strength of the reflection in the lenses; 0..0.3.
    pub reflection: f64,
}

const FRAMES: [Colour; 5] = [
    Colour([0.07, 0.07, 0.08]),
    Colour([0.12, 0.10, 0.10]),
    Colour([0.22, 0.13, 0.08]),
    Colour([0.30, 0.10, 0.09]),
    Colour([0.33, 0.33, 0.36]),
];

impl Glasses {
    pub(crate) fn pick(random: &mut SplitMix64) -> Self {
        let [frame, width, height, corner, rim, bridge, drop, tint, shine] =
            core::array::from_fn(|_| random.unit());
        let half_height = mix(0.23, 0.32, height);
        Self {
            colour: Colour::along(&FRAMES, frame),
            half_width: mix(0.36, 0.41, width),
            half_height,
            corner: mix(0.08, half_height, corner),
            rim: mix(0.028, 0.065, rim),
            half_bridge: mix(0.115, 0.145, bridge),
            drop: mix(0.02, 0.07, drop),
            tint: mix(0.02, 0.1, tint),
            reflection: mix(0.0, 0.22, shine),
        }
    }

    /// Everything that glasses paint lies within these half sides of the point midway between the eyes.
    pub(crate) const REACH: (f64, f64) = (1.32, 0.62);

    fn within(spot: Spot) -> bool {
        spot.x.abs() <= Self::REACH.0 && spot.y.abs() <= Self::REACH.1
    }

    /// Signed distance to the lens on the right, in folded coordinates.
    fn lens(&self, x: f64, y: f64) -> f64 {
        let middle = self.half_bridge + self.half_width;
        // A little narrower at the bottom, as lenses are.
        let narrow = 1.0 + 0.10 * (y - self.drop);
        rounded_box(
            (x - middle) * narrow,
            y - self.drop,
            self.half_width,
            self.half_height,
            self.corner,
        )
    }

    /// Distance to the middle line of rims and bridge.
    fn wire(&self, x: f64, y: f64) -> f64 {
        let rim = self.lens(x, y).abs();
        let height = self.drop - 0.42 * self.half_height;
        let arc = y - height + 0.05 - 2.2 * x * x;
        let bridge = if x < self.half_bridge + 0.01 {
            arc.abs()
        } else {
            1.0
        };
        rim.min(bridge)
    }

    /// Distance to the middle line of the temple, from the hinge to above the ear.
    fn temple(&self, head_width: f64, x: f64, y: f64) -> f64 {
        let hinge = self.half_bridge + 2.0 * self.half_width;
        let height = self.drop - 0.55 * self.half_height;
        segment(x, y, (hinge, height), (head_width + 0.01, height + 0.03))
    }
}

/// The temples and the shadow, which hair may cover.
pub(crate) fn paint_behind(style: &FaceStyle, spot: Spot, under: Colour) -> Colour {
    let Some(glasses) = &style.glasses else {
        return under;
    };
    if !Glasses::within(spot) {
        return under;
    }
    // The frame stands off the face, so its shadow falls away from the lamp.
    let (dx, dy) = (-0.06 * style.light.x, 0.05);
    let (x, y) = ((spot.x - dx).abs(), spot.y - dy);
    let shade = spot.line(glasses.wire(x, y), glasses.rim, 0.09);
    let s = spot.folded();
    let temple = spot.line(
        glasses.temple(style.head.width, s.x, s.y),
        0.9 * glasses.rim,
        0.012,
    );
    let fall = spot.line(
        glasses.temple(style.head.width, s.x, s.y - 0.06),
        glasses.rim,
        0.09,
    );
    let dark = 1.0 - 0.22 * shade.max(0.7 * fall);
    under.shaded(dark).mixed(
        glasses.colour.times(mix(0.9, 0.6, step(0.95, 1.15, s.x))),
        temple,
    )
}

/// Lenses and frame, over everything.
pub(crate) fn paint(style: &FaceStyle, spot: Spot, under: Colour) -> Colour {
    let Some(glasses) = &style.glasses else {
        return under;
    };
    if !Glasses::within(spot) {
        return under;
    }
    let s = spot.folded();
    let lens = glasses.lens(s.x, s.y);
    let glass = spot.cover(lens, 0.02);
    let mut seen = under.mixed(Colour([0.42, 0.46, 0.48]), glass * glasses.tint);
    // Two slanted streaks of window light in the upper outer part of each lens.
    let side = spot.x.signum();
    let middle = glasses.half_bridge + glasses.half_width;
    let across = (spot.x - side * middle) - 0.6 * (s.y - glasses.drop);
    let streak = spot
        .cover((across - 0.16).abs() - 0.05, 0.06)
        .max(0.6 * spot.cover((across - 0.27).abs() - 0.02, 0.04));
    let streak = streak * glass * step(glasses.drop + glasses.half_height, -0.3, s.y);
    seen = seen.mixed(Colour::grey(0.95), streak * glasses.reflection);
    let wire = glasses.wire(s.x, s.y);
    let frame = spot.line(wire, glasses.rim, 0.012);
    // The rim is round: a light edge towards the lamp.
    let edge =
        step(0.5, 0.1, (wire / glasses.rim).abs()) * step(glasses.drop, glasses.drop - 0.3, s.y);
    let hinge = spot.cover(
        segment(
            s.x,
            s.y,
            (
                2.0 * middle - glasses.half_bridge - 0.02,
                glasses.drop - 0.55 * glasses.half_height,
            ),
            (
                2.0 * middle - glasses.half_bridge + 0.03,
                glasses.drop - 0.55 * glasses.half_height,
            ),
        ) - 0.6 * glasses.rim,
        0.012,
    );
    seen.mixed(glasses.colour.plus(0.10 * edge), frame.max(hinge))
}
