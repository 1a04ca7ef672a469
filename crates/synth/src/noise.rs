//! Smooth chance over the plane.

use crate::curve::mix;
use crate::random::scramble;

/// A number in [0, 1) for a lattice point.
pub(crate) fn lattice(seed: u64, i: i64, j: i64) -> f64 {
    let bits = scramble(scramble(seed ^ (i as u64)).wrapping_add(j as u64));
    (bits >> 40) as f64 * (1.0 / (1_u64 << 24) as f64)
}

/// Value noise in [−1, 1]: lattice values a unit apart, smoothly joined.
pub(crate) fn noise(seed: u64, x: f64, y: f64) -> f64 {
    let (i, j) = (x.floor(), y.floor());
    let (u, v) = (x - i, y - j);
    let (u, v) = (u * u * (3.0 - 2.0 * u), v * v * (3.0 - 2.0 * v));
    let (i, j) = (i as i64, j as i64);
    let top = mix(lattice(seed, i, j), lattice(seed, i + 1, j), u);
    let bottom = mix(lattice(seed, i, j + 1), lattice(seed, i + 1, j + 1), u);
    2.0 * mix(top, bottom, v) - 1.0
}

/// Noise of `octaves` scales, each twice as fine and half as strong as the one before; in [−1, 1].
pub(crate) fn cloud(seed: u64, x: f64, y: f64, octaves: u32) -> f64 {
    let (mut sum, mut weight, mut total, mut scale) = (0.0, 1.0, 0.0, 1.0);
    for octave in 0..octaves {
        sum += weight * noise(seed.wrapping_add(u64::from(octave)), x * scale, y * scale);
        total += weight;
        weight *= 0.5;
        scale *= 2.0;
    }
    sum / total
}
