//! WebP files.

use std::io::Write;

use image::{ImageError, ImageFormat, ImageResult};
use image_webp::{ColorType, EncodingError, WebPEncoder};

use super::stored::{Stored, unencodable};

/// Writes a picture of 8 bits in three or four channels, without loss.
pub(super) fn write(stored: &Stored, out: &mut impl Write) -> ImageResult<()> {
    let mut encoder = WebPEncoder::new(out);
    encoder.set_icc_profile(stored.icc.clone().unwrap_or_default());
    encoder.set_exif_metadata(stored.exif.clone().unwrap_or_default());
    encoder.set_xmp_metadata(stored.xmp.clone().unwrap_or_default());
    let colour = if stored.alpha {
        ColorType::Rgba8
    } else {
        ColorType::Rgb8
    };
    encoder
        .encode(&stored.pixels, stored.width, stored.height, colour)
        .map_err(|error| match error {
            EncodingError::IoError(error) => ImageError::IoError(error),
            other => unencodable(ImageFormat::WebP, other),
        })
}
