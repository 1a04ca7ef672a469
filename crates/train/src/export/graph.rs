//! The graphs that the plug-in runs.

use burn::nn::{Linear, PRelu};
use diat_onnx::emit::{self, Builder, Conv, Value};

use super::fold::{Convolution, values};
use super::manifest::{IMAGE, MASK, SCORE, TRANSFORMED};
use crate::nets::{Judge, MASK_CELL, Mask, Residual, Transfer, Transform, gaussian, soft_oval};
use crate::recipe::{Recipe, Task};

/// Cells of the binary map are 1 above it, Eq. 2.
const THRESHOLD: f32 = 0.5;

/// F as an ONNX file: input `image`, outputs `transformed` and, but for hallucination, `mask` (1 everywhere where F has no M).
/// Normalisation is folded into the convolutions; with `half` the weights are stored as f16. Equal weights give equal bytes.
///
/// # Errors
/// A weight that is not finite, or too large for f16, as the gate names it.
pub fn network_bytes(
    transfer: &Transfer,
    recipe: &Recipe,
    half: bool,
) -> Result<Vec<u8>, emit::Error> {
    let size = recipe.network.size;
    let mut net = builder("transfer", half);
    let image = net.input(IMAGE, &[3, size, size]);
    let transformed = transform(&mut net, &transfer.transform, image);
    net.output(transformed);
    if let Task::Transfer { .. } = recipe.task {
        let mask = match &transfer.mask {
            Some(network) => mask(&mut net, network, image, size),
            None => ones(&mut net, image),
        };
        net.output(mask);
    }
    net.finish()
}

/// A judge as an ONNX file: input `image`, output `score`, the probability that the attribute is there (N×1, 0 to 1).
///
/// # Errors
/// As for [`network_bytes`].
pub fn judge_bytes(judge: &Judge, size: usize, half: bool) -> Result<Vec<u8>, emit::Error> {
    let mut net = builder("judge", half);
    let mut y = net.input(IMAGE, &[3, size, size]);
    for (index, layer) in judge.convs.iter().enumerate() {
        let name = format!("convs.{index}");
        let conv = Convolution::folded(layer).emit(&mut net, &name, y);
        y = net.relu(&format!("{name}.relu"), conv);
    }
    for (index, block) in judge.blocks.iter().enumerate() {
        y = residual(&mut net, &format!("blocks.{index}"), block, y);
    }
    let flat = net.flatten("flat", y);
    let hidden = linear(&mut net, "hidden", &judge.hidden, flat);
    let hidden = net.relu("hidden.relu", hidden);
    let logit = linear(&mut net, "last", &judge.last, hidden);
    let score = net.sigmoid(SCORE, logit);
    net.output(score);
    net.finish()
}

fn builder(name: &str, half: bool) -> Builder {
    let mut net = Builder::new(name);
    if half {
        net.half_weights();
    }
    net
}

/// T, Table I.
fn transform(net: &mut Builder, network: &Transform, image: Value) -> Value {
    let mut y = image;
    let mut maps = Vec::new();
    for (index, stage) in network.encoder.iter().enumerate() {
        let name = format!("transform.encoder.{index}");
        let conv = Convolution::folded(&stage.layer).emit(net, &name, y);
        y = prelu(net, &format!("{name}.prelu"), &stage.prelu, conv);
        maps.push(y);
    }
    // The deepest map is the decoder's input.
    let skipped = maps.into_iter().rev().skip(1);
    for ((index, stage), map) in network.decoder.iter().enumerate().zip(skipped) {
        let name = format!("transform.decoder.{index}");
        let wide = net.depth_to_space(&format!("{name}.wide"), y, 2);
        let conv = Convolution::folded(&stage.layer).emit(net, &name, wide);
        let sum = net.add(&format!("{name}.sum"), conv, map);
        y = prelu(net, &format!("{name}.prelu"), &stage.prelu, sum);
    }
    let wide = net.depth_to_space("transform.last.wide", y, 2);
    let last = Convolution::plain(&network.last).emit(net, "transform.last", wide);
    net.tanh(TRANSFORMED, last)
}

