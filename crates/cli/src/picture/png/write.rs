//! Writing.

use std::borrow::Cow;
use std::io::Write;

use image::{ImageError, ImageFormat, ImageResult};
use png::chunk::ChunkType;
use png::{BitDepth, ColorType, Compression, EncodingError, Filter, Info, PixelDimensions};

use super::super::Depth;
use super::super::density::Unit;
use super::super::samples::u16s;
use super::super::stored::{Stored, unencodable};

/// Bytes of one piece of the pixels, so that what is written gets on its way.
const BLOCK: usize = 1 << 18;
/// Keyword of an XMP packet, then: not compressed, no language, no translated keyword.
const XMP: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";

/// Writes a picture of 8 or 16 bits.
pub(in crate::picture) fn write(stored: &Stored, out: &mut impl Write) -> ImageResult<()> {
    encode(stored, out).map_err(|error| match error {
        EncodingError::IoError(error) => ImageError::IoError(error),
        other => unencodable(ImageFormat::Png, other),
    })
}

fn encode(stored: &Stored, out: &mut impl Write) -> Result<(), EncodingError> {
    let mut info = Info::with_size(stored.width, stored.height);
    info.color_type = match (stored.grey, stored.alpha) {
        (true, false) => ColorType::Grayscale,
        (true, true) => ColorType::GrayscaleAlpha,
        (false, false) => ColorType::Rgb,
        (false, true) => ColorType::Rgba,
    };
    info.bit_depth = if stored.depth == Depth::U8 {
        BitDepth::Eight
    } else {
        BitDepth::Sixteen
    };
    info.icc_profile = stored.icc.as_deref().map(Cow::Borrowed);
    info.exif_metadata = stored.exif.as_deref().map(Cow::Borrowed);
    info.pixel_dims = stored.kept.density.map(|density| {
        let [xppu, yppu] = density.per_metre().map(|value| value.round() as u32);
        let unit = match density.unit() {
            Unit::Ratio => png::Unit::Unspecified,
            Unit::Inch | Unit::Centimetre | Unit::Metre => png::Unit::Meter,
        };
        PixelDimensions { xppu, yppu, unit }
    });
    let mut encoder = png::Encoder::with_info(out, info)?;
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(Filter::Adaptive);
    let mut writer = encoder.write_header()?;
    for chunk in &stored.kept.chunks {
        writer.write_chunk(ChunkType(chunk.name), &chunk.content)?;
    }
    if let Some(packet) = &stored.xmp {
        writer.write_chunk(ChunkType(*b"iTXt"), &[XMP, packet].concat())?;
    }
    let mut pixels = writer.stream_writer_with_size(BLOCK)?;
    if stored.depth == Depth::U8 {
        pixels.write_all(&stored.pixels)?;
    } else {
        for block in stored.pixels.chunks(BLOCK) {
            let samples: Vec<u8> = u16s(block).flat_map(u16::to_be_bytes).collect();
            pixels.write_all(&samples)?;
        }
    }
    pixels.finish()?;
    writer.finish()
}
