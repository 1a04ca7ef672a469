//! Where the network replaced content, the original's fine detail goes with it.

use crate::window::smoothstep;
use ndarray::{Array2, Array3};

/// The detail gate of a crop, H×W in 0..1: smoothstep(a, b, mean over colours of |Gaussian_σ(transformed − crop)|), edges
/// replicated. `sigma` in crop pixels; `a` < `b` in the colours' 0..1. The difference is blurred with its sign, so that plain
/// reconstruction error, which changes sign from pixel to pixel, does not open the gate.
pub fn gate(
    transformed: &Array3<f32>,
    crop: &Array3<f32>,
    sigma: f64,
    a: f64,
    b: f64,
) -> Array2<f32> {
    let kernel = gaussian(sigma);
    let (colours, height, width) = crop.dim();
    let mut sum = vec![0.0f32; height * width];
    for (t, x) in transformed.outer_iter().zip(crop.outer_iter()) {
        let difference: Vec<f32> = t.iter().zip(x).map(|(t, x)| t - x).collect();
        let blurred = blur(&difference, width, &kernel);
        for (sum, value) in sum.iter_mut().zip(blurred) {
            *sum += value.abs();
        }
    }
    let mut values = sum.into_iter();
    Array2::from_shape_simple_fn((height, width), || {
        let mean = f64::from(values.next().unwrap_or(0.0)) / colours.max(1) as f64;
        smoothstep(a, b, mean) as f32
    })
}

/// One half of a Gaussian's weights from the middle on, cut at four σ; the whole kernel sums to 1.
fn gaussian(sigma: f64) -> Vec<f32> {
    let radius = (4.0 * sigma).ceil().clamp(0.0, 256.0) as usize;
    let weight = |i: usize| (-0.5 * (i as f64 / sigma.max(1e-9)).powi(2)).exp();
    let total = 1.0 + 2.0 * (1..=radius).map(weight).sum::<f64>();
    (0..=radius).map(|i| (weight(i) / total) as f32).collect()
}

/// Rows of `width` values, blurred downwards and then rightwards; edges replicated.
fn blur(source: &[f32], width: usize, kernel: &[f32]) -> Vec<f32> {
    let reach = kernel.len() - 1;
    let height = source.len() / width.max(1);
    let row = |y: usize| &source[y * width..(y + 1) * width];
    let mut blurred = Vec::with_capacity(source.len());
    let (mut down, mut padded) = (vec![0.0; width], vec![0.0; width + 2 * reach]);
    for y in 0..height {
        down.fill(0.0);
        add(&mut down, kernel[0], row(y));
        for (i, &weight) in kernel.iter().enumerate().skip(1) {
            add(&mut down, weight, row(y.saturating_sub(i)));
            add(&mut down, weight, row((y + i).min(height - 1)));
        }
        padded[..reach].fill(down[0]);
        padded[reach..reach + width].copy_from_slice(&down);
        padded[reach + width..].fill(down[width - 1]);
        down.fill(0.0);
        add(&mut down, kernel[0], &padded[reach..]);
        for (i, &weight) in kernel.iter().enumerate().skip(1) {
            add(&mut down, weight, &padded[reach - i..]);
            add(&mut down, weight, &padded[reach + i..]);
        }
        blurred.extend_from_slice(&down);
    }
    blurred
}

fn add(sum: &mut [f32], weight: f32, values: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += weight * value;
    }
}

#[cfg(test)]
mod tests {
    use super::gate;
    use ndarray::{Array3, s};

    fn crop(f: impl Fn(usize, usize, usize) -> f32) -> Array3<f32> {
        Array3::from_shape_fn((3, 24, 32), |(c, y, x)| f(c, y, x))
    }

    #[test]
    fn a_change_of_content_opens_it_and_an_error_that_changes_sign_does_not() {
        let same = crop(|_, _, _| 0.5);
        let (a, b) = (6.0 / 255.0, 20.0 / 255.0);
        let replaced = crop(|_, _, _| 0.5 + 30.0 / 255.0);
        assert!(gate(&replaced, &same, 1.0, a, b).iter().all(|&g| g == 1.0));
        let checkered = crop(|_, y, x| 0.5 + if (x + y) % 2 == 0 { 0.1 } else { -0.1 });
        // At the very corner the replicated edge has one sign; two pixels inside it is gone.
        let g = gate(&checkered, &same, 1.0, a, b);
        assert!(g.slice(s![2..22, 2..30]).iter().all(|&g| g == 0.0), "{g}");
        assert!(gate(&checkered, &same, 0.0, a, b).iter().all(|&g| g == 1.0));
    }

    #[test]
    fn it_is_the_smoothstep_of_the_mean_of_blurred_differences() {
        // An edge in red alone: the blurred step is the Gaussian's distribution function, the mean a third of it.
        let same = crop(|_, _, _| 0.2);
        let edge = crop(|c, _, x| if c == 0 && x >= 16 { 0.8 } else { 0.2 });
        let sigma = 1.5;
        let g = gate(&edge, &same, sigma, 0.05, 0.15);
        let weight = |i: f64| (-0.5 * (i / sigma).powi(2)).exp();
        let total: f64 = (-6..=6).map(|i| weight(f64::from(i))).sum();
        for x in 8..24usize {
            let step: f64 = (-6..=6)
                .filter(|i| x as i32 + i >= 16)
                .map(|i| weight(f64::from(i)) / total)
                .sum();
            let t = ((0.6 * step / 3.0 - 0.05) / 0.1).clamp(0.0, 1.0);
            let expected = t * t * (3.0 - 2.0 * t);
            for y in [0, 11, 23] {
                assert!(
                    (f64::from(g[(y, x)]) - expected).abs() < 1e-5,
                    "{x} {expected}"
                );
            }
        }
    }
}
