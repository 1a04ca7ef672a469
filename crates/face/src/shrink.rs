//! The last step of a reduction, which whole factors leave: a grey picture shrunk to between half and all of its size.

use ndarray::{Array2, ArrayView2};
use std::ops::Range;

/// What one shrunk column or row takes from up to three of the source, in 256ths.
#[derive(Clone, Copy, Debug)]
struct Share {
    first: usize,
    weights: [u16; 3],
}

/// The shares of `to` of `from` columns or rows; `to` is at least half of `from`.
fn shares(from: usize, to: usize) -> Vec<Share> {
    let scale = from as f64 / to as f64;
    let share = |i: usize| {
        let (start, end) = (i as f64 * scale, (i + 1) as f64 * scale);
        let first = (start as usize).min(from.saturating_sub(3));
        let covered = |at: usize| {
            let at = (first + at) as f64;
            ((at + 1.0).min(end) - at.max(start)).max(0.0) / scale
        };
        let after = (covered(2) * 256.0).round() as u16;
        let before = (covered(0) * 256.0).round() as u16;
        // What is left, so that a plain area stays as it is.
        let between = 256_u16.saturating_sub(before + after);
        Share {
            first,
            weights: [before, between, after],
        }
    };
    (0..to).map(share).collect()
}

/// Rows `rows` of a picture shrunk by area to `width`×`height`, each side at least half of what it was and three at least.
pub(crate) fn shrink(
    picture: ArrayView2<u8>,
    (height, width): (usize, usize),
    rows: Range<usize>,
) -> Array2<u8> {
    let (from_height, from_width) = picture.dim();
    let mut shrunk = Array2::zeros((rows.len(), width));
    let columns = shares(from_width, width);
    let downwards = shares(from_height, height);
    let mut mixed = vec![0_u16; from_width];
    for (share, mut row) in downwards[rows].iter().zip(shrunk.outer_iter_mut()) {
        let [a, b, c] = share.weights;
        let source = [0, 1, 2].map(|down| picture.row(share.first + down));
        let [Some(first), Some(second), Some(third)] = source.each_ref().map(|row| row.as_slice())
        else {
            continue;
        };
        let sources = first.iter().zip(second).zip(third);
        for (mixed, ((first, second), third)) in mixed.iter_mut().zip(sources) {
            // At most 255 · 256, which 16 bits hold.
            *mixed = u16::from(*first) * a + u16::from(*second) * b + u16::from(*third) * c;
        }
        for (pixel, share) in row.iter_mut().zip(&columns) {
            let mixed = &mixed[share.first..share.first + 3];
            let sum: u32 = mixed
                .iter()
                .zip(share.weights)
                .map(|(m, w)| u32::from(*m) * u32::from(w))
                .sum();
            *pixel = ((sum + (1 << 15)) >> 16) as u8;
        }
    }
    shrunk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pixel_is_the_mean_of_what_it_covers() {
        let ramp = Array2::from_shape_fn((40, 50), |(y, x)| (2 * x + 3 * y) as u8);
        for (height, width) in [(40, 50), (32, 40), (27, 33), (20, 25)] {
            let shrunk = shrink(ramp.view(), (height, width), 0..height);
            let (down, across) = (40.0 / height as f64, 50.0 / width as f64);
            for ((y, x), pixel) in shrunk.indexed_iter() {
                // Of a ramp, the mean is the value in the middle.
                let middle =
                    2.0 * ((x as f64 + 0.5) * across - 0.5) + 3.0 * ((y as f64 + 0.5) * down - 0.5);
                assert!(
                    (f64::from(*pixel) - middle).abs() < 1.6,
                    "{height}×{width} ({x}, {y})"
                );
            }
        }
    }

    #[test]
    fn a_plain_area_stays_plain_and_some_rows_are_those_of_all() {
        let plain = Array2::from_elem((31, 47), 255_u8);
        let all = shrink(plain.view(), (23, 24), 0..23);
        assert!(all.iter().all(|pixel| *pixel == 255));
        let noise = Array2::from_shape_fn((31, 47), |(y, x)| (x * 71 + y * 113 + x * y * 7) as u8);
        let all = shrink(noise.view(), (23, 24), 0..23);
        let some = shrink(noise.view(), (23, 24), 5..11);
        assert_eq!(all.slice(ndarray::s![5..11, ..]), some);
    }
}
