//! Reading.

use std::fs;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageError, ImageFormat, ImageResult, Limits};

use crate::interrupt;

use super::beside::Beside;
use super::convert::to_rgba;
use super::foreign::foreign;
use super::heard::Heard;
#[cfg(feature = "heif")]
use super::heif;
use super::inks::mix;
use super::orientation::{turn, turned_size};
use super::stored::undecodable;
use super::{Depth, Format, Lost, Picture, PictureError, jpeg, tiff};

/// What one picture may take as RGBA, and about what decoding it may take besides.
const MOST_BYTES: u64 = 4 << 30;

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
        if let Some(what) = foreign(&bytes) {
            let file = path.to_owned();
            return Err(PictureError::Foreign { file, what });
        }
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
    let undecodable = |cause: ImageError| {
        if interrupt::asked() {
            return PictureError::Interrupted;
        }
        PictureError::Undecodable {
            file: file.path.clone(),
            format: file.format,
            cause,
        }
    };
    let mut decoder = open(file).map_err(undecodable)?;
    let mut beside = Beside::of(file).map_err(undecodable)?;
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
    beside.add(decoder.as_mut());
    // Not before: the limits that `image` makes of this for TIFF leave little room for what stands beside a small picture.
    decoder.set_limits(limits()).map_err(undecodable)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let bytes = match inks(file) {
        Some(inks) => {
            let inks = inks.map_err(undecodable)?;
            let mixed = mix(&inks, depth, beside.icc.take().as_deref());
            beside.lost.push(if mixed.by_profile {
                Lost::InksByProfile
            } else {
                Lost::Inks
            });
            mixed.rgb
        }
        None => {
            let length = usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX);
            let mut bytes = vec![0; length];
            decoder.read_image(&mut bytes).map_err(undecodable)?;
            bytes
        }
    };
    let pixels = if channels == 4 {
        bytes
    } else {
        to_rgba(&bytes, channels, depth)
    };
    let (upright_width, upright_height) = turned_size(width, height, orientation);
    let alpha = channels % 2 == 0;
    Ok(Picture {
        width: upright_width,
        height: upright_height,
        depth,
        pixels: turn(pixels, width, height, 4 * depth.bytes(), orientation),
        grey: channels < 3,
        alpha,
        premultiplied: alpha && beside.premultiplied,
        orientation,
        format: file.format,
        exif: beside.exif,
        icc: beside.icc,
        xmp: beside.xmp,
        kept: beside.kept,
        lost: beside.lost,
    })
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_BYTES);
    limits
}

/// The inks of a file that has them. `image` would mix them by the plain formula, whatever the file says of them.
fn inks(file: &PictureFile) -> Option<ImageResult<Vec<u8>>> {
    let bytes = file.bytes.as_slice();
    match file.format {
        Format::Jpeg => jpeg::has_inks(bytes).then(|| jpeg::read_inks(bytes)),
        Format::Tiff => tiff::has_inks(bytes).then(|| tiff::read_inks(bytes)),
        Format::Png | Format::Webp => None,
        #[cfg(feature = "heif")]
        Format::Heif => None,
    }
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

fn open(file: &PictureFile) -> ImageResult<AnyDecoder<'_>> {
    let reader = Heard(Cursor::new(file.bytes.as_slice()));
    let decoder: AnyDecoder<'_> = match file.format {
        Format::Png => Box::new(PngDecoder::with_limits(reader, limits())?),
        Format::Jpeg => {
            if !jpeg::has_end(&file.bytes) {
                let why = "it is cut off: the end of the file is missing";
                return Err(undecodable(ImageFormat::Jpeg, why));
            }
            Box::new(JpegDecoder::new(reader)?)
        }
        Format::Webp => Box::new(WebPDecoder::new(reader)?),
        Format::Tiff => Box::new(TiffDecoder::new(reader)?),
        #[cfg(feature = "heif")]
        Format::Heif => Box::new(heif::HeifDecoder::new(&file.bytes)?),
    };
    Ok(decoder)
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
