//! The golden vector: what a network answered to a test pattern when it was released. A device that answers otherwise
//! is not used.

use ndarray::{ArrayD, ArrayViewD, IxDyn};

/// Largest difference that is allowed where a manifest says nothing else.
pub const TOLERANCE: f64 = 0.002;
/// Samples of each output.
const SAMPLES: usize = 64;
/// Side of a cell of the map.
const CELL: usize = 4;
/// One in so many cells of the map may differ: a mask is binary, and a value at its threshold may fall to either side.
const CELLS_PER_DIFFERENCE: usize = 1000;

/// What a network answers to [`pattern`].
#[derive(Debug, Clone, PartialEq)]
pub struct Golden {
    /// For each output but the map, up to 64 evenly spaced values.
    pub outputs: Vec<(String, Vec<f32>)>,
    /// An output N×1×H×W of 0 and 1 with soft edges, and for each of its 4×4 cells whether it is above 0.5 at the
    /// centre: row by row, highest bit first.
    pub map: Option<(String, Vec<u8>)>,
    /// Largest difference allowed in `outputs`.
    pub tolerance: f64,
}

/// The test pattern: triangle waves that differ by channel, with a little noise, from `range[0]` to `range[1]`. The same on
/// every machine: integers to the last step.
#[must_use]
pub fn pattern(shape: &[usize], range: [f32; 2]) -> ArrayD<f32> {
    let width = shape.last().copied().unwrap_or(1).max(1);
    let rows = if shape.len() > 2 {
        shape.get(shape.len() - 2).copied().unwrap_or(1).max(1)
    } else {
        1
    };
    let count = shape.iter().product();
    let [low, high] = range;
    let value = |index: usize| {
        let (x, y, plane) = (index % width, index / width % rows, index / width / rows);
        let wave = |position: usize| {
            let phase = position % 512;
            if phase < 256 { phase } else { 511 - phase }
        };
        let noise = index.wrapping_mul(40_503) / 64 % 64;
        let level = wave(x * 9 + plane * 171) + wave(y * 7 + plane * 85) + noise; // 0 to 573
        // Below 2^24, so that the conversion is exact.
        low + (high - low) * (level as f32 / 573.0)
    };
    let values: Vec<f32> = (0..count).map(value).collect();
    ArrayD::from_shape_vec(IxDyn(shape), values).unwrap_or_else(|_| ArrayD::zeros(IxDyn(&[0])))
}

