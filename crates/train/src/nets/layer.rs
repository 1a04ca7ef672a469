//! What several networks are made of.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;

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
        self.norm.forward(self.conv.forward(x))
    }
}
