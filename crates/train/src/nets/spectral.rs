//! Spectral normalisation of D, for the hinge form; not in the paper.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, TensorData};
use diat_synth::SplitMix64;

use super::discriminator::Discriminator;
use super::norm::Statistics;

/// Added to a length before it divides, PyTorch's.
const EPSILON: f64 = 1e-12;

/// Power iterations before the first step, PyTorch's.
const FIRST_ITERATIONS: usize = 15;

/// Estimates of the largest singular value σ of each of D's weights (as a matrix of outputs × everything else), by power
/// iteration: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018.
///
/// Its vectors are saved and loaded like weights. [`SpectralNorm::advance`] once a step, then [`SpectralNorm::applied`] as often
/// as D is wanted in it: as in PyTorch, the gradient goes through W/σ with σ = uᵀWv and u, v held.
#[derive(Module, Debug)]
pub struct SpectralNorm {
    convs: Vec<Singular>,
    hidden: Singular,
    last: Singular,
}

impl SpectralNorm {
    /// Starts from random vectors, fifteen iterations on.
    pub fn new(discriminator: &Discriminator, seed: u64) -> Self {
        let start = |name: &str, matrix: Tensor<2>| Singular::new(&matrix, seed, name);
        let convs = discriminator.convs.iter().enumerate();
        let spectral = Self {
            convs: convs
                .map(|(index, conv)| start(&format!("convs.{index}"), of_conv(&conv.weight)))
                .collect(),
            hidden: start("hidden", of_linear(&discriminator.hidden)),
            last: start("last", of_linear(&discriminator.last)),
        };
        for _ in 0..FIRST_ITERATIONS {
            spectral.advance(discriminator);
        }
        spectral
    }

    /// One power iteration on D's present weights.
    pub fn advance(&self, discriminator: &Discriminator) {
        for (singular, conv) in self.convs.iter().zip(&discriminator.convs) {
            singular.advance(of_conv(&conv.weight));
        }
        self.hidden.advance(of_linear(&discriminator.hidden));
        self.last.advance(of_linear(&discriminator.last));
    }

    /// D with every weight divided by its σ. Gradients reach the weights of the D that was given, if they are tracked: ask for
    /// them by that one.
    pub fn applied(&self, discriminator: &Discriminator) -> Discriminator {
        let mut normalised = discriminator.clone();
        for (singular, conv) in self.convs.iter().zip(&mut normalised.convs) {
            let factor = singular.reciprocal(of_conv(&conv.weight));
            conv.weight = held(&conv.weight, conv.weight.val() * factor.reshape([1; 4]));
        }
        let layers = [
            (&self.hidden, &mut normalised.hidden),
            (&self.last, &mut normalised.last),
        ];
        for (singular, layer) in layers {
            let factor = singular.reciprocal(of_linear(layer));
            layer.weight = held(&layer.weight, layer.weight.val() * factor);
        }
        normalised
    }
}

/// A parameter that is not a leaf: its gradient goes on to what it was computed from.
fn held<const D: usize>(of: &Param<Tensor<D>>, value: Tensor<D>) -> Param<Tensor<D>> {
    Param::initialized(of.id, value)
}

/// Outputs × everything else.
fn of_conv(weight: &Param<Tensor<4>>) -> Tensor<2> {
    weight.val().flatten(1, 3)
}

/// Outputs × inputs.
fn of_linear(layer: &Linear) -> Tensor<2> {
    layer.weight.val().transpose()
}

/// The singular vectors of one matrix.
#[derive(Module, Debug)]
struct Singular {
    left: Statistics,
    right: Statistics,
}

impl Singular {
    fn new(matrix: &Tensor<2>, seed: u64, name: &str) -> Self {
        let [rows, columns] = matrix.dims();
        let mut random = SplitMix64::stream(seed, &format!("spectral {name}"));
        let left: Vec<f32> = (0..rows).map(|_| random.range(-1.0, 1.0) as f32).collect();
        let device: Device = matrix.device();
        let left = Tensor::from_data(TensorData::new(left, [rows]), &device);
        Self {
            left: Statistics::new(left),
            right: Statistics::new(Tensor::zeros([columns], &device)),
        }
    }

