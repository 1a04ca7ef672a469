//! Arrays of four-number cells, sampled between their centres.

/// Positions and steps in crop or picture pixels with 32 fractional bits: sums are exact, so that a position does not depend
/// on where one began to count.
pub(crate) type Fixed = i64;

pub(crate) const ONE: Fixed = 1 << 32;
pub(crate) const HALF: Fixed = ONE / 2;

/// None where a number is too large to be a position (2^24 pixels: room for sums and products of a few).
pub(crate) fn fixed(value: f64) -> Option<Fixed> {
    (value.abs() < f64::from(1 << 24)).then(|| (value * ONE as f64).round() as Fixed)
}

/// Pixel index and fraction of a position counted from the first pixel's centre.
#[inline]
pub(crate) fn split(position: Fixed) -> (i32, f32) {
    // The upper 24 bits of the fraction: what a float holds.
    let fraction = (position as u32 >> 8) as f32 * (1.0 / (1 << 24) as f32);
    ((position >> 32) as i32, fraction)
}

/// Weights of the four neighbours (Catmull and Rom 1974; Keys' cubic with a = −1/2) at `f` of the way from the second to the
/// third.
#[inline]
pub(crate) fn catmull_rom_weights(f: f32) -> [f32; 4] {
    [
        ((1.0 - 0.5 * f) * f - 0.5) * f,
        (1.5 * f - 2.5) * f * f + 1.0,
        ((2.0 - 1.5 * f) * f + 0.5) * f,
        (0.5 * f - 0.5) * f * f,
    ]
}

/// Cells of a picture or a crop with a margin, so that no neighbour needs a test.
#[derive(Debug)]
pub(crate) struct Plane {
    /// Index of the first column and row held.
    left: i32,
    top: i32,
    width: usize,
    cells: Vec<[f32; 4]>,
}

impl Plane {
    /// `cells` are rows of `width` cells, the first being (left, top).
    pub(crate) fn new(left: i32, top: i32, width: usize, cells: Vec<[f32; 4]>) -> Self {
        Self {
            left,
            top,
            width,
            cells,
        }
    }

    /// A crop of `width`×`height` with the two replicated pixels on each side that Catmull-Rom looks at.
    pub(crate) fn replicated(
        width: usize,
        height: usize,
        cell: impl Fn(usize, usize) -> [f32; 4],
    ) -> Self {
        let inner = |i: usize, n: usize| i.saturating_sub(2).min(n - 1);
        let cells = (0..height + 4)
            .flat_map(|y| (0..width + 4).map(move |x| (inner(x, width), inner(y, height))))
            .map(|(x, y)| cell(x, y))
            .collect();
        Self {
            left: -2,
            top: -2,
            width: width + 4,
            cells,
        }
    }

    /// `N` cells of a row from (x, y).
    #[inline]
    fn taps<const N: usize>(&self, x: i32, y: i32) -> &[[f32; 4]; N] {
        let start =
            (y - self.top) as isize as usize * self.width + (x - self.left) as isize as usize;
        // A position that its caller has not kept inside reads zeros instead of stopping a host.
        self.cells
            .get(start..)
            .and_then(<[_]>::first_chunk)
            .unwrap_or(&[[0.0; 4]; N])
    }

    /// Catmull-Rom between the cells around (x, y)..(x + 1, y + 1).
    #[inline]
    pub(crate) fn catmull_rom(&self, x: i32, y: i32, wx: &[f32; 4], wy: &[f32; 4]) -> [f32; 4] {
        let mut sum = [0.0f32; 4];
        for (r, weight) in wy.iter().enumerate() {
            let taps: &[[f32; 4]; 4] = self.taps(x - 1, y - 1 + r as i32);
            let mut row = [0.0f32; 4];
            for c in 0..4 {
                row[c] = wx[0] * taps[0][c]
                    + wx[1] * taps[1][c]
                    + wx[2] * taps[2][c]
                    + wx[3] * taps[3][c];
            }
            for c in 0..4 {
                sum[c] += weight * row[c];
            }
        }
        sum
    }

    /// The straight mean of the four cells around, by nearness.
    #[inline]
    pub(crate) fn bilinear(&self, x: i32, y: i32, fx: f32, fy: f32) -> [f32; 4] {
        let upper: &[[f32; 4]; 2] = self.taps(x, y);
        let lower: &[[f32; 4]; 2] = self.taps(x, y + 1);
        std::array::from_fn(|c| {
            let above = upper[0][c] + fx * (upper[1][c] - upper[0][c]);
            let below = lower[0][c] + fx * (lower[1][c] - lower[0][c]);
            above + fy * (below - above)
        })
    }
}
