//! A drawn face to work on: rough, but with eyes, a pair of glasses and a mouth, so that an effect may find something to do.

use super::random::Random;
use crate::{Alpha, Format, Pixels, Points, Rect};

/// Of most pictures.
pub(crate) const SIZE: Rect = Rect {
    x: 0,
    y: 0,
    w: 96,
    h: 80,
};

/// Where the points are, as shares of width and height.
const POINTS: Points = [
    [0.36, 0.40],
    [0.64, 0.40],
    [0.50, 0.58],
    [0.38, 0.76],
    [0.62, 0.76],
];

/// A picture and the points of its face.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) rect: Rect,
    pub(crate) pixels: Pixels<'static>,
    /// Row by row from the top, without padding.
    pub(crate) rows: Vec<u8>,
    /// In picture coordinates.
    pub(crate) points: Points,
}

impl Scene {
    pub(crate) fn new(rect: Rect, pixels: Pixels<'static>, mut random: Random) -> Self {
        let points = POINTS.map(|[u, v]| {
            let mut near = |share: f64| share + 0.01 * (random.share() - 0.5);
            let (u, v) = (near(u), near(v));
            [
                f64::from(rect.x) + u * f64::from(rect.w),
                f64::from(rect.y) + v * f64::from(rect.h),
            ]
        });
        let mut rows = Vec::new();
        for y in 0..rect.h {
            for x in 0..rect.w {
                let u = (f64::from(x) + 0.5) / f64::from(rect.w);
                let v = (f64::from(y) + 0.5) / f64::from(rect.h);
                let alpha = if random.between(0, 7) == 0 {
                    random.share()
                } else {
                    1.0
                };
                let colour =
                    colour(u, v).map(|c| (c + 0.04 * (random.share() - 0.5)).clamp(0.0, 1.0));
                let by = if pixels.alpha == Alpha::Premultiplied {
                    alpha
                } else {
                    1.0
                };
                let [r, g, b] = colour.map(|sample| sample * by);
                append(&mut rows, pixels.format, [r, g, b, alpha]);
            }
        }
        Self {
            rect,
            pixels,
            rows,
            points,
        }
    }

    /// The samples of every pixel's alpha, in `rows` that have the format of this picture.
    pub(crate) fn alphas<'a>(&self, rows: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let bytes = self.pixels.format.bytes_per_pixel();
        rows.chunks_exact(bytes)
            .map(move |pixel| &pixel[3 * bytes / 4..])
    }

    /// The part of `rows`, a picture of this size, that lies in `part`.
    pub(crate) fn part(&self, rows: &[u8], part: Rect) -> Vec<u8> {
        let bytes = self.pixels.format.bytes_per_pixel();
        let row = |y: i32| {
            let start = ((y - self.rect.y) * self.rect.w + part.x - self.rect.x) as usize * bytes;
            &rows[start..start + part.w as usize * bytes]
        };
        (part.y..part.y + part.h).flat_map(row).copied().collect()
    }

    /// `rows`, a picture of this size, with what lies in `part` replaced.
    pub(crate) fn replaced(&self, rows: &[u8], part: Rect, by: &[u8]) -> Vec<u8> {
        let bytes = self.pixels.format.bytes_per_pixel();
        let mut rows = rows.to_vec();
        for (y, row) in (part.y..).zip(by.chunks_exact(part.w as usize * bytes)) {
            let start = ((y - self.rect.y) * self.rect.w + part.x - self.rect.x) as usize * bytes;
            rows[start..start + row.len()].copy_from_slice(row);
        }
        rows
    }
}

/// How a pixel of a picture is written.
pub(crate) fn append(rows: &mut Vec<u8>, format: Format, samples: [f64; 4]) {
    for sample in samples {
        match format {
            Format::RgbaU8 => rows.push((sample * 255.0).round() as u8),
            Format::RgbaU16 => {
                rows.extend_from_slice(&((sample * 65535.0).round() as u16).to_ne_bytes());
            }
            Format::RgbaF32 => rows.extend_from_slice(&(sample as f32).to_ne_bytes()),
        }
    }
}

/// The face's colour at a place given in shares of width and height.
fn colour(u: f64, v: f64) -> [f64; 3] {
    let from = |at: [f64; 2]| (u - at[0]).hypot(v - at[1]);
    let in_oval =
        |at: [f64; 2], half: [f64; 2]| ((u - at[0]) / half[0]).hypot((v - at[1]) / half[1]) < 1.0;
    let [left, right, nose, ..] = POINTS;
    let glasses = [left, right]
        .iter()
        .any(|eye| (0.09..0.12).contains(&from(*eye)))
        || ((v - left[1]).abs() < 0.012 && (u - 0.5).abs() < 0.05);
    if !in_oval([0.5, 0.53], [0.33, 0.44]) {
        [0.35 + 0.3 * u, 0.45, 0.55 - 0.2 * v]
    } else if v < 0.2 {
        [0.2, 0.13, 0.1]
    } else if glasses {
        [0.08, 0.08, 0.1]
    } else if from(left) < 0.04 || from(right) < 0.04 {
        [0.15, 0.2, 0.25]
    } else if in_oval([0.5, 0.76], [0.13, 0.03]) {
        [0.65, 0.25, 0.25]
    } else if in_oval(nose, [0.05, 0.03]) {
        [0.7, 0.48, 0.4]
    } else {
        [0.85, 0.65, 0.52]
    }
}
