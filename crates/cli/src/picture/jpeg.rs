//! JPEG files.

use std::io::Write;

use image::{ImageError, ImageFormat, ImageResult};
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, EncodingError, SamplingFactor};

use super::stored::{Stored, unencodable};

/// Fine enough that blocks do not show; chroma is stored at full resolution.
const QUALITY: u8 = 95;
/// What a segment may hold beside its length.
pub(super) const LONGEST_SEGMENT: usize = u16::MAX as usize - 2;
/// Before an XMP packet.
pub(super) const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// Writes a picture of 8 bits without alpha.
pub(super) fn write(stored: &Stored, out: &mut impl Write) -> ImageResult<()> {
    encode(stored, out).map_err(|error| match error {
        EncodingError::IoError(error) => ImageError::IoError(error),
        other => unencodable(ImageFormat::Jpeg, other),
    })
}

fn encode(stored: &Stored, out: &mut impl Write) -> Result<(), EncodingError> {
    let mut encoder = Encoder::new(out, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    if let Some(record) = &stored.exif {
        encoder.add_exif_metadata(record)?;
    }
    if let Some(packet) = &stored.xmp {
        encoder.add_app_segment(1, [XMP, packet].concat())?;
    }
    if let Some(profile) = &stored.icc {
        encoder.add_icc_profile(profile)?;
    }
    let colour = if stored.grey {
        ColorType::Luma
    } else {
        ColorType::Rgb
    };
    let side = |side: u32| {
        u16::try_from(side).map_err(|_| EncodingError::Write(format!("{side} pixels in a row or column; at most {} are allowed: shrink it first, or write another format", u16::MAX)))
    };
    encoder.encode(
        &stored.pixels,
        side(stored.width)?,
        side(stored.height)?,
        colour,
    )
}
