//! What the network made, as it looks in the picture.

use super::blocks::{Block, SIDE};
use crate::crop::crop;
use crate::geometry::Similarity;
use crate::layout::{Format, Layout, Rect};
use crate::patch::Patch;
use crate::picture::Picture;
use crate::plane::Cell;
use ndarray::Axis;

/// up(T) of a patch.
pub(super) struct Made {
    transformed: Picture,
    back: Similarity,
}

impl Made {
    /// None if the patch has no place in any picture.
    pub(super) fn new(patch: &Patch) -> Option<Self> {
        let (_, height, width) = patch.transformed.dim();
        let rect = Rect::new(
            0,
            0,
            i32::try_from(width).ok()?,
            i32::try_from(height).ok()?,
        );
        let mut transformed = Picture::new(rect, Layout::srgb(Format::RgbaF32)).ok()?;
        let mut view = transformed.view_mut();
        for (y, row) in patch.transformed.axis_iter(Axis(1)).enumerate() {
            for (x, colour) in row.axis_iter(Axis(1)).enumerate() {
                let [r, g, b] = [0, 1, 2].map(|c| colour[c]);
                view.set_rgba_f32(x as i32, y as i32, [r, g, b, 1.0]);
            }
        }
        let back = patch.to_crop.inverse()?;
        Some(Self { transformed, back })
    }

    /// The block of the picture that begins at pixel (x, y).
    pub(super) fn block(&self, (x, y): (i32, i32)) -> Block {
        let to_block = Similarity {
            tx: self.back.tx - f64::from(x),
            ty: self.back.ty - f64::from(y),
            ..self.back
        };
        let colours = crop(&self.transformed.view(), &to_block, SIDE, SIDE);
        std::array::from_fn(|i| {
            let [r, g, b] = [0, 1, 2].map(|c| colours[(c, i / SIDE, i % SIDE)]);
            Cell::new([r, g, b, 0.0])
        })
    }
}
