//! What is behind the person: a studio's wall.

use crate::colour::Colour;
use crate::curve::{mix, step};
use crate::noise::cloud;
use crate::random::SplitMix64;

/// A wall with a glow behind the head, out of focus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Background {
    /// Seed of its cloudiness.
    pub seed: u64,
    /// Colour at the top.
    pub top: Colour,
    /// Colour at the bottom.
    pub bottom: Colour,
    /// Brightness added in the middle; 0..0.2.
    pub glow: f64,
    /// How cloudy; 0..0.1.
    pub cloud: f64,
}

const WALLS: [Colour; 6] = [
    Colour([0.36, 0.47, 0.55]),
    Colour([0.55, 0.62, 0.66]),
    Colour([0.72, 0.70, 0.66]),
    Colour([0.48, 0.45, 0.50]),
    Colour([0.40, 0.50, 0.44]),
    Colour([0.62, 0.52, 0.45]),
];

impl Background {
    /// The wall of this seed.
    pub fn from_seed(seed: u64) -> Self {
        let mut random = SplitMix64::stream(seed, "background");
        let wall = Colour::along(&WALLS, random.unit()).varied(&mut random, 0.05);
        let level = random.range(0.75, 1.2);
        Self {
            seed,
            top: wall.times(level * random.range(0.65, 1.05)),
            bottom: wall.times(level),
            glow: random.range(0.03, 0.16),
            cloud: random.range(0.01, 0.06),
        }
    }

    /// Its colour at a place of the picture; both coordinates run from 0 to 1.
    pub(crate) fn at(&self, x: f64, y: f64) -> Colour {
        let (u, v) = (x - 0.5, y - 0.45);
        let radius = (u * u + v * v).sqrt();
        let light = self.glow * step(0.6, 0.0, radius) - 0.10 * step(0.4, 0.9, radius)
            + self.cloud * cloud(self.seed ^ 0xBA, x * 3.0, y * 3.0, 3);
        self.top
            .mixed(self.bottom, mix(y, step(0.0, 1.0, y), 0.5))
            .plus(light)
    }
}