/// M, Table II, for a picture of `size`×`size`.
fn mask(net: &mut Builder, network: &Mask, image: Value, size: usize) -> Value {
    let mut y = image;
    for (index, layer) in network.layers.iter().enumerate() {
        let name = format!("mask.layers.{index}");
        y = Convolution::folded(layer).emit(net, &name, y);
        if index + 1 < network.layers.len() {
            y = net.relu(&format!("{name}.relu"), y);
        }
    }
    let soft = net.sigmoid("mask.soft", y);
    let threshold = net.constant("mask.threshold", &[1], &[THRESHOLD]);
    let above = net.greater("mask.above", soft, threshold);
    let cells = net.cast("mask.cells", above);
    let replicated = net.resize_nearest("mask.replicated", cells, MASK_CELL);
    match &network.region {
        None => gauss(net, MASK, replicated),
        Some(oval) => {
            let filtered = gauss(net, "mask.filtered", replicated);
            let (region, _) = soft_oval(oval, size).into_raw_vec_and_offset();
            let region = net.constant("mask.region", &[1, 1, size, size], &region);
            net.mul(MASK, filtered, region)
        }
    }
}

/// A mask that is 1 everywhere, with the batch of the image.
fn ones(net: &mut Builder, image: Value) -> Value {
    let none = net.constant("mask.weight", &[1, 3, 1, 1], &[0.0; 3]);
    let one = net.constant("mask.bias", &[1], &[1.0]);
    net.conv(MASK, image, none, Some(one), Conv::default())
}

/// The 5×5 Gaussian behind the map, with replicated edges.
fn gauss(net: &mut Builder, name: &str, x: Value) -> Value {
    let kernel = gaussian();
    let square: Vec<f32> = kernel
        .iter()
        .flat_map(|down| kernel.iter().map(move |across| (down * across) as f32))
        .collect();
    let side = kernel.len();
    let square = net.constant("mask.gaussian", &[1, 1, side, side], &square);
    let padded = net.pad_edge("mask.padded", x, [side / 2; 4]);
    net.conv(name, padded, square, None, Conv::default())
}

/// ReLU(second(ReLU(first(x))) + past(x)).
fn residual(net: &mut Builder, name: &str, block: &Residual, x: Value) -> Value {
    let past = match &block.past {
        Some(past) => Convolution::folded(past).emit(net, &format!("{name}.past"), x),
        None => x,
    };
    let first = Convolution::folded(&block.first).emit(net, &format!("{name}.first"), x);
    let first = net.relu(&format!("{name}.first.relu"), first);
    let second = Convolution::folded(&block.second).emit(net, &format!("{name}.second"), first);
    let sum = net.add(&format!("{name}.sum"), second, past);
    net.relu(&format!("{name}.relu"), sum)
}

fn prelu(net: &mut Builder, name: &str, prelu: &PRelu, x: Value) -> Value {
    let slopes = values(prelu.alpha.val());
    let slopes = net.constant(&format!("{name}.slope"), &[slopes.len(), 1, 1], &slopes);
    net.prelu(name, x, slopes)
}

/// Burn keeps inputs × outputs, ONNX is given outputs × inputs.
fn linear(net: &mut Builder, name: &str, layer: &Linear, x: Value) -> Value {
    let [inputs, outputs] = layer.weight.val().dims();
    let weights = values(layer.weight.val().transpose());
    let weights = net.weights(&format!("{name}.weight"), &[outputs, inputs], &weights);
    let bias = layer.bias.as_ref().map(|bias| {
        let bias = values(bias.val());
        net.constant(&format!("{name}.bias"), &[bias.len()], &bias)
    });
    net.gemm(name, x, weights, bias)
}
