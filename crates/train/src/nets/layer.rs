//! What several networks are made of.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;
use burn::tensor::activation::{self, relu};

use super::conv::convolved;
use super::norm::BatchNorm;

/// A convolution without bias and the normalisation after it.
#[derive(Module, Debug)]
pub struct ConvNorm {
    /// Weight of shape outputs×inputs×height×width.
    pub conv: Conv2d,
    /// One value a channel of the convolution's output.
    pub norm: BatchNorm,
}

impl ConvNorm {
    /// N×C×H×W to the convolution's own shape.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.norm.forward(convolved(&self.conv, x))
    }
}

/// x above 0, slope·x below, with one slope a channel; N×C×H×W to the same.
///
/// Burn differentiates its own by masks, ten times as slowly on the pure-Rust device as two ReLUs, whose sum has the same bits.
pub(super) fn prelu(x: Tensor<4>, slopes: Tensor<1>) -> Tensor<4> {
    if !x.device().is_autodiff() {
        return activation::prelu(x, slopes);
    }
    let [channels] = slopes.dims();
    relu(x.clone()) - relu(x.neg()) * slopes.reshape([1, channels, 1, 1])
}

/// x above 0, slope·x below; see [`prelu`].
pub(super) fn leaky_relu<const D: usize>(x: Tensor<D>, slope: f64) -> Tensor<D> {
    if !x.device().is_autodiff() {
        return activation::leaky_relu(x, slope);
    }
    relu(x.clone()) - relu(x.neg()) * slope
}
