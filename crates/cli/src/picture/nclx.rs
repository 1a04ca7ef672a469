//! Colours by number (ITU-T H.273), as HEIC and AVIF files may name them instead of with an ICC profile.

use libheif_rs::ColorProfileNCLX;
use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, LocalizableString, MatrixCoefficients,
    ProfileText, TransferCharacteristics,
};

const HDR: &str = "its colours are for HDR (PQ or HLG); convert it to SDR first";
const UNKNOWN: &str =
    "its colours are given by numbers for which there is no ICC profile; convert it to sRGB first";

/// The ICC profile that says the same; none for sRGB, and where nothing is said, which means sRGB.
///
/// # Errors
/// Why there is none.
pub(super) fn profile(numbers: &ColorProfileNCLX) -> Result<Option<Vec<u8>>, &'static str> {
    // What the library does not know is beyond the numbers that `moxcms` knows, too.
    by_number(
        numbers.color_primaries() as u8,
        numbers.transfer_characteristics() as u8,
    )
}

fn by_number(primaries: u8, transfer: u8) -> Result<Option<Vec<u8>>, &'static str> {
    const UNSPECIFIED: u8 = 2;
    const BT_709: u8 = 1;
    const SRGB: u8 = 13;
    let or = |number: u8, otherwise| {
        if number == UNSPECIFIED {
            otherwise
        } else {
            number
        }
    };
    let (primaries, transfer) = (or(primaries, BT_709), or(transfer, SRGB));
    if (primaries, transfer) == (BT_709, SRGB) {
        return Ok(None);
    }
    let colours = CicpProfile {
        color_primaries: CicpColorPrimaries::try_from(primaries).map_err(|_| UNKNOWN)?,
        transfer_characteristics: TransferCharacteristics::try_from(transfer)
            .map_err(|_| UNKNOWN)?,
        // Of the pixels as they are here: RGB of full range.
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    };
    if matches!(
        colours.transfer_characteristics,
        TransferCharacteristics::Smpte2084 | TransferCharacteristics::Hlg
    ) {
        return Err(HDR);
    }
    let mut profile = ColorProfile::new_from_cicp(colours);
    // XYZ as such is no device's colours.
    if profile.red_trc.is_none() || matches!(colours.color_primaries, CicpColorPrimaries::Xyz) {
        return Err(UNKNOWN);
    }
    profile.description = Some(text(format!(
        "Primaries {primaries}, transfer {transfer} of ITU-T H.273"
    )));
    profile.copyright = Some(text("No copyright; use freely".to_owned()));
    profile.encode().map(Some).map_err(|_| UNKNOWN)
}

fn text(words: String) -> ProfileText {
    ProfileText::Localizable(vec![LocalizableString::new(
        "en".to_owned(),
        "US".to_owned(),
        words,
    )])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srgb_needs_no_profile_and_display_p3_gets_its_own() {
        for numbers in [(1, 13), (2, 2), (1, 2), (2, 13)] {
            assert_eq!(by_number(numbers.0, numbers.1), Ok(None));
        }
        let made = by_number(12, 13).unwrap().unwrap();
        let made = ColorProfile::new_from_slice(&made).unwrap();
        let known = ColorProfile::new_display_p3();
        for (made, known) in [
            (made.red_colorant, known.red_colorant),
            (made.green_colorant, known.green_colorant),
            (made.blue_colorant, known.blue_colorant),
        ] {
            for (made, known) in [(made.x, known.x), (made.y, known.y), (made.z, known.z)] {
                assert!((made - known).abs() < 1e-3, "{made} {known}");
            }
        }
    }

    #[test]
    fn every_pair_of_numbers_is_a_profile_or_refused_and_hdr_is_named() {
        for primaries in 0..=255 {
            assert_eq!(by_number(primaries, 16), Err(HDR));
            assert_eq!(by_number(primaries, 18), Err(HDR));
            for transfer in 0..=255 {
                let made = by_number(primaries, transfer);
                let Ok(Some(made)) = made else { continue };
                let made = ColorProfile::new_from_slice(&made).unwrap();
                assert!(made.red_trc.is_some(), "{primaries} {transfer}");
                assert!(made.red_colorant.x > 0.1, "{primaries} {transfer}");
            }
        }
        assert_eq!(by_number(0, 13), Err(UNKNOWN));
        assert_eq!(by_number(1, 200), Err(UNKNOWN));
    }
}
