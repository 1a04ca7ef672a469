//! Colours by an ICC profile.

use crate::colour_space::{ColourSpace, Encoding, Shaper};
use crate::curve::{Curve, CurveFault, Shape};
use moxcms::{ColorProfile, DataColorSpace, ProfileClass, ToneReprCurve};
use std::sync::Arc;

/// Bytes of a profile beyond which it is not looked at.
pub const LARGEST_PROFILE: usize = 8 * 1024 * 1024;

/// Why a profile cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Too many bytes.
    #[error("it has {0} bytes, and at most {LARGEST_PROFILE} are read")]
    Size(usize),
    /// Not a profile, or one that is cut off or contradicts itself.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// For pixels that are neither RGB nor grey.
    #[error("it is for {0} pixels, and these are RGB")]
    Channels(String),
    /// From one device to another, or for named colours.
    #[error("its class is {0}, which says nothing about a picture's colours")]
    Class(String),
    /// A needed part is not there.
    #[error("it has neither three primaries with their curves nor a table")]
    Incomplete,
    /// The primaries lie on a line, or nearly.
    #[error("its primaries span no colours")]
    Primaries,
    /// A curve that cannot be used.
    #[error("its curve for {channel} {fault}")]
    Curve {
        /// The channel.
        channel: &'static str,
        /// What is wrong.
        fault: CurveFault,
    },
}

/// What the samples of RGBA pixels with this profile stand for. A profile for grey holds for each of the three.
///
/// # Errors
/// See [`ProfileError`].
pub fn profile(icc: &[u8]) -> Result<Encoding, ProfileError> {
    if icc.len() > LARGEST_PROFILE {
        return Err(ProfileError::Size(icc.len()));
    }
    let damaged = |error: moxcms::CmsError| ProfileError::Damaged(error.to_string());
    let profile = ColorProfile::new_from_slice(&needed(icc)).map_err(damaged)?;
    match profile.profile_class {
        ProfileClass::InputDevice
        | ProfileClass::DisplayDevice
        | ProfileClass::OutputDevice
        | ProfileClass::ColorSpace => {}
        other => return Err(ProfileError::Class(format!("{other:?}"))),
    }
    let shaper = match profile.color_space {
        DataColorSpace::Rgb => rgb(&profile)?,
        DataColorSpace::Gray => {
            let source = profile.gray_trc.as_ref().ok_or(ProfileError::Incomplete)?;
            Shaper::grey(channel(source, "grey")?)
        }
        DataColorSpace::Cmyk => return Err(ProfileError::Channels("CMYK".into())),
        other => return Err(ProfileError::Channels(format!("{other:?}"))),
    };
    Ok(ColourSpace::encoding(shaper, icc.to_vec()))
}

/// A copy whose tags that say nothing about colours are gone, so that nothing is lost by a damaged copyright.
fn needed(icc: &[u8]) -> Vec<u8> {
    const TABLE: usize = 132;
    const ENTRY: usize = 12;
    const NEEDED: [&[u8; 4]; 7] = [
        b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC",
    ];
    let mut copy = icc.to_vec();
    let Some((header, tags)) = copy.split_at_mut_checked(TABLE) else {
        return copy;
    };
    let count = header
        .last_chunk()
        .map_or(0, |count| u32::from_be_bytes(*count));
    for entry in tags
        .as_chunks_mut::<ENTRY>()
        .0
        .iter_mut()
        .take(count as usize)
    {
        if !NEEDED.iter().any(|needed| entry.starts_with(*needed)) {
            entry[..4].fill(0);
        }
    }
    copy
}

fn rgb(profile: &ColorProfile) -> Result<Shaper, ProfileError> {
    let (Some(red), Some(green), Some(blue)) =
        (&profile.red_trc, &profile.green_trc, &profile.blue_trc)
    else {
        return Err(ProfileError::Incomplete);
    };
    let first = channel(red, "red")?;
    let other = |source: &ToneReprCurve, name| {
        if source == red {
            Ok(Arc::clone(&first))
        } else {
            channel(source, name)
        }
    };
    let curves = [
        Arc::clone(&first),
        other(green, "green")?,
        other(blue, "blue")?,
    ];
    Shaper::new(curves, profile.colorant_matrix()).ok_or(ProfileError::Primaries)
}

fn channel(source: &ToneReprCurve, channel: &'static str) -> Result<Arc<Curve>, ProfileError> {
    let curve = curve(source).and_then(Curve::new);
    let fault = |fault| ProfileError::Curve { channel, fault };
    curve.map(Arc::new).map_err(fault)
}

/// A curve in the profile's own words (ICC.1:2022, 10.6 and 10.18).
fn curve(source: &ToneReprCurve) -> Result<Shape, CurveFault> {
    match source {
        ToneReprCurve::Lut(samples) => Ok(match samples.as_slice() {
            [] => Shape::power(1.0),
            [gamma] => Shape::power(f64::from(*gamma) / 256.0),
            samples => Shape::Sampled(samples.iter().map(|s| f64::from(*s) / 65535.0).collect()),
        }),
        ToneReprCurve::Parametric(numbers) => {
            let numbers: Vec<f64> = numbers.iter().map(|number| f64::from(*number)).collect();
            let (g, a, b, c, d, e, f) = match *numbers.as_slice() {
                [g] => (g, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
                [g, a, b] => (g, a, b, 0.0, -b / a, 0.0, 0.0),
                [g, a, b, c] => (g, a, b, 0.0, -b / a, c, c),
                [g, a, b, c, d] => (g, a, b, c, d, 0.0, 0.0),
                [g, a, b, c, d, e, f] => (g, a, b, c, d, e, f),
                _ => return Err(CurveFault::Numbers),
            };
            Ok(Shape::Parametric {
                g,
                a,
                b,
                c,
                d,
                e,
                f,
            })
        }
    }
}
