//! The sRGB transfer curve (IEC 61966-2-1), by table: fast, and the same bits on every system, which `powf` is not.

use std::sync::LazyLock;

/// Light (0..1) to sRGB code; odd, and carried on beyond 1, so that it can be undone everywhere.
#[inline]
pub(crate) fn encode(light: f32) -> f32 {
    curve(light, 0.003_130_8, 12.92, &ENCODE)
}

/// sRGB code to light; the way back of [`encode`].
#[inline]
pub(crate) fn decode(code: f32) -> f32 {
    curve(code, 0.040_45, 1.0 / 12.92, &DECODE)
}

/// An odd function that is a straight line up to `knee` and the table's beyond it.
#[inline]
pub(crate) fn curve(value: f32, knee: f32, slope: f32, table: &Table) -> f32 {
    let size = value.abs();
    if size <= knee {
        value * slope
    } else {
        table.at(size).copysign(value)
    }
}

/// A smooth function of a float's bits: steps even within each power of two, straight lines between them.
pub(crate) struct Table {
    first: u32,
    /// Value and rise of each step.
    steps: Vec<[f32; 2]>,
}

/// Steps for each power of two, as bits: with 2^10 the lines are off by less than a millionth of the value.
const STEP_BITS: u32 = 10;
const REST_BITS: u32 = f32::MANTISSA_DIGITS - 1 - STEP_BITS;
/// The tables end here; beyond it there is no light that a picture holds.
const END: f32 = 65536.0;

impl Table {
    /// Of the sizes from `start`, a power of two, up to [`END`].
    pub(crate) fn new(start: f32, function: impl Fn(f64) -> f64) -> Self {
        let first = start.to_bits() >> REST_BITS;
        let last = END.to_bits() >> REST_BITS;
        let at = |step: u32| function(f64::from(f32::from_bits(step << REST_BITS)));
        let steps = (first..last)
            .map(|i| [at(i) as f32, (at(i + 1) - at(i)) as f32])
            .collect();
        Self { first, steps }
    }

    /// True if no value left the floats.
    pub(crate) fn is_finite(&self) -> bool {
        self.steps.iter().flatten().all(|value| value.is_finite())
    }

    #[inline]
    fn at(&self, value: f32) -> f32 {
        let bits = value.to_bits();
        let step = (bits >> REST_BITS).saturating_sub(self.first) as usize;
        match self.steps.get(step) {
            Some([start, rise]) => {
                let rest = (bits & ((1 << REST_BITS) - 1)) as f32;
                start + rise * (rest * (1.0 / (1 << REST_BITS) as f32))
            }
            // Infinite or NaN for sure, or as good as.
            None => value,
        }
    }
}

static ENCODE: LazyLock<Table> =
    LazyLock::new(|| Table::new(0.001_953_125, |v| 1.055 * v.powf(1.0 / 2.4) - 0.055));
static DECODE: LazyLock<Table> =
    LazyLock::new(|| Table::new(0.031_25, |v| ((v + 0.055) / 1.055).powf(2.4)));

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn the_curve_is_the_standards_and_there_and_back_is_the_same_light() {
        for i in 0..200_000 {
            let light = (i as f32 / 100_000.0).powi(3);
            let exact = if light <= 0.003_130_8 {
                12.92 * f64::from(light)
            } else {
                1.055 * f64::from(light).powf(1.0 / 2.4) - 0.055
            };
            let code = encode(light);
            assert!(
                (f64::from(code) - exact).abs() < 1e-6 * exact.max(0.1),
                "{light} {code}"
            );
            assert!(
                (decode(code) - light).abs() < 2e-6 * light.max(0.1),
                "{light}"
            );
            assert_eq!(encode(-light), -code);
        }
        // Known values of the standard: half code and 18% grey.
        assert!((decode(0.5) - 0.214_041_14).abs() < 1e-6);
        assert!((encode(0.18) - 0.461_356_13).abs() < 1e-6);
        assert!(encode(f32::NAN).is_nan());
        assert_eq!(encode(f32::INFINITY), f32::INFINITY);
    }
}
