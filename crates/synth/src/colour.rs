//! Colours and how they lie over one another.

use crate::curve::mix;
use crate::random::SplitMix64;

/// Red, green, blue, sRGB-encoded, nominally 0..1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colour(pub [f64; 3]);

impl Colour {
    /// The grey of this level.
    pub(crate) const fn grey(level: f64) -> Self {
        Self([level; 3])
    }

    /// This colour at 0, `other` at 1.
    pub(crate) fn mixed(self, other: Self, share: f64) -> Self {
        Self(core::array::from_fn(|c| mix(self.0[c], other.0[c], share)))
    }

    /// Lighter above 1, darker below.
    pub(crate) fn times(self, factor: f64) -> Self {
        Self(self.0.map(|v| v * factor))
    }

    /// Each channel by its own factor.
    pub(crate) fn tinted(self, factors: [f64; 3]) -> Self {
        Self(core::array::from_fn(|c| self.0[c] * factors[c]))
    }

    /// The same amount more in each channel.
    pub(crate) fn plus(self, amount: f64) -> Self {
        Self(self.0.map(|v| v + amount))
    }

    /// In shadow: `light` (1 = none) dims it; skin and hair let red through longest.
    pub(crate) fn shaded(self, light: f64) -> Self {
        let shadow = 1.0 - light;
        self.tinted([light + 0.06 * shadow, light, light - 0.03 * shadow.max(0.0)])
    }

    /// The colour that many parts of the way along a row of colours (0 = first, 1 = last).
    pub(crate) fn along(row: &[Self], share: f64) -> Self {
        let last = row.len().saturating_sub(1);
        let place = share.clamp(0.0, 1.0) * last as f64;
        let first = (place as usize).min(last);
        let next = (first + 1).min(last);
        row[first].mixed(row[next], place - first as f64)
    }

    /// Each channel off by up to `amount`.
    pub(crate) fn varied(self, random: &mut SplitMix64, amount: f64) -> Self {
        Self(self.0.map(|v| v + random.range(-amount, amount)))
    }
}
