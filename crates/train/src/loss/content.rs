//! What keeps the face the same face.

use burn::tensor::Tensor;

/// Eq. 9 for one layer: ½·mean (Dₗ(x̂) − Dₗ(x))², the mean being over pictures and over the layer's C·H·W elements, as Eq. 9
/// divides by 2·C·H·W. Eq. 10 is the sum over conv 3 and 4, both with w = 1.
///
/// With `relative` it is divided by the mean square of Dₗ(x) over the batch: what D's features are scaled by then does not
/// matter, and one weight serves every D (not in the paper).
///
/// Gradients flow through `made` alone; the features of x are a target.
pub fn perceptual(made: Tensor<4>, source: Tensor<4>, relative: bool) -> Tensor<1> {
    let source = source.detach();
    let distance = (made - source.clone()).square().mean() * 0.5;
    match relative {
        true => distance / (source.square().mean() + SMALLEST),
        false => distance,
    }
}

/// Features that are all 0 have nothing to keep.
const SMALLEST: f32 = 1e-8;

/// Eq. 11: ‖VGG(x) − VGG(T(x))‖² over the 4096 features, averaged over the batch. Both N×4096; gradients flow through `made`.
pub fn identity(made: Tensor<2>, source: Tensor<2>) -> Tensor<1> {
    (made - source.detach()).square().sum_dim(1).mean()
}
