//! Colours by an ICC profile.

use crate::colour_space::{ColourSpace, Encoding, Model, Shaper};
use crate::curve::{Curve, CurveFault, Shape};
use crate::lookup::{Lookup, Unusable, light_of_lightness};
use moxcms::{ColorProfile, DataColorSpace, ProfileClass, ToneReprCurve};
use std::sync::Arc;

/// Bytes of a profile beyond which it is not looked at.
pub const LARGEST_PROFILE: usize = 8 * 1024 * 1024;

/// Bytes up to the tags, their number included.
const HEADER: usize = 132;

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
    /// A table that is not made as ICC.1 says.
    #[error("its table is not one from three channels to three")]
    Table,
    /// A table in which different colours become one.
    #[error("its table cannot be taken back")]
    NoWayBack,
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
    match model(icc) {
        Ok(model) => Ok(ColourSpace::encoding(model, icc.to_vec())),
        Err(error) => Err(cut_off(icc).unwrap_or(error)),
    }
}

/// What is wrong with a profile that has fewer bytes than it says.
fn cut_off(icc: &[u8]) -> Option<ProfileError> {
    let said = u32::from_be_bytes(*icc.first_chunk()?);
    let there = icc.len();
    let ends = || ProfileError::Damaged(format!("it ends after {there} of {said} bytes"));
    (icc.len() >= HEADER && said as usize > there).then(ends)
}

fn model(icc: &[u8]) -> Result<Model, ProfileError> {
    let damaged = |error: moxcms::CmsError| ProfileError::Damaged(error.to_string());
    let profile = ColorProfile::new_from_slice(&needed(icc)).map_err(damaged)?;
    match profile.profile_class {
        ProfileClass::InputDevice
        | ProfileClass::DisplayDevice
        | ProfileClass::OutputDevice
        | ProfileClass::ColorSpace => {}
        other => return Err(ProfileError::Class(format!("{other:?}"))),
    }
    match profile.color_space {
        DataColorSpace::Rgb => rgb(&profile),
        DataColorSpace::Gray => {
            let source = profile.gray_trc.as_ref().ok_or(ProfileError::Incomplete)?;
            let curve = channel(source, "grey", profile.pcs)?;
            Ok(Model::Shaper(Shaper::grey(curve)))
        }
        DataColorSpace::Cmyk => Err(ProfileError::Channels("CMYK".into())),
        other => Err(ProfileError::Channels(format!("{other:?}"))),
    }
}

/// A copy whose tags that say nothing about colours are gone, so that nothing is lost by a damaged copyright.
fn needed(icc: &[u8]) -> Vec<u8> {
    const ENTRY: usize = 12;
    const NEEDED: [&[u8; 4]; 10] = [
        b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"A2B0", b"A2B1", b"A2B2",
    ];
    let mut copy = icc.to_vec();
    let Some((header, tags)) = copy.split_at_mut_checked(HEADER) else {
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

fn rgb(profile: &ColorProfile) -> Result<Model, ProfileError> {
    // A table says more than the primaries beside it (ICC.1:2022, 8.10), and the colorimetric one is not bent to please.
    let tables = [
        &profile.lut_a_to_b_colorimetric,
        &profile.lut_a_to_b_perceptual,
        &profile.lut_a_to_b_saturation,
    ];
    if let Some(table) = tables.into_iter().flatten().next() {
        let lookup = Lookup::new(table, profile.pcs).map_err(|unusable| match unusable {
            Unusable::Parts => ProfileError::Table,
            Unusable::NoWayBack => ProfileError::NoWayBack,
            Unusable::Curve(fault) => ProfileError::Curve {
                channel: "a table",
                fault,
            },
        });
        return lookup.map(Model::Lookup);
    }
    let (Some(red), Some(green), Some(blue)) =
        (&profile.red_trc, &profile.green_trc, &profile.blue_trc)
    else {
        return Err(ProfileError::Incomplete);
    };
    if profile.pcs != DataColorSpace::Xyz {
        return Err(ProfileError::Incomplete);
    }
    let first = channel(red, "red", profile.pcs)?;
    let other = |source: &ToneReprCurve, name| {
        if source == red {
            Ok(Arc::clone(&first))
        } else {
            channel(source, name, profile.pcs)
        }
    };
    let curves = [
        Arc::clone(&first),
        other(green, "green")?,
        other(blue, "blue")?,
    ];
    let shaper = Shaper::new(curves, profile.colorant_matrix());
    shaper.map(Model::Shaper).ok_or(ProfileError::Primaries)
}

fn channel(
    source: &ToneReprCurve,
    channel: &'static str,
    pcs: DataColorSpace,
) -> Result<Arc<Curve>, ProfileError> {
    let shape = curve(source).map(|shape| match pcs {
        DataColorSpace::Lab => lightness(&shape),
        _ => shape,
    });
    let fault = |fault| ProfileError::Curve { channel, fault };
    shape.and_then(Curve::new).map(Arc::new).map_err(fault)
}

/// The curve to light of one that goes to CIE's lightness.
fn lightness(shape: &Shape) -> Shape {
    const LAST: u16 = 4095;
    let light = |i: u16| light_of_lightness(shape.light(f64::from(i) / f64::from(LAST)));
    Shape::Sampled((0..=LAST).map(light).collect())
}

/// A curve in the profile's own words (ICC.1:2022, 10.6 and 10.18).
pub(crate) fn curve(source: &ToneReprCurve) -> Result<Shape, CurveFault> {
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
