//! How samples of each format lie in memory.

use crate::layout::Format;
use wide::{f32x4, i16x8, i32x8, u8x16};

/// Pixels converted at a time, so that what is at work stays in the nearest cache.
pub(crate) const RUN: usize = 64;

/// Reads the pixels of `bytes` as floats, integers as value/largest. `pixels` has as many as `bytes` holds.
pub(crate) fn load(format: Format, bytes: &[u8], pixels: &mut [[f32; 4]]) {
    let values = pixels.as_flattened_mut().iter_mut();
    match format {
        Format::RgbaU8 => values
            .zip(bytes)
            .for_each(|(value, byte)| *value = f32::from(*byte) / 255.0),
        Format::RgbaU16 => values.zip(bytes.as_chunks().0).for_each(|(value, sample)| {
            *value = f32::from(u16::from_ne_bytes(*sample)) / 65535.0;
        }),
        Format::RgbaF32 => values
            .zip(bytes.as_chunks().0)
            .for_each(|(value, sample)| *value = f32::from_ne_bytes(*sample)),
    }
}

/// Writes floats as the pixels of `bytes`, which has as many; integers are rounded to the nearest and clamped.
pub(crate) fn store(format: Format, pixels: &[[f32; 4]], bytes: &mut [u8]) {
    let values = pixels.as_flattened().iter();
    match format {
        Format::RgbaU8 => bytes
            .iter_mut()
            .zip(values)
            .for_each(|(byte, value)| *byte = to_u8(*value)),
        Format::RgbaU16 => bytes
            .as_chunks_mut()
            .0
            .iter_mut()
            .zip(values)
            .for_each(|(sample, value)| *sample = to_u16(*value).to_ne_bytes()),
        Format::RgbaF32 => bytes
            .as_chunks_mut()
            .0
            .iter_mut()
            .zip(values)
            .for_each(|(sample, value)| *sample = value.to_ne_bytes()),
    }
}

/// As [`store`] for up to [`RUN`] pixels, but the fourth samples keep their bytes. True if some byte changed.
pub(crate) fn store_colours(format: Format, pixels: &[[f32; 4]], bytes: &mut [u8]) -> bool {
    if format == Format::RgbaU8 {
        return store_colours_u8(pixels, bytes);
    }
    let mut room = [0; RUN * 16];
    let new = &mut room[..bytes.len()];
    store(format, pixels, new);
    match format {
        Format::RgbaU8 => keep_fourth::<1>(bytes, new),
        Format::RgbaU16 => keep_fourth::<2>(bytes, new),
        Format::RgbaF32 => keep_fourth::<4>(bytes, new),
    }
    let changed = *new != *bytes;
    bytes.copy_from_slice(new);
    changed
}

/// The most common case, four pixels at a time; gives the bytes that [`store`] gives.
fn store_colours_u8(pixels: &[[f32; 4]], bytes: &mut [u8]) -> bool {
    let mut different = u8x16::ZERO;
    let (fours, rest) = pixels.as_chunks::<4>();
    let (chunks, rest_bytes) = bytes.as_chunks_mut::<16>();
    for (four, chunk) in fours.iter().zip(chunks) {
        different |= store_four(four, chunk);
    }
    if !rest.is_empty() {
        let (mut four, mut chunk) = ([[0.0; 4]; 4], [0; 16]);
        four[..rest.len()].copy_from_slice(rest);
        let wanted = rest_bytes.len();
        chunk[..wanted].copy_from_slice(rest_bytes);
        let there = chunk;
        store_four(&four, &mut chunk);
        rest_bytes.copy_from_slice(&chunk[..wanted]);
        return chunk[..wanted] != there[..wanted] || different != u8x16::ZERO;
    }
    different != u8x16::ZERO
}

/// Stores four pixels but for their fourth samples; gives the bits that changed.
#[inline(always)]
fn store_four(pixels: &[[f32; 4]; 4], bytes: &mut [u8; 16]) -> u8x16 {
    const FOURTH: u8x16 = u8x16::new([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]);
    let integers = |pixel: [f32; 4]| {
        let value = f32x4::new(pixel) * f32x4::splat(255.0) + f32x4::HALF;
        // Inside of what an integer holds, so that the fast one is the right one; NaN is 0.
        let value = value.max(f32x4::ZERO).min(f32x4::splat(255.0));
        value.fast_trunc_int().to_array()
    };
    let [p, q, r, s] = pixels.map(integers);
    let pair = |[a, b, c, d]: [i32; 4], [e, f, g, h]: [i32; 4]| {
        i16x8::from_i32x8_saturate(i32x8::new([a, b, c, d, e, f, g, h]))
    };
    let old = u8x16::new(*bytes);
    let new = u8x16::narrow_i16x8(pair(p, q), pair(r, s));
    let new = FOURTH.bitselect(old, new);
    *bytes = new.to_array();
    new ^ old
}

fn keep_fourth<const SIZE: usize>(from: &[u8], to: &mut [u8]) {
    let (from, to) = (from.as_chunks::<SIZE>().0, to.as_chunks_mut::<SIZE>().0);
    for (from, to) in from
        .as_chunks::<4>()
        .0
        .iter()
        .zip(to.as_chunks_mut::<4>().0)
    {
        to[3] = from[3];
    }
}

/// What is left of a number that was stored.
#[inline]
pub(crate) fn rounded(format: Format, value: f32) -> f32 {
    match format {
        Format::RgbaU8 => f32::from(to_u8(value)) / 255.0,
        Format::RgbaU16 => f32::from(to_u16(value)) / 65535.0,
        Format::RgbaF32 => value,
    }
}

/// `as` saturates, and takes NaN to 0.
#[inline]
fn to_u8(value: f32) -> u8 {
    (value * 255.0 + 0.5) as u8
}

#[inline]
fn to_u16(value: f32) -> u16 {
    (value * 65535.0 + 0.5) as u16
}
