//! The one place where a picture's own colours become the network's (straight, sRGB-encoded RGB) and back.

use crate::colour_space::ColourSpace;
use crate::layout::{Alpha, Format, Layout, Transfer};
use crate::sample::load;
use crate::transfer::{decode, encode};

/// The colours of one picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Colours<'a> {
    pub(crate) layout: Layout,
    /// None: sRGB's primaries and the layout's curve.
    space: Option<&'a ColourSpace>,
}

impl<'a> Colours<'a> {
    pub(crate) fn of(layout: Layout, space: Option<&'a ColourSpace>) -> Self {
        Self { layout, space }
    }

    /// True if the picture's samples are the network's colours as they are.
    pub(crate) fn are_the_networks(self) -> bool {
        self.space.is_none()
            && self.layout.transfer == Transfer::Srgb
            && self.layout.alpha != Alpha::Premultiplied
    }

    /// A pixel's own samples as the network's colours, not clamped. Here and below the fourth of the network's numbers means
    /// nothing.
    #[inline]
    pub(crate) fn to_network(self, own: [f32; 4]) -> [f32; 4] {
        let straight = self.straight(own);
        match (self.space, self.layout.transfer) {
            (Some(space), _) => space.to_network(straight),
            (None, Transfer::Srgb) => straight,
            (None, Transfer::Linear) => straight.map(encode),
        }
    }

    /// `x`, the network's colours of `own`, without what is beyond the picture's own black and white; NaN becomes 0. Where the
    /// network replaces content, all of this goes: a colour that sRGB does not hold belongs to the content, a light brighter than
    /// white does not.
    #[inline]
    pub(crate) fn held(self, own: [f32; 4], x: [f32; 4]) -> [f32; 4] {
        let Some(space) = self.space else {
            return x.map(clamp);
        };
        let straight = self.straight(own);
        if straight[..3].iter().all(|c| (0.0..=1.0).contains(c)) {
            x
        } else {
            space.to_network(straight.map(clamp))
        }
    }

    /// A pixel's samples without their alpha.
    #[inline]
    fn straight(self, own: [f32; 4]) -> [f32; 4] {
        match self.layout.alpha {
            Alpha::Straight | Alpha::Opaque => own,
            Alpha::Premultiplied if own[3] > 0.0 => own.map(|c| c / own[3]),
            Alpha::Premultiplied => [0.0; 4],
        }
    }

    /// The network's colours in the picture's own samples, for a pixel of that alpha.
    #[inline]
    pub(crate) fn of_network(self, colours: [f32; 4], alpha: f32) -> [f32; 4] {
        let straight = match (self.space, self.layout.transfer) {
            (Some(space), _) => space.of_network(colours),
            (None, Transfer::Srgb) => colours,
            (None, Transfer::Linear) => colours.map(decode),
        };
        match self.layout.alpha {
            Alpha::Straight | Alpha::Opaque => straight,
            Alpha::Premultiplied => straight.map(|c| c * alpha.max(0.0)),
        }
    }

    /// The pixel's own colours after its network colours `x` have moved by `change`: the move is taken back, not the colour,
    /// so that what did not move keeps every digit.
    #[inline]
    pub(crate) fn moved(self, own: [f32; 4], x: [f32; 4], change: [f32; 4]) -> [f32; 4] {
        let move_by = |change: [f32; 4], share: f32| -> [f32; 4] {
            std::array::from_fn(|c| own[c] + share * change[c])
        };
        let change = match (self.space, self.layout.transfer) {
            (Some(space), _) => space.move_of(self.straight(own), x, change),
            (None, Transfer::Srgb) => change,
            (None, Transfer::Linear) => std::array::from_fn(|c| {
                let light = decode(x[c]);
                if light.is_finite() {
                    decode(x[c] + change[c]) - light
                } else {
                    0.0
                }
            }),
        };
        match (self.layout.alpha, self.layout.format) {
            (Alpha::Straight | Alpha::Opaque, _) => move_by(change, 1.0),
            (Alpha::Premultiplied, Format::RgbaF32) => move_by(change, own[3].max(0.0)),
            // Integers hold no colour brighter than white.
            (Alpha::Premultiplied, Format::RgbaU8 | Format::RgbaU16) => {
                let moved = move_by(change, own[3]);
                std::array::from_fn(|c| moved[c].min(own[3].max(own[c])))
            }
        }
    }

    /// The network's colours of the pixels of `bytes`, clamped to 0..1 (NaN becomes 0).
    pub(crate) fn read(self, bytes: &[u8], colours: &mut [[f32; 4]]) {
        let are_straight_bytes =
            self.layout.format == Format::RgbaU8 && self.layout.alpha != Alpha::Premultiplied;
        let read = |space: &ColourSpace| space.read_bytes(bytes, colours);
        if are_straight_bytes && self.space.is_some_and(read) {
            return clamp_all(colours);
        }
        load(self.layout.format, bytes, colours);
        if self.are_the_networks() && self.layout.format != Format::RgbaF32 {
            return;
        }
        if !self.are_the_networks() {
            for colour in colours.iter_mut() {
                *colour = self.to_network(*colour);
            }
        }
        clamp_all(colours);
    }
}

fn clamp_all(colours: &mut [[f32; 4]]) {
    for value in colours.as_flattened_mut() {
        *value = clamp(*value);
    }
}

/// To 0..1; NaN becomes 0.
#[inline]
#[expect(clippy::manual_clamp, reason = "`clamp` would let NaN through")]
pub(crate) fn clamp(value: f32) -> f32 {
    value.max(0.0).min(1.0)
}
