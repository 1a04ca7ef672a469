//! Picture files: read into upright RGBA, written as they came.
//!
//! A file's pixels are turned upright by its orientation, so that effects and points see what people see. Written in the same
//! format they are turned back and the EXIF record stays as it is; written in another format they stay upright and the record's
//! orientation becomes 1, since not every program looks for it there. TIFF is always written upright.

mod beside;
mod convert;
mod density;
mod error;
mod exif;
mod foreign;
mod format;
mod heard;
#[cfg(feature = "heif")]
mod heif;
mod image_resources;
mod inks;
mod jpeg;
mod kept;
mod lost;
#[cfg(feature = "heif")]
mod nclx;
mod orientation;
mod png;
mod read;
mod samples;
mod scale;
mod stored;
mod tiff;
mod webp;
mod write;
mod xmp;

pub(crate) use error::PictureError;
pub(crate) use format::Format;
#[cfg(feature = "heif")]
pub(crate) use heif::ending_for;
pub(crate) use kept::Kept;
pub(crate) use lost::Lost;
pub(crate) use read::{PictureFile, decode};
pub(crate) use samples::Depth;
pub(crate) use write::{encode, encode_mask, losses};

use image::metadata::Orientation;

/// A picture in memory.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// Columns, upright.
    pub(crate) width: u32,
    /// Rows, upright.
    pub(crate) height: u32,
    /// Of each sample.
    pub(crate) depth: Depth,
    /// Upright RGBA, rows top down without padding, native endian.
    pub(crate) pixels: Vec<u8>,
    /// Whether the file had one channel for all colours.
    pub(crate) grey: bool,
    /// Whether the file had alpha; else that of `pixels` is full.
    pub(crate) alpha: bool,
    /// Whether the colours are multiplied by alpha, as a TIFF file may have them.
    pub(crate) premultiplied: bool,
    /// As the file has it, before it was turned upright.
    pub(crate) orientation: Orientation,
    /// Of the file it came from.
    pub(crate) format: Format,
    /// EXIF record without the header `Exif\0\0`.
    pub(crate) exif: Option<Vec<u8>>,
    /// ICC profile.
    pub(crate) icc: Option<Vec<u8>>,
    /// XMP packet, the whole of it as the file has it.
    pub(crate) xmp: Option<Vec<u8>>,
    /// What else the file has.
    pub(crate) kept: Kept,
    /// What the file has and this has not.
    pub(crate) lost: Vec<Lost>,
}

impl Picture {
    /// Gives it 16 bits.
    pub(crate) fn deepen(&mut self) {
        let pixels = std::mem::take(&mut self.pixels);
        self.pixels = convert::to_depth(pixels, self.depth, Depth::U16);
        self.depth = Depth::U16;
    }
}
