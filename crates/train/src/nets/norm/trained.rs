//! Batch normalisation by the batch's own statistics on the pure-Rust device: three passes over the maps instead of ten, on all
//! threads, forwards and backwards alike.

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::tensor::module::BatchNormTrainOutput;
use burn::tensor::{Tensor, TensorData};
use rayon::prelude::*;

use super::EPSILON;
use crate::nets::flex::{Training, taken, tensor_of, values};

/// What Burn's `batch_norm_train` gives, if the tensors are on that device.
pub(super) fn trained(
    x: &Tensor<4>,
    gamma: &Tensor<1>,
    beta: &Tensor<1>,
) -> Option<BatchNormTrainOutput<4>> {
    let (device, shape) = (x.device(), x.dims());
    let (x, node_x) = taken(x.clone())?;
    let (gamma, node_gamma) = taken(gamma.clone())?;
    let (beta, node_beta) = taken(beta.clone())?;
    let [count, channels, height, width] = shape;
    let maps = Maps {
        count,
        channels,
        pixels: height * width,
    };
    let batch = maps.statistics(values(&x));
    let y = maps.normalised(&batch, values(&x), values(&gamma), values(&beta));
    let y = tensor_of(y, shape);
    let [mean, variance] = [|one: &Batch| one.mean, |one: &Batch| one.variance].map(|number| {
        let numbers: Vec<f32> = batch.iter().map(number).collect();
        Tensor::from_data(TensorData::new(numbers, [channels]), &device)
    });
    let ops = Normalisation
        .prepare::<NoCheckpointing>([node_x, node_gamma, node_beta])
        .compute_bound();
    let y = match ops.stateful() {
        OpsKind::Tracked(ops) => ops.finish((maps, batch, shape, x, gamma), y),
        OpsKind::UnTracked(ops) => ops.finish(y),
    };
    Some(BatchNormTrainOutput {
        output: Tensor::from_primitive::<Training>(y),
        mean,
        variance,
    })
}

#[derive(Debug)]
struct Normalisation;

impl Backward<Flex, 3> for Normalisation {
    type State = (Maps, Vec<Batch>, [usize; 4], FlexTensor, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 3>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [node_x, node_gamma, node_beta] = ops.parents;
        let (maps, batch, shape, x, gamma) = ops.state;
        let gradient = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let sums = maps.sums(&batch, values(&x), values(&gradient));
        if let Some(node) = node_x {
            let (x, gamma, gradient) = (values(&x), values(&gamma), values(&gradient));
            let of_x = maps.input_gradient(&batch, &sums, x, gamma, gradient);
            gradients.register::<Flex>(node.id, tensor_of(of_x, shape));
        }
        let per_channel = |numbers: Vec<f32>| tensor_of(numbers, [maps.channels]);
        if let Some(node) = node_gamma {
            let scaled = sums.iter().zip(&batch);
            let of_gamma = scaled
                .map(|(sums, batch)| sums.centred * batch.scale())
                .collect();
            gradients.register::<Flex>(node.id, per_channel(of_gamma));
        }
        if let Some(node) = node_beta {
            let of_beta = sums.iter().map(|sums| sums.plain).collect();
            gradients.register::<Flex>(node.id, per_channel(of_beta));
        }
    }
}

/// N×C maps of so many pixels.
#[derive(Clone, Copy, Debug)]
struct Maps {
    count: usize,
    channels: usize,
    pixels: usize,
}

/// Statistics of one channel, the variance biased.
#[derive(Clone, Copy, Debug)]
struct Batch {
    mean: f32,
    variance: f32,
}

/// Sums over one channel of the output's gradient, and of it times (x − mean).
struct Sums {
    plain: f32,
    centred: f32,
}

impl Batch {
    /// 1/√(variance + ε).
    fn scale(self) -> f32 {
        (1.0 / (f64::from(self.variance) + EPSILON).sqrt()) as f32
    }
}

impl Maps {
    fn statistics(&self, x: &[f32]) -> Vec<Batch> {
        let channels = (0..self.channels).into_par_iter();
        channels
            .map(|channel| {
                let mean = self.mean(channel, |at| sum(&x[at], |x| x));
                let centre = mean as f32;
                let variance = self.mean(channel, |at| sum(&x[at], |x| (x - centre).powi(2)));
                Batch {
                    mean: centre,
                    variance: variance as f32,
                }
            })
            .collect()
    }

