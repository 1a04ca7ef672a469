//! Reading.

use std::fs;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::{DecodingError, ImageFormatHint};
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageError, ImageFormat, ImageResult, Limits};

use super::convert::to_rgba;
use super::jpeg_end;
use super::orientation::{turn, turned_size};
use super::tiff_directory::Directory;
use super::{Depth, Format, Lost, Picture, PictureError};

/// What one picture may take as RGBA, and about what decoding it may take besides.
const MOST_BYTES: u64 = 4 << 30;
/// The gamma of sRGB, which says nothing that is not assumed.
const SRGB_GAMMA: f64 = 0.45455;

/// A picture file, read but not decoded.
#[derive(Debug)]
pub(crate) struct PictureFile {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: Format,
}

impl PictureFile {
    /// Reads a file, whose content says what it is, whatever its name.
    pub(crate) fn read(path: &Path) -> Result<Self, PictureError> {
        let unreadable = |cause| PictureError::Unreadable {
            file: path.to_owned(),
            cause,
        };
        let metadata = fs::metadata(path).map_err(unreadable)?;
        // A pipe would be waited for, and a device may have no end.
        if !metadata.is_file() {
            return Err(unreadable(io::Error::other("it is no regular file")));
        }
        if metadata.len() > MOST_BYTES {
            let (found, allowed) = (metadata.len() >> 20, MOST_BYTES >> 20);
            let text = format!("it has {found} MiB; at most {allowed} MiB are allowed");
            return Err(unreadable(io::Error::other(text)));
        }
        let bytes = fs::read(path).map_err(unreadable)?;
        let format = Format::of_content(&bytes);
        let format = format.ok_or_else(|| PictureError::NoPicture(path.to_owned()))?;
        Ok(Self {
            path: path.to_owned(),
            bytes,
            format,
        })
    }
}

/// Decodes a picture and turns it upright.
pub(crate) fn decode(file: &PictureFile) -> Result<Picture, PictureError> {
    let undecodable = |cause: ImageError| PictureError::Undecodable {
        file: file.path.clone(),
        format: file.format,
        cause,
    };
    let (mut decoder, mut lost) = open(file).map_err(undecodable)?;
    let (width, height) = decoder.dimensions();
    let (channels, depth) = channels(decoder.color_type()).ok_or_else(|| {
        undecodable(ImageError::Unsupported(
            image::error::UnsupportedError::from_format_and_kind(
                image::error::ImageFormatHint::Unknown,
                image::error::UnsupportedErrorKind::Color(decoder.original_color_type()),
            ),
        ))
    })?;
    check_size(&file.path, (width, height), depth)?;
    // Metadata that cannot be read must not keep anyone from the picture, but it is lost.
    let (exif, icc) = (decoder.exif_metadata(), decoder.icc_profile());
    lost.extend(exif.is_err().then_some(Lost::Exif));
    lost.extend(icc.is_err().then_some(Lost::Icc));
    let xmp = decoder.xmp_metadata();
    lost.extend(xmp.is_err().then_some(Lost::Xmp));
    lost.extend(has(decoder.iptc_metadata()).then_some(Lost::Iptc));
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let length = usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX);
    let mut bytes = vec![0; length];
    decoder.read_image(&mut bytes).map_err(undecodable)?;
    let pixels = if channels == 4 {
        bytes
    } else {
        to_rgba(&bytes, channels, depth)
    };
    let icc = icc.ok().flatten();
    if icc.is_some() {
        lost.retain(|lost| *lost != Lost::Gamma);
    }
    let (upright_width, upright_height) = turned_size(width, height, orientation);
    Ok(Picture {
        width: upright_width,
        height: upright_height,
        depth,
        pixels: turn(pixels, width, height, 4 * depth.bytes(), orientation),
        grey: channels < 3,
        alpha: channels % 2 == 0,
        orientation,
        format: file.format,
        exif: exif.ok().flatten().filter(|record| !record.is_empty()),
        icc,
        xmp: xmp.ok().flatten().filter(|packet| !packet.is_empty()),
        lost,
    })
}

