//! A drawn portrait, for commands that need a face and are given none.

use diat_host::Points;
use diat_synth::{Attribute, FaceStyle, Scene, draw};
use image::metadata::Orientation;

use crate::failure::Failure;
use crate::picture::{Depth, Format, Kept, Picture};

/// Any; the face is the same everywhere.
const SEED: u64 = 5;

/// A portrait with glasses and a closed mouth, and its five points.
pub(crate) fn portrait(width: usize, height: usize) -> Result<(Picture, Points), Failure> {
    let style = FaceStyle::from_seed(SEED)
        .with(Attribute::Eyeglasses, true)
        .with(Attribute::MouthSlightlyOpen, false);
    let drawn = draw(&Scene::portrait(style, width, height))
        .map_err(|error| Failure::Failed(error.to_string()))?;
    let size = drawn.picture.rect();
    let picture = Picture {
        width: size.w.unsigned_abs(),
        height: size.h.unsigned_abs(),
        depth: Depth::U8,
        pixels: drawn.picture.into_bytes(),
        grey: false,
        alpha: false,
        premultiplied: false,
        orientation: Orientation::NoTransforms,
        format: Format::Png,
        exif: None,
        icc: None,
        xmp: None,
        kept: Kept::default(),
        lost: Vec::new(),
    };
    Ok((picture, drawn.points.map(|point| [point.x, point.y])))
}
