//! Files with four inks.

use std::io::Cursor;

use image::{ImageFormat, ImageResult};
use tiff::decoder::{Decoder, DecodingResult, Limits};

use super::super::heard::Heard;
use super::super::samples::from_u16s;
use super::super::stored::undecodable;
use super::directory::Directory;

const PHOTOMETRIC: u16 = 262;
const CMYK: u64 = 5;
const PLANAR_CONFIGURATION: u16 = 284;

/// Whether a file has four inks.
pub(in crate::picture) fn has_inks(bytes: &[u8]) -> bool {
    let directory = Directory::first(bytes);
    directory.and_then(|directory| directory.value(bytes, PHOTOMETRIC)) == Some(CMYK)
}

/// Cyan, magenta, yellow and black of each pixel, the largest value being all of an ink; 8 bits, or 16 in native order.
pub(in crate::picture) fn read_inks(bytes: &[u8]) -> ImageResult<Vec<u8>> {
    let directory = Directory::first(bytes);
    if directory.and_then(|directory| directory.value(bytes, PLANAR_CONFIGURATION)) == Some(2) {
        return Err(undecodable(
            ImageFormat::Tiff,
            "inks in planes of their own; store them together",
        ));
    }
    let failed = |error| undecodable(ImageFormat::Tiff, error);
    let decoder = Decoder::new(Heard(Cursor::new(bytes))).map_err(failed)?;
    let mut decoder = decoder.with_limits(Limits::unlimited());
    match decoder.read_image().map_err(failed)? {
        DecodingResult::U8(inks) => Ok(inks),
        DecodingResult::U16(inks) => Ok(from_u16s(inks.into_iter())),
        _ => Err(undecodable(
            ImageFormat::Tiff,
            "inks of other depths than 8 and 16 bits",
        )),
    }
}
