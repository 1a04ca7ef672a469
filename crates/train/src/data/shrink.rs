//! The input of hallucination, §III-D: a face shrunk and enlarged again.

use diat_image::{Format, Layout, Picture, Rect, Similarity, crop};
use ndarray::Array3;

/// Takes detail away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shrink {
    /// Pixels across that become one; divides the picture's sides.
    pub factor: usize,
}

impl Shrink {
    /// The picture (3×S×S, RGB in \[-1, 1\]) shrunk by area and enlarged to its size by the bicubic (Catmull-Rom) interpolation with which the
    /// plug-in enlarges.
    #[must_use]
    pub fn and_enlarge(&self, picture: &Array3<f32>) -> Array3<f32> {
        let small = self.shrunk(picture);
        let (_, height, width) = small.dim();
        let bytes = (0..height * width).flat_map(|at| {
            let (y, x) = (at / width, at % width);
            let rgb = [0, 1, 2].map(|c| 0.5 * small[(c, y, x)] + 0.5);
            [rgb[0], rgb[1], rgb[2], 1.0].map(f32::to_ne_bytes)
        });
        let rect = Rect::new(0, 0, width as i32, height as i32);
        let layout = Layout::srgb(Format::RgbaF32);
        let Ok(small) = Picture::from_bytes(rect, layout, bytes.flatten().collect()) else {
            return picture.clone();
        };
        let to_crop = Similarity {
            a: self.factor as f64,
            ..Similarity::IDENTITY
        };
        let (_, height, width) = picture.dim();
        crop(&small.view(), &to_crop, width, height).mapv_into(|value| 2.0 * value - 1.0)
    }

    /// Each pixel the mean of `factor`² of the picture's.
    #[must_use]
    pub fn shrunk(&self, picture: &Array3<f32>) -> Array3<f32> {
        let (planes, height, width) = picture.dim();
        let factor = self.factor.max(1);
        let mut small = Array3::zeros((planes, height / factor, width / factor));
        let blocks = picture.exact_chunks((1, factor, factor));
        for (small, block) in small.iter_mut().zip(blocks) {
            *small = block.sum() / (factor * factor) as f32;
        }
        small
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_picture_survives_and_a_fine_pattern_becomes_its_mean() {
        let ramp = Array3::from_shape_fn((3, 64, 64), |(_, y, x)| (x + y) as f32 / 126.0 - 0.5);
        let back = Shrink { factor: 8 }.and_enlarge(&ramp);
        for y in 16..48 {
            for x in 16..48 {
                assert!((back[(1, y, x)] - ramp[(1, y, x)]).abs() < 1e-3);
            }
        }
        let chess = Array3::from_shape_fn(
            (3, 32, 32),
            |(_, y, x)| if (x + y) % 2 == 0 { 0.8 } else { -0.2 },
        );
        let back = Shrink { factor: 8 }.and_enlarge(&chess);
        assert!(back.iter().all(|value| (value - 0.3).abs() < 1e-5));
    }

    #[test]
    fn enlarging_is_keys_cubic_interpolation() {
        // A step between two pixels, in one line: values by hand from the kernel with a = -1/2 at distances of 1/4 and 3/4.
        let step = Array3::from_shape_fn((3, 2, 16), |(_, _, x)| if x < 8 { -0.5 } else { 0.5 });
        let back = Shrink { factor: 2 }.and_enlarge(&step);
        let kernel = |t: f32| {
            let t = t.abs();
            if t <= 1.0 {
                1.5 * t * t * t - 2.5 * t * t + 1.0
            } else if t < 2.0 {
                -0.5 * t * t * t + 2.5 * t * t - 4.0 * t + 2.0
            } else {
                0.0
            }
        };
        for x in 4..12 {
            let at = (x as f32 + 0.5) / 2.0 - 0.5;
            let expected: f32 = (0..8)
                .map(|i| kernel(at - i as f32) * if i < 4 { -0.5 } else { 0.5 })
                .sum();
            assert!((back[(0, 0, x)] - expected).abs() < 1e-4, "{x}");
        }
    }
}
