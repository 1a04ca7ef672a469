//! The one place where a picture's own colours become the network's (straight, sRGB-encoded RGB) and back. Whatever a
//! picture may be tagged with (an ICC profile, wider primaries) is to be dealt with here and nowhere else.

use crate::layout::{Alpha, Format, Layout, Transfer};
use crate::sample::{F32, Samples, U8, U16};
use crate::transfer::{decode, encode};

/// The colours of one layout.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Colours {
    layout: Layout,
}

impl Colours {
    pub(crate) fn of(layout: Layout) -> Self {
        Self { layout }
    }

    /// A pixel's own samples as the network's colours, not clamped.
    #[inline]
    pub(crate) fn to_network(self, own: [f32; 4]) -> [f32; 3] {
        let colours = [own[0], own[1], own[2]];
        let straight = match self.layout.alpha {
            Alpha::Straight | Alpha::Opaque => colours,
            Alpha::Premultiplied if own[3] > 0.0 => colours.map(|c| c / own[3]),
            Alpha::Premultiplied => [0.0; 3],
        };
        match self.layout.transfer {
            Transfer::Srgb => straight,
            Transfer::Linear => straight.map(encode),
        }
    }

    /// The network's colours in the picture's own samples, for a pixel of that alpha.
    #[inline]
    pub(crate) fn of_network(self, colours: [f32; 3], alpha: f32) -> [f32; 3] {
        let straight = match self.layout.transfer {
            Transfer::Srgb => colours,
            Transfer::Linear => colours.map(decode),
        };
        match self.layout.alpha {
            Alpha::Straight | Alpha::Opaque => straight,
            Alpha::Premultiplied => straight.map(|c| c * alpha.max(0.0)),
        }
    }

    /// The pixel's own colours after its network colours `x` have moved by `change`: the move is taken back, not the colour,
    /// so that what did not move keeps every digit.
    #[inline]
    pub(crate) fn moved(self, own: [f32; 4], x: [f32; 3], change: [f32; 3]) -> [f32; 3] {
        std::array::from_fn(|c| {
            let change = match self.layout.transfer {
                Transfer::Srgb => change[c],
                Transfer::Linear if x[c].is_finite() => decode(x[c] + change[c]) - decode(x[c]),
                Transfer::Linear => 0.0,
            };
            match self.layout.alpha {
                Alpha::Straight | Alpha::Opaque => own[c] + change,
                Alpha::Premultiplied => {
                    let alpha = own[3].max(0.0);
                    let moved = own[c] + alpha * change;
                    match self.layout.format {
                        // Integers hold no colour brighter than white.
                        Format::RgbaU8 | Format::RgbaU16 => moved.min(alpha.max(own[c])),
                        Format::RgbaF32 => moved,
                    }
                }
            }
        })
    }

    /// The network's colours of a row's pixels, clamped to 0..1 (NaN becomes 0); the fourth number is unspecified.
    pub(crate) fn row_to_network(self, row: &[u8], colours: &mut [[f32; 4]]) {
        match self.layout.format {
            Format::RgbaU8 => self.samples_to_network::<U8>(row, colours),
            Format::RgbaU16 => self.samples_to_network::<U16>(row, colours),
            Format::RgbaF32 => self.samples_to_network::<F32>(row, colours),
        }
    }

    fn samples_to_network<S: Samples>(self, row: &[u8], colours: &mut [[f32; 4]]) {
        let plain = Layout::srgb(self.layout.format);
        let pixels = S::pixels(row).iter().zip(colours);
        if self.layout.transfer == plain.transfer && self.layout.alpha != Alpha::Premultiplied {
            // The common case, in a loop that vectorises.
            for (pixel, colour) in pixels {
                *colour = S::load(pixel).map(clamp);
            }
        } else {
            for (pixel, colour) in pixels {
                let [r, g, b] = self.to_network(S::load(pixel)).map(clamp);
                *colour = [r, g, b, 0.0];
            }
        }
    }
}

/// To 0..1; NaN becomes 0.
#[inline]
#[expect(clippy::manual_clamp, reason = "`clamp` would let NaN through")]
pub(crate) fn clamp(value: f32) -> f32 {
    value.max(0.0).min(1.0)
}
