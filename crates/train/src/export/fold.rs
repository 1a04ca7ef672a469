//! Convolutions as they are written: with the normalisation behind them folded in.

use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;
use diat_onnx::emit::{Builder, Conv, Value};

use crate::nets::{BatchNorm, ConvNorm, EPSILON};

/// A convolution with a bias an output and nothing behind it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Convolution {
    /// Outputs, inputs of a group, height, width.
    dims: [usize; 4],
    weights: Vec<f32>,
    bias: Vec<f32>,
    window: Conv,
}

impl Convolution {
    /// A convolution that nothing normalises.
    pub(super) fn plain(conv: &Conv2d) -> Self {
        let dims = conv.weight.val().dims();
        let bias = conv.bias.as_ref().map(|bias| values(bias.val()));
        Self {
            dims,
            weights: values(conv.weight.val()),
            bias: bias.unwrap_or_else(|| vec![0.0; dims[0]]),
            window: window(conv),
        }
    }

    /// The convolution that gives what convolution and normalisation with its running statistics give:
    /// w′ = k·w and b′ = k·(b − mean) + beta with k = gamma / √(variance + ε) for each output. Computed in f64, so that
    /// each number is rounded once.
    pub(super) fn folded(layer: &ConvNorm) -> Self {
        let plain = Self::plain(&layer.conv);
        let scales = scales(&layer.norm);
        let an_output = plain.weights.len() / plain.dims[0].max(1);
        let weights = plain
            .weights
            .chunks(an_output.max(1))
            .zip(&scales)
            .flat_map(|(weights, (scale, _))| {
                weights
                    .iter()
                    .map(move |weight| (f64::from(*weight) * scale) as f32)
            })
            .collect();
        let bias = plain
            .bias
            .iter()
            .zip(&scales)
            .map(|(bias, (scale, shift))| (f64::from(*bias) * scale + shift) as f32)
            .collect();
        Self {
            weights,
            bias,
            ..plain
        }
    }

    /// Adds it to the graph; only the weights are stored as f16 where the graph does so, for the bias is small.
    pub(super) fn emit(&self, net: &mut Builder, name: &str, x: Value) -> Value {
        let weights = net.weights(&format!("{name}.weight"), &self.dims, &self.weights);
        let bias = net.constant(&format!("{name}.bias"), &[self.bias.len()], &self.bias);
        net.conv(name, x, weights, Some(bias), self.window)
    }
}

/// What the normalisation multiplies each channel by and adds to it, with its running statistics.
fn scales(norm: &BatchNorm) -> Vec<(f64, f64)> {
    let numbers = |tensor| values(tensor).into_iter().map(f64::from);
    numbers(norm.gamma.val())
        .zip(numbers(norm.beta.val()))
        .zip(numbers(norm.mean.get()).zip(numbers(norm.variance.get())))
        .map(|((gamma, beta), (mean, variance))| {
            let scale = gamma / (variance + EPSILON).sqrt();
            (scale, beta - mean * scale)
        })
        .collect()
}

fn window(conv: &Conv2d) -> Conv {
    let [height, width] = conv.kernel_size;
    let pads = match conv.padding {
        PaddingConfig2d::Valid => [0; 4],
        PaddingConfig2d::Explicit(top, left, bottom, right) => [top, left, bottom, right],
        // At stride 1, which is where the networks use it: what is odd goes to the end.
        PaddingConfig2d::Same => {
            let (down, across) = (height - 1, width - 1);
            [down / 2, across / 2, down.div_ceil(2), across.div_ceil(2)]
        }
    };
    Conv {
        pads,
        strides: conv.stride,
        group: conv.groups,
    }
}

/// A tensor's numbers in the order of its dimensions.
pub(super) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().convert::<f32>().iter::<f32>().collect()
}
