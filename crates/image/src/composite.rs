//! The network's answer, taken back at the picture's own resolution.
use crate::{geometry::Similarity, layout::Rect, view::ViewMut};
use ndarray::{Array2, Array3};

/// One face's answer, all at crop size.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Takes picture coordinates to crop coordinates.
    pub to_crop: Similarity,
    /// xc: what the network saw, 3×H×W, straight sRGB-encoded RGB in 0..1.
    pub crop: Array3<f32>,
    /// T: what the network made of it, in the same colours and range.
    pub transformed: Array3<f32>,
    /// w·M: window times mask, H×W in 0..1; 0 at the outermost pixels.
    pub weight: Array2<f32>,
    /// g: the detail gate, H×W in 0..1.
    pub gate: Array2<f32>,
}

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Show {
    /// The edited picture.
    Result,
    /// m as a grey of plain numbers, whatever the strength.
    Mask,
    /// up(T) in the picture's colours inside the crops; the input elsewhere.
    Transformed,
    /// 0.5 + (out − x)/2, in the picture's own numbers.
    Difference,
}

/// What a composite came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composite {
    /// Some byte of `out` is not what it was.
    pub changed: bool,
    /// `progress` asked to stop; `out` is partly written.
    pub cancelled: bool,
}

/// Blends the faces' answers into `out`, which holds the input's pixels in `roi`:
///
/// m = clamp(up(weight), 0, 1), out = x + strength·m·[ up(T − xc) − clamp(up(g), 0, 1)·(clamp(x) − up(xc)) ]
///
/// Where m is 0 nothing is touched; alpha never is; where faces overlap the larger m wins, the earlier patch among equals.
/// The bytes do not depend on `threads` nor on how a picture is cut into regions. `progress` is called on this thread with a
/// share that grows to 1, and stops the work by returning false.
pub fn composite(
    _out: &mut ViewMut,
    _roi: Rect,
    _patches: &[Patch],
    _strength: f32,
    _show: Show,
    _threads: usize,
    _progress: &mut dyn FnMut(f32) -> bool,
) -> Composite {
    Composite {
        changed: false,
        cancelled: false,
    }
}
