//! Arrays of four-number cells, sampled between their centres.

use wide::f32x4;

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

/// Three colours and a fourth number.
pub(crate) type Cell = f32x4;

/// Cells of a picture or a crop with a margin, so that no neighbour needs a test.
#[derive(Debug)]
pub(crate) struct Plane {
    /// Index of the first column and row held.
    left: i32,
    top: i32,
    width: usize,
    cells: Vec<Cell>,
}

/// The margin of a crop: Catmull-Rom looks at two cells on each side.
pub(crate) const MARGIN: usize = 2;

impl Plane {
    /// `cells` are rows of `width` cells, the first being (left, top).
    pub(crate) fn new(left: i32, top: i32, width: usize, cells: Vec<Cell>) -> Self {
        Self {
            left,
            top,
            width,
            cells,
        }
    }

    /// A crop of `width`×`height` cells with a margin of replicated ones; `row` appends the cells of a row.
    pub(crate) fn replicated(
        width: usize,
        height: usize,
        row: impl Fn(usize, &mut Vec<Cell>),
    ) -> Self {
        let across = width + 2 * MARGIN;
        let mut cells = Vec::with_capacity(across * (height + 2 * MARGIN));
        for y in 0..height + 2 * MARGIN {
            let start = cells.len();
            // Room for the margin, whose cells are not known yet.
            cells.resize(start + MARGIN, Cell::ZERO);
            row(y.saturating_sub(MARGIN).min(height - 1), &mut cells);
            let (first, last) = (cells[start + MARGIN], cells[cells.len() - 1]);
            cells[start..start + MARGIN].fill(first);
            cells.extend([last; MARGIN]);
        }
        Self::new(-(MARGIN as i32), -(MARGIN as i32), across, cells)
    }

    /// The cells less those of another plane of the same crop in their colours, with the fourth numbers of these.
    pub(crate) fn less_colours(&self, other: &Self) -> Self {
        let colours = Cell::new([1.0, 1.0, 1.0, 0.0]);
        let cells = self.cells.iter().zip(&other.cells);
        Self {
            cells: cells.map(|(one, other)| *one - *other * colours).collect(),
            ..*self
        }
    }

    /// Where the cell (x, y) lies among the cells.
    #[inline]
    fn place(&self, x: i32, y: i32) -> usize {
        ((y - self.top) as isize as usize)
            .wrapping_mul(self.width)
            .wrapping_add((x - self.left) as isize as usize)
    }

    /// `N` cells of a row. A position that its caller has not kept inside reads zeros instead of stopping a host.
    #[inline(always)]
    fn taps<const N: usize>(&self, place: usize) -> &[Cell; N] {
        self.cells
            .get(place..)
            .and_then(<[_]>::first_chunk)
            .unwrap_or(&[Cell::ZERO; N])
    }

    /// The 4×4 cells around the space between (x, y) and (x + 1, y + 1).
    #[inline]
    pub(crate) fn around(&self, x: i32, y: i32) -> Surface<'_> {
        let place = self.place(x - 1, y - 1);
        let row = |i: usize| self.taps(place.wrapping_add(self.width.wrapping_mul(i)));
        Surface([row(0), row(1), row(2), row(3)])
    }

    /// The straight mean of the four cells around, by nearness.
    #[inline]
    pub(crate) fn bilinear(&self, x: i32, y: i32, fx: f32, fy: f32) -> Cell {
        let place = self.place(x, y);
        let upper: &[Cell; 2] = self.taps(place);
        let lower: &[Cell; 2] = self.taps(place.wrapping_add(self.width));
        let above = upper[0] + Cell::splat(fx) * (upper[1] - upper[0]);
        let below = lower[0] + Cell::splat(fx) * (lower[1] - lower[0]);
        above + Cell::splat(fy) * (below - above)
    }
}

/// The surface of Catmull and Rom over the middle of 4×4 cells.
pub(crate) struct Surface<'a>([&'a [Cell; 4]; 4]);