    /// v ← Wᵀu / |Wᵀu|, u ← Wv / |Wv|.
    fn advance(&self, matrix: Tensor<2>) {
        let matrix = matrix.detach();
        let left: Tensor<2> = self.left.get().unsqueeze_dim(0);
        let right = of_length_one(left.matmul(matrix.clone()));
        let left = of_length_one(matrix.matmul(right.clone().transpose()));
        self.right.set(right.flatten(0, 1));
        self.left.set(left.flatten(0, 1));
    }

    /// 1/σ, 1×1.
    fn reciprocal(&self, matrix: Tensor<2>) -> Tensor<2> {
        let right: Tensor<2> = self.right.get().unsqueeze_dim(1);
        let left: Tensor<2> = self.left.get().unsqueeze_dim(0);
        left.matmul(matrix.matmul(right)).recip()
    }
}

fn of_length_one(vector: Tensor<2>) -> Tensor<2> {
    let length = vector.clone().square().sum().sqrt() + EPSILON;
    vector / length.reshape([1, 1])
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor};

    use super::{Singular, SpectralNorm, of_conv, of_linear};
    use crate::device::test_devices;
    use crate::nets::Discriminator;
    use crate::nets::tests::formula::{filled, tensor};
    use crate::nets::tests::network;
    use crate::nets::tests::torch::by_torch;

    #[test]
    fn weight_and_gradient_are_pytorch_s() {
        for device in test_devices() {
            check(&device.autodiff());
        }
    }

    fn check(device: &Device) {
        let torch = by_torch();
        for (name, shape) in [("conv", [6, 36]), ("linear", [3, 5])] {
            let matrix: Tensor<2> = tensor(name, shape, device).require_grad();
            let singular = Singular::new(&matrix, 1, name);
            singular
                .left
                .set(tensor(&format!("left {name}"), [shape[0]], device));
            for _ in 0..3 {
                singular.advance(matrix.clone());
            }
            let normalised = matrix.clone() * singular.reciprocal(matrix.clone());
            let probe: Tensor<2> = tensor(&format!("gradient {name}"), shape, device);
            let mut gradients = (normalised.clone() * probe).sum().backward();
            let gradient = matrix.grad_remove(&mut gradients).unwrap();
            for (what, ours) in [("weight", normalised.inner()), ("gradient", gradient)] {
                let torch = torch["spectral"][name][what].as_array().unwrap();
                let ours: Vec<f32> = ours.into_data().iter::<f32>().collect();
                assert_eq!(ours.len(), torch.len());
                for (ours, torch) in ours.iter().zip(torch) {
                    let torch = torch.as_f64().unwrap();
                    assert!(
                        (f64::from(*ours) - torch).abs() < 2e-6,
                        "{name} {what}: {ours} {torch}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_layer_of_d_ends_with_a_largest_singular_value_of_one() {
        let device = Device::flex();
        let discriminator = filled(Discriminator::new(&network(4, 32), 1, &device));
        let spectral = SpectralNorm::new(&discriminator, 1);
        for _ in 0..100 {
            spectral.advance(&discriminator);
        }
        let normalised = spectral.applied(&discriminator);
        let mut matrices: Vec<Tensor<2>> = normalised
            .convs
            .iter()
            .map(|conv| of_conv(&conv.weight))
            .collect();
        matrices.extend([&normalised.hidden, &normalised.last].map(of_linear));
        for matrix in matrices {
            let measured = Singular::new(&matrix, 2, "measured");
            for _ in 0..200 {
                measured.advance(matrix.clone());
            }
            let sigma = 1.0 / measured.reciprocal(matrix).into_scalar::<f32>();
            assert!((sigma - 1.0).abs() < 1e-3, "{sigma}");
        }
    }
}
