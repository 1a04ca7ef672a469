//! SURF values of a window: sums of gradients, parted by the sign of the other gradient (J. Li, T. Wang, Y. Zhang: Face
//! detection using SURF cascade. ICCV workshops 2011).

use super::WINDOW;

/// Sums kept for each cell.
const CHANNELS: usize = 8;

/// Cells across and down a patch.
const CELLS: usize = 2;

/// Values of a patch.
pub(super) const PATCH_VALUES: usize = CHANNELS * CELLS * CELLS;

/// Pixels from a patch to the next, and across the smallest.
const STEP: usize = 16;

/// A rectangle of the window that is parted into four cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

#[cfg(test)]
impl Patch {
    pub(super) fn is_whole(&self) -> bool {
        (self.width, self.height) == (WINDOW, WINDOW)
    }
}

/// All patches, in the order in which cascades count them: by shape, then by size, then row by row.
pub(super) fn patches() -> Vec<Patch> {
    let mut pool = Vec::new();
    for (across, down) in [(1, 1), (1, 2), (2, 1), (2, 3), (3, 2)] {
        for height in (STEP..=WINDOW).filter(|height| height % CELLS == 0 && height % down == 0) {
            let width = height / down * across;
            if width % CELLS != 0 || !(STEP..=WINDOW).contains(&width) {
                continue;
            }
            for y in (0..=WINDOW - height).step_by(STEP) {
                pool.extend((0..=WINDOW - width).step_by(STEP).map(|x| Patch {
                    x,
                    y,
                    width,
                    height,
                }));
            }
        }
    }
    pool
}

/// Values of one row of a window, a channel after the other. 16 bits hold the sum of a whole column: 40 gradients of at most 510.
type Row = [[i16; WINDOW]; CHANNELS];

/// Sums of gradients from the window's upper border down to each row.
#[derive(Debug)]
pub(super) struct Surf {
    sums: Vec<Row>,
}

impl Default for Surf {
    fn default() -> Self {
        Self {
            sums: vec![[[0; WINDOW]; CHANNELS]; WINDOW + 1],
        }
    }
}

impl Surf {
    /// Takes up a window's pixels, row by row.
    pub(super) fn take(&mut self, pixels: &[u8; WINDOW * WINDOW]) {
        let (rows, _) = pixels.as_chunks::<WINDOW>();
        let mut sums = [[0; WINDOW]; CHANNELS];
        for (y, row) in rows.iter().enumerate() {
            let (above, below) = (y.saturating_sub(1), (y + 1).min(WINDOW - 1));
            let across = slope(row);
            let doubled = 2 / (below - above) as i16;
            let mut down = [0; WINDOW];
            for (down, (above, below)) in down.iter_mut().zip(rows[above].iter().zip(&rows[below]))
            {
                *down = (i16::from(*below) - i16::from(*above)) * doubled;
            }
            let [a, b, c, d, e, f, g, h] = &mut sums;
            part(&across, &down, [a, b, c, d]);
            part(&down, &across, [e, f, g, h]);
            self.sums[y + 1] = sums;
        }
    }

    /// The patch's values, cell by cell, scaled to length 1 (all 0 if all are).
    pub(super) fn values(&self, patch: &Patch, values: &mut [f32]) {
        let (width, height) = (patch.width / CELLS, patch.height / CELLS);
        let mut sums = [0; PATCH_VALUES];
        for (cell, sums) in sums.chunks_exact_mut(CHANNELS).enumerate() {
            let left = patch.x + cell % CELLS * width;
            let top = patch.y + cell / CELLS * height;
            let channels = self.sums[top].iter().zip(&self.sums[top + height]);
            for (sum, (above, below)) in sums.iter_mut().zip(channels) {
                let columns = above[left..left + width]
                    .iter()
                    .zip(&below[left..left + width]);
                *sum = columns.map(|(above, below)| i32::from(below - above)).sum();
            }
        }
        let square = |sum: &i32| f64::from(*sum) * f64::from(*sum);
        let length = sums.iter().map(square).sum::<f64>().sqrt() as f32;
        for (value, sum) in values.iter_mut().zip(sums) {
            *value = if length > 0.0 {
                sum as f32 / length
            } else {
                0.0
            };
        }
    }
}

/// Differences over two pixels; at the ends over one, doubled.
fn slope(row: &[u8; WINDOW]) -> [i16; WINDOW] {
    let row = row.map(i16::from);
    let mut slope = [0; WINDOW];
    for (slope, pixels) in slope[1..].iter_mut().zip(row.windows(3)) {
        *slope = pixels[2] - pixels[0];
    }
    slope[0] = 2 * (row[1] - row[0]);
    slope[WINDOW - 1] = 2 * (row[WINDOW - 1] - row[WINDOW - 2]);
    slope
}

/// Adds gradients and their amounts to the first two sums where the other gradient is not negative, else to the last two.
fn part(gradients: &[i16; WINDOW], others: &[i16; WINDOW], sums: [&mut [i16; WINDOW]; 4]) {
    let [sum, amount, negative_sum, negative_amount] = sums;
    // All bits where the other gradient is negative, none elsewhere. One loop a sum, which compilers turn into vectors.
    let negative = others.map(|other| other >> 15);
    let amounts = gradients.map(i16::abs);
    let add = |sum: &mut [i16; WINDOW], values: &[i16; WINDOW], flip: i16| {
        for ((sum, value), negative) in sum.iter_mut().zip(values).zip(&negative) {
            *sum += value & (negative ^ flip);
        }
    };
    add(sum, gradients, -1);
    add(amount, &amounts, -1);
    add(negative_sum, gradients, 0);
    add(negative_amount, &amounts, 0);
}
