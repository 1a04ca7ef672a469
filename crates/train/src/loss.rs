//! The terms of F's, D's, T's and DN's objectives: one function each, without its weight, on N×C×H×W tensors of f32.
//!
//! Each gives one number (a tensor of one element). Norms sum over a picture's elements and average over the pictures of the
//! batch, except where a function says that it averages over the elements. The paper's γ, λ, β and the weights beyond the
//! paper are the recipe's.
//!
//! | equation | function |
//! |---|---|
//! | 5 | [`adversarial::original`] |
//! | 7, 8 | [`adversarial::wasserstein`] |
//! | 9, 10 | [`content::perceptual`] |
//! | 11 | [`content::identity`] |
//! | 12 | [`smooth::denoising`] |
//! | 13 | [`smooth::residual`] |
//! | 14 | [`mask::ratio`] |
//! | 17, 19 | [`pixel::sum_of_squares`] |
//! | 18 | [`adversarial::regression`] |
//! | none (beyond the paper) | [`adversarial::hinge`], [`mask::band`], [`mask::outside`], [`mask::map_smoothness`], [`pixel::l1`] (also the cycle), [`pixel::l1_of_rows`] (pairs), [`smooth::total_variation`], [`smooth::change_smoothness`] |
//!
//! What D is shown of a picture, the same for real and made ones, is [`shown`]'s business: an oval of the face, varied light,
//! squares cut out.

pub mod adversarial;
pub mod content;
pub mod mask;
pub mod pixel;
pub mod shown;
pub mod smooth;

#[cfg(test)]
mod tests;

use burn::tensor::Tensor;

/// Mean square of the differences between neighbours: over all pairs side by side, plus over all pairs one above the other.
fn mean_square_differences(x: Tensor<4>) -> Tensor<1> {
    let (across, down) = differences(x);
    across.square().mean() + down.square().mean()
}

/// Right minus left, N×C×H×(W−1), and lower minus upper, N×C×(H−1)×W.
fn differences(x: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
    let [_, _, height, width] = x.dims();
    let across = x.clone().narrow(3, 1, width - 1) - x.clone().narrow(3, 0, width - 1);
    let down = x.clone().narrow(2, 1, height - 1) - x.narrow(2, 0, height - 1);
    (across, down)
}

/// For each picture the sum over its elements: N.
fn sum_of_each(x: Tensor<4>) -> Tensor<1> {
    x.flatten::<2>(1, 3).sum_dim(1).squeeze_dim(1)
}
