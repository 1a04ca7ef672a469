//! What Catmull-Rom finds between the pixels of a crop: most of a face needs less than the whole formula.

use ndarray::Array2;

/// Some of the 4×4 crop pixels around a point have a weight.
const WEIGHT: u8 = 1;
/// Some have a gate.
const GATE: u8 = 2;
/// Some have a gate that is not wholly open.
const DETAIL: u8 = 4;

/// What is to be read at a point of the crop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing changes there.
    Nothing,
    /// The gate is shut: T − xc.
    Change,
    /// The gate is open: T.
    Replacement,
    /// Both T − xc and xc, with the gate.
    Mixture,
}

/// One [`Content`] for the space between each 2×2 crop pixels, and around the outermost.
pub(crate) struct Contents {
    across: usize,
    down: usize,
    contents: Vec<Content>,
}

impl Contents {
    /// By weight and gate, H×W each. `everywhere`: T is wanted wherever the crop is.
    pub(crate) fn new(weight: &Array2<f32>, gate: &Array2<f32>, everywhere: bool) -> Self {
        let (height, width) = weight.dim();
        let (across, down) = (width + 1, height + 1);
        let mut flags = vec![0u8; across * down];
        // First what each row of the crop holds around each space, then the four rows around it together.
        let (mut row, mut pixels) = (vec![0u8; across], vec![0u8; width + 4]);
        for (y, (weight, gate)) in weight.outer_iter().zip(gate.outer_iter()).enumerate() {
            for (pixel, (weight, gate)) in pixels[2..].iter_mut().zip(weight.iter().zip(gate)) {
                *pixel = (u8::from(*weight != 0.0) * WEIGHT)
                    | (u8::from(*gate != 0.0) * GATE)
                    | (u8::from(*gate != 1.0) * DETAIL);
            }
            for (space, four) in row.iter_mut().zip(pixels.windows(4)) {
                *space = four.iter().fold(0, |all, one| all | one);
            }
            // Beyond the outermost pixels' centres there is no weight, whatever the cubic makes of it.
            row[0] &= !WEIGHT;
            row[across - 1] &= !WEIGHT;
            for below in y.saturating_sub(1).max(1)..(y + 3).min(down - 1) {
                let flags = &mut flags[below * across..][..across];
                flags
                    .iter_mut()
                    .zip(&row)
                    .for_each(|(all, one)| *all |= one);
            }
        }
        let content = |flags: u8| match flags {
            _ if everywhere => Content::Replacement,
            _ if flags & WEIGHT == 0 => Content::Nothing,
            _ if flags & GATE == 0 => Content::Change,
            _ if flags & DETAIL == 0 => Content::Replacement,
            _ => Content::Mixture,
        };
        Self {
            across,
            down,
            contents: flags.into_iter().map(content).collect(),
        }
    }

    /// Between the crop pixels (x, y) and (x + 1, y + 1); nothing beyond the crop.
    #[inline]
    pub(crate) fn between(&self, x: i32, y: i32) -> Content {
        // Negative numbers become large ones.
        let (x, y) = ((x + 1) as usize, (y + 1) as usize);
        if x >= self.across || y >= self.down {
            return Content::Nothing;
        }
        self.contents[y * self.across + x]
    }

    /// The smallest part of the crop outside of which nothing is to be read: u from, v from, u to, v to. None if there is none.
    pub(crate) fn extent(&self) -> Option<[f64; 4]> {
        let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
        for (y, row) in self.contents.chunks_exact(self.across).enumerate() {
            let some = |content: &Content| *content != Content::Nothing;
            let Some(first) = row.iter().position(some) else {
                continue;
            };
            let last = row.iter().rposition(some).unwrap_or(first);
            (left, right) = (left.min(first), right.max(last));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
        // Space i lies between the centres of pixels i − 1 and i.
        let [left, top, right, bottom] = [left, top, right, bottom].map(|i| i as f64);
        (left <= right).then_some([left - 0.5, top - 0.5, right + 0.5, bottom + 0.5])
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, Contents};
    use ndarray::{Array2, s};

    #[test]
    fn only_what_the_sixteen_pixels_around_a_point_hold_is_read_there() {
        let mut weight = Array2::zeros((12, 16));
        weight[(5, 6)] = 0.3;
        let mut gate = Array2::zeros((12, 16));
        let read = |weight: &Array2<f32>, gate: &Array2<f32>| {
            let contents = Contents::new(weight, gate, false);
            move |x, y| contents.between(x, y)
        };
        let shut = read(&weight, &gate);
        for y in -3..15 {
            for x in -3..19 {
                let near = (4..8).contains(&x) && (3..7).contains(&y);
                let want = if near {
                    Content::Change
                } else {
                    Content::Nothing
                };
                assert_eq!(shut(x, y), want, "({x}, {y})");
            }
        }
        gate.slice_mut(s![.., 7..]).fill(1.0);
        weight.fill(1.0);
        let half = read(&weight, &gate);
        assert_eq!(
            [3, 4, 5, 6, 7, 8, 9].map(|x| half(x, 5)),
            [
                Content::Change,
                Content::Change,
                Content::Mixture,
                Content::Mixture,
                Content::Mixture,
                Content::Replacement,
                Content::Replacement
            ]
        );
        // At the edge there is no weight, and beyond it no crop.
        assert_eq!(
            [(-2, 5), (-1, 5), (14, 5), (15, 5), (16, 5)].map(|(x, y)| half(x, y)),
            [
                Content::Nothing,
                Content::Nothing,
                Content::Replacement,
                Content::Nothing,
                Content::Nothing
            ]
        );
        let extent = Contents::new(&weight, &gate, false).extent();
        assert_eq!(extent, Some([0.5, 0.5, 15.5, 11.5]));
        weight.fill(0.0);
        assert_eq!(Contents::new(&weight, &gate, false).extent(), None);
    }
}
