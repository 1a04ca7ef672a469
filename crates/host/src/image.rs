//! Pixels in the caller's memory, checked once before they are handed over.

use std::ffi::c_void;

use diat_plugin_abi::{self as abi, Growable, diat_image, diat_rect};

use crate::Error;

/// Samples of an interleaved RGBA pixel, native endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// 8 bits a sample.
    RgbaU8,
    /// 16 bits a sample.
    RgbaU16,
    /// 32-bit floats.
    RgbaF32,
}

impl Format {
    /// 4, 8 or 16.
    pub const fn bytes_per_pixel(self) -> usize {
        match self {
            Self::RgbaU8 => 4,
            Self::RgbaU16 => 8,
            Self::RgbaF32 => 16,
        }
    }

    const fn number(self) -> u32 {
        match self {
            Self::RgbaU8 => abi::DIAT_RGBA_U8,
            Self::RgbaU16 => abi::DIAT_RGBA_U16,
            Self::RgbaF32 => abi::DIAT_RGBA_F32,
        }
    }
}

/// What the fourth sample does to the other three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alpha {
    /// Nothing.
    Straight,
    /// They are stored multiplied by it.
    Premultiplied,
    /// It means nothing.
    Opaque,
}

impl Alpha {
    const fn number(self) -> u32 {
        match self {
            Self::Straight => abi::DIAT_ALPHA_STRAIGHT,
            Self::Premultiplied => abi::DIAT_ALPHA_PREMULTIPLIED,
            Self::Opaque => abi::DIAT_ALPHA_OPAQUE,
        }
    }
}

/// A rectangle of pixels in picture coordinates, y downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rect {
    /// First column.
    pub x: i32,
    /// First row.
    pub y: i32,
    /// Columns.
    pub w: i32,
    /// Rows.
    pub h: i32,
}

impl From<Rect> for diat_rect {
    fn from(Rect { x, y, w, h }: Rect) -> Self {
        Self { x, y, w, h }
    }
}

/// How the bytes of a picture are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pixels<'a> {
    /// Sample format.
    pub format: Format,
    /// Meaning of the fourth sample.
    pub alpha: Alpha,
    /// ITU-T H.273; 0: sRGB's.
    pub primaries: u16,
    /// ITU-T H.273; 0 and 13: sRGB's; 8: linear.
    pub transfer: u16,
    /// The picture's ICC profile.
    pub icc: Option<&'a [u8]>,
}

impl Pixels<'_> {
    /// Straight alpha, sRGB, no profile.
    pub const fn srgb(format: Format) -> Self {
        Self {
            format,
            alpha: Alpha::Straight,
            primaries: 0,
            transfer: 0,
            icc: None,
        }
    }
}

/// A picture to read.
#[derive(Clone, Copy, Debug)]
pub struct ImageRef<'a> {
    bytes: &'a [u8],
    place: Place<'a>,
}

/// A picture to write.
#[derive(Debug)]
pub struct ImageMut<'a> {
    bytes: &'a mut [u8],
    place: Place<'a>,
}

#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    first: usize,
    stride: isize,
    rect: Rect,
    pixels: Pixels<'a>,
}

impl<'a> ImageRef<'a> {
    /// Rows top down without padding.
    ///
    /// # Errors
    /// An empty rectangle, or too few bytes.
    pub fn packed(bytes: &'a [u8], rect: Rect, pixels: Pixels<'a>) -> Result<Self, Error> {
        Self::new(bytes, 0, packed_stride(rect, pixels), rect, pixels)
    }

    /// `first` is the offset of pixel (rect.x, rect.y) in `bytes`, `stride` the bytes from a row to the one below.
    ///
    /// # Errors
    /// An empty rectangle, rows that overlap, or pixels outside of `bytes`.
    pub fn new(
        bytes: &'a [u8],
        first: usize,
        stride: isize,
        rect: Rect,
        pixels: Pixels<'a>,
    ) -> Result<Self, Error> {
        let place = Place::check(bytes.len(), first, stride, rect, pixels)?;
        Ok(Self { bytes, place })
    }

    pub(crate) fn describe(&self) -> diat_image {
        self.place.describe(self.bytes.as_ptr().cast_mut())
    }
}

