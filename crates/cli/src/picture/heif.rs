//! HEIC and AVIF files, which libheif reads.
//!
//! It turns and crops as the file says, so that pixels are upright; what EXIF says of orientation does not count here (ISO/IEC 23008-12).

use std::path::Path;
use std::sync::LazyLock;

use image::error::{DecodingError, EncodingError, ImageFormatHint};
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageError, ImageResult};
use libheif_rs::{
    AuxiliaryImagesFilter, ColorSpace, HeifContext, ImageHandle, LibHeif, Plane, RgbChroma,
};

use super::beside::Beside;
use super::convert::from_rgba;
use super::foreign::is_sequence;
use super::nclx::profile;
use super::samples::from_u16s;
use super::{Depth, Format, Lost, PictureFile};

/// Never let go: its plug-ins are there once for all threads.
static LIBRARY: LazyLock<LibHeif> = LazyLock::new(LibHeif::new);

/// The main picture of a file.
pub(super) struct HeifDecoder<'a> {
    main: ImageHandle,
    /// Reads from the file's bytes, and so does `main` through it.
    _context: HeifContext<'a>,
    depth: Depth,
    grey: bool,
    alpha: bool,
    icc: Option<Vec<u8>>,
}

impl<'a> HeifDecoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> ImageResult<Self> {
        let (context, main) = open(bytes)?;
        let by_number = main.color_profile_nclx();
        let stored = main.color_profile_raw().map(|profile| profile.data);
        let stored = stored.filter(|profile| !profile.is_empty());
        let of_number = match (&stored, by_number) {
            (None, Some(numbers)) => profile(&numbers).map_err(failed)?,
            _ => None,
        };
        let is_monochrome = matches!(
            main.preferred_decoding_colorspace(),
            Ok(ColorSpace::Monochrome)
        );
        Ok(Self {
            depth: depth(&main),
            // A profile of numbers is for RGB.
            grey: is_monochrome && of_number.is_none(),
            alpha: main.has_alpha_channel(),
            icc: stored.or(of_number),
            main,
            _context: context,
        })
    }

    /// The content of the first such item.
    fn metadata(&self, is_wanted: impl Fn(&str, &str) -> bool) -> ImageResult<Option<Vec<u8>>> {
        let count = usize::try_from(self.main.number_of_metadata_blocks(0)).unwrap_or(0);
        let mut items = vec![0; count];
        let count = self.main.metadata_block_ids(&mut items, 0);
        let of_item = |item: u32| {
            let kind = self.main.metadata_type(item).unwrap_or_default();
            let content = self.main.metadata_content_type(item).unwrap_or_default();
            is_wanted(kind, content)
        };
        let mut items = items.into_iter().take(count);
        let found = items.find(|item| of_item(*item));
        found
            .map(|item| self.main.metadata(item).map_err(failed))
            .transpose()
    }

    /// RGBA with the bits that the file has, packed.
    fn rgba(&self) -> ImageResult<Vec<u8>> {
        let chroma = match self.depth {
            Depth::U8 => RgbChroma::Rgba,
            _ => RgbChroma::HdrRgbaLe,
        };
        let picture = LIBRARY
            .decode(&self.main, ColorSpace::Rgb(chroma), None)
            .map_err(failed)?;
        let plane = picture.planes().interleaved;
        let plane = plane.ok_or_else(|| failed("there are no pixels"))?;
        if (plane.width, plane.height) != self.dimensions() {
            let (width, height) = (plane.width, plane.height);
            let (said_width, said_height) = self.dimensions();
            return Err(failed(format!(
                "it has {width}×{height} pixels and says {said_width}×{said_height}"
            )));
        }
        Ok(match self.depth {
            Depth::U8 => rows(&plane, 1).flatten().copied().collect(),
            _ => from_u16s(widened(&plane)),
        })
    }
}

impl ImageDecoder for HeifDecoder<'_> {
    fn dimensions(&self) -> (u32, u32) {
        (self.main.width(), self.main.height())
    }

    fn color_type(&self) -> ColorType {
        match (self.depth, self.grey, self.alpha) {
            (Depth::U8, true, false) => ColorType::L8,
            (Depth::U8, true, true) => ColorType::La8,
            (Depth::U8, false, false) => ColorType::Rgb8,
            (Depth::U8, false, true) => ColorType::Rgba8,
            (_, true, false) => ColorType::L16,
            (_, true, true) => ColorType::La16,
            (_, false, false) => ColorType::Rgb16,
            (_, false, true) => ColorType::Rgba16,
        }
    }

    fn icc_profile(&mut self) -> ImageResult<Option<Vec<u8>>> {
        Ok(self.icc.clone())
    }

    fn exif_metadata(&mut self) -> ImageResult<Option<Vec<u8>>> {
        let item = self.metadata(|kind, _| kind == "Exif")?;
        item.map(|item| exif(&item).ok_or_else(|| failed("its EXIF is damaged")))
            .transpose()
    }

    fn xmp_metadata(&mut self) -> ImageResult<Option<Vec<u8>>> {
        self.metadata(|kind, content| kind == "mime" && content == "application/rdf+xml")
    }

    fn orientation(&mut self) -> ImageResult<Orientation> {
        Ok(Orientation::NoTransforms)
    }

    fn read_image(self, buffer: &mut [u8]) -> ImageResult<()> {
        let pixels = from_rgba(self.rgba()?, self.depth, self.grey, self.alpha);
        if pixels.len() != buffer.len() {
            return Err(failed("its pixels are cut off"));
        }
        buffer.copy_from_slice(&pixels);
        Ok(())
    }

    fn read_image_boxed(self: Box<Self>, buffer: &mut [u8]) -> ImageResult<()> {
        (*self).read_image(buffer)
    }
}

