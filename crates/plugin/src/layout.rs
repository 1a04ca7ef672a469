//! What the numbers in a picture's description mean.

use diat_effects::{Alpha, Format, Layout, Transfer};
use diat_plugin_abi::{self as abi, diat_image};

use crate::failure::Failure;

/// H.273's sRGB curve, those that are one curve with it but for a hair (BT.709 and its kin), and "unspecified".
const SRGB_TRANSFERS: [u16; 7] = [0, 1, 2, 6, 13, 14, 15];
const LINEAR_TRANSFER: u16 = 8;
/// H.273's sRGB primaries and "unspecified".
const SRGB_PRIMARIES: [u16; 3] = [0, 1, 2];

/// How a picture's bytes are to be read.
pub(crate) fn layout(image: &diat_image) -> Result<Layout, Failure> {
    Ok(Layout {
        format: match image.format {
            abi::DIAT_RGBA_U8 => Format::RgbaU8,
            abi::DIAT_RGBA_U16 => Format::RgbaU16,
            abi::DIAT_RGBA_F32 => Format::RgbaF32,
            other => {
                return Err(Failure::format(format!(
                    "format {other}: 1, 2 and 3 are known"
                )));
            }
        },
        alpha: match image.alpha {
            abi::DIAT_ALPHA_STRAIGHT => Alpha::Straight,
            abi::DIAT_ALPHA_PREMULTIPLIED => Alpha::Premultiplied,
            abi::DIAT_ALPHA_OPAQUE => Alpha::Opaque,
            other => {
                return Err(Failure::format(format!(
                    "alpha {other}: 0, 1 and 2 are known"
                )));
            }
        },
        transfer: match image.transfer {
            LINEAR_TRANSFER => Transfer::Linear,
            known if SRGB_TRANSFERS.contains(&known) => Transfer::Srgb,
            other => {
                return Err(Failure::unsupported(format!(
                    "transfer {other}: supported are sRGB (0, 1, 2, 6, 13, 14, 15) and linear (8)"
                )));
            }
        },
    })
}

/// What is known of a picture's colours and not used, for the log.
pub(crate) fn unused_colour(image: &diat_image) -> Option<String> {
    let profile = !image.icc.is_null() && image.icc_size > 0;
    let primaries = !SRGB_PRIMARIES.contains(&image.primaries);
    match (profile, primaries) {
        (true, _) => {
            Some("the picture's profile is not used: its numbers are taken for sRGB's".into())
        }
        (false, true) => Some(format!(
            "primaries {} are not converted: the picture's numbers are taken for sRGB's",
            image.primaries
        )),
        (false, false) => None,
    }
}
