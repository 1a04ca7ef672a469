//! Shares with their uncertainty.

use serde::{Deserialize, Serialize};

/// The normal quantile of a two-sided interval of 95%.
const Z: f64 = 1.959_963_984_540_054;

/// k of n, with the interval that holds the true share with 95% certainty.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// How many.
    pub k: usize,
    /// Of how many.
    pub n: usize,
    /// k / n; 0 where n is 0.
    pub share: f64,
    /// Lower end of Wilson's interval.
    pub low: f64,
    /// Upper end of Wilson's interval.
    pub high: f64,
}

impl Rate {
    /// k of n. Wilson's score interval (E. B. Wilson, "Probable Inference", 1927), without continuity correction: unlike
    /// k/n ± 1.96 σ it stays within 0..1 and keeps its coverage for the few faces that a small partition has. Nothing is known where
    /// n is 0: 0..1.
    #[must_use]
    pub fn new(k: usize, n: usize) -> Self {
        let (mut share, mut low, mut high) = (0.0, 0.0, 1.0);
        if n > 0 {
            let count = n as f64;
            share = k as f64 / count;
            let z2 = Z * Z / count;
            let middle = (share + z2 / 2.0) / (1.0 + z2);
            let half = Z / (1.0 + z2) * (share * (1.0 - share) / count + z2 / (4.0 * count)).sqrt();
            // At both ends the formula gives 0 or 1 up to rounding.
            low = if k == 0 { 0.0 } else { middle - half };
            high = if k == n { 1.0 } else { middle + half };
        }
        Self {
            k,
            n,
            share,
            low,
            high,
        }
    }

    /// How many of these answers are yes.
    pub fn of(answers: impl IntoIterator<Item = bool>) -> Self {
        let (mut k, mut n) = (0, 0);
        for answer in answers {
            n += 1;
            k += usize::from(answer);
        }
        Self::new(k, n)
    }
}

/// The mean; none of nothing.
pub fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_usize);
    for value in values {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From `scipy.stats.binomtest(k, n).proportion_ci(method="wilson")`, SciPy 1.17.
    const SCIPY: [(usize, usize, f64, f64); 5] = [
        (0, 31, 0.0, 0.110_255_395_460_435_95),
        (23, 31, 0.567_538_641_905_662_1, 0.862_982_940_936_062_5),
        (31, 31, 0.889_744_604_539_564, 1.0),
        (1, 2, 0.094_531_205_734_230_74, 0.905_468_794_265_769_3),
        (821, 1000, 0.796_025_336_271_462_8, 0.843_517_884_780_810_8),
    ];

    #[test]
    fn the_interval_is_scipys() {
        for (k, n, low, high) in SCIPY {
            let rate = Rate::new(k, n);
            assert!(
                (rate.low - low).abs() < 1e-9 && (rate.high - high).abs() < 1e-9,
                "{rate:?} is not {low}..{high}"
            );
        }
    }

    #[test]
    fn of_nothing_nothing_is_known() {
        let rate = Rate::of([]);
        assert_eq!((rate.k, rate.n, rate.low, rate.high), (0, 0, 0.0, 1.0));
        assert_eq!(mean([]), None);
        assert_eq!(Rate::of([true, false, true]), Rate::new(2, 3));
    }
}