/// Refuses what would not fit into memory as RGBA.
pub(crate) fn check_size(
    file: &Path,
    (width, height): (u32, u32),
    depth: Depth,
) -> Result<(), PictureError> {
    let (width, height) = (u64::from(width), u64::from(height));
    let needed = width
        .saturating_mul(height)
        .saturating_mul(4 * depth.bytes() as u64);
    let side = i32::MAX as u64;
    if needed <= MOST_BYTES && width <= side && height <= side {
        return Ok(());
    }
    Err(PictureError::TooLarge {
        file: file.to_owned(),
        width,
        height,
        needed,
        allowed: MOST_BYTES,
    })
}

type AnyDecoder<'a> = Box<dyn ImageDecoder + 'a>;

/// A decoder, and what the file has that no decoder hands out.
fn open(file: &PictureFile) -> ImageResult<(AnyDecoder<'_>, Vec<Lost>)> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_BYTES);
    let reader = Cursor::new(file.bytes.as_slice());
    let mut lost = Vec::new();
    let mut decoder: AnyDecoder<'_> = match file.format {
        Format::Png => {
            let decoder = PngDecoder::with_limits(reader, limits.clone())?;
            lost.extend(decoder.is_apng()?.then_some(Lost::Frames));
            let other = |gamma: f64| (gamma - SRGB_GAMMA).abs() > 0.005;
            lost.extend(
                decoder
                    .gamma_value()?
                    .is_some_and(other)
                    .then_some(Lost::Gamma),
            );
            Box::new(decoder)
        }
        Format::Jpeg => {
            if !jpeg_end::has_end(&file.bytes) {
                let why = "it is cut off: the end of the file is missing";
                let hint = ImageFormatHint::Exact(ImageFormat::Jpeg);
                return Err(ImageError::Decoding(DecodingError::new(hint, why)));
            }
            lost.extend((jpeg_channels(&file.bytes) == Some(4)).then_some(Lost::Inks));
            Box::new(JpegDecoder::new(reader)?)
        }
        Format::Webp => {
            let decoder = WebPDecoder::new(reader)?;
            lost.extend(decoder.has_animation().then_some(Lost::Frames));
            Box::new(decoder)
        }
        Format::Tiff => {
            lost.extend(lost_of_tiff(&file.bytes));
            Box::new(TiffDecoder::new(reader)?)
        }
    };
    decoder.set_limits(limits)?;
    Ok((decoder, lost))
}

fn lost_of_tiff(bytes: &[u8]) -> Vec<Lost> {
    const EXIF: u16 = 34665;
    const GPS: u16 = 34853;
    const IPTC: u16 = 33723;
    const PHOTOMETRIC: u16 = 262;
    const CMYK: u32 = 5;
    let Some(directory) = Directory::first(bytes) else {
        return Vec::new();
    };
    let has = |tag| directory.value(tag).is_some();
    let mut lost = Vec::new();
    lost.extend((has(EXIF) || has(GPS)).then_some(Lost::Exif));
    lost.extend(has(IPTC).then_some(Lost::Iptc));
    lost.extend((directory.value(PHOTOMETRIC) == Some(CMYK)).then_some(Lost::Inks));
    lost.extend((directory.next != 0).then_some(Lost::Pages));
    lost
}

/// The number of channels that the frame header of a JPEG file names.
fn jpeg_channels(bytes: &[u8]) -> Option<u8> {
    let mut at = 2;
    while let [0xFF, marker, high, low] = *bytes.get(at..at + 4)? {
        match marker {
            // Fill bytes may stand before a marker.
            0xFF => at += 1,
            // Start of a frame, but for three numbers in between that mean other tables.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                return bytes.get(at + 9).copied();
            }
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    None
}

fn has(metadata: ImageResult<Option<Vec<u8>>>) -> bool {
    metadata.is_ok_and(|bytes| bytes.is_some_and(|bytes| !bytes.is_empty()))
}

fn channels(colour: ColorType) -> Option<(usize, Depth)> {
    match colour {
        ColorType::L8 => Some((1, Depth::U8)),
        ColorType::La8 => Some((2, Depth::U8)),
        ColorType::Rgb8 => Some((3, Depth::U8)),
        ColorType::Rgba8 => Some((4, Depth::U8)),
        ColorType::L16 => Some((1, Depth::U16)),
        ColorType::La16 => Some((2, Depth::U16)),
        ColorType::Rgb16 => Some((3, Depth::U16)),
        ColorType::Rgba16 => Some((4, Depth::U16)),
        ColorType::Rgb32F => Some((3, Depth::F32)),
        ColorType::Rgba32F => Some((4, Depth::F32)),
        _ => None,
    }
}
