//! How near one picture is to another. Pictures are 3×H×W, RGB in 0..1, both of one shape.

use ndarray::{Array2, ArrayView2, ArrayView3, Axis};

/// What stands for the infinite PSNR of equal pictures, so that a mean over faces stays a number.
pub const EQUAL_DB: f64 = 100.0;

/// Mean square error over all pixels and colours; 0 of nothing.
pub fn mean_square(a: &ArrayView3<f32>, b: &ArrayView3<f32>) -> f64 {
    let sum: f64 = a.iter().zip(b).map(|(a, b)| square(*a, *b)).sum();
    sum / a.len().max(1) as f64
}

fn square(a: f32, b: f32) -> f64 {
    let apart = f64::from(a) - f64::from(b);
    apart * apart
}

/// Peak signal-to-noise ratio in dB of a mean square error on 0..1, at most [`EQUAL_DB`].
#[must_use]
pub fn decibels(mean_square: f64) -> f64 {
    (-10.0 * mean_square.log10()).min(EQUAL_DB)
}

/// Peak signal-to-noise ratio in dB over all three colours. The paper does not say whether it means colours or brightness.
pub fn psnr(a: &ArrayView3<f32>, b: &ArrayView3<f32>) -> f64 {
    decibels(mean_square(a, b))
}

/// Side and standard deviation, in pixels, of SSIM's Gaussian window.
const WINDOW: usize = 11;
const SIGMA: f64 = 1.5;
/// (0.01·L)² and (0.03·L)² for a peak L of 1.
const C1: f64 = 0.0001;
const C2: f64 = 0.0009;

/// Structural similarity (Wang et al. 2004): 11×11 Gaussian window of σ 1.5, K₁ 0.01, K₂ 0.03, mean over the windows that
/// lie wholly in the picture and over the three colours. None where a side is shorter than the window.
pub fn ssim(a: &ArrayView3<f32>, b: &ArrayView3<f32>) -> Option<f64> {
    let (_, height, width) = a.dim();
    if a.dim() != b.dim() || height < WINDOW || width < WINDOW {
        return None;
    }
    let planes = a.axis_iter(Axis(0)).zip(b.axis_iter(Axis(0)));
    let each: Vec<f64> = planes.map(|(a, b)| plane_ssim(&a, &b)).collect();
    Some(each.iter().sum::<f64>() / each.len().max(1) as f64)
}

fn plane_ssim(a: &ArrayView2<f32>, b: &ArrayView2<f32>) -> f64 {
    let (a, b) = (a.mapv(f64::from), b.mapv(f64::from));
    let (mean_a, mean_b) = (blurred(&a), blurred(&b));
    let (aa, bb, ab) = (
        blurred(&(&a * &a)),
        blurred(&(&b * &b)),
        blurred(&(&a * &b)),
    );
    let mut sum = 0.0;
    for (index, &ma) in mean_a.indexed_iter() {
        let mb = mean_b[index];
        let (va, vb, cov) = (
            aa[index] - ma * ma,
            bb[index] - mb * mb,
            ab[index] - ma * mb,
        );
        sum +=
            (2.0 * ma * mb + C1) * (2.0 * cov + C2) / ((ma * ma + mb * mb + C1) * (va + vb + C2));
    }
    sum / mean_a.len() as f64
}

/// Gaussian means of the windows that lie wholly in the plane.
fn blurred(plane: &Array2<f64>) -> Array2<f64> {
    let weights = weights();
    let (height, width) = plane.dim();
    let across = Array2::from_shape_fn((height, width + 1 - WINDOW), |(y, x)| {
        weights
            .iter()
            .enumerate()
            .map(|(i, w)| w * plane[[y, x + i]])
            .sum::<f64>()
    });
    Array2::from_shape_fn((height + 1 - WINDOW, width + 1 - WINDOW), |(y, x)| {
        weights
            .iter()
            .enumerate()
            .map(|(i, w)| w * across[[y + i, x]])
            .sum::<f64>()
    })
}

fn weights() -> [f64; WINDOW] {
    let mut weights: [f64; WINDOW] = core::array::from_fn(|i| {
        let away = i as f64 - (WINDOW / 2) as f64;
        (-away * away / (2.0 * SIGMA * SIGMA)).exp()
    });
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array3;

    /// Two pictures that anyone can make again: ((c·37 + y·11 + x·7 + y·x·k) mod 101) / 100.
    fn picture(k: usize) -> Array3<f32> {
        Array3::from_shape_fn((3, 20, 24), |(c, y, x)| {
            ((c * 37 + y * 11 + x * 7 + y * x * k) % 101) as f32 / 100.0
        })
    }

    /// The second is mixed into the first: a pair that is alike.
    fn near() -> (Array3<f32>, Array3<f32>) {
        let (a, b) = (picture(1), picture(2));
        let mixed = &a * 0.8 + &b * 0.2;
        (a, mixed)
    }

    /// From scikit-image 0.26: `peak_signal_noise_ratio` and `structural_similarity(gaussian_weights=True, sigma=1.5,
    /// use_sample_covariance=False, data_range=1)`.
    #[test]
    fn psnr_and_ssim_are_scikit_images() {
        let (a, b) = (picture(1), picture(2));
        assert!((psnr(&a.view(), &b.view()) - 8.106_514).abs() < 1e-4);
        assert!((ssim(&a.view(), &b.view()).unwrap() + 0.069_968).abs() < 1e-4);
        let (a, b) = near();
        assert!((psnr(&a.view(), &b.view()) - 22.085_914).abs() < 1e-4);
        assert!((ssim(&a.view(), &b.view()).unwrap() - 0.947_522).abs() < 1e-4);
    }

    #[test]
    fn a_picture_equals_itself() {
        let a = picture(3);
        assert_eq!(psnr(&a.view(), &a.view()), EQUAL_DB);
        assert!((ssim(&a.view(), &a.view()).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_picture_smaller_than_the_window_has_no_ssim() {
        let a = Array3::zeros((3, 10, 30));
        assert_eq!(ssim(&a.view(), &a.view()), None);
    }
}