    fn normalised(&self, batch: &[Batch], x: &[f32], gamma: &[f32], beta: &[f32]) -> Vec<f32> {
        let mut y = vec![0.0; x.len()];
        let maps = y
            .par_chunks_exact_mut(self.pixels)
            .zip(x.par_chunks_exact(self.pixels));
        maps.enumerate().for_each(|(index, (y, x))| {
            let channel = index % self.channels;
            let (mean, factor) = (batch[channel].mean, batch[channel].scale() * gamma[channel]);
            let beta = beta[channel];
            y.iter_mut()
                .zip(x)
                .for_each(|(y, x)| *y = (x - mean) * factor + beta);
        });
        y
    }

    fn sums(&self, batch: &[Batch], x: &[f32], gradient: &[f32]) -> Vec<Sums> {
        let channels = (0..self.channels).into_par_iter();
        let samples = (self.count * self.pixels) as f64;
        channels
            .map(|channel| {
                let mean = batch[channel].mean;
                let plain = self.mean(channel, |at| sum(&gradient[at], |g| g));
                let centred = self.mean(channel, |at| {
                    sum_of_products(&gradient[at.clone()], &x[at], mean)
                });
                Sums {
                    plain: (plain * samples) as f32,
                    centred: (centred * samples) as f32,
                }
            })
            .collect()
    }

    fn input_gradient(
        &self,
        batch: &[Batch],
        sums: &[Sums],
        x: &[f32],
        gamma: &[f32],
        gradient: &[f32],
    ) -> Vec<f32> {
        let samples = (self.count * self.pixels) as f32;
        let mut of_x = vec![0.0; x.len()];
        let maps = of_x
            .par_chunks_exact_mut(self.pixels)
            .zip(x.par_chunks_exact(self.pixels));
        let maps = maps.zip(gradient.par_chunks_exact(self.pixels));
        maps.enumerate().for_each(|(index, ((of_x, x), gradient))| {
            let channel = index % self.channels;
            let (batch, sums) = (batch[channel], &sums[channel]);
            let (scale, plain) = (batch.scale(), sums.plain / samples);
            let centred = sums.centred / samples * scale * scale;
            let (factor, mean) = (scale * gamma[channel], batch.mean);
            let pairs = x.iter().zip(gradient);
            of_x.iter_mut()
                .zip(pairs)
                .for_each(|(of_x, (x, gradient))| {
                    *of_x = factor * (gradient - plain - (x - mean) * centred);
                });
        });
        of_x
    }

    /// The mean over all pixels of a channel, from the sum over each map of it.
    fn mean(&self, channel: usize, of_map: impl Fn(std::ops::Range<usize>) -> f64) -> f64 {
        let maps = (0..self.count).map(|picture| {
            let start = (picture * self.channels + channel) * self.pixels;
            of_map(start..start + self.pixels)
        });
        maps.sum::<f64>() / (self.count * self.pixels) as f64
    }
}

/// Numbers that are added side by side.
const LANES: usize = 16;

/// In one order whatever the machine.
fn sum(values: &[f32], of: impl Fn(f32) -> f32) -> f64 {
    let mut lanes = [0.0_f32; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f64 = chunks.remainder().iter().map(|v| f64::from(of(*v))).sum();
    for chunk in chunks {
        lanes
            .iter_mut()
            .zip(chunk)
            .for_each(|(lane, v)| *lane += of(*v));
    }
    lanes.into_iter().map(f64::from).sum::<f64>() + rest
}

/// Σ g·(x − mean).
fn sum_of_products(gradient: &[f32], x: &[f32], mean: f32) -> f64 {
    let mut lanes = [0.0_f32; LANES];
    let (gradients, xs) = (gradient.chunks_exact(LANES), x.chunks_exact(LANES));
    let rest = gradients.remainder().iter().zip(xs.remainder());
    let rest: f64 = rest.map(|(g, x)| f64::from(g * (x - mean))).sum();
    for (g, x) in gradients.zip(xs) {
        let pairs = lanes.iter_mut().zip(g.iter().zip(x));
        pairs.for_each(|(lane, (g, x))| *lane += g * (x - mean));
    }
    lanes.into_iter().map(f64::from).sum::<f64>() + rest
}
