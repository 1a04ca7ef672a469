//! How samples of each format lie in memory.

use crate::layout::Format;

/// Reads and writes the four samples of a pixel; integers stand for value/largest.
pub(crate) trait Samples {
    /// A pixel's bytes.
    type Pixel: AsRef<[u8]> + AsMut<[u8]> + Copy + PartialEq + for<'a> TryFrom<&'a [u8]>;

    /// The samples as floats.
    fn load(pixel: &Self::Pixel) -> [f32; 4];

    /// Replaces the three colours, rounded to the nearest and clamped where they are integers; the fourth sample keeps its
    /// bytes. True if some byte changed.
    fn store_colours(pixel: &mut Self::Pixel, colours: [f32; 3]) -> bool;

    /// What `store_colours` followed by `load` would give for one sample.
    fn rounded(value: f32) -> f32;

    /// A row's pixels.
    fn pixels(row: &[u8]) -> &[Self::Pixel];

    /// A row's pixels to write.
    fn pixels_mut(row: &mut [u8]) -> &mut [Self::Pixel];
}

pub(crate) struct U8;
pub(crate) struct U16;
pub(crate) struct F32;

/// `as` saturates, and takes NaN to 0.
fn to_u8(value: f32) -> u8 {
    (value * 255.0 + 0.5) as u8
}

fn to_u16(value: f32) -> u16 {
    (value * 65535.0 + 0.5) as u16
}

macro_rules! samples {
    ($name:ident, $bytes:literal, $load:expr, $store:expr, $rounded:expr) => {
        impl Samples for $name {
            type Pixel = [u8; 4 * $bytes];

            #[inline]
            fn load(pixel: &Self::Pixel) -> [f32; 4] {
                let (samples, _) = pixel.as_chunks::<$bytes>();
                std::array::from_fn(|c| $load(samples[c]))
            }

            #[inline]
            fn store_colours(pixel: &mut Self::Pixel, colours: [f32; 3]) -> bool {
                let before = *pixel;
                let (samples, _) = pixel.as_chunks_mut::<$bytes>();
                for (sample, value) in samples.iter_mut().zip(colours) {
                    *sample = $store(value);
                }
                *pixel != before
            }

            #[inline]
            fn rounded(value: f32) -> f32 {
                $rounded(value)
            }

            fn pixels(row: &[u8]) -> &[Self::Pixel] {
                row.as_chunks().0
            }

            fn pixels_mut(row: &mut [u8]) -> &mut [Self::Pixel] {
                row.as_chunks_mut().0
            }
        }
    };
}

samples!(
    U8,
    1,
    |[byte]: [u8; 1]| f32::from(byte) / 255.0,
    |value: f32| [to_u8(value)],
    |value: f32| f32::from(to_u8(value)) / 255.0
);
samples!(
    U16,
    2,
    |bytes: [u8; 2]| f32::from(u16::from_ne_bytes(bytes)) / 65535.0,
    |value: f32| to_u16(value).to_ne_bytes(),
    |value: f32| f32::from(to_u16(value)) / 65535.0
);
samples!(
    F32,
    4,
    f32::from_ne_bytes,
    f32::to_ne_bytes,
    |value: f32| value
);

/// The four samples at the start of `pixel` as floats.
pub(crate) fn load(format: Format, pixel: &[u8]) -> [f32; 4] {
    fn first<S: Samples>(pixel: &[u8]) -> [f32; 4] {
        S::pixels(pixel).first().map_or([0.0; 4], S::load)
    }
    match format {
        Format::RgbaU8 => first::<U8>(pixel),
        Format::RgbaU16 => first::<U16>(pixel),
        Format::RgbaF32 => first::<F32>(pixel),
    }
}

/// Replaces all four samples at the start of `pixel`.
pub(crate) fn store(format: Format, pixel: &mut [u8], rgba: [f32; 4]) {
    for (sample, value) in pixel.chunks_exact_mut(format.bytes_per_sample()).zip(rgba) {
        match format {
            Format::RgbaU8 => sample.copy_from_slice(&[to_u8(value)]),
            Format::RgbaU16 => sample.copy_from_slice(&to_u16(value).to_ne_bytes()),
            Format::RgbaF32 => sample.copy_from_slice(&value.to_ne_bytes()),
        }
    }
}
