//! Glasses drawn onto bare faces, so that what is under them is known.
//!
//! Lengths are in eye distances, x along the line of the eyes to the right, y down the face, the origin midway between the eyes: a frame
//! follows a face that is rolled. 1 is about 63 mm, which real frames' sizes were divided by.

mod frame;
mod look;

use diat_image::{Point, Points};
use diat_synth::SplitMix64;
use frame::Frame;
use look::Look;
use ndarray::Array3;

/// One pair of glasses: its shape and how it looks in the light of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Glasses {
    frame: Frame,
    look: Look,
}

/// The face's own axes.
struct Axes {
    middle: Point,
    across: Point,
    eye_distance: f64,
}

impl Axes {
    fn new([left, right, ..]: &Points) -> Self {
        let (x, y) = (right.x - left.x, right.y - left.y);
        let eye_distance = x.hypot(y).max(1e-6);
        Self {
            middle: Point {
                x: 0.5 * (left.x + right.x),
                y: 0.5 * (left.y + right.y),
            },
            across: Point {
                x: x / eye_distance,
                y: y / eye_distance,
            },
            eye_distance,
        }
    }

    fn to_face(&self, p: Point) -> Point {
        let (x, y) = (p.x - self.middle.x, p.y - self.middle.y);
        Point {
            x: (x * self.across.x + y * self.across.y) / self.eye_distance,
            y: (y * self.across.x - x * self.across.y) / self.eye_distance,
        }
    }
}

impl Glasses {
    /// Glasses by chance for a face with these points: rims from a hairline to thick, half rims, rimless, tinted or clear lenses,
    /// reflections now and then.
    pub fn pick(random: &mut SplitMix64, points: &Points) -> Self {
        let nose = Axes::new(points).to_face(points[2]).x;
        let frame = Frame::pick(random, nose);
        let look = Look::pick(random, &frame);
        Self { frame, look }
    }

    /// The face with the glasses on; `face` is 3×H×W, RGB in \[-1, 1\], `points` in its pixels (centres at +0.5). Pixels that no part of the
    /// glasses or their shadow reaches keep their bits.
    #[must_use]
    pub fn put_on(&self, face: &Array3<f32>, points: &Points) -> Array3<f32> {
        let axes = Axes::new(points);
        let exposure = exposure(face, &axes);
        let mut worn = face.clone();
        let (_, height, width) = face.dim();
        for y in 0..height {
            for x in 0..width {
                let place = axes.to_face(Point {
                    x: x as f64 + 0.5,
                    y: y as f64 + 0.5,
                });
                if !Frame::reaches(place) {
                    continue;
                }
                let under = [0, 1, 2].map(|c| 0.5 * f64::from(face[(c, y, x)]) + 0.5);
                let seen =
                    self.look
                        .over(&self.frame, place, 1.0 / axes.eye_distance, exposure, under);
                for c in 0..3 {
                    if seen[c] != under[c] {
                        worn[(c, y, x)] = (2.0 * seen[c].clamp(0.0, 1.0) - 1.0) as f32;
                    }
                }
            }
        }
        worn
    }
}

/// How bright the face is, 0.45 in the dark to 1.15 in bright light: the mean over eyes and nose, as a share of well lit skin.
fn exposure(face: &Array3<f32>, axes: &Axes) -> f64 {
    let (_, height, width) = face.dim();
    let (mut sum, mut count) = (0.0, 0.0);
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        let place = axes.to_face(Point {
            x: x as f64 + 0.5,
            y: y as f64 + 0.5,
        });
        if place.x.abs() < 0.8 && (-0.2..0.8).contains(&place.y) {
            sum += (0..3)
                .map(|c| 0.5 * f64::from(face[(c, y, x)]) + 0.5)
                .sum::<f64>()
                / 3.0;
            count += 1.0;
        }
    }
    (sum / f64::max(count, 1.0) / 0.55).clamp(0.45, 1.15)
}

/// `from` at 0, `to` at 1.
fn mix(from: f64, to: f64, share: f64) -> f64 {
    from + (to - from) * share
}

/// 0 up to `from`, 1 from `to` on, smooth between; falls where `from` > `to`.
fn step(from: f64, to: f64, value: f64) -> f64 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests;
