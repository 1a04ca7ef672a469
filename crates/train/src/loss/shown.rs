//! What D is shown of a picture: an oval of it, varied light, squares cut out. Not in the paper; a small set is learnt by heart
//! without it. All of it is differentiable, and chance comes in as numbers, so that a step can be repeated.

use crate::recipe::Adaptation;
use burn::tensor::{Device, Tensor, TensorData};
use diat_synth::SplitMix64;

/// One variation of each picture of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    /// Added; N.
    pub brightness: Vec<f32>,
    /// Times the distance of a pixel from its own grey (the mean of its channels); N.
    pub saturation: Vec<f32>,
    /// Times the distance from the picture's mean; N.
    pub contrast: Vec<f32>,
    /// First column, first row and side of the square that becomes 0, where there is one; it may reach over the border. N.
    pub squares: Vec<Option<[i64; 3]>>,
}

impl Variation {
    /// The variation of `count` pictures of `size` pixels that belongs to this seed, purpose and step.
    pub fn new(
        adaptation: &Adaptation,
        (count, size): (usize, usize),
        (seed, purpose, step): (u64, &str, u64),
    ) -> Self {
        let mut random = SplitMix64::stream(seed ^ SplitMix64::new(step).next_u64(), purpose);
        let mut around = |middle: f64, reach: f64| -> Vec<f32> {
            let one = |_| random.range(middle - reach, middle + reach) as f32;
            (0..count).map(one).collect()
        };
        let brightness = around(0.0, adaptation.brightness);
        let saturation = around(1.0, adaptation.saturation);
        let contrast = around(1.0, adaptation.contrast);
        let side = (adaptation.cut_out * size as f64 / 128.0).round();
        let squares = (0..count).map(|_| {
            let cut = random.chance(adaptation.cut_out_share);
            let [x, y] = core::array::from_fn(|_| random.range(0.0, size as f64) - 0.5 * side);
            (cut && side > 0.0).then_some([x.round() as i64, y.round() as i64, side as i64])
        });
        Self {
            brightness,
            saturation,
            contrast,
            squares: squares.collect(),
        }
    }

    /// The pictures (N×3×S×S, N as here) in other light, the squares cut out.
    pub fn of(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, _, height, width] = x.dims();
        let device = x.device();
        let each = |values: &[f32]| {
            Tensor::<1>::from_floats(values, &device).reshape([values.len(), 1, 1, 1])
        };
        let x = x + each(&self.brightness);
        let grey = x.clone().mean_dim(1);
        let x = (x - grey.clone()) * each(&self.saturation) + grey;
        let mean = x.clone().mean_dims(&[1, 2, 3]);
        let x = (x - mean.clone()) * each(&self.contrast) + mean;
        match self.squares.iter().any(Option::is_some) {
            true => x * self.uncut(height, width, &device),
            false => x,
        }
    }

    /// N×1×H×W: 0 in the squares, 1 elsewhere.
    fn uncut(&self, height: usize, width: usize, device: &Device) -> Tensor<4> {
        let mut values = vec![1.0_f32; self.squares.len() * height * width];
        for (plane, square) in values.chunks_mut(height * width).zip(&self.squares) {
            let Some([left, top, side]) = *square else {
                continue;
            };
            let within = |from: i64, end: usize| {
                let clamped = |v: i64| v.clamp(0, end as i64) as usize;
                clamped(from)..clamped(from + side)
            };
            for row in within(top, height) {
                plane[row * width..][within(left, width)].fill(0.0);
            }
        }
        let shape = [self.squares.len(), 1, height, width];
        Tensor::from_data(TensorData::new(values, shape), device)
    }
}

/// Grey (0) outside the soft `oval` (1×1×S×S).
pub fn through(oval: &Tensor<4>, x: Tensor<4>) -> Tensor<4> {
    x * oval.clone()
}
