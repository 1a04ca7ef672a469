//! The noise that DN learns to find.

use diat_synth::SplitMix64;
use ndarray::Array4;

/// Independent normal numbers of mean 0 (Box and Muller 1958) that belong to this seed, purpose and step.
pub(super) fn normal(
    shape: [usize; 4],
    deviation: f64,
    (seed, purpose, step): (u64, &str, u64),
) -> Array4<f32> {
    let mut random = SplitMix64::stream(seed ^ SplitMix64::new(step).next_u64(), purpose);
    let mut second = None;
    Array4::from_shape_simple_fn(shape, || {
        let value = second.take().unwrap_or_else(|| {
            let radius = (-2.0 * (1.0 - random.unit()).ln()).sqrt();
            let (sine, cosine) = (core::f64::consts::TAU * random.unit()).sin_cos();
            second = Some(radius * sine);
            radius * cosine
        });
        (deviation * value) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn the_numbers_are_normal_and_belong_to_their_step() {
        let one = normal([2, 3, 64, 64], 0.5, (7, "noise", 3));
        let mean = one.mean().unwrap();
        let variance = one.mapv(|v| (v - mean) * (v - mean)).mean().unwrap();
        // Of a normal distribution 31.7% lie beyond one deviation, 4.6% beyond two.
        let beyond =
            |k: f32| one.iter().filter(|v| v.abs() > 0.5 * k).count() as f64 / one.len() as f64;
        assert!(
            mean.abs() < 0.01 && (variance - 0.25).abs() < 0.01,
            "{mean} {variance}"
        );
        assert!((beyond(1.0) - 0.317).abs() < 0.01, "{}", beyond(1.0));
        assert!((beyond(2.0) - 0.046).abs() < 0.005, "{}", beyond(2.0));
        assert_eq!(one, normal([2, 3, 64, 64], 0.5, (7, "noise", 3)));
        assert_ne!(one, normal([2, 3, 64, 64], 0.5, (7, "noise", 4)));
    }
}
