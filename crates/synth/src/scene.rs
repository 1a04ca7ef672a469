//! A face in a picture.

use crate::attribute::Attribute;
use crate::background::Background;
use crate::curve::sin_cos;
use crate::feature::beard::Beard;
use crate::feature::glasses::Glasses;
use crate::feature::mouth::Mouth;
use crate::random::SplitMix64;
use crate::style::FaceStyle;
use diat_image::{Point, Points, Rect, Similarity, ViewError};

/// Where the head is, in picture coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// The point midway between the eyes.
    pub centre: Point,
    /// Distance of the eyes in pixels.
    pub eye_distance: f64,
    /// The head's turn in the picture's plane, in radians, clockwise as seen; −π/2..π/2.
    pub roll: f64,
}

/// Everything that a drawing needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// What is behind the head.
    pub background: Background,
    /// Where the head is.
    pub pose: Pose,
    /// Whose head it is.
    pub style: FaceStyle,
}

/// A scene that cannot be drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SceneError {
    /// No pixels, or more than 32-bit coordinates reach.
    #[error(
        "a picture of {width}×{height} pixels cannot be drawn; sides go from 1 to 2³¹−1: {source}"
    )]
    Size {
        /// Columns asked for.
        width: usize,
        /// Rows asked for.
        height: usize,
        /// What the picture says.
        source: ViewError,
    },
    /// The head's place is not a number, or its size nothing.
    #[error("a head at {pose:?} cannot be drawn; give finite numbers and an eye distance above 0")]
    Pose {
        /// The pose asked for.
        pose: Pose,
    },
}

impl Scene {
    /// A portrait as a studio takes it: upright, the face in the middle, head and shoulders in the picture.
    pub fn portrait(style: FaceStyle, width: usize, height: usize) -> Self {
        let (w, h) = (width as f64, height as f64);
        Self {
            width,
            height,
            background: Background::from_seed(style.seed),
            pose: Pose {
                centre: Point {
                    x: 0.5 * w,
                    y: 0.44 * h,
                },
                eye_distance: (0.21 * w).min(0.168 * h),
                roll: 0.0,
            },
            style,
        }
    }

    /// A portrait taken less carefully: 256 to 640 pixels a side, eyes 60 to 200 pixels apart (as far as the head
    /// fits), turned by up to 10°, anywhere the face is wholly in the picture.
    pub fn from_seed(seed: u64) -> Self {
        Self::from_seed_up_to(seed, 640)
    }

    /// As [`Scene::from_seed`], with sides of at most `largest` pixels, 256 or more: a large set of drawings is drawn and read
    /// sooner.
    pub fn from_seed_up_to(seed: u64, largest: usize) -> Self {
        let mut random = SplitMix64::stream(seed, "scene");
        let end = largest.max(256) as f64 + 1.0;
        let [width, height] = core::array::from_fn(|_| random.range(256.0, end) as usize);
        let (w, h) = (width as f64, height as f64);
        let largest = (w / 3.0).min(h / 4.0).min(200.0);
        let eye_distance = random.range(60.0_f64.min(largest), largest);
        let (side, above, below) = (1.3 * eye_distance, 1.9 * eye_distance, 2.0 * eye_distance);
        Self {
            width,
            height,
            background: Background::from_seed(seed),
            pose: Pose {
                centre: Point {
                    x: random.range(side, w - side),
                    y: random.range(above, (h - below).max(above)),
                },
                eye_distance,
                roll: random.range(-10.0, 10.0) * (core::f64::consts::PI / 180.0),
            },
            style: FaceStyle::from_seed(seed),
        }
    }

    /// The five points, exactly.
    pub fn points(&self) -> Points {
        let (nose, mouth) = (&self.style.nose, &self.style.mouth);
        let to_picture = self.to_picture();
        [
            (-0.5, 0.0),
            (0.5, 0.0),
            (0.0, nose.tip),
            (-mouth.half_width, mouth.y),
            (mouth.half_width, mouth.y),
        ]
        .map(|(x, y)| to_picture.apply(Point { x, y }))
    }

    /// The pixels outside of which changing this attribute (by [`FaceStyle::with`]) changes nothing.
    pub fn region(&self, attribute: Attribute) -> Rect {
        let picture = Rect::new(0, 0, self.width as i32, self.height as i32);
        let (middle, reach) = match attribute {
            Attribute::Eyeglasses => (0.0, Glasses::REACH),
            Attribute::MouthSlightlyOpen => (self.style.mouth.y + Mouth::MIDDLE, Mouth::REACH),
            Attribute::NoBeard => {
                let (top, bottom) = (Beard::TOP, self.style.head.chin + 0.1);
                (
                    0.5 * (top + bottom),
                    (self.style.head.width + 0.1, 0.5 * (bottom - top)),
                )
            }
            Attribute::Male | Attribute::Young => return picture,
        };
        let to_picture = self.to_picture();
        let centre = to_picture.apply(Point { x: 0.0, y: middle });
        // The box round the turned box, and the half pixel to the centres beyond it.
        let (a, b) = (to_picture.a.abs(), to_picture.b.abs());
        let half = (
            a * reach.0 + b * reach.1 + 1.0,
            b * reach.0 + a * reach.1 + 1.0,
        );
        let (left, top) = ((centre.x - half.0).floor(), (centre.y - half.1).floor());
        let (right, bottom) = ((centre.x + half.0).ceil(), (centre.y + half.1).ceil());
        Rect::new(
            left as i32,
            top as i32,
            (right - left) as i32,
            (bottom - top) as i32,
        )
        .intersection(&picture)
    }

    /// From face to picture coordinates.
    pub(crate) fn to_picture(&self) -> Similarity {
        let (sine, cosine) = sin_cos(self.pose.roll);
        Similarity {
            a: self.pose.eye_distance * cosine,
            b: self.pose.eye_distance * sine,
            tx: self.pose.centre.x,
            ty: self.pose.centre.y,
        }
    }
}
