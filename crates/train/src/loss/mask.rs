//! What shapes the mask. Maps are N×1×S/4×S/4.

use super::mean_square_differences;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;

/// Eq. 14 on the binary map: (mean of a picture's map − p)², averaged over the batch.
///
/// The paper's square is of a sum over the map's N cells, so its γ of 0.01 is γ′ = γ·N² here: 1.05e4 for 32² cells.
pub fn ratio(cells: Tensor<4>, share: f64) -> Tensor<1> {
    (share_of_each(cells) - share).square().mean()
}

/// Not in the paper: nothing within 0.85·p..1.15·p, the squared distance from it outside; averaged over the batch.
pub fn band(cells: Tensor<4>, share: f64) -> Tensor<1> {
    let of_each = share_of_each(cells);
    let below = relu(-of_each.clone() + 0.85 * share);
    let above = relu(of_each - 1.15 * share);
    below.square().mean() + above.square().mean()
}

/// Not in the paper: mean over pictures and cells of what the map marks outside `region` (1×1×S/4×S/4, 1 inside).
pub fn outside(cells: Tensor<4>, region: Tensor<4>) -> Tensor<1> {
    (cells * (-region + 1.0)).mean()
}

/// Not in the paper: mean square of the differences between neighbouring cells of the map before it is made binary.
pub fn map_smoothness(soft: Tensor<4>) -> Tensor<1> {
    mean_square_differences(soft)
}

fn share_of_each(cells: Tensor<4>) -> Tensor<2> {
    cells.flatten::<2>(1, 3).mean_dim(1)
}
