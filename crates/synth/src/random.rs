//! The one source of chance: integers, so that a seed gives the same face everywhere.

/// SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
#[derive(Clone, Debug)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// The generator that starts at `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A generator of its own for one purpose, so that a draw more in one place changes nothing in another.
    pub fn stream(seed: u64, purpose: &str) -> Self {
        let state = purpose.bytes().fold(scramble(seed), |state, byte| {
            scramble(state ^ u64::from(byte))
        });
        Self { state }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        let bits = scramble(self.state);
        self.state = self.state.wrapping_add(GOLDEN);
        bits
    }

    /// Uniform in [0, 1), in steps of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Uniform in [from, to).
    pub fn range(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// True in `share` of all draws.
    pub fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64's step and finaliser: 64 bits to 64 well mixed bits, one to one.
pub(crate) fn scramble(value: u64) -> u64 {
    let z = value.wrapping_add(GOLDEN);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::SplitMix64;

    #[test]
    fn the_reference_sequence_comes_out() {
        // First outputs for the seed 1234567 in the reference implementation.
        let mut random = SplitMix64::new(1_234_567);
        assert_eq!(random.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(random.next_u64(), 3_203_168_211_198_807_973);
        assert_eq!(random.next_u64(), 9_817_491_932_198_370_423);
    }

    #[test]
    fn units_stay_in_range_and_streams_differ() {
        let mut random = SplitMix64::new(3);
        let mean = (0..10_000)
            .map(|_| random.unit())
            .inspect(|u| assert!((0.0..1.0).contains(u)))
            .sum::<f64>()
            / 1e4;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        let first = |purpose| SplitMix64::stream(3, purpose).next_u64();
        assert_ne!(first("eyes"), first("nose"));
        assert_eq!(first("eyes"), first("eyes"));
    }
}
