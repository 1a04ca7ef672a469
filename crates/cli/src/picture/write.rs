//! Writing.

use std::io::{Seek, Write};

use image::ImageResult;
use image::metadata::Orientation;

use super::convert::{first_channel, from_rgba, straight, to_depth};
use super::exif::forget_thumbnail;
use super::heard::Heard;
use super::orientation::{inverse, turn, turned_size};
use super::stored::Stored;
use super::{Depth, Format, Kept, Lost, Picture, jpeg, png, tiff, webp};

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
            as_stored: format == picture.format && format != Format::Tiff,
            icc: picture
                .icc
                .as_ref()
                .is_some_and(|profile| fits(profile, picture.grey, grey)),
            exif: picture.exif.as_ref().is_some_and(exif),
        }
    }

    fn channels(&self) -> usize {
        let colours = if self.grey { 1 } else { 3 };
        colours + usize::from(self.alpha)
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
    let exif = picture.exif.as_deref().filter(|_| plan.exif);
    lost.extend(picture.kept.losses(format, exif));
    lost.extend((picture.icc.is_some() && !plan.icc).then_some(Lost::Icc));
    lost.extend((picture.alpha && !plan.alpha && picture.is_transparent()).then_some(Lost::Alpha));
    lost.extend((plan.depth < picture.depth).then_some(Lost::Depth));
    lost.extend((plan.depth < picture.depth && picture.exceeds_range()).then_some(Lost::Range));
    if picture.icc.is_some() {
        // It says what these would have said.
        lost.retain(|lost| !matches!(lost, Lost::Gamma | Lost::ColourSpace));
    }
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
    let stored = stored(picture, format, &plan);
    let out = &mut Heard(out);
    match format {
        Format::Png => png::write(&stored, out),
        Format::Jpeg => jpeg::write(&stored, out),
        Format::Webp => webp::write(&stored, out),
        Format::Tiff => tiff::write(&stored, out),
        #[cfg(feature = "heif")]
        Format::Heif => Err(super::heif::unwritten()),
    }
}

/// What is written of a picture.
fn stored(picture: Picture, format: Format, plan: &Plan) -> Stored {
    let exif = picture.exif_for(plan);
    let premultiplied = picture.premultiplied && format == Format::Tiff;
    let pixels = if picture.premultiplied && !premultiplied {
        straight(picture.pixels, picture.depth)
    } else {
        picture.pixels
    };
    let pixels = from_rgba(pixels, picture.depth, plan.grey, plan.alpha);
    let pixels = to_depth(pixels, picture.depth, plan.depth);
    let back = if plan.as_stored {
        inverse(picture.orientation)
    } else {
        Orientation::NoTransforms
    };
    let size = plan.channels() * plan.depth.bytes();
    let (width, height) = turned_size(picture.width, picture.height, back);
    Stored {
        width,
        height,
        depth: plan.depth,
        grey: plan.grey,
        alpha: plan.alpha,
        premultiplied,
        pixels: turn(pixels, picture.width, picture.height, size, back),
        exif,
        icc: picture.icc.filter(|_| plan.icc),
        xmp: picture.xmp,
        kept: picture.kept,
    }
}

/// Writes a rendered mask: the first channel, 16 bits, grey, upright, nothing else.
pub(crate) fn encode_mask(picture: &Picture, out: &mut impl Write) -> ImageResult<()> {
    let mask = first_channel(&picture.pixels, picture.depth);
    let mask = Stored {
        width: picture.width,
        height: picture.height,
        depth: Depth::U16,
        grey: true,
        alpha: false,
        premultiplied: false,
        pixels: to_depth(mask, picture.depth, Depth::U16),
        exif: None,
        icc: None,
        xmp: None,
        kept: Kept::default(),
    };
    png::write(&mask, &mut Heard(out))
}
