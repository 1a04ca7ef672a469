//! T, Table I.

use burn::module::Module;
use burn::nn::PRelu;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};

use super::conv::convolved;
use super::depth_to_width::depth_to_width;
use super::initial::{Conv, Initial};
use super::layer::{ConvNorm, prelu};

/// The attribute transform network, Table I: N×3×S×S in \[-1, 1\] to the same; S is a multiple of 32.
///
/// | layer | at width w = 64, S = 128 | |
/// |---|---|---|
/// | conv 1-5 | 64×64², 128×32², 256×16², 512×8², 512×4² (w, 2w, 4w, 8w, 8w) | 4×4, pad 1, stride 2 |
/// | conv 6-9 after DTOW | 512×8², 256×16², 128×32², 64×64² (8w, 4w, 2w, w) | 3×3, pad 1; the map of the same size is added |
/// | conv 10 after DTOW | 3×128² | 5×5, pad 2 |
///
/// The paper is silent on normalisation and activations here: after every convolution but the last comes batch
/// normalisation and PReLU with a slope per channel, where there is a sum between the two; after the last comes tanh. What is
/// added is the encoder's map after its PReLU. The widths are 64 in the paper.
#[derive(Module, Debug)]
pub struct Transform {
    /// conv 1 to 5.
    pub encoder: Vec<Stage>,
    /// conv 6 to 9.
    pub decoder: Vec<Stage>,
    /// conv 10.
    pub last: Conv2d,
}

/// One convolution of T with what follows it.
#[derive(Module, Debug)]
pub struct Stage {
    /// Convolution and normalisation.
    pub layer: ConvNorm,
    /// One slope a channel.
    pub prelu: PRelu,
}

impl Transform {
    /// `width` is a multiple of 4.
    pub(super) fn new(width: usize, seed: u64, device: &Device) -> Self {
        let initial = Initial::new(seed, "transform", device);
        let stage = |part: &str, index: usize, conv: Conv| {
            let initial = initial.at(part).at(index);
            Stage {
                prelu: initial.prelu(conv.channels[1]),
                layer: initial.at("layer").conv_norm(conv),
            }
        };
        let encoder = [3, width, 2 * width, 4 * width, 8 * width, 8 * width];
        let decoder = [8 * width, 8 * width, 4 * width, 2 * width, width];
        Self {
            encoder: pairs(&encoder)
                .map(|(index, channels)| stage("encoder", index, Conv::halving(channels)))
                .collect(),
            decoder: pairs(&decoder)
                .map(|(index, [from, to])| stage("decoder", index, Conv::same([from / 4, to])))
                .collect(),
            last: initial.at("last").conv(Conv {
                channels: [width / 4, 3],
                kernel: 5,
                stride: 1,
                padding: 2,
            }),
        }
    }

    /// T(x).
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let mut y = x;
        let mut maps = Vec::with_capacity(self.encoder.len());
        for stage in &self.encoder {
            y = stage.activated(stage.layer.forward(y));
            maps.push(y.clone());
        }
        // The deepest map is the decoder's input.
        let skipped = maps.iter().rev().skip(1);
        for (stage, map) in self.decoder.iter().zip(skipped) {
            let up = stage.layer.forward(depth_to_width(y));
            y = stage.activated(up + map.clone());
        }
        convolved(&self.last, depth_to_width(y)).tanh()
    }
}

impl Stage {
    fn activated(&self, x: Tensor<4>) -> Tensor<4> {
        prelu(x, self.prelu.alpha.val())
    }
}

fn pairs(channels: &[usize]) -> impl Iterator<Item = (usize, [usize; 2])> {
    channels
        .windows(2)
        .map(|pair| [pair[0], pair[1]])
        .enumerate()
}
