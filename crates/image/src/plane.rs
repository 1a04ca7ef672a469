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
    ((position >> 32) as i32, fraction(position))
}

/// The upper 24 bits of a position's fraction: what a float holds.
#[inline]
pub(crate) fn fraction(position: Fixed) -> f32 {
    // As i32, which fits and converts faster.
    (position as u32 >> 8) as i32 as f32 * (1.0 / (1 << 24) as f32)
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

    /// Catmull-Rom between the cells (x, y) and (x + 1, y + 1).
    #[inline]
    pub(crate) fn bicubic(&self, x: i32, y: i32) -> Bicubic {
        let mut rows = [[[0.0; 4]; 4]; 4];
        for (row, y) in rows.iter_mut().zip(y - 1..) {
            *row = cubic(self.taps(x - 1, y));
        }
        let column = |q: usize| cubic(&[rows[0][q], rows[1][q], rows[2][q], rows[3][q]]);
        Bicubic([column(0), column(1), column(2), column(3)])
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

/// The curve of Catmull and Rom (1974; Keys' cubic with a = −1/2) from the second to the third of four values, as factors of
/// the powers 0 to 3 of the way.
#[inline(always)]
fn cubic(p: &[[f32; 4]; 4]) -> [[f32; 4]; 4] {
    let mut powers = [p[1]; 4];
    for c in 0..4 {
        powers[1][c] = 0.5 * (p[2][c] - p[0][c]);
        powers[2][c] = p[0][c] - 2.5 * p[1][c] + 2.0 * p[2][c] - 0.5 * p[3][c];
        powers[3][c] = 0.5 * (p[3][c] - p[0][c]) + 1.5 * (p[1][c] - p[2][c]);
    }
    powers
}

/// Factors of xᑫ·yᵖ, in that order, of the surface between four cells.
pub(crate) struct Bicubic([[[f32; 4]; 4]; 4]);

impl Bicubic {
    /// Its values at some places, each 0..1 of the way rightwards and downwards.
    ///
    /// Not inlined: a caller that picks numbers out of the four would make four single sums of each.
    #[inline(never)]
    pub(crate) fn at(&self, places: &[(f32, f32)], values: &mut [[f32; 4]]) {
        for ((fx, fy), value) in places.iter().zip(values) {
            let mut sum = [0.0f32; 4];
            for p in self.0.iter().rev() {
                for c in 0..4 {
                    let down = ((p[3][c] * fy + p[2][c]) * fy + p[1][c]) * fy + p[0][c];
                    sum[c] = sum[c] * fx + down;
                }
            }
            *value = sum;
        }
    }
}
