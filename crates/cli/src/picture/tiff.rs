//! TIFF files.

use std::io::{Seek, Write};

use image::{ImageError, ImageFormat, ImageResult};
use tiff::TiffError;
use tiff::encoder::TiffEncoder;
use tiff::encoder::colortype::{self, ColorType};
use tiff::tags::Tag;

use super::Depth;
use super::samples::{f32s, u16s};
use super::stored::{Stored, unencodable};

const XMP: Tag = Tag::Unknown(700);

/// Writes a picture; grey without alpha only.
pub(super) fn write(stored: &Stored, out: &mut (impl Write + Seek)) -> ImageResult<()> {
    encode(stored, out).map_err(|error| match error {
        TiffError::IoError(error) => ImageError::IoError(error),
        other => unencodable(ImageFormat::Tiff, other),
    })
}

fn encode(stored: &Stored, out: &mut (impl Write + Seek)) -> Result<(), TiffError> {
    let bytes = &stored.pixels;
    match (stored.depth, stored.grey, stored.alpha) {
        (Depth::U8, true, _) => samples::<colortype::Gray8>(stored, bytes, out),
        (Depth::U8, false, false) => samples::<colortype::RGB8>(stored, bytes, out),
        (Depth::U8, false, true) => samples::<colortype::RGBA8>(stored, bytes, out),
        (Depth::U16, true, _) => samples::<colortype::Gray16>(stored, &deep(bytes), out),
        (Depth::U16, false, false) => samples::<colortype::RGB16>(stored, &deep(bytes), out),
        (Depth::U16, false, true) => samples::<colortype::RGBA16>(stored, &deep(bytes), out),
        (Depth::F32, _, false) => samples::<colortype::RGB32Float>(stored, &floats(bytes), out),
        (Depth::F32, _, true) => samples::<colortype::RGBA32Float>(stored, &floats(bytes), out),
    }
}

fn deep(bytes: &[u8]) -> Vec<u16> {
    u16s(bytes).collect()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    f32s(bytes).collect()
}

fn samples<C: ColorType>(
    stored: &Stored,
    samples: &[C::Inner],
    out: &mut (impl Write + Seek),
) -> Result<(), TiffError>
where
    [C::Inner]: tiff::encoder::TiffValue,
{
    let mut file = TiffEncoder::new(out)?;
    let mut picture = file.new_image::<C>(stored.width, stored.height)?;
    let directory = picture.encoder();
    if let Some(profile) = &stored.icc {
        directory.write_tag(Tag::IccProfile, profile.as_slice())?;
    }
    if let Some(packet) = &stored.xmp {
        directory.write_tag(XMP, packet.as_slice())?;
    }
    picture.write_data(samples)
}
