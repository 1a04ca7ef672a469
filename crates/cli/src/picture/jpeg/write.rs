//! Writing.

use std::io::{self, Write};

use image::{ImageError, ImageFormat, ImageResult};
use jpeg_encoder::{
    ChromaSubsamplingMethod, ColorType, Encoder, EncodingError, PixelDensity, PixelDensityUnit,
    QuantizationTableType, SamplingFactor,
};

use super::super::density::{Density, Unit};
use super::super::stored::{Stored, unencodable};
use super::super::xmp;
use super::segments::{IMAGE_RESOURCES, XMP, XMP_EXTENSION};

/// For pictures that come from no JPEG file: fine enough that blocks do not show; chroma is stored in full.
const QUALITY: u8 = 95;
/// What a segment holds besides its length.
const LONGEST: usize = u16::MAX as usize - 2;
/// Marker and length of the segment in which `jpeg-encoder` names the density, with the marker that starts the file.
const HEAD: usize = 20;

/// Bytes of the longest EXIF record: one segment, without its header.
pub(in crate::picture) const fn longest_exif() -> usize {
    LONGEST - 6
}

/// Writes a picture of 8 bits without alpha.
pub(in crate::picture) fn write(stored: &Stored, out: &mut impl Write) -> ImageResult<()> {
    encode(stored, out).map_err(|error| match error {
        EncodingError::IoError(error) => ImageError::IoError(error),
        other => unencodable(ImageFormat::Jpeg, other),
    })
}

fn encode(stored: &Stored, out: &mut impl Write) -> Result<(), EncodingError> {
    let comments = stored.kept.comments.iter();
    let comments = comments.flat_map(|text| segment(0xFE, &[text])).collect();
    let mut encoder = Encoder::new(Inserting::new(out, comments), QUALITY);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    if let Some(coding) = &stored.kept.coding {
        encoder.set_quantization_tables(table(&coding.luma), table(&coding.chroma));
        encoder.set_sampling_factor(coding.sampling);
        encoder.set_progressive(coding.progressive);
        // In one scan they would take the channels apart.
        encoder.set_optimized_huffman_tables(coding.progressive);
    }
    if let Some(density) = stored.kept.density.as_ref().and_then(pixel_density) {
        encoder.set_density(density);
    }
    if let Some(record) = &stored.exif {
        encoder.add_exif_metadata(record)?;
    }
    if let Some(packet) = &stored.xmp {
        add_xmp(&mut encoder, packet)?;
    }
    for piece in pieces(&stored.kept.resources, LONGEST - IMAGE_RESOURCES.len()) {
        encoder.add_app_segment(13, [IMAGE_RESOURCES, piece].concat())?;
    }
    if let Some(profile) = &stored.icc {
        encoder.add_icc_profile(profile)?;
    }
    let colour = if stored.grey {
        ColorType::Luma
    } else {
        ColorType::Rgb
    };
    let (width, height) = (side(stored.width)?, side(stored.height)?);
    encoder.encode(&stored.pixels, width, height, colour)
}

fn side(pixels: u32) -> Result<u16, EncodingError> {
    let refusal = |_| {
        EncodingError::Write(format!(
            "{pixels} pixels in a row or column, where the format ends at {}; give another format",
            u16::MAX
        ))
    };
    u16::try_from(pixels).map_err(refusal)
}

/// The encoder stores steps of 8 bits; a coarser one becomes the coarsest of these, which loses nothing.
fn table(steps: &[u16; 64]) -> QuantizationTableType {
    QuantizationTableType::Custom(Box::new(steps.map(|step| step.clamp(1, 255))))
}

fn pixel_density(density: &Density) -> Option<PixelDensity> {
    let whole = |value: f64| u16::try_from(value.round() as u64).ok().filter(|v| *v > 0);
    let (unit, [x, y]) = match density.unit() {
        Unit::Ratio => (PixelDensityUnit::PixelAspectRatio, density.values()),
        Unit::Centimetre => (PixelDensityUnit::Centimeters, density.values()),
        Unit::Inch | Unit::Metre => (PixelDensityUnit::Inches, density.per_inch()),
    };
    Some(PixelDensity {
        density: (whole(x)?, whole(y)?),
        unit,
    })
}

fn add_xmp<W: Write>(encoder: &mut Encoder<W>, packet: &[u8]) -> Result<(), EncodingError> {
    if packet.len() <= LONGEST - XMP.len() {
        return encoder.add_app_segment(1, [XMP, packet].concat());
    }
    // What each piece has before its part: the extension's name, its whole length and where the part belongs.
    let extension = xmp::Extension::new(packet);
    encoder.add_app_segment(1, [XMP, extension.main.as_bytes()].concat())?;
    let room = LONGEST - XMP_EXTENSION.len() - extension.name.len() - 8;
    let whole = (extension.content.len() as u32).to_be_bytes();
    for (part, offset) in extension.content.chunks(room).zip((0..).step_by(room)) {
        let offset = u32::to_be_bytes(offset);
        let name = extension.name.as_bytes();
        encoder.add_app_segment(1, [XMP_EXTENSION, name, &whole, &offset, part].concat())?;
    }
    Ok(())
}

fn pieces(bytes: &Option<Vec<u8>>, longest: usize) -> impl Iterator<Item = &[u8]> {
    bytes.iter().flat_map(move |bytes| bytes.chunks(longest))
}

/// A segment with its marker and length; what is too long is cut.
fn segment(marker: u8, content: &[&[u8]]) -> Vec<u8> {
    let mut content = content.concat();
    content.truncate(LONGEST);
    let [high, low] = (content.len() as u16 + 2).to_be_bytes();
    let mut bytes = vec![0xFF, marker, high, low];
    bytes.extend(content);
    bytes
}

/// Puts in segments that `jpeg-encoder` cannot write, behind the head that it writes first.
struct Inserting<'a, W> {
    out: &'a mut W,
    /// Of the head, still to come.
    head: usize,
    segments: Vec<u8>,
}

impl<'a, W: Write> Inserting<'a, W> {
    fn new(out: &'a mut W, segments: Vec<u8>) -> Self {
        Self {
            out,
            head: HEAD,
            segments,
        }
    }
}

impl<W: Write> Write for Inserting<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.head == 0 {
            return self.out.write(bytes);
        }
        let count = self.out.write(&bytes[..bytes.len().min(self.head)])?;
        self.head -= count;
        if self.head == 0 {
            self.out.write_all(&self.segments)?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
