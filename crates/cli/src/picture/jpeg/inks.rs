//! Files with four inks.

use image::{ImageFormat, ImageResult};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::super::stored::undecodable;
use super::segments::{channels, is_adobe};

/// Whether a file has four inks.
pub(in crate::picture) fn has_inks(bytes: &[u8]) -> bool {
    channels(bytes) == Some(4)
}

/// Cyan, magenta, yellow and black of each pixel, 255 being all of an ink.
pub(in crate::picture) fn read_inks(bytes: &[u8]) -> ImageResult<Vec<u8>> {
    let failed = |error| undecodable(ImageFormat::Jpeg, error);
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(failed)?;
    let stored = decoder.input_colorspace().unwrap_or(ColorSpace::CMYK);
    // What is stored is what comes out: `zune-jpeg` would mix the inks by the plain formula.
    decoder.set_options(options.jpeg_set_out_colorspace(stored));
    let mut inks = decoder.decode().map_err(failed)?;
    if stored == ColorSpace::YCCK {
        inks.as_chunks_mut::<4>().0.iter_mut().for_each(from_ycck);
    }
    if is_adobe(bytes) {
        inks.iter_mut().for_each(|ink| *ink = u8::MAX - *ink);
    }
    Ok(inks)
}

/// The first three as luma and chroma of the light that they leave (ITU-T T.871), black as it is.
fn from_ycck(pixel: &mut [u8; 4]) {
    let [y, cb, cr, black] = pixel.map(f32::from);
    let light = [
        y + 1.402 * (cr - 128.0),
        y - 0.344_136 * (cb - 128.0) - 0.714_136 * (cr - 128.0),
        y + 1.772 * (cb - 128.0),
    ];
    let [cyan, magenta, yellow] = light.map(|light| u8::MAX - light.round() as u8);
    *pixel = [cyan, magenta, yellow, black as u8];
}
