//! From four inks to RGB.

use moxcms::{
    CmsError, ColorProfile, DataColorSpace, Layout, RenderingIntent, TransformExecutor,
    TransformOptions,
};

use super::Depth;
use super::samples::{from_u16s, u16s};

/// Pixels that are converted at a time.
const BLOCK: usize = 1 << 16;

/// What inks came to.
#[derive(Debug)]
pub(super) struct Mixed {
    /// Of sRGB, three channels in the depth of the inks.
    pub(super) rgb: Vec<u8>,
    /// Whether a profile said how the inks look.
    pub(super) by_profile: bool,
}

/// Mixes inks (cyan, magenta, yellow, black; the largest value is all of an ink) of 8 or 16 bits into sRGB: by the relative
/// colorimetric table of their profile or else its perceptual one. Where there is no profile for four inks or it cannot be used, each
/// colour is (1 − ink)·(1 − black).
pub(super) fn mix(inks: &[u8], depth: Depth, profile: Option<&[u8]>) -> Mixed {
    let profile = profile.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok());
    let profile = profile.filter(|profile| profile.color_space == DataColorSpace::Cmyk);
    let intents = [
        RenderingIntent::RelativeColorimetric,
        RenderingIntent::Perceptual,
    ];
    let mixed = profile.and_then(|profile| {
        let mut mixed = intents
            .iter()
            .map(|intent| by_profile(inks, depth, &profile, *intent));
        mixed.find_map(Result::ok)
    });
    match mixed {
        Some(rgb) => Mixed {
            rgb,
            by_profile: true,
        },
        None => Mixed {
            rgb: plainly(inks, depth),
            by_profile: false,
        },
    }
}

fn by_profile(
    inks: &[u8],
    depth: Depth,
    profile: &ColorProfile,
    intent: RenderingIntent,
) -> Result<Vec<u8>, CmsError> {
    let options = TransformOptions {
        rendering_intent: intent,
        ..TransformOptions::default()
    };
    let srgb = ColorProfile::new_srgb();
    // Four inks lie as RGBA does.
    let (from, to) = (Layout::Rgba, Layout::Rgb);
    if depth == Depth::U8 {
        let transform = profile.create_transform_8bit(from, &srgb, to, options)?;
        return transformed(transform.as_ref(), inks);
    }
    let transform = profile.create_transform_16bit(from, &srgb, to, options)?;
    let inks: Vec<u16> = u16s(inks).collect();
    Ok(from_u16s(
        transformed(transform.as_ref(), &inks)?.into_iter(),
    ))
}

fn transformed<S: Copy + Default>(
    transform: &(impl TransformExecutor<S> + ?Sized),
    inks: &[S],
) -> Result<Vec<S>, CmsError> {
    let mut rgb = vec![S::default(); inks.len() / 4 * 3];
    let blocks = inks.chunks(4 * BLOCK).zip(rgb.chunks_mut(3 * BLOCK));
    for (inks, rgb) in blocks {
        transform.transform(inks, rgb)?;
    }
    Ok(rgb)
}

fn plainly(inks: &[u8], depth: Depth) -> Vec<u8> {
    let left = |ink: u64, black: u64, all: u64| ((all - ink) * (all - black) + all / 2) / all;
    if depth == Depth::U8 {
        let pixels = inks.as_chunks::<4>().0.iter();
        let mixed = pixels.flat_map(|[inks @ .., black]| {
            inks.map(|ink| left(ink.into(), (*black).into(), u8::MAX.into()) as u8)
        });
        return mixed.collect();
    }
    let inks: Vec<u16> = u16s(inks).collect();
    let pixels = inks.as_chunks::<4>().0.iter();
    from_u16s(pixels.flat_map(|[inks @ .., black]| {
        inks.map(|ink| left(ink.into(), (*black).into(), u16::MAX.into()) as u16)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_profile_inks_and_black_take_their_share_of_the_light() {
        let inks = [0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 128, 0, 0, 0, 51, 128];
        let rgb = [255, 255, 255, 0, 255, 255, 255, 0, 127, 127, 127, 102];
        let mixed = mix(&inks, Depth::U8, None);
        assert_eq!((mixed.rgb.as_slice(), mixed.by_profile), (&rgb[..], false));
        let deep = from_u16s([0, 65535, 32768, 0].into_iter());
        let mixed = mix(&deep, Depth::U16, Some(b"no profile"));
        assert_eq!(mixed.rgb, from_u16s([65535, 0, 32767].into_iter()));
    }
}
