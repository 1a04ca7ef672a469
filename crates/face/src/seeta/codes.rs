//! Locally assembled binary codes: how each 3×3 square of pixels compares with the eight around it.

/// Pixels across the square of nine squares that a code tells of.
pub(super) const BLOCK: usize = 9;

/// Pixels across one of the nine.
const SQUARE: usize = 3;

/// The codes of a band of rows; the code at (x, y) tells of the pixels from (x, y) to (x + 8, y + 8).
pub(super) struct Codes {
    width: usize,
    codes: Vec<u8>,
}

impl Codes {
    /// Of rows of `width` pixels, at least nine of them, at least nine pixels long.
    pub(super) fn of(pixels: &[u8], width: usize) -> Self {
        let across = (width + 1).saturating_sub(BLOCK);
        let squares = width + 1 - SQUARE;
        // The sums of the last seven rows of squares, the oldest first.
        let mut sums = vec![0; 7 * squares];
        let mut columns = vec![0; width];
        let mut codes = Vec::with_capacity(across * (pixels.len() / width));
        let rows = pixels.windows(SQUARE * width).step_by(width);
        for (y, rows) in rows.enumerate() {
            sums.copy_within(squares.., 0);
            add_squares(rows, &mut columns, &mut sums[6 * squares..]);
            if y >= 6 {
                let from = codes.len();
                codes.resize(from + across, 0);
                compare(&sums, squares, &mut codes[from..]);
            }
        }
        Self {
            width: across,
            codes,
        }
    }

    /// Codes in a row.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// All codes from that `x` to the right and `y` down of the first one, row after row.
    pub(super) fn from(&self, x: usize, y: usize) -> &[u8] {
        &self.codes[y * self.width + x..]
    }
}

/// The sums of a row of overlapping squares, from its three rows of pixels.
fn add_squares(rows: &[u8], columns: &mut [u16], sums: &mut [u16]) {
    let (first, rest) = rows.split_at(columns.len());
    let (second, third) = rest.split_at(columns.len());
    for (column, ((a, b), c)) in columns.iter_mut().zip(first.iter().zip(second).zip(third)) {
        *column = u16::from(*a) + u16::from(*b) + u16::from(*c);
    }
    let neighbours = columns.iter().zip(&columns[1..]).zip(&columns[2..]);
    for (sum, ((a, b), c)) in sums.iter_mut().zip(neighbours) {
        *sum = a + b + c;
    }
}

/// A row of codes: a bit is set where the middle square is at least as bright as the one it stands for.
fn compare(sums: &[u16], squares: usize, codes: &mut [u8]) {
    let count = codes.len();
    let square = |row: usize, column: usize| {
        let from = row * SQUARE * squares + column * SQUARE;
        &sums[from..from + count]
    };
    let middle = square(1, 1);
    let around = [
        (0x80, square(0, 0)),
        (0x40, square(0, 1)),
        (0x20, square(0, 2)),
        (0x10, square(1, 0)),
        (0x08, square(1, 2)),
        (0x04, square(2, 0)),
        (0x02, square(2, 1)),
        (0x01, square(2, 2)),
    ];
    for (bit, other) in around {
        for ((code, middle), other) in codes.iter_mut().zip(middle).zip(other) {
            *code |= if middle >= other { bit } else { 0 };
        }
    }
}
