//! M, Table II, with Eq. 2-4.

use burn::module::Module;
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Device, Tensor, TensorData};

use super::initial::{Conv, Initial};
use super::layer::ConvNorm;
use super::oval::soft_oval;
use super::scaled;
use crate::recipe::{Network, Oval};

/// Side in pixels of one cell of the binary map.
pub const MASK_CELL: usize = 4;

/// Standard deviation in pixels of the filter that softens the mask.
const SIGMA: f64 = 1.6;

/// Above it a cell is 1, Eq. 2.
const THRESHOLD: f64 = 0.5;

/// The mask network, Table II: N×3×S×S in \[-1, 1\] to a mask N×1×S×S in \[0, 1\].
///
/// | layer | at width 64, S = 128 | |
/// |---|---|---|
/// | conv 1, 2 | 32×64², 64×32² | 4×4, pad 1, stride 2, ReLU |
/// | conv 3, 4 | 64×32² | 3×3, pad 1, ReLU |
/// | conv 5 | 1×32² | 3×3, pad 1, sigmoid |
/// | binarisation | 1×32² | Eq. 2, its gradient Eq. 4 |
/// | 4× upsampling, 5×5 convolution | 1×128² | each cell 4×4 times, then the Gaussian of standard deviation 1.6 |
///
/// Batch normalisation follows every convolution, the fifth too, as section III-A says. `mask_bias` is therefore the start of
/// the last normalisation's shift: a bias before it would be subtracted again. The interval printed in Eq. 3-4 ("1 ≤ e ≤ 0") is read
/// as 0 ≤ e ≤ 1. The paper does not say how the filter treats edges: it sees them replicated. Beyond the paper, the
/// mask is multiplied by a soft oval if the recipe names one.
#[derive(Module, Debug)]
pub struct Mask {
    /// conv 1 to 5.
    pub layers: Vec<ConvNorm>,
    /// Region outside which the mask is 0.
    #[module(skip)]
    pub region: Option<Oval>,
}

/// What M gives.
pub struct Masked {
    /// The map before it is made binary, N×1×S/4×S/4 in (0, 1).
    pub soft: Tensor<4>,
    /// The binary map, N×1×S/4×S/4, exactly 0 or 1, with the gradient of Eq. 4.
    pub cells: Tensor<4>,
    /// M(x), N×1×S×S in \[0, 1\].
    pub mask: Tensor<4>,
}

impl Mask {
    pub(super) fn new(network: &Network, seed: u64, device: &Device) -> Self {
        let initial = Initial::new(seed, "mask", device);
        let narrow = scaled(32, network.width);
        let wide = scaled(64, network.width);
        let convs = [
            Conv::halving([3, narrow]),
            Conv::halving([narrow, wide]),
            Conv::same([wide, wide]),
            Conv::same([wide, wide]),
            Conv::same([wide, 1]),
        ];
        let mut layers: Vec<ConvNorm> = (0..)
            .zip(convs)
            .map(|(index, conv)| initial.at("layers").at(index).conv_norm(conv))
            .collect();
        if let Some(last) = layers.last_mut() {
            let beta = last.norm.beta.clone();
            last.norm.beta = beta.map(|beta| {
                let tracked = beta.is_require_grad();
                let shifted = (beta.detach() + network.mask_bias).detach();
                if tracked {
                    shifted.require_grad()
                } else {
                    shifted
                }
            });
        }
        Self {
            layers,
            region: network.region.clone(),
        }
    }

    /// M(x) and what led to it.
    pub fn forward(&self, x: Tensor<4>) -> Masked {
        let mut y = x;
        for (index, layer) in self.layers.iter().enumerate() {
            y = layer.forward(y);
            if index + 1 < self.layers.len() {
                y = relu(y);
            }
        }
        let soft = sigmoid(y);
        let cells = binarise(soft.clone());
        let mask = self.within_region(soften(cells.clone()));
        Masked { soft, cells, mask }
    }

    fn within_region(&self, mask: Tensor<4>) -> Tensor<4> {
        let Some(region) = &self.region else {
            return mask;
        };
        let [_, _, size, _] = mask.dims();
        let (values, _) = soft_oval(region, size).into_raw_vec_and_offset();
        let region = Tensor::from_data(TensorData::new(values, [1, 1, size, size]), &mask.device());
        mask * region
    }
}

/// Eq. 2 forwards, Eq. 4 backwards. The sum is exact: of a number in \[0, 1\] and what it lacks to 0 or 1.
pub(super) fn binarise(e: Tensor<4>) -> Tensor<4> {
    let proxy = e.clone().clamp(0.0, 1.0);
    let binary = e.detach().greater_elem(THRESHOLD).float();
    (binary - proxy.clone().detach()) + proxy
}

/// Each cell 4×4 times, then the Gaussian: N×1×C×C to N×1×4C×4C.
///
/// Both are separable and linear, so that the whole is A·cells·Aᵀ with a matrix of two numbers a row: two small products instead
/// of a map of 4C×4C that is padded and filtered.
pub(super) fn soften(cells: Tensor<4>) -> Tensor<4> {
    let [_, _, side, _] = cells.dims();
    let matrix = replicate_and_filter(side);
    let data = TensorData::new(matrix, [1, 1, MASK_CELL * side, side]);
    let matrix: Tensor<4> = Tensor::from_data(data, &cells.device());
    matrix.clone().matmul(cells).matmul(matrix.transpose())
}

/// The matrix 4C×C of one direction. A window of five pixels meets at most two cells, whose weights sum to exactly 1.
fn replicate_and_filter(side: usize) -> Vec<f32> {
    let kernel = gaussian();
    let size = MASK_CELL * side;
    let mut matrix = vec![0.0_f32; size * side];
    for (pixel, row) in matrix.chunks_exact_mut(side).enumerate() {
        let own = pixel / MASK_CELL;
        let mut beside = None;
        for (offset, weight) in kernel.iter().enumerate() {
            let seen = (pixel + offset).saturating_sub(2).min(size - 1) / MASK_CELL;
            if seen != own {
                let (_, sum) = beside.unwrap_or((seen, 0.0));
                beside = Some((seen, sum + weight));
            }
        }
        let (neighbour, weight) = beside.unwrap_or((own, 0.0));
        row[neighbour] = weight as f32;
        row[own] = 1.0 - weight as f32;
    }
    matrix
}

/// The five weights of the Gaussian in one direction, which sum to 1; the filter of Table II is their outer product.
pub fn gaussian() -> [f64; 5] {
    let weights = [2.0, 1.0, 0.0, 1.0, 2.0].map(|x: f64| (-x * x / (2.0 * SIGMA * SIGMA)).exp());
    let sum: f64 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}
