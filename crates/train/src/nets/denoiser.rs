//! DN, Table IV.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::conv::convolved;
use super::initial::{Conv, Initial};

/// The denoising network, Table IV: N×3×S×S in \[-1, 1\], with noise, to the residual DN(y) of the same shape; y + DN(y) is the
/// clean picture.
///
/// Six convolutions 3×3, pad 1: five of 64 channels (`width`), one of 3. The paper names no activation: ReLU after
/// all but the last.
#[derive(Module, Debug)]
pub struct Denoiser {
    /// conv 1 to 6.
    pub convs: Vec<Conv2d>,
}

impl Denoiser {
    /// The network before its first step, with `width` channels; 64 in the paper.
    pub fn new(width: usize, seed: u64, device: &Device) -> Self {
        let initial = Initial::new(seed, "denoiser", device);
        let channels = [3, width, width, width, width, width, 3];
        let convs = channels.windows(2).enumerate();
        Self {
            convs: convs
                .map(|(index, pair)| {
                    let conv = Conv::same([pair[0], pair[1]]);
                    initial.at("convs").at(index).conv(conv)
                })
                .collect(),
        }
    }

    /// DN(y).
    pub fn forward(&self, y: Tensor<4>) -> Tensor<4> {
        let mut residual = y;
        for (index, conv) in self.convs.iter().enumerate() {
            residual = convolved(conv, residual);
            if index + 1 < self.convs.len() {
                residual = relu(residual);
            }
        }
        residual
    }
}
