//! Where the parts of a pair of glasses are.

use super::mix;
use diat_image::Point;
use diat_synth::SplitMix64;

/// How much of a lens its rim goes round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rim {
    Full,
    /// Above only; a nylon thread holds the lens below.
    Half,
    /// Screws hold the lenses.
    None,
}

/// The shape, in eye distances.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) rim: Rim,
    /// Thickness of the rim at the sides; above and below it is so many times that.
    pub(super) thickness: f64,
    above: f64,
    below: f64,
    /// Half width and height of a lens, radius of its corners.
    lens: (f64, f64),
    corner: f64,
    /// How much narrower a lens is at its lower edge.
    taper: f64,
    /// Sine of the angle by which the outer end is lifted.
    lift: f64,
    /// Half the gap between the lenses, and how far their middle hangs below the eyes.
    gap: f64,
    drop: f64,
    /// The bridge: height as a share of the lens above its middle, rise of its arc, thickness; a second bar above it in some.
    bridge: (f64, f64, f64),
    second: bool,
    /// The whole frame leans by this much across a unit, and lies this far aside.
    lean: f64,
    aside: f64,
    /// How far the nose points aside: the lens there is narrower, the other wider, as the head's turn shows them.
    turn: f64,
    /// The temples: how far they run outwards and down.
    temple: (f64, f64),
}

/// Half sides of the box that holds everything.
const REACH: (f64, f64) = (1.5, 0.85);

/// A place in one lens's own axes: outwards positive.
#[derive(Clone, Copy)]
pub(super) struct Own {
    pub(super) x: f64,
    pub(super) y: f64,
    /// −1 for the lens at the left of the picture.
    pub(super) side: f64,
}

impl Frame {
    pub(super) fn pick(random: &mut SplitMix64, nose: f64) -> Self {
        let rim = match random.unit() {
            kind if kind < 0.66 => Rim::Full,
            kind if kind < 0.82 => Rim::Half,
            _ => Rim::None,
        };
        // Wire and plastic: two kinds rather than one scale.
        let wire = rim != Rim::Full || random.chance(0.5);
        let thickness = match rim {
            Rim::None => 0.012,
            _ if wire => random.range(0.014, 0.034),
            _ => random.range(0.035, 0.072),
        };
        let (width, height) = (random.range(0.33, 0.43), random.range(0.18, 0.31));
        let round = random.unit();
        Self {
            rim,
            thickness,
            above: if wire {
                random.range(0.9, 1.3)
            } else {
                random.range(1.0, 1.6)
            },
            below: random.range(0.7, 1.0),
            lens: (width, height),
            corner: mix(0.4, 1.0, round) * height,
            taper: random.range(0.0, 0.4),
            lift: random.range(-0.01, 0.1),
            gap: random.range(0.115, 0.165),
            drop: random.range(0.02, 0.16),
            bridge: (
                random.range(0.15, 0.7),
                random.range(0.03, 0.1),
                f64::max(thickness * random.range(0.8, 1.2), 0.02),
            ),
            second: wire && random.chance(0.12),
            lean: random.range(-0.025, 0.025),
            aside: random.range(-0.02, 0.02) + 0.25 * nose,
            turn: nose.clamp(-0.4, 0.4),
            temple: (random.range(0.14, 0.34), random.range(-0.08, 0.08)),
        }
    }

    pub(super) fn reaches(place: Point) -> bool {
        place.x.abs() < REACH.0 && place.y.abs() < REACH.1
    }

    /// From the face's axes to the frame's.
    pub(super) fn place(&self, p: Point) -> Point {
        Point {
            x: p.x - self.aside,
            y: p.y - self.lean * p.x - self.drop,
        }
    }

    /// How wide the lens of a side looks, as a share.
    fn wide(&self, side: f64) -> f64 {
        1.0 - 0.45 * side * self.turn
    }

