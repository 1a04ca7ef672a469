//! What a file's writer is given.

use image::error::{DecodingError, EncodingError, ImageFormatHint};
use image::{ImageError, ImageFormat};

use super::{Depth, Kept};

/// A picture as it is stored: its pixels as they lie in the file, and what stands beside them.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) depth: Depth,
    pub(super) grey: bool,
    pub(super) alpha: bool,
    /// Whether the colours are multiplied by alpha; TIFF only.
    pub(super) premultiplied: bool,
    /// Rows top down without padding, native endian, as many channels as `grey` and `alpha` say.
    pub(super) pixels: Vec<u8>,
    /// EXIF record without the header `Exif\0\0`.
    pub(super) exif: Option<Vec<u8>>,
    pub(super) icc: Option<Vec<u8>>,
    /// XMP packet.
    pub(super) xmp: Option<Vec<u8>>,
    /// Of which a format's writer takes what its format has a place for.
    pub(super) kept: Kept,
}

/// What an encoder other than those of `image` says, in the words of `image`.
pub(super) fn unencodable(
    format: ImageFormat,
    cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> ImageError {
    ImageError::Encoding(EncodingError::new(ImageFormatHint::Exact(format), cause))
}

/// What a decoder other than those of `image` says.
pub(super) fn undecodable(
    format: ImageFormat,
    cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> ImageError {
    ImageError::Decoding(DecodingError::new(ImageFormatHint::Exact(format), cause))
}
