//! D, Table III.

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};

use super::conv::convolved;
use super::initial::{Conv, Initial};
use super::layer::leaky_relu;
use super::scaled;
use crate::recipe::Network;

/// Slope of the activation below 0.
const SLOPE: f64 = 0.2;

/// The discriminator, Table III: N×3×S×S in \[-1, 1\] to a score each; S is a multiple of 32.
///
/// | layer | at width 64, S = 128 | |
/// |---|---|---|
/// | conv 1 | 32×64² | 8×8, pad 3, stride 2 |
/// | conv 2 | 32×64² | 3×3, pad 1 |
/// | conv 3 | 64×32² | 4×4, pad 1, stride 2 |
/// | conv 4 | 64×32² | 3×3, pad 1 |
/// | conv 5, 6 | 128×16², 128×8² | 4×4, pad 1, stride 2 |
/// | fully connected | 1000, 1 | |
///
/// The paper states neither activation nor normalisation: LeakyReLU of slope 0.2 follows every layer but the last, and
/// nothing is normalised. There is no sigmoid at the end: Eq. 5 is computed on logits, Eq. 6-8 have none. All widths scale.
#[derive(Module, Debug)]
pub struct Discriminator {
    /// conv 1 to 6.
    pub convs: Vec<Conv2d>,
    /// 1000 units.
    pub hidden: Linear,
    /// 1 unit.
    pub last: Linear,
}

/// What D gives for N pictures.
pub struct Judgement {
    /// N×1, no sigmoid; higher for the guided set.
    pub score: Tensor<2>,
    /// D₃ of Eq. 9, after the activation: N×64×S/4×S/4 at width 64.
    pub conv3: Tensor<4>,
    /// D₄ of Eq. 9, after the activation: N×64×S/4×S/4 at width 64.
    pub conv4: Tensor<4>,
}

impl Discriminator {
    /// The network before its first step. `network.width` is a multiple of 4, `network.size` of 32.
    pub fn new(network: &Network, seed: u64, device: &Device) -> Self {
        let initial = Initial::new(seed, "discriminator", device);
        let [c32, c64, c128] = [32, 64, 128].map(|printed| scaled(printed, network.width));
        let hidden = scaled(1000, network.width);
        let convs = [
            Conv {
                channels: [3, c32],
                kernel: 8,
                stride: 2,
                padding: 3,
            },
            Conv::same([c32, c32]),
            Conv::halving([c32, c64]),
            Conv::same([c64, c64]),
            Conv::halving([c64, c128]),
            Conv::halving([c128, c128]),
        ];
        let side = network.size / 16;
        Self {
            convs: (0..)
                .zip(convs)
                .map(|(index, conv)| initial.at("convs").at(index).conv(conv))
                .collect(),
            hidden: initial.at("hidden").linear(c128 * side * side, hidden),
            last: initial.at("last").linear(hidden, 1),
        }
    }

    /// D(x) and the maps of Eq. 9; x is N×3×S×S in \[-1, 1\] with S the recipe's.
    pub fn forward(&self, x: Tensor<4>) -> Judgement {
        let (first, rest) = self.convs.split_at(3);
        let conv3 = activated(first, x);
        let (fourth, rest) = rest.split_at(1);
        let conv4 = activated(fourth, conv3.clone());
        let hidden = self
            .hidden
            .forward(activated(rest, conv4.clone()).flatten::<2>(1, 3));
        Judgement {
            score: self.last.forward(leaky_relu(hidden, SLOPE)),
            conv3,
            conv4,
        }
    }
}

fn activated(convs: &[Conv2d], x: Tensor<4>) -> Tensor<4> {
    convs
        .iter()
        .fold(x, |y, conv| leaky_relu(convolved(conv, y), SLOPE))
}
