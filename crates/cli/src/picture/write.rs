//! Writing.

use std::io::{Seek, Write};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::tiff::TiffEncoder;
use image::codecs::webp::WebPEncoder;
use image::metadata::Orientation;
use image::{ExtendedColorType, ImageEncoder, ImageError, ImageResult};

use super::convert::{first_channel, from_rgba, to_depth};
use super::exif::forget_thumbnail;
use super::orientation::{inverse, turn, turned_size};
use super::{Depth, Format, Lost, Picture};

/// Fine enough that blocks do not show; chroma is stored at full resolution.
const JPEG_QUALITY: u8 = 95;

/// How a picture is stored in a format.
struct Plan {
    depth: Depth,
    grey: bool,
    alpha: bool,
    /// Pixels are turned back as the file had them, and the EXIF record says so.
    as_stored: bool,
    icc: bool,
    exif: bool,
}

impl Plan {
    fn new(picture: &Picture, format: Format) -> Self {
        let depth = format.depth(picture.depth);
        let alpha = picture.alpha && format.has_alpha();
        let grey = picture.grey && format.has_grey(depth, alpha);
        let exif = |record: &Vec<u8>| record.len() <= format.longest_exif();
        Self {
            depth,
            grey,
            alpha,
            as_stored: format == picture.format && format.longest_exif() > 0,
            icc: picture
                .icc
                .as_ref()
                .is_some_and(|profile| fits(profile, picture.grey, grey)),
            exif: picture.exif.as_ref().is_some_and(exif),
        }
    }

    fn colour(&self) -> ExtendedColorType {
        match (self.depth, self.grey, self.alpha) {
            (Depth::U8, true, false) => ExtendedColorType::L8,
            (Depth::U8, true, true) => ExtendedColorType::La8,
            (Depth::U8, false, false) => ExtendedColorType::Rgb8,
            (Depth::U8, false, true) => ExtendedColorType::Rgba8,
            (Depth::U16, true, false) => ExtendedColorType::L16,
            (Depth::U16, true, true) => ExtendedColorType::La16,
            (Depth::U16, false, false) => ExtendedColorType::Rgb16,
            (Depth::U16, false, true) => ExtendedColorType::Rgba16,
            (Depth::F32, _, false) => ExtendedColorType::Rgb32F,
            (Depth::F32, _, true) => ExtendedColorType::Rgba32F,
        }
    }
}

/// A profile says in bytes 16 to 19 which channels it is for. What came with a file and its channels stays with them.
fn fits(profile: &[u8], was_grey: bool, grey: bool) -> bool {
    match profile.get(16..20) {
        Some(b"RGB ") => !grey || was_grey,
        Some(b"GRAY") => grey,
        _ => false,
    }
}

/// What the picture's file has and a file of this format will not have.
pub(crate) fn losses(picture: &Picture, format: Format) -> Vec<Lost> {
    let plan = Plan::new(picture, format);
    let mut lost = picture.lost.clone();
    lost.extend((picture.exif.is_some() && !plan.exif).then_some(Lost::Exif));
    lost.extend((picture.icc.is_some() && !plan.icc).then_some(Lost::Icc));
    lost.extend((picture.alpha && !plan.alpha && picture.is_transparent()).then_some(Lost::Alpha));
    lost.extend((plan.depth < picture.depth).then_some(Lost::Depth));
    lost.extend((plan.depth < picture.depth && picture.exceeds_range()).then_some(Lost::Range));
    lost.sort_unstable();
    lost.dedup();
    lost
}

impl Picture {
    fn is_transparent(&self) -> bool {
        let (size, white) = (self.depth.bytes(), self.depth.white());
        self.pixels
            .chunks_exact(4 * size)
            .any(|pixel| pixel[3 * size..] != white)
    }

    fn exceeds_range(&self) -> bool {
        let inside = |value: f32| (0.0..=1.0).contains(&value);
        self.depth == Depth::F32 && !super::samples::f32s(&self.pixels).all(inside)
    }

    /// The EXIF record for a file whose pixels lie as the plan says, without what the edit made untrue.
    fn exif_for(&self, plan: &Plan) -> Option<Vec<u8>> {
        let mut exif = self.exif.clone().filter(|_| plan.exif)?;
        forget_thumbnail(&mut exif);
        if !plan.as_stored {
            let _ = Orientation::remove_from_exif_chunk(&mut exif);
        }
        Some(exif)
    }
}

/// Writes a picture.
pub(crate) fn encode(
    picture: Picture,
    format: Format,
    out: &mut (impl Write + Seek),
) -> ImageResult<()> {
    let plan = Plan::new(&picture, format);
    let exif = picture.exif_for(&plan);
    let Picture {
        width,
        height,
        depth,
        pixels,
        orientation,
        icc,
        ..
    } = picture;
    let pixels = to_depth(
        from_rgba(pixels, depth, plan.grey, plan.alpha),
        depth,
        plan.depth,
    );
    let colour = plan.colour();
    let size = usize::from(colour.channel_count()) * plan.depth.bytes();
    let back = if plan.as_stored {
        inverse(orientation)
    } else {
        Orientation::NoTransforms
    };
    let pixels = turn(pixels, width, height, size, back);
    let (width, height) = turned_size(width, height, back);
    let metadata = (exif, icc.filter(|_| plan.icc));
    let stored = (pixels.as_slice(), width, height, colour);
    match format {
        Format::Png => write(png(out), metadata, stored),
        Format::Jpeg => {
            let encoder = JpegEncoder::new_with_quality(out, JPEG_QUALITY);
            write(encoder, metadata, stored)
        }
        Format::Webp => write(WebPEncoder::new_lossless(out), metadata, stored),
        Format::Tiff => write(TiffEncoder::new(out), metadata, stored),
    }
}

/// Writes a rendered mask: the first channel, 16 bits, grey, upright, nothing else.
pub(crate) fn encode_mask(picture: &Picture, out: &mut impl Write) -> ImageResult<()> {
    let mask = first_channel(&picture.pixels, picture.depth);
    let mask = to_depth(mask, picture.depth, Depth::U16);
    png(out).write_image(&mask, picture.width, picture.height, ExtendedColorType::L16)
}

fn png<W: Write>(out: W) -> PngEncoder<W> {
    PngEncoder::new_with_quality(out, CompressionType::Fast, FilterType::Adaptive)
}

fn write(
    mut encoder: impl ImageEncoder,
    (exif, icc): (Option<Vec<u8>>, Option<Vec<u8>>),
    (bytes, width, height, colour): (&[u8], u32, u32, ExtendedColorType),
) -> ImageResult<()> {
    if let Some(exif) = exif {
        encoder
            .set_exif_metadata(exif)
            .map_err(ImageError::Unsupported)?;
    }
    if let Some(icc) = icc {
        encoder
            .set_icc_profile(icc)
            .map_err(ImageError::Unsupported)?;
    }
    encoder.write_image(bytes, width, height, colour)
}
