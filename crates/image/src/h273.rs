//! Colours by the numbers of ITU-T H.273.

use crate::colour_space::{ColourSpace, Encoding, Model, Shaper, to_pcs};
use crate::curve::{Curve, Shape};
use moxcms::{Chromaticity, ColorPrimaries};
use std::sync::Arc;

/// Numbers that mean nothing to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum H273Error {
    /// A transfer curve.
    #[error(
        "transfer {0}: supported are sRGB (0, 1, 2, 6, 13, 14, 15), gamma 2.2 (4), gamma 2.8 (5), linear (8) and PQ (16)"
    )]
    Transfer(u16),
    /// Primaries.
    #[error("primaries {0}: known are 0, 1, 2, 4 to 9, 11, 12 and 22")]
    Primaries(u16),
}

/// What colours of these primaries (0 to 2: sRGB's) and this transfer curve stand for. The curves of BT.709 and its kin (1, 6, 14
/// and 15) are taken for sRGB's, which is how such pictures are shown. White of PQ (16) is 203 cd/m².
///
/// # Errors
/// Numbers that are reserved or not supported.
pub fn h273(primaries: u16, transfer: u16) -> Result<Encoding, H273Error> {
    let shape = match transfer {
        0 | 1 | 2 | 6 | 13 | 14 | 15 => Shape::srgb(),
        4 => Shape::power(2.2),
        5 => Shape::power(2.8),
        8 => Shape::power(1.0),
        16 => Shape::Pq,
        other => return Err(H273Error::Transfer(other)),
    };
    // System C's white, as H.273 rounds it.
    let c = Chromaticity { x: 0.310, y: 0.316 };
    let d65 = Chromaticity::D65;
    let (primaries_xy, white) = match primaries {
        0..=2 => (ColorPrimaries::BT_709, d65),
        4 => (ColorPrimaries::BT_470M, c),
        5 => (ColorPrimaries::BT_470BG, d65),
        6 | 7 => (ColorPrimaries::BT_601, d65),
        8 => (ColorPrimaries::GENERIC_FILM, c),
        9 => (ColorPrimaries::BT_2020, d65),
        11 => (
            ColorPrimaries::SMPTE_431,
            Chromaticity { x: 0.314, y: 0.351 },
        ),
        12 => (ColorPrimaries::SMPTE_432, d65),
        22 => (ColorPrimaries::EBU_3213, d65),
        other => return Err(H273Error::Primaries(other)),
    };
    // Neither can happen for the standard's own numbers.
    let curve = Curve::new(shape).map_err(|_| H273Error::Transfer(transfer))?;
    let curve = Arc::new(curve);
    let curves = [Arc::clone(&curve), Arc::clone(&curve), curve];
    let shaper =
        Shaper::new(curves, to_pcs(primaries_xy, white)).ok_or(H273Error::Primaries(primaries))?;
    let definition = [primaries.to_be_bytes(), transfer.to_be_bytes()].concat();
    Ok(ColourSpace::encoding(Model::Shaper(shaper), definition))
}