    /// Half the gap on a side: the bridge turns with the face.
    fn half_gap(&self, side: f64) -> f64 {
        self.gap * (1.0 - 0.6 * side * self.turn)
    }

    /// A place of the frame in the axes of the lens on its side of the picture.
    pub(super) fn own(&self, p: Point) -> Own {
        let side = if p.x < 0.0 { -1.0 } else { 1.0 };
        let (x, y) = (
            (p.x.abs() - self.half_gap(side)) / self.wide(side) - self.lens.0,
            p.y,
        );
        Own {
            x: x - y * self.lift,
            y: y + x * self.lift,
            side,
        }
    }

    /// Signed distance to a lens's outline.
    pub(super) fn lens(&self, own: Own) -> f64 {
        let (width, height) = self.lens;
        let narrow = 1.0 + self.taper * (own.y / height).max(-0.3) * 0.5;
        let corner = self.corner.min(width);
        let (u, v) = (
            own.x.abs() * narrow - width + corner,
            own.y.abs() - height + corner,
        );
        u.max(0.0).hypot(v.max(0.0)) + u.max(v).min(0.0) - corner
    }

    /// The rim's half thickness beside a place.
    pub(super) fn half_rim(&self, own: Own) -> f64 {
        let high = own.y / self.lens.1;
        let share = if high < 0.0 {
            mix(1.0, self.above, (-high).min(1.0))
        } else {
            mix(1.0, self.below, high.min(1.0))
        };
        let half = 0.5 * self.thickness * share;
        match self.rim {
            Rim::Full => half,
            // The thread begins at half the lens's height.
            Rim::Half => mix(half, 0.004, super::step(-0.1, 0.35, high)),
            Rim::None => 0.005,
        }
    }

    /// Signed distance to the bridge.
    pub(super) fn bridge(&self, p: Point) -> f64 {
        let (high, rise, thickness) = self.bridge;
        let side = if p.x < 0.0 { -1.0 } else { 1.0 };
        let end = self.half_gap(side) + 0.02;
        let along = p.x.abs() / end;
        let arc = -high * self.lens.1 - rise * (1.0 - along * along);
        let past = (p.x.abs() - end).max(0.0);
        let bar = |at: f64, half: f64| (p.y - at).abs().hypot(past) - half;
        let main = bar(arc, 0.5 * thickness * (1.0 + 0.5 * along * along));
        if self.second {
            main.min(bar(-0.98 * self.lens.1, 0.4 * thickness))
        } else {
            main
        }
    }

    /// Signed distance to the temple of a side with its hinge, and how far along it a place is, 0 at the hinge.
    pub(super) fn temple(&self, p: Point, own: Own) -> (f64, f64) {
        let hinge = self.half_gap(own.side) + 2.0 * self.lens.0 * self.wide(own.side);
        let height = -0.5 * self.lens.1 - self.lift * self.lens.0;
        // The side that the head shows more of shows more of its temple.
        let length = (self.temple.0 - 0.9 * own.side * self.turn).max(0.03);
        let along = (p.x.abs() - hinge + 0.015) / (length + 0.015);
        let line = height + self.temple.1 * along.clamp(0.0, 1.0);
        let half = match self.rim {
            Rim::Full => {
                f64::max(0.5 * self.thickness, 0.014) * mix(1.25, 0.8, along.clamp(0.0, 1.0))
            }
            _ => 0.016,
        };
        let past = (-along * length).max(0.0) + ((along - 1.0) * length).max(0.0);
        ((p.y - line).abs().hypot(past) - half, along)
    }

    /// Signed distance to the pad beside the nose on a side.
    pub(super) fn pad(&self, p: Point, own: Own) -> f64 {
        let x = (p.x.abs() - self.half_gap(own.side) + 0.035 - 0.25 * (p.y - 0.1)) / 0.022;
        let y = (p.y - 0.1) / 0.05;
        (x.hypot(y) - 1.0) * 0.022
    }
}
