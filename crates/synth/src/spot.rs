//! Where on the face a pixel lies.

use crate::curve::step;

/// A pixel's centre in face coordinates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    /// Rightwards, in eye distances from midway between the eyes.
    pub(crate) x: f64,
    /// Downwards, towards the chin.
    pub(crate) y: f64,
    /// The side of a pixel, in eye distances.
    pub(crate) pixel: f64,
}

impl Spot {
    /// How much of the pixel a shape at this signed distance covers, with an edge `soft` wide (a pixel at least).
    pub(crate) fn cover(&self, distance: f64, soft: f64) -> f64 {
        let half = 0.5 * soft.max(1.3 * self.pixel);
        step(half, -half, distance)
    }

    /// How much of a line `thickness` wide at this distance from its middle the pixel holds; lines finer than a pixel fade.
    pub(crate) fn line(&self, distance: f64, thickness: f64, soft: f64) -> f64 {
        let fade = (thickness / self.pixel).min(1.0);
        fade * self.cover(distance.abs() - 0.5 * thickness.max(self.pixel), soft)
    }

    /// The spot mirrored to the right half of the face.
    pub(crate) fn folded(self) -> Self {
        Self {
            x: self.x.abs(),
            ..self
        }
    }
}
