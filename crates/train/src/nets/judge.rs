//! The attribute classifier of section IV-D.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::initial::{Conv, Initial};
use super::layer::ConvNorm;

/// The judge: does a picture show the attribute? N×3×S×S in \[-1, 1\] to a logit each; S is a multiple of 32.
///
/// Section IV-D says "two convolution layers, three residual blocks and two fully-connected layers" and no more. Here, at
/// S = 128: 4×4 convolutions of stride 2 to 32×64² and 64×32²; residual blocks of two 3×3 convolutions to 64×32², 128×16² and
/// 128×8² (the last two halve the size, with a 1×1 convolution on the way past); fully connected 128 and 1. Batch
/// normalisation after every convolution, ReLU.
#[derive(Module, Debug)]
pub struct Judge {
    /// The two convolutions.
    pub convs: Vec<ConvNorm>,
    /// The three residual blocks.
    pub blocks: Vec<Residual>,
    /// 128 units.
    pub hidden: Linear,
    /// 1 unit.
    pub last: Linear,
}

/// ReLU(second(ReLU(first(x))) + past(x)).
#[derive(Module, Debug)]
pub struct Residual {
    /// Halves the size if there is `past`.
    pub first: ConvNorm,
    /// Keeps the size.
    pub second: ConvNorm,
    /// 1×1 where size or channels change, else x itself goes past.
    pub past: Option<ConvNorm>,
}

impl Judge {
    /// The network before its first step, for pictures of `size`×`size`.
    pub fn new(size: usize, seed: u64, device: &Device) -> Self {
        Self::of_width(size, 64, seed, device)
    }

    /// As [`Judge::new`] with `width` channels, an even number, where that has 64, and all others in proportion: at 32 and 128² its file
    /// of f16 weights stays under 1 MB.
    pub fn of_width(size: usize, width: usize, seed: u64, device: &Device) -> Self {
        let initial = Initial::new(seed, "judge", device);
        let block = |index: usize, channels, halves| {
            Residual::new(&initial.at("blocks").at(index), channels, halves)
        };
        let (half, twice, side) = (width / 2, 2 * width, size / 16);
        Self {
            convs: vec![
                initial.at("convs.0").conv_norm(Conv::halving([3, half])),
                initial
                    .at("convs.1")
                    .conv_norm(Conv::halving([half, width])),
            ],
            blocks: vec![
                block(0, [width, width], false),
                block(1, [width, twice], true),
                block(2, [twice, twice], true),
            ],
            hidden: initial.at("hidden").linear(twice * side * side, twice),
            last: initial.at("last").linear(twice, 1),
        }
    }

    /// The logits, N×1: above 0 where the attribute is seen.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        self.logit(self.features(x))
    }

    pub(super) fn logit(&self, features: Tensor<4>) -> Tensor<2> {
        let y = through(&self.blocks[2..], features);
        let hidden = relu(self.hidden.forward(y.flatten::<2>(1, 3)));
        self.last.forward(hidden)
    }

    /// The second residual block's map, N×128×S/8×S/8: the fixed features of DIAT-1 where there is no VGG-Face.
    pub fn features(&self, x: Tensor<4>) -> Tensor<4> {
        let y = self.convs.iter().fold(x, |y, conv| relu(conv.forward(y)));
        through(&self.blocks[..2], y)
    }
}

fn through(blocks: &[Residual], x: Tensor<4>) -> Tensor<4> {
    blocks.iter().fold(x, |y, block| block.forward(y))
}

impl Residual {
    fn new(initial: &Initial<'_>, channels: [usize; 2], halves: bool) -> Self {
        let [from, to] = channels;
        let past = Conv {
            channels,
            kernel: 1,
            stride: 2,
            padding: 0,
        };
        let first = Conv {
            stride: if halves { 2 } else { 1 },
            ..Conv::same([from, to])
        };
        Self {
            first: initial.at("first").conv_norm(first),
            second: initial.at("second").conv_norm(Conv::same([to, to])),
            past: halves.then(|| initial.at("past").conv_norm(past)),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let past = match &self.past {
            Some(past) => past.forward(x.clone()),
            None => x.clone(),
        };
        let y = relu(self.first.forward(x));
        relu(self.second.forward(y) + past)
    }
}
