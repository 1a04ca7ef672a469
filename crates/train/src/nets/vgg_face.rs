//! VGG-Face, the fixed network of the identity loss, Eq. 11.

mod file;

use std::path::Path;

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::nn::pool::MaxPool2dConfig;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};

use crate::weights::Error;

/// Side of the picture that the network expects.
const SIZE: usize = 224;

/// Mean of the pictures it was trained on, R, G, B in 0..255.
const MEAN: [f32; 3] = [129.186_28, 104.762_38, 93.593_96];

/// Convolutions of each block; a 2×2 maximum follows each block.
const BLOCKS: [usize; 5] = [2, 2, 3, 3, 3];

/// Parkhi, Vedaldi and Zisserman, "Deep Face Recognition", 2015: VGG-16 up to its second fully connected layer (fc7), before
/// that layer's ReLU. It is never trained here.
///
/// The paper takes "the feature representation" of VGG-Face without naming the layer. The picture is scaled to 224×224
/// (bilinearly; the paper does not say how), brought to 0..255, and the mean is subtracted.
#[derive(Module, Debug)]
pub struct VggFace {
    convs: Vec<Conv2d>,
    fc6: Linear,
    fc7: Linear,
    #[module(skip)]
    order: Order,
}

/// In which order the first layer takes the colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The authors' Caffe network.
    Bgr,
    /// MatConvNet's port of it and what was made from that.
    Rgb,
}

impl VggFace {
    /// Reads weights from a safetensors file (`.safetensors`) or a PyTorch file (any other name).
    ///
    /// Layers may be called `conv1_1` … `conv5_3`, `fc6`, `fc7`, or `conv_1_1` …, or `features.0` … `features.28`, `classifier.0`,
    /// `classifier.3`, each with `.weight` and `.bias`, all behind one prefix (`state_dict.`, `module.`); others are ignored. Tensors are f32
    /// with PyTorch's shapes. The first layer takes BGR, as the authors' own network does, unless the file's name contains `dag`, the name
    /// under which MatConvNet's port is published: that one takes RGB.
    pub fn load(path: &Path, device: &Device) -> Result<Self, Error> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let order = match name.to_lowercase().contains("dag") {
            true => Order::Rgb,
            false => Order::Bgr,
        };
        let file::Layers { convs, fc6, fc7 } = file::read(path, device)?;
        let network = Self {
            convs,
            fc6,
            fc7,
            order,
        };
        Ok(network.no_grad())
    }

    /// In which order the first layer takes the colours.
    pub fn order(&self) -> Order {
        self.order
    }

    /// fc7 before its ReLU, N×4096, of N×3×S×S in \[-1, 1\], RGB, any S; on the device of [`VggFace::load`]. Gradients go through to x.
    pub fn features(&self, x: Tensor<4>) -> Tensor<2> {
        let mut y = self.expected(x);
        let mut convs = self.convs.iter();
        let pool = MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init();
        for count in BLOCKS {
            for conv in convs.by_ref().take(count) {
                y = relu(conv.forward(y));
            }
            y = pool.forward(y);
        }
        let fc6 = relu(self.fc6.forward(y.flatten::<2>(1, 3)));
        self.fc7.forward(fc6)
    }

    /// The picture as the first layer takes it.
    fn expected(&self, x: Tensor<4>) -> Tensor<4> {
        let mean = Tensor::from_data(TensorData::new(MEAN.to_vec(), [1, 3, 1, 1]), &x.device());
        let x = (scaled(x) + 1.0) * 127.5 - mean;
        match self.order {
            Order::Rgb => x,
            Order::Bgr => x.flip([1]),
        }
    }
}

/// Bilinear, pixels' centres on pixels' centres, without smoothing: A·x·Aᵀ with a matrix of two numbers a row.
fn scaled(x: Tensor<4>) -> Tensor<4> {
    let [_, _, height, width] = x.dims();
    let device = x.device();
    let matrix = |from: usize| -> Tensor<4> {
        Tensor::from_data(TensorData::new(bilinear(from), [1, 1, SIZE, from]), &device)
    };
    matrix(height).matmul(x).matmul(matrix(width).transpose())
}

fn bilinear(from: usize) -> Vec<f32> {
    let mut matrix = vec![0.0; SIZE * from];
    for (pixel, row) in matrix.chunks_exact_mut(from).enumerate() {
        let centre = (pixel as f64 + 0.5) * from as f64 / SIZE as f64 - 0.5;
        let at = centre.clamp(0.0, (from - 1) as f64);
        let share = at.fract() as f32;
        row[at as usize] = 1.0 - share;
        if share > 0.0 {
            row[at as usize + 1] = share;
        }
    }
    matrix
}

#[cfg(test)]
mod tests;
