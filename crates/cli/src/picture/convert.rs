//! From a file's channels to RGBA and back, and from one depth to another.

use super::Depth;
use super::samples::{f32s, from_f32s, from_u16s, u16s};

/// RGBA from pixels of 1 (grey), 2 (grey, alpha), 3 or 4 channels. What was no colour stays what it was, bit for bit.
pub(crate) fn to_rgba(bytes: &[u8], channels: usize, depth: Depth) -> Vec<u8> {
    let size = depth.bytes();
    let white = depth.white();
    let count = bytes.len() / (size * channels);
    let mut rgba = Vec::with_capacity(count * 4 * size);
    for pixel in bytes.chunks_exact(size * channels) {
        let (colours, alpha) = pixel.split_at(if channels < 3 { size } else { 3 * size });
        for _ in 0..(if channels < 3 { 3 } else { 1 }) {
            rgba.extend_from_slice(colours);
        }
        rgba.extend_from_slice(if alpha.is_empty() { &white } else { alpha });
    }
    rgba
}

/// The channels that are written: 1, 2, 3 or 4 of them.
pub(crate) fn from_rgba(rgba: Vec<u8>, depth: Depth, grey: bool, alpha: bool) -> Vec<u8> {
    let size = depth.bytes();
    if !grey && alpha {
        return rgba;
    }
    let channels = if grey { 1 } else { 3 } + usize::from(alpha);
    let mut out = Vec::with_capacity(rgba.len() / 4 * channels);
    for pixel in rgba.chunks_exact(4 * size) {
        let (colours, last) = pixel.split_at(3 * size);
        if grey {
            push_grey(&mut out, colours, depth);
        } else {
            out.extend_from_slice(colours);
        }
        if alpha {
            out.extend_from_slice(last);
        }
    }
    out
}

/// RGBA whose colours are no longer multiplied by alpha. Where there is no alpha there is no colour either: black.
pub(crate) fn straight(rgba: Vec<u8>, depth: Depth) -> Vec<u8> {
    match depth {
        Depth::U8 => {
            let mut rgba = rgba;
            for pixel in rgba.as_chunks_mut::<4>().0 {
                let [.., alpha] = *pixel;
                for colour in &mut pixel[..3] {
                    *colour = divided((*colour).into(), alpha.into(), u8::MAX.into()) as u8;
                }
            }
            rgba
        }
        Depth::U16 => {
            let mut samples: Vec<u16> = u16s(&rgba).collect();
            for pixel in samples.as_chunks_mut::<4>().0 {
                let [.., alpha] = *pixel;
                for colour in &mut pixel[..3] {
                    *colour = divided((*colour).into(), alpha.into(), u16::MAX.into()) as u16;
                }
            }
            from_u16s(samples.into_iter())
        }
        Depth::F32 => {
            let mut samples: Vec<f32> = f32s(&rgba).collect();
            for pixel in samples.as_chunks_mut::<4>().0 {
                let [.., alpha] = *pixel;
                for colour in &mut pixel[..3] {
                    *colour = if alpha > 0.0 { *colour / alpha } else { 0.0 };
                }
            }
            from_f32s(samples.into_iter())
        }
    }
}

/// A colour by its alpha, rounded; at most white.
fn divided(colour: u64, alpha: u64, white: u64) -> u64 {
    (colour * white + alpha / 2)
        .checked_div(alpha)
        .map_or(0, |value| value.min(white))
}

/// Only the first channel of RGBA.
pub(crate) fn first_channel(rgba: &[u8], depth: Depth) -> Vec<u8> {
    let pixels = rgba.chunks_exact(4 * depth.bytes());
    pixels
        .flat_map(|pixel| &pixel[..depth.bytes()])
        .copied()
        .collect()
}

