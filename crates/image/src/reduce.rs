//! Small 8-bit copies of a picture for detectors.

use crate::pace::Pace;
use crate::shrunk::Shrunk;
use crate::view::View;
use ndarray::{Array2, Array3};

/// The picture shrunk `factor` times by area, as 8-bit luma (BT.601 weights on sRGB-encoded straight colours, which is what
/// detectors are trained on): H×W, sides rounded up. Pixel (i, j) covers the picture's pixels from
/// (rect.x + factor·i, rect.y + factor·j); where that leaves the picture, its border is replicated.
pub fn luma(view: &View, factor: usize) -> Array2<u8> {
    let mut go_on = || true;
    luma_at(view, factor, &mut Pace::new(&mut go_on)).unwrap_or_default()
}

/// As [`luma`], at a pace: none if it was stopped.
pub fn luma_at(view: &View, factor: usize, pace: &mut Pace) -> Option<Array2<u8>> {
    let picture = Shrunk::new(*view, factor);
    let (width, height) = picture.size();
    let mut luma = Array2::zeros((height, width));
    for (y, mut row) in luma.outer_iter_mut().enumerate() {
        let cells = picture.cells(0, y as i32, width, 1, pace)?;
        for (luma, cell) in row.iter_mut().zip(cells) {
            let [r, g, b, _] = cell.to_array();
            *luma = to_u8(0.299 * r + 0.587 * g + 0.114 * b);
        }
    }
    Some(luma)
}

/// The picture shrunk `factor` times by area, as 8-bit sRGB-encoded straight RGB: 3×H×W, sides as for [`luma`].
pub fn rgb(view: &View, factor: usize) -> Array3<u8> {
    let mut go_on = || true;
    rgb_at(view, factor, &mut Pace::new(&mut go_on)).unwrap_or_default()
}

/// As [`rgb`], at a pace: none if it was stopped.
pub fn rgb_at(view: &View, factor: usize, pace: &mut Pace) -> Option<Array3<u8>> {
    let picture = Shrunk::new(*view, factor);
    let (width, height) = picture.size();
    let mut rgb = Array3::zeros((3, height, width));
    for y in 0..height {
        let cells = picture.cells(0, y as i32, width, 1, pace)?;
        for (x, cell) in cells.into_iter().enumerate() {
            let cell = cell.to_array();
            for c in 0..3 {
                rgb[(c, y, x)] = to_u8(cell[c]);
            }
        }
    }
    Some(rgb)
}

fn to_u8(value: f32) -> u8 {
    (value * 255.0 + 0.5) as u8
}
