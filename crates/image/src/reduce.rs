//! Small 8-bit copies of a picture for detectors, whole or some rows at a time.

use crate::pace::Pace;
use crate::plane::Cell;
use crate::shrunk::Shrunk;
use crate::view::View;
use ndarray::{Array2, Array3};
use std::ops::Range;

/// BT.601, on sRGB-encoded colours.
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// 16 bits hold the sum of so many 8-bit samples.
const LARGEST_PLAIN: usize = 256;

/// Columns and rows of a picture shrunk `factor` times: sides rounded up.
pub fn shrunk_size(view: &View, factor: usize) -> (usize, usize) {
    Shrunk::new(*view, factor).size()
}

/// The picture shrunk `factor` times by area, as 8-bit luma (BT.601 weights on sRGB-encoded straight colours, which is what
/// detectors are trained on): H×W, sides as [`shrunk_size`] says. Pixel (i, j) covers the picture's pixels from
/// (rect.x + factor·i, rect.y + factor·j); where that leaves the picture, its border is replicated.
pub fn luma(view: &View, factor: usize) -> Array2<u8> {
    luma_rows(view, factor, 0..shrunk_size(view, factor).1)
}

/// Rows `rows` of what [`luma`] gives.
pub fn luma_rows(view: &View, factor: usize, rows: Range<usize>) -> Array2<u8> {
    let picture = Shrunk::new(*view, factor);
    let (width, _) = picture.size();
    let plain = picture.is_plain() && factor <= LARGEST_PLAIN;
    let mut luma = Array2::zeros((rows.len(), width));
    for (y, mut row) in rows.zip(luma.outer_iter_mut()) {
        if let (true, Some(row)) = (plain, row.as_slice_mut()) {
            plain_luma(view, factor.max(1), y, row);
            continue;
        }
        for (luma, cell) in row.iter_mut().zip(cells(&picture, y)) {
            let [r, g, b, _] = cell.to_array();
            *luma = to_u8(LUMA[0] * r + LUMA[1] * g + LUMA[2] * b);
        }
    }
    luma
}

/// The same for 8-bit samples that are the network's colours as they are, which nearly all pictures' are: whole numbers are added
/// up, and only the sums become luma.
fn plain_luma(view: &View, factor: usize, y: usize, luma: &mut [u8]) {
    let rect = view.rect();
    let (width, height) = rect.size();
    // First down, sample by sample, then across.
    let mut columns = vec![0_u16; width * 4];
    for row in 0..factor {
        let down = (y * factor + row).min(height - 1);
        let row = view.row((i64::from(rect.y) + down as i64) as i32);
        for (column, sample) in columns.iter_mut().zip(row) {
            *column += u16::from(*sample);
        }
    }
    let columns = columns.as_chunks::<4>().0;
    match factor {
        1 => across::<1>(columns, luma),
        2 => across::<2>(columns, luma),
        3 => across::<3>(columns, luma),
        4 => across::<4>(columns, luma),
        _ => luma
            .iter_mut()
            .zip(columns.chunks(factor))
            .for_each(|(luma, block)| *luma = block_luma(block, factor)),
    }
}

/// The luma of blocks of `N` columns: a number that the compiler knows makes this several times as fast.
fn across<const N: usize>(columns: &[[u16; 4]], luma: &mut [u8]) {
    let (blocks, rest) = columns.as_chunks::<N>();
    for (luma, block) in luma.iter_mut().zip(blocks) {
        *luma = block_luma(block, N);
    }
    if let (Some(luma), false) = (luma.last_mut(), rest.is_empty()) {
        *luma = block_luma(rest, N);
    }
}

/// The luma of a block of `factor` columns of as many samples, the last of which goes on where there are fewer.
#[inline]
fn block_luma(block: &[[u16; 4]], factor: usize) -> u8 {
    let mut sums = [0_i32; 4];
    for column in block {
        add(&mut sums, *column, 1);
    }
    if let (Some(last), true) = (block.last(), block.len() < factor) {
        add(&mut sums, *last, (factor - block.len()) as i32);
    }
    let [r, g, b] = LUMA.map(|weight| weight / (factor * factor) as f32);
    let sums = sums.map(|sum| sum as f32);
    (r * sums[0] + g * sums[1] + b * sums[2] + 0.5) as u8
}

#[inline]
fn add(sums: &mut [i32; 4], column: [u16; 4], times: i32) {
    for (sum, column) in sums.iter_mut().zip(column) {
        *sum += i32::from(column) * times;
    }
}

/// The picture shrunk `factor` times by area, as 8-bit sRGB-encoded straight RGB: 3×H×W, sides as for [`luma`].
pub fn rgb(view: &View, factor: usize) -> Array3<u8> {
    rgb_rows(view, factor, 0..shrunk_size(view, factor).1)
}

/// Rows `rows` of what [`rgb`] gives.
pub fn rgb_rows(view: &View, factor: usize, rows: Range<usize>) -> Array3<u8> {
    let picture = Shrunk::new(*view, factor);
    let (width, _) = picture.size();
    let mut rgb = Array3::zeros((3, rows.len(), width));
    for (at, y) in rows.enumerate() {
        for (x, cell) in cells(&picture, y).into_iter().enumerate() {
            let cell = cell.to_array();
            for c in 0..3 {
                rgb[(c, at, x)] = to_u8(cell[c]);
            }
        }
    }
    rgb
}

/// One row of cells; whoever wants to stop asks for few rows at a time.
fn cells(picture: &Shrunk, y: usize) -> Vec<Cell> {
    let (width, _) = picture.size();
    let mut go_on = || true;
    let cells = picture.cells(0, y as i32, width, 1, &mut Pace::new(&mut go_on));
    cells.unwrap_or_default()
}

fn to_u8(value: f32) -> u8 {
    (value * 255.0 + 0.5) as u8
}