impl Surface<'_> {
    /// Its value so far (0..1) rightwards and downwards.
    #[inline]
    pub(crate) fn at(&self, x: f32, y: f32) -> Cell {
        let (across, down) = (weights(x).map(Cell::splat), weights(y).map(Cell::splat));
        let row = |row: &[Cell; 4]| {
            (row[0] * across[0] + row[1] * across[1]) + (row[2] * across[2] + row[3] * across[3])
        };
        let [p, q, r, s] = self.0.map(row);
        (p * down[0] + q * down[1]) + (r * down[2] + s * down[3])
    }

    /// Its values along a line: (x, y) on the surface at `t` = 0, and by (dx, dy) further with each 1 of `t`.
    pub(crate) fn along(&self, (x, y): (f32, f32), (dx, dy): (f32, f32)) -> Curve {
        let [p, q, r, s] = self.0;
        let rows = [powers(p), powers(q), powers(r), powers(s)];
        let column = |i: usize| {
            let column = powers(&[rows[0][i], rows[1][i], rows[2][i], rows[3][i]]);
            substituted(&column, Cell::splat(y), Cell::splat(dy))
        };
        // The sum of columns[i]·(x + dx·t)^i, by Horner's rule.
        let [c0, c1, c2, c3] = [column(0), column(1), column(2), column(3)];
        let (x, dx) = (Cell::splat(x), Cell::splat(dx));
        let a = [
            c3[0] * x + c2[0],
            c3[0] * dx + c3[1] * x + c2[1],
            c3[1] * dx + c3[2] * x + c2[2],
            c3[2] * dx + c3[3] * x + c2[3],
            c3[3] * dx,
        ];
        let b = [
            a[0] * x + c1[0],
            a[0] * dx + a[1] * x + c1[1],
            a[1] * dx + a[2] * x + c1[2],
            a[2] * dx + a[3] * x + c1[3],
            a[3] * dx + a[4] * x,
            a[4] * dx,
        ];
        Curve([
            b[0] * x + c0[0],
            b[0] * dx + b[1] * x + c0[1],
            b[1] * dx + b[2] * x + c0[2],
            b[2] * dx + b[3] * x + c0[3],
            b[3] * dx + b[4] * x,
            b[4] * dx + b[5] * x,
            b[5] * dx,
        ])
    }
}

/// The curve of Catmull and Rom from the second to the third of four values, as factors of the powers 0 to 3 of the way.
#[inline(always)]
fn powers(p: &[Cell; 4]) -> [Cell; 4] {
    let (half, ahead) = (Cell::HALF, p[2] - p[0]);
    [
        p[1],
        half * ahead,
        p[0] - Cell::splat(2.5) * p[1] + Cell::splat(2.0) * p[2] - half * p[3],
        half * (p[3] - p[0]) + Cell::splat(1.5) * (p[1] - p[2]),
    ]
}

/// A cubic of `y` + `dy`·t as factors of the powers of t.
#[inline(always)]
fn substituted([p0, p1, p2, p3]: &[Cell; 4], y: Cell, dy: Cell) -> [Cell; 4] {
    let cubic = *p3 * y;
    let twice = cubic + *p2;
    [
        (twice * y + *p1) * y + *p0,
        dy * ((twice + twice + cubic) * y + *p1),
        dy * dy * (cubic + twice + cubic),
        dy * dy * dy * *p3,
    ]
}

/// What a line sees of a [`Surface`]: factors of the powers 0 to 6 of the way.
pub(crate) struct Curve([Cell; 7]);

impl Curve {
    /// The values at `first`, `first` + 1, and so on.
    pub(crate) fn values(&self, first: usize, values: &mut [Cell]) {
        for (t, value) in (first..).zip(values) {
            let t = Cell::splat(t as f32);
            let powers = self.0.iter().rev();
            *value = powers.fold(Cell::ZERO, |sum, power| sum * t + *power);
        }
    }
}

/// Weights of four values for the curve of Catmull and Rom (1974; Keys' cubic with a = −1/2), `t` of the way from the second
/// to the third.
#[inline(always)]
fn weights(t: f32) -> [f32; 4] {
    const POWERS: [Cell; 4] = [
        Cell::new([0.0, 1.0, 0.0, 0.0]),
        Cell::new([-0.5, 0.0, 0.5, 0.0]),
        Cell::new([1.0, -2.5, 2.0, -0.5]),
        Cell::new([-0.5, 1.5, -1.5, 0.5]),
    ];
    let t = Cell::splat(t);
    (((POWERS[3] * t + POWERS[2]) * t + POWERS[1]) * t + POWERS[0]).to_array()
}