impl<'a> ImageMut<'a> {
    /// As [`ImageRef::packed`].
    ///
    /// # Errors
    /// As [`ImageRef::packed`].
    pub fn packed(bytes: &'a mut [u8], rect: Rect, pixels: Pixels<'a>) -> Result<Self, Error> {
        Self::new(bytes, 0, packed_stride(rect, pixels), rect, pixels)
    }

    /// As [`ImageRef::new`].
    ///
    /// # Errors
    /// As [`ImageRef::new`].
    pub fn new(
        bytes: &'a mut [u8],
        first: usize,
        stride: isize,
        rect: Rect,
        pixels: Pixels<'a>,
    ) -> Result<Self, Error> {
        let place = Place::check(bytes.len(), first, stride, rect, pixels)?;
        Ok(Self { bytes, place })
    }

    pub(crate) fn describe(&mut self) -> diat_image {
        self.place.describe(self.bytes.as_mut_ptr())
    }
}

fn packed_stride(rect: Rect, pixels: Pixels<'_>) -> isize {
    // A width that does not fit is refused by the check that follows.
    isize::try_from(i128::from(rect.w) * pixels.format.bytes_per_pixel() as i128).unwrap_or(0)
}

impl<'a> Place<'a> {
    fn check(
        len: usize,
        first: usize,
        stride: isize,
        rect: Rect,
        pixels: Pixels<'a>,
    ) -> Result<Self, Error> {
        let row = i128::from(rect.w) * pixels.format.bytes_per_pixel() as i128;
        let last = first as i128 + (i128::from(rect.h) - 1) * stride as i128;
        let from = last.min(first as i128);
        let to = last.max(first as i128) + row;
        if rect.w < 1 || rect.h < 1 {
            let Rect { w, h, .. } = rect;
            return Err(Error::Argument(format!(
                "a picture of {w}×{h} pixels: give at least 1×1"
            )));
        }
        if rect.h > 1 && (stride as i128).abs() < row {
            return Err(Error::Argument(format!(
                "a stride of {stride} bytes for rows of {row} bytes: rows must not overlap"
            )));
        }
        if from < 0 || to > len as i128 {
            return Err(Error::Argument(format!(
                "the pixels reach from byte {from} to byte {to} of a buffer of {len} bytes"
            )));
        }
        Ok(Self {
            first,
            stride,
            rect,
            pixels,
        })
    }

    fn describe(&self, bytes: *mut u8) -> diat_image {
        let icc = self.pixels.icc.unwrap_or_default();
        diat_image {
            format: self.pixels.format.number(),
            rect: self.rect.into(),
            data: bytes.wrapping_add(self.first).cast::<c_void>(),
            stride: self.stride,
            alpha: self.pixels.alpha.number(),
            primaries: self.pixels.primaries,
            transfer: self.pixels.transfer,
            icc: if icc.is_empty() {
                std::ptr::null()
            } else {
                icc.as_ptr().cast::<c_void>()
            },
            icc_size: icc.len(),
            ..diat_image::EMPTY
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Rect = Rect {
        x: -3,
        y: 5,
        w: 4,
        h: 3,
    };

    #[test]
    fn a_buffer_that_is_too_small_by_one_byte_is_refused() {
        let pixels = Pixels::srgb(Format::RgbaU8);
        assert!(ImageRef::packed(&[0; 48], SIZE, pixels).is_ok());
        assert!(ImageRef::packed(&[0; 47], SIZE, pixels).is_err());
        // The last row needs no padding; bottom-up rows start at the last one.
        assert!(ImageRef::new(&[0; 56], 0, 20, SIZE, pixels).is_ok());
        assert!(ImageRef::new(&[0; 55], 0, 20, SIZE, pixels).is_err());
        assert!(ImageRef::new(&[0; 56], 40, -20, SIZE, pixels).is_ok());
        assert!(ImageRef::new(&[0; 56], 39, -20, SIZE, pixels).is_err());
    }

    #[test]
    fn rows_that_overlap_and_empty_pictures_are_refused() {
        let pixels = Pixels::srgb(Format::RgbaU8);
        assert!(ImageRef::new(&[0; 56], 0, 15, SIZE, pixels).is_err());
        assert!(ImageRef::new(&[0; 56], 0, 16, Rect { w: 0, ..SIZE }, pixels).is_err());
        let huge = Rect {
            w: i32::MAX,
            h: i32::MAX,
            ..SIZE
        };
        assert!(ImageRef::packed(&[0; 56], huge, pixels).is_err());
    }
}