/// What a file has that is neither picture nor metadata.
pub(super) fn beside(bytes: &[u8]) -> ImageResult<Beside> {
    let (context, main) = open(bytes)?;
    let companions = main.auxiliary_images(AuxiliaryImagesFilter::OMIT_ALPHA);
    let has_companions = !companions.is_empty() || context.image_ids().len() > 1;
    let mut lost = Vec::new();
    lost.extend(has_companions.then_some(Lost::Companions));
    lost.extend(is_sequence(bytes).then_some(Lost::Frames));
    Ok(Beside {
        premultiplied: main.is_premultiplied_alpha(),
        lost,
        ..Beside::default()
    })
}

/// The ending of a file that is written of one with a name of HEIC or AVIF: JPEG, or PNG where JPEG would lose depth or alpha.
pub(crate) fn ending_for(file: &Path) -> &'static str {
    // What cannot be read is told when its turn comes.
    let Ok(file) = PictureFile::read(file) else {
        return "jpg";
    };
    match file.format {
        Format::Heif => {}
        Format::Png => return "png",
        Format::Jpeg => return "jpg",
        Format::Webp => return "webp",
        Format::Tiff => return "tif",
    }
    match open(&file.bytes) {
        Ok((_context, main)) if depth(&main) > Depth::U8 || main.has_alpha_channel() => "png",
        _ => "jpg",
    }
}

/// Why none is written.
pub(super) fn unwritten() -> ImageError {
    let why = "HEIC and AVIF are read only; give the output a name that ends in .jpg or .png";
    ImageError::Encoding(EncodingError::new(hint(), why))
}

fn open(bytes: &[u8]) -> ImageResult<(HeifContext<'_>, ImageHandle)> {
    LazyLock::force(&LIBRARY);
    let context = HeifContext::read_from_bytes(bytes).map_err(failed)?;
    let main = context.primary_image_handle().map_err(failed)?;
    Ok((context, main))
}

fn depth(main: &ImageHandle) -> Depth {
    match main.luma_bits_per_pixel().max(main.chroma_bits_per_pixel()) {
        ..=8 => Depth::U8,
        _ => Depth::U16,
    }
}

/// Rows of RGBA without the padding between them.
fn rows<'a>(plane: &Plane<&'a [u8]>, sample: usize) -> impl Iterator<Item = &'a [u8]> {
    let length = plane.width as usize * 4 * sample;
    let rows = plane.data.chunks(plane.stride.max(1));
    rows.take(plane.height as usize)
        .filter_map(move |row| row.get(..length))
}

/// Samples of 9 to 16 bits as samples of 16.
fn widened(plane: &Plane<&[u8]>) -> impl Iterator<Item = u16> {
    let most = (1_u32 << plane.bits_per_pixel.clamp(1, 16)) - 1;
    let samples = rows(plane, 2).flat_map(|row| row.as_chunks::<2>().0);
    samples.map(move |sample| {
        let value = u32::from(u16::from_le_bytes(*sample)).min(most);
        ((value * u32::from(u16::MAX) + most / 2) / most) as u16
    })
}

/// The record in an item: after four bytes that say how many more come before it.
fn exif(item: &[u8]) -> Option<Vec<u8>> {
    let (skipped, rest) = item.split_first_chunk::<4>()?;
    let record = rest.get(u32::from_be_bytes(*skipped) as usize..)?;
    let is_record = record.starts_with(b"II*\0") || record.starts_with(b"MM\0*");
    is_record.then(|| record.to_vec())
}

fn failed(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ImageError {
    ImageError::Decoding(DecodingError::new(hint(), cause))
}

fn hint() -> ImageFormatHint {
    ImageFormatHint::Name("HEIF".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exif_record_is_found_where_its_item_says_and_nowhere_else() {
        assert_eq!(exif(b"\0\0\0\0II*\0ab"), Some(b"II*\0ab".to_vec()));
        assert_eq!(exif(b"\0\0\0\x06Exif\0\0MM\0*"), Some(b"MM\0*".to_vec()));
        for damaged in [
            &b""[..],
            b"\0\0",
            b"\0\0\0\x01II*\0",
            b"\xFF\xFF\xFF\xFFII*\0",
        ] {
            assert_eq!(exif(damaged), None);
        }
    }

    #[test]
    fn black_and_white_stay_whatever_the_bits() {
        for bits in [9_u8, 10, 12, 16] {
            let most = (1_u32 << bits) - 1;
            let mut data = [0_u8; 16];
            data[2..4].copy_from_slice(&(most as u16).to_le_bytes());
            data[4..6].copy_from_slice(&(most as u16 / 2 + 1).to_le_bytes());
            let plane = Plane {
                data: &data[..],
                width: 1,
                height: 1,
                stride: 16,
                bits_per_pixel: bits,
                storage_bits_per_pixel: 64,
            };
            let wide: Vec<u16> = widened(&plane).collect();
            assert_eq!((wide[0], wide[1], wide.len()), (0, u16::MAX, 4));
            assert!(wide[2].abs_diff(32768) < 70, "{wide:?}");
        }
    }
}
