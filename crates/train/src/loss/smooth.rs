//! What keeps F(x) free of noise.

use super::{differences, mean_square_differences, sum_of_each};
use burn::tensor::Tensor;
use burn::tensor::activation::relu;

/// Eq. 12, DN's own objective: ‖DN(y) + y − x‖², summed over a picture's elements, averaged over the batch. `residual` is
/// DN(y), `noisy` y, `clean` x.
pub fn denoising(residual: Tensor<4>, noisy: Tensor<4>, clean: Tensor<4>) -> Tensor<1> {
    sum_of_each((residual + noisy - clean).square()).mean()
}

/// Eq. 13: max(0, ‖DN(F(x))‖² − t) for each picture, averaged over the batch.
///
/// The paper's t, 16 to 30, goes with 3·128² elements on \[-1, 1\] and is scaled here to the number there are.
pub fn residual(residual: Tensor<4>, threshold: f64) -> Tensor<1> {
    let [_, channels, height, width] = residual.dims();
    let threshold = threshold * (channels * height * width) as f64 / (3 * 128 * 128) as f64;
    relu(sum_of_each(residual.square()) - threshold).mean()
}

/// The ablation of §IV-F: mean |difference| of neighbours side by side plus of neighbours one above the other, over pictures,
/// channels and pairs.
pub fn total_variation(x: Tensor<4>) -> Tensor<1> {
    let (across, down) = differences(x);
    across.abs().mean() + down.abs().mean()
}

/// Not in the paper: mean square of the differences between neighbouring pixels of `change`, which is T(x) − x.
pub fn change_smoothness(change: Tensor<4>) -> Tensor<1> {
    mean_square_differences(change)
}
