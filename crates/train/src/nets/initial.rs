//! Weights before the first step: a function of (seed, path), whatever the device and the order of making.

use burn::module::Param;
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, PRelu, PaddingConfig2d};
use burn::tensor::{Device, Tensor, TensorData};
use diat_synth::SplitMix64;

use super::layer::ConvNorm;
use super::norm::BatchNorm;

/// Makes the layers of one network.
pub(super) struct Initial<'a> {
    seed: u64,
    path: String,
    device: &'a Device,
}

/// A square convolution.
#[derive(Clone, Copy)]
pub(super) struct Conv {
    pub(super) channels: [usize; 2],
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) padding: usize,
}

impl Conv {
    /// 3×3, pad 1, stride 1: the size stays.
    pub(super) fn same(channels: [usize; 2]) -> Self {
        Self {
            channels,
            kernel: 3,
            stride: 1,
            padding: 1,
        }
    }

    /// 4×4, pad 1, stride 2: half the size.
    pub(super) fn halving(channels: [usize; 2]) -> Self {
        Self {
            channels,
            kernel: 4,
            stride: 2,
            padding: 1,
        }
    }
}

impl<'a> Initial<'a> {
    pub(super) fn new(seed: u64, network: &str, device: &'a Device) -> Self {
        Self {
            seed,
            path: network.to_owned(),
            device,
        }
    }

    /// For the layer that is called `name` in this one.
    pub(super) fn at(&self, name: impl std::fmt::Display) -> Self {
        Self {
            path: format!("{}.{name}", self.path),
            ..*self
        }
    }

    /// Weights and bias uniform in ±1/√(inputs of one output), PyTorch's choice.
    pub(super) fn conv(&self, conv: Conv) -> Conv2d {
        Conv2d {
            bias: Some(self.uniform("bias", [conv.channels[1]], inputs(conv))),
            ..self.conv_without_bias(conv)
        }
    }

    fn conv_without_bias(&self, conv: Conv) -> Conv2d {
        let [channels_in, channels_out] = conv.channels;
        let shape = [channels_out, channels_in, conv.kernel, conv.kernel];
        Conv2d {
            weight: self.uniform("weight", shape, inputs(conv)),
            bias: None,
            stride: [conv.stride; 2],
            kernel_size: [conv.kernel; 2],
            dilation: [1; 2],
            groups: 1,
            padding: PaddingConfig2d::Explicit(
                conv.padding,
                conv.padding,
                conv.padding,
                conv.padding,
            ),
        }
    }

    /// The normalisation's shift does the bias's work.
    pub(super) fn conv_norm(&self, conv: Conv) -> ConvNorm {
        ConvNorm {
            conv: self.at("conv").conv_without_bias(conv),
            norm: BatchNorm::new(conv.channels[1], self.device),
        }
    }

    /// Weight of shape inputs×outputs, as Burn's [`Linear`] has it.
    pub(super) fn linear(&self, inputs: usize, outputs: usize) -> Linear {
        Linear {
            weight: self.uniform("weight", [inputs, outputs], inputs),
            bias: Some(self.uniform("bias", [outputs], inputs)),
        }
    }

    /// One slope a channel, 0.25 at the start.
    pub(super) fn prelu(&self, channels: usize) -> PRelu {
        const SLOPE: f64 = 0.25;
        PRelu {
            alpha: Param::from_tensor(Tensor::full([channels], SLOPE, self.device)),
            alpha_value: SLOPE,
        }
    }

    fn uniform<const D: usize>(
        &self,
        name: &str,
        shape: [usize; D],
        inputs: usize,
    ) -> Param<Tensor<D>> {
        let bound = 1.0 / (inputs as f64).sqrt();
        let mut random = SplitMix64::stream(self.seed, &format!("weights {}.{name}", self.path));
        let values: Vec<f32> = (0..shape.iter().product())
            .map(|_| random.range(-bound, bound) as f32)
            .collect();
        let value = Tensor::from_data(TensorData::new(values, shape), self.device);
        Param::from_tensor(value)
    }
}

fn inputs(conv: Conv) -> usize {
    conv.channels[0] * conv.kernel * conv.kernel
}
