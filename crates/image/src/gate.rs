//! Where the network replaced content, the old fine detail goes with it.
use ndarray::{Array2, Array3};

/// The detail gate of a crop, H×W in 0..1: smoothstep(a, b, mean over colours of |Gaussian_σ(transformed − crop)|), edges
/// replicated. `sigma` in crop pixels; `a` < `b` in the colours' 0..1. The difference is blurred with its sign, so that plain
/// reconstruction error, which changes sign from pixel to pixel, does not open the gate.
pub fn gate(
    transformed: &Array3<f32>,
    _crop: &Array3<f32>,
    _sigma: f64,
    _a: f64,
    _b: f64,
) -> Array2<f32> {
    let (_, h, w) = transformed.dim();
    Array2::zeros((h, w))
}