/// Another depth; the same one changes nothing.
pub(crate) fn to_depth(bytes: Vec<u8>, from: Depth, to: Depth) -> Vec<u8> {
    let share = |value: f32, steps: f32| (value.clamp(0.0, 1.0) * steps + 0.5) as u16;
    match (from, to) {
        (Depth::U8, Depth::U8) | (Depth::U16, Depth::U16) | (Depth::F32, Depth::F32) => bytes,
        (Depth::U8, Depth::U16) => from_u16s(bytes.iter().map(|value| u16::from(*value) * 257)),
        (Depth::U8, Depth::F32) => from_f32s(
            bytes
                .iter()
                .map(|value| f32::from(*value) / f32::from(u8::MAX)),
        ),
        (Depth::U16, Depth::U8) => u16s(&bytes)
            .map(|value| ((u32::from(value) + 128) / 257) as u8)
            .collect(),
        (Depth::U16, Depth::F32) => {
            from_f32s(u16s(&bytes).map(|value| f32::from(value) / f32::from(u16::MAX)))
        }
        (Depth::F32, Depth::U8) => f32s(&bytes)
            .map(|value| share(value, f32::from(u8::MAX)) as u8)
            .collect(),
        (Depth::F32, Depth::U16) => {
            from_u16s(f32s(&bytes).map(|value| share(value, f32::from(u16::MAX))))
        }
    }
}

/// Rec. 709 luma, in fixed point where samples are whole numbers: three equal ones give themselves.
fn push_grey(out: &mut Vec<u8>, colours: &[u8], depth: Depth) {
    let luma = |[r, g, b]: [u64; 3]| (6966 * r + 23436 * g + 2366 * b + 16384) >> 15;
    match depth {
        Depth::U8 => {
            if let [r, g, b] = colours {
                out.push(luma([*r, *g, *b].map(u64::from)) as u8);
            }
        }
        Depth::U16 => {
            if let [r, g, b] = colours.as_chunks().0 {
                let grey = luma([*r, *g, *b].map(|sample| u16::from_ne_bytes(sample).into()));
                out.extend_from_slice(&(grey as u16).to_ne_bytes());
            }
        }
        Depth::F32 => {
            let weights = [0.2126_f32, 0.7152, 0.0722];
            let sum: f32 = f32s(colours)
                .zip(weights)
                .map(|(value, weight)| value * weight)
                .sum();
            out.extend_from_slice(&sum.to_ne_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_come_back_as_they_were() {
        for (depth, bytes) in [
            (Depth::U8, (0..24).collect::<Vec<u8>>()),
            (Depth::U16, from_u16s((0..24).map(|value| value * 2731))),
        ] {
            for channels in 1..=4 {
                let rgba = to_rgba(&bytes, channels, depth);
                assert_eq!(rgba.len(), bytes.len() * 4 / channels);
                let back = from_rgba(rgba, depth, channels < 3, channels % 2 == 0);
                assert_eq!(back, bytes, "{depth:?} {channels}");
            }
        }
    }

    #[test]
    fn every_grey_stays_itself() {
        for value in 0..=u8::MAX {
            assert_eq!(from_rgba(vec![value; 4], Depth::U8, true, false), [value]);
        }
        for value in 0..=u16::MAX {
            let rgba = from_u16s([value; 4].into_iter());
            assert_eq!(
                from_rgba(rgba, Depth::U16, true, false),
                value.to_ne_bytes()
            );
        }
    }

    #[test]
    fn alpha_is_full_where_there_was_none() {
        assert_eq!(to_rgba(&[7], 1, Depth::U8), [7, 7, 7, 255]);
        let floats = from_f32s([0.1, 0.2, 0.3].into_iter());
        let rgba: Vec<f32> = f32s(&to_rgba(&floats, 3, Depth::F32)).collect();
        assert_eq!(rgba, [0.1, 0.2, 0.3, 1.0]);
    }

    #[test]
    fn depths_round_to_the_nearest_and_8_bits_survive_16_and_floats() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        for by in [Depth::U16, Depth::F32] {
            let there = to_depth(all.clone(), Depth::U8, by);
            assert_eq!(to_depth(there, by, Depth::U8), all, "{by:?}");
        }
        let sixteen = from_u16s([127, 128, 129, 385, 386].into_iter());
        assert_eq!(to_depth(sixteen, Depth::U16, Depth::U8), [0, 0, 1, 1, 2]);
        let floats = from_f32s([-1.0, 0.5, 2.0, f32::NAN].into_iter());
        assert_eq!(to_depth(floats, Depth::F32, Depth::U8), [0, 128, 255, 0]);
    }
}
