//! What the numbers in a picture's description mean.

use diat_effects::{Alpha, Format, Layout, Transfer};
use diat_plugin_abi::{self as abi, diat_image};

use crate::failure::Failure;

/// How a picture's bytes are to be read, but for its curve, which stays sRGB's.
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
        transfer: Transfer::Srgb,
    })
}