impl Golden {
    /// Takes down what a network answered; `map` names the output that is one.
    #[must_use]
    pub fn measure(outputs: &[(&str, ArrayViewD<'_, f32>)], map: Option<&str>) -> Self {
        let is_map = |name: &str| map == Some(name);
        Self {
            outputs: outputs
                .iter()
                .filter(|(name, _)| !is_map(name))
                .map(|(name, array)| ((*name).to_owned(), samples(array)))
                .collect(),
            map: outputs
                .iter()
                .find(|(name, _)| is_map(name))
                .map(|(name, array)| ((*name).to_owned(), cells(array))),
            tolerance: TOLERANCE,
        }
    }

    /// Compares what a network answered now.
    ///
    /// # Errors
    /// A sentence that names the output, the difference and what is allowed.
    pub fn check(&self, outputs: &[(&str, ArrayViewD<'_, f32>)]) -> Result<(), String> {
        let answer = |name: &str| {
            let found = outputs.iter().find(|(output, _)| *output == name);
            found
                .map(|(_, array)| array)
                .ok_or(format!("there is no output {name:?}"))
        };
        for (name, expected) in &self.outputs {
            let found = samples(answer(name)?);
            if found.len() != expected.len() {
                let (found, expected) = (found.len(), expected.len());
                return Err(format!(
                    "output {name:?} has {found} samples, not {expected}"
                ));
            }
            let differences = found
                .iter()
                .zip(expected)
                .map(|(found, expected)| f64::from((found - expected).abs()));
            let largest = differences.fold(0.0, f64::max);
            if largest > self.tolerance {
                let allowed = self.tolerance;
                return Err(format!(
                    "output {name:?} is off by {largest:.2e}, allowed are {allowed:.2e}"
                ));
            }
        }
        let Some((name, expected)) = &self.map else {
            return Ok(());
        };
        let found = cells(answer(name)?);
        if found.len() != expected.len() {
            let (found, expected) = (found.len(), expected.len());
            return Err(format!("map {name:?} has {found} bytes, not {expected}"));
        }
        let bits = |(found, expected): (&u8, &u8)| (found ^ expected).count_ones() as usize;
        let different: usize = found.iter().zip(expected).map(bits).sum();
        let allowed = found.len() * 8 / CELLS_PER_DIFFERENCE;
        if different > allowed {
            return Err(format!(
                "map {name:?} differs in {different} cells, allowed are {allowed}"
            ));
        }
        Ok(())
    }
}

fn samples(array: &ArrayViewD<'_, f32>) -> Vec<f32> {
    let count = array.len().min(SAMPLES);
    // The middle of each of `count` equal pieces.
    let index = |piece: usize| (2 * piece + 1) * array.len() / (2 * count);
    (0..count)
        .filter_map(|piece| array.iter().nth(index(piece)).copied())
        .collect()
}

fn cells(array: &ArrayViewD<'_, f32>) -> Vec<u8> {
    let [.., height, width] = array.shape() else {
        return Vec::new();
    };
    let (rows, columns) = (height / CELL, width / CELL);
    let plane: Vec<f32> = array.iter().take(height * width).copied().collect();
    let at = |y: usize, x: usize| plane.get(y * width + x).copied().unwrap_or(0.0);
    // The centre lies between four pixels.
    let above = |cell: usize| {
        let (y, x) = (
            cell / columns * CELL + CELL / 2,
            cell % columns * CELL + CELL / 2,
        );
        at(y - 1, x - 1) + at(y - 1, x) + at(y, x - 1) + at(y, x) > 4.0 * 0.5
    };
    let bits: Vec<bool> = (0..rows * columns).map(above).collect();
    let byte = |bits: &[bool]| {
        let set = |(index, bit): (usize, &bool)| u8::from(*bit) << (7 - index);
        bits.iter().enumerate().map(set).sum()
    };
    bits.chunks(8).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::Array4;

    use super::*;

    #[test]
    fn the_pattern_is_the_same_everywhere_and_fills_the_range() {
        let array = pattern(&[1, 3, 128, 128], [-1.0, 1.0]);
        let sum: f64 = array.iter().map(|value| f64::from(*value)).sum();
        let (low, high) = array
            .iter()
            .fold((1.0_f32, -1.0_f32), |(low, high), value| {
                (low.min(*value), high.max(*value))
            });
        assert!(
            (-1.0..-0.9).contains(&low) && (0.9..=1.0).contains(&high),
            "{low} to {high}"
        );
        // Taken down once; it changes only if the pattern changes, and every golden vector with it.
        assert_eq!(format!("{sum:.6}"), "1496.237365");
    }

    #[test]
    fn an_answer_passes_its_own_vector_and_a_small_change_does_not() {
        let mut picture = pattern(&[1, 3, 16, 16], [-1.0, 1.0]);
        let golden = Golden::measure(&[("transformed", picture.view())], None);
        assert_eq!(golden.outputs[0].1.len(), 64);
        assert_eq!(golden.check(&[("transformed", picture.view())]), Ok(()));
        picture += 0.0019;
        assert_eq!(golden.check(&[("transformed", picture.view())]), Ok(()));
        picture += 0.0002;
        assert!(
            golden
                .check(&[("transformed", picture.view())])
                .unwrap_err()
                .contains("off by")
        );
        assert!(
            golden
                .check(&[("other", picture.view())])
                .unwrap_err()
                .contains("no output")
        );
    }

    #[test]
    fn one_cell_in_a_thousand_may_fall_to_the_other_side() {
        let mut mask = Array4::<f32>::zeros((1, 1, 128, 128)).into_dyn();
        let golden = Golden::measure(&[("mask", mask.view())], Some("mask"));
        assert_eq!(
            (
                golden.outputs.len(),
                golden.map.as_ref().map(|map| map.1.len())
            ),
            (0, Some(128))
        );
        let mut set = |cell: usize| {
            let (y, x) = (cell / 32 * 4, cell % 32 * 4);
            mask.slice_mut(ndarray::s![.., .., y..y + 4, x..x + 4])
                .fill(1.0);
            golden.check(&[("mask", mask.view())])
        };
        assert_eq!(set(17), Ok(()));
        assert!(set(500).unwrap_err().contains("2 cells"));
    }

    #[test]
    fn bits_stand_row_by_row_with_the_highest_first() {
        let mut mask = Array4::<f32>::zeros((1, 1, 8, 16)).into_dyn();
        mask.slice_mut(ndarray::s![.., .., 0..4, 0..4]).fill(1.0);
        mask.slice_mut(ndarray::s![.., .., 4..8, 12..16]).fill(1.0);
        assert_eq!(cells(&mask.view()), [0b1000_0001]);
    }
}
