//! Writing.

use std::io::{Seek, Write};

use image::{ImageError, ImageFormat, ImageResult};
use tiff::encoder::colortype::{self, ColorType};
use tiff::encoder::{DirectoryEncoder, Rational, TiffEncoder, TiffKindStandard};
use tiff::tags::{ExtraSamples, ResolutionUnit, Tag, Type};
use tiff::{Directory as Entries, TiffError};

use super::super::Depth;
use super::super::density::{Density, Unit};
use super::super::image_resources;
use super::super::samples::{f32s, u16s};
use super::super::stored::{Stored, unencodable};
use super::directory::Directory;
use super::inside::{IMAGE_RESOURCES, IPTC, XMP};
use super::records::Exif;

/// Writes a picture.
pub(in crate::picture) fn write(stored: &Stored, out: &mut (impl Write + Seek)) -> ImageResult<()> {
    encode(stored, out).map_err(|error| match error {
        TiffError::IoError(error) => ImageError::IoError(error),
        other => unencodable(ImageFormat::Tiff, other),
    })
}

fn encode(stored: &Stored, out: &mut (impl Write + Seek)) -> Result<(), TiffError> {
    let bytes = &stored.pixels;
    match (stored.depth, stored.grey) {
        (Depth::U8, true) => samples::<colortype::Gray8>(stored, bytes, out),
        (Depth::U8, false) => samples::<colortype::RGB8>(stored, bytes, out),
        (Depth::U16, true) => samples::<colortype::Gray16>(stored, &deep(bytes), out),
        (Depth::U16, false) => samples::<colortype::RGB16>(stored, &deep(bytes), out),
        (Depth::F32, _) => samples::<colortype::RGB32Float>(stored, &floats(bytes), out),
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
    let record = stored.exif.as_deref();
    let exif = record.and_then(|record| Exif::of(record, &Directory::first(record)?));
    let below = exif.as_ref().map(|exif| exif.write_below(&mut file));
    let below = below.transpose()?.unwrap_or_default();
    let mut picture = file.new_image::<C>(stored.width, stored.height)?;
    if stored.alpha {
        picture.extra_samples(&[if stored.premultiplied {
            ExtraSamples::AssociatedAlpha
        } else {
            ExtraSamples::UnassociatedAlpha
        }])?;
    }
    let directory = picture.encoder();
    if let Some(exif) = exif {
        exif.write_into(directory, &below)?;
    }
    if let Some(density) = stored.kept.density {
        write_density(directory, density.without_metres())?;
    }
    if let Some(profile) = &stored.icc {
        write_bytes(directory, Tag::IccProfile, profile)?;
    }
    if let Some(packet) = &stored.xmp {
        directory.write_tag(Tag::Unknown(XMP), packet.as_slice())?;
    }
    if let Some(resources) = &stored.kept.resources {
        let (iptc, others) = image_resources::split(resources);
        if let Some(record) = iptc {
            write_bytes(directory, Tag::Unknown(IPTC), record)?;
        }
        if !others.is_empty() {
            directory.write_tag(Tag::Unknown(IMAGE_RESOURCES), others.as_slice())?;
        }
    }
    picture.write_data(samples)
}

/// Bytes that mean nothing to TIFF.
fn write_bytes<W: Write + Seek>(
    directory: &mut DirectoryEncoder<'_, W, TiffKindStandard>,
    tag: Tag,
    bytes: &[u8],
) -> Result<(), TiffError> {
    let entry = directory.write_entry_bytes(Type::UNDEFINED, bytes)?;
    directory.extend_from(&Entries::from_iter([(tag, entry)]));
    Ok(())
}

fn write_density<W: Write + Seek>(
    directory: &mut DirectoryEncoder<'_, W, TiffKindStandard>,
    density: Density,
) -> Result<(), TiffError> {
    let unit = match density.unit() {
        Unit::Ratio => ResolutionUnit::None,
        Unit::Centimetre => ResolutionUnit::Centimeter,
        Unit::Inch | Unit::Metre => ResolutionUnit::Inch,
    };
    let [x, y] = density.fractions().map(|(n, d)| Rational { n, d });
    directory.write_tag(Tag::ResolutionUnit, unit)?;
    directory.write_tag(Tag::XResolution, x)?;
    directory.write_tag(Tag::YResolution, y)
}
