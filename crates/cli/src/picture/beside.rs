//! What stands in a file beside its pixels.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ImageDecoder, ImageResult};

use super::read::PictureFile;
use super::{Format, Kept, Lost, jpeg, png, tiff};

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) exif: Option<Vec<u8>>,
    pub(super) icc: Option<Vec<u8>>,
    pub(super) xmp: Option<Vec<u8>>,
    pub(super) kept: Kept,
    /// Whether colours are multiplied by alpha, if there is alpha.
    pub(super) premultiplied: bool,
    pub(super) lost: Vec<Lost>,
}

impl Beside {
    /// What `image` does not tell.
    pub(super) fn of(file: &PictureFile) -> ImageResult<Self> {
        let bytes = file.bytes.as_slice();
        Ok(match file.format {
            Format::Png => {
                let (kept, mut lost) = png::inside(bytes);
                let is_animated = PngDecoder::new(Cursor::new(bytes))?.is_apng()?;
                lost.extend(is_animated.then_some(Lost::Frames));
                Self {
                    kept,
                    lost,
                    ..Self::default()
                }
            }
            Format::Jpeg => {
                let inside = jpeg::inside(bytes);
                Self {
                    xmp: inside.xmp,
                    kept: inside.kept,
                    lost: inside.lost,
                    ..Self::default()
                }
            }
            Format::Webp => {
                let is_animated = WebPDecoder::new(Cursor::new(bytes))?.has_animation();
                Self {
                    lost: is_animated.then_some(Lost::Frames).into_iter().collect(),
                    ..Self::default()
                }
            }
            Format::Tiff => {
                let inside = tiff::inside(bytes);
                Self {
                    exif: inside.exif,
                    icc: inside.icc.filter(|profile| !profile.is_empty()),
                    xmp: inside.xmp.filter(|packet| !packet.is_empty()),
                    kept: inside.kept,
                    premultiplied: inside.premultiplied,
                    lost: inside.lost,
                }
            }
            #[cfg(feature = "heif")]
            Format::Heif => super::heif::beside(bytes)?,
        })
    }

    /// What `image` tells. Metadata that cannot be read must not keep anyone from the picture, but it is lost.
    pub(super) fn add(&mut self, decoder: &mut dyn ImageDecoder) {
        let mut add = |place: &mut Option<Vec<u8>>, found: ImageResult<Option<Vec<u8>>>, lost| {
            if place.is_some() {
                return;
            }
            self.lost.extend(found.is_err().then_some(lost));
            *place = found.ok().flatten().filter(|bytes| !bytes.is_empty());
        };
        add(&mut self.exif, decoder.exif_metadata(), Lost::Exif);
        add(&mut self.icc, decoder.icc_profile(), Lost::Icc);
        add(&mut self.xmp, decoder.xmp_metadata(), Lost::Xmp);
    }
}
