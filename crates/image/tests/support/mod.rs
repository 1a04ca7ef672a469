//! Pictures, transforms and patches with known answers.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy takes a helper of tests for product code"
)]

use diat_image::{Alpha, Format, Layout, Patch, Picture, Point, Rect, Similarity, Transfer};
use ndarray::{Array2, Array3};

/// Marsaglia's xorshift: the same numbers everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        low + (high - low) * ((self.0 >> 11) as f64 / (1u64 << 53) as f64)
    }
}

pub(crate) const FORMATS: [Format; 3] = [Format::RgbaU8, Format::RgbaU16, Format::RgbaF32];

pub(crate) fn layouts() -> Vec<Layout> {
    let mut all = Vec::new();
    for format in FORMATS {
        for alpha in [Alpha::Straight, Alpha::Premultiplied, Alpha::Opaque] {
            for transfer in [Transfer::Srgb, Transfer::Linear] {
                all.push(Layout {
                    format,
                    alpha,
                    transfer,
                });
            }
        }
    }
    all
}

/// A picture whose pixel (x, y) is `f(x, y)`, stored as it is.
pub(crate) fn picture(
    rect: Rect,
    layout: Layout,
    mut f: impl FnMut(i32, i32) -> [f32; 4],
) -> Picture {
    let mut picture = Picture::new(rect, layout).unwrap();
    for y in rect.y..rect.y + rect.h {
        for x in rect.x..rect.x + rect.w {
            picture.view_mut().set_rgba_f32(x, y, f(x, y));
        }
    }
    picture
}

/// Noise; premultiplied colours stay below alpha, and some pixels are transparent.
pub(crate) fn noise(rect: Rect, layout: Layout, seed: u64) -> Picture {
    let mut random = Random::new(seed);
    picture(rect, layout, |_, _| {
        let alpha = random.between(-0.2, 1.2).clamp(0.0, 1.0);
        let top = if layout.alpha == Alpha::Premultiplied {
            alpha
        } else {
            1.0
        };
        let [r, g, b] = std::array::from_fn(|_| random.between(0.0, top) as f32);
        [r, g, b, alpha as f32]
    })
}

/// The similarity that scales by `scale`, turns by `degrees` and takes `from` to `to`.
pub(crate) fn similarity(scale: f64, degrees: f64, from: (f64, f64), to: (f64, f64)) -> Similarity {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (a, b) = (scale * cos, scale * sin);
    Similarity {
        a,
        b,
        tx: to.0 - a * from.0 + b * from.1,
        ty: to.1 - b * from.0 - a * from.1,
    }
}

/// A patch of noise with a mask that is 0 in a third of its pixels and at the edge, and a gate likewise.
pub(crate) fn patch(to_crop: Similarity, width: usize, height: usize, seed: u64) -> Patch {
    let mut random = Random::new(seed);
    let mut plane =
        || Array3::from_shape_fn((3, height, width), |_| random.between(0.0, 1.0) as f32);
    let (crop, transformed) = (plane(), plane());
    let mut half = |_| random.between(-0.5, 1.0).max(0.0) as f32;
    let gate = Array2::from_shape_fn((height, width), &mut half);
    let mask = Array2::from_shape_fn((height, width), half);
    let weight = diat_image::window(width, height, 0.1) * mask;
    Patch {
        grain: None,
        to_crop,
        crop,
        transformed,
        weight,
        gate,
    }
}

/// Where a picture pixel's centre lies in a crop.
pub(crate) fn centre(to_crop: &Similarity, x: i32, y: i32) -> Point {
    to_crop.apply(Point {
        x: f64::from(x) + 0.5,
        y: f64::from(y) + 0.5,
    })
}
