//! Convolution as the networks call it: Burn's own, but for the pure-Rust device in training, where ours takes a third to
//! four fifths of the time, layer by layer.
//!
//! Burn 0.22 has no backward pass of its own for convolutions there: the weight's gradient is computed as another convolution, with
//! the output's gradient for a kernel (64×64 and larger), which its kernels are not made for; and layers of few channels run
//! through a loop instead of a matrix product. Here all three passes are matrix products over bands of the unfolded picture.

mod unfolded;

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2d;
use burn::tensor::Tensor;

use super::flex::{Training, taken, tensor_of, values};
use unfolded::Unfolded;

/// Outputs of one channel of one picture, from which on ours is the faster.
const LARGE: usize = 256;

/// The convolution of N×C×H×W, bias and all.
pub(super) fn convolved(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let Some(unfolded) = geometry(conv, &x) else {
        return conv.forward(x);
    };
    let Some(y) = ours(unfolded, x.clone(), conv.weight.val()) else {
        return conv.forward(x);
    };
    match &conv.bias {
        Some(bias) => y + bias.val().reshape([1, unfolded.outputs, 1, 1]),
        None => y,
    }
}

/// What is computed, if it is large enough.
fn geometry(conv: &Conv2d, x: &Tensor<4>) -> Option<Unfolded> {
    let PaddingConfig2d::Explicit(padding, ..) = conv.padding else {
        return None;
    };
    let [count, inputs, height, width] = x.dims();
    let [outputs, ..] = conv.weight.dims();
    // As every layer of ours is: square, of one group, not dilated.
    let [kernel, stride] = [conv.kernel_size[0], conv.stride[0]];
    let unfolded = Unfolded {
        count,
        inputs,
        outputs,
        height,
        width,
        kernel,
        stride,
        padding,
    };
    (unfolded.pixels() >= LARGE).then_some(unfolded)
}

/// Without the bias.
fn ours(unfolded: Unfolded, x: Tensor<4>, weight: Tensor<4>) -> Option<Tensor<4>> {
    let (x, node_x) = taken(x)?;
    let (weight, node_weight) = taken(weight)?;
    let [height, width] = unfolded.size();
    let y = tensor_of(
        unfolded.forward(values(&x), values(&weight)),
        [unfolded.count, unfolded.outputs, height, width],
    );
    let ops = Convolution
        .prepare::<NoCheckpointing>([node_x, node_weight])
        .compute_bound();
    let y = match ops.stateful() {
        OpsKind::Tracked(ops) => ops.finish((unfolded, x, weight), y),
        OpsKind::UnTracked(ops) => ops.finish(y),
    };
    Some(Tensor::from_primitive::<Training>(y))
}

/// The backward pass of a convolution without bias.
#[derive(Debug)]
struct Convolution;

impl Backward<Flex, 2> for Convolution {
    type State = (Unfolded, FlexTensor, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [node_x, node_weight] = ops.parents;
        let (unfolded, x, weight) = ops.state;
        let gradient = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let gradient = values(&gradient);
        let Unfolded {
            count,
            inputs,
            outputs,
            height,
            width,
            kernel,
            ..
        } = unfolded;
        if let Some(node) = node_x {
            let of_x = unfolded.input_gradient(gradient, values(&weight));
            let of_x = tensor_of(of_x, [count, inputs, height, width]);
            gradients.register::<Flex>(node.id, of_x);
        }
        if let Some(node) = node_weight {
            let of_weight = unfolded.weight_gradient(values(&x), gradient);
            let of_weight = tensor_of(of_weight, [outputs, inputs, kernel, kernel]);
            gradients.register::<Flex>(node.id, of_weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::module::Param;
    use burn::nn::PaddingConfig2d;
    use burn::nn::conv::Conv2d;
    use burn::optim::GradientsParams;
    use burn::tensor::{Device, Tensor};

    use super::{convolved, geometry, ours};
    use crate::nets::tests::formula::tensor;

    /// Output, gradient of x, of the weight, of the bias.
    type Passes = [Vec<f32>; 4];

    fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.into_data().iter::<f32>().collect()
    }

    fn passes(
        conv: &Conv2d,
        shape: [usize; 4],
        call: impl Fn(&Conv2d, Tensor<4>) -> Tensor<4>,
    ) -> Passes {
        let device = conv.weight.val().device();
        let x: Tensor<4> = tensor("x", shape, &device).require_grad();
        let y = call(conv, x.clone());
        let probe: Tensor<4> = tensor("probe", y.dims(), &device);
        let mut gradients = (y.clone() * probe).sum().backward();
        let of_x = x.grad_remove(&mut gradients).unwrap();
        let mut gradients = GradientsParams::from_grads(gradients, conv);
        let of_weight: Tensor<4> = gradients.remove(conv.weight.id).unwrap();
        let of_bias: Tensor<1> = gradients.remove(conv.bias.as_ref().unwrap().id).unwrap();
        [
            numbers(y),
            numbers(of_x),
            numbers(of_weight),
            numbers(of_bias),
        ]
    }

    #[test]
    fn every_pass_is_burn_s() {
        let device = Device::flex().autodiff();
        // Channels in and out, kernel, stride, padding; pictures, height, width: every kind of ours, edges that stride leaves out,
        // several bands, more pictures than groups.
        let cases = [
            ([3, 16, 8, 2, 3], [2, 32, 32]),
            ([8, 3, 5, 1, 2], [3, 40, 24]),
            ([4, 6, 4, 2, 1], [9, 34, 32]),
            ([5, 2, 3, 2, 1], [1, 33, 39]),
            ([4, 4, 3, 1, 1], [2, 96, 128]),
            ([6, 5, 1, 2, 0], [2, 33, 34]),
        ];
        for ([inputs, outputs, kernel, stride, padding], [count, height, width]) in cases {
            let weight: Tensor<4> = tensor("weight", [outputs, inputs, kernel, kernel], &device);
            let conv = Conv2d {
                weight: Param::from_tensor(weight),
                bias: Some(Param::from_tensor(tensor("bias", [outputs], &device))),
                stride: [stride; 2],
                kernel_size: [kernel; 2],
                dilation: [1; 2],
                groups: 1,
                padding: PaddingConfig2d::Explicit(padding, padding, padding, padding),
            };
            let shape = [count, inputs, height, width];
            let x = Tensor::zeros(shape, &device);
            let unfolded = geometry(&conv, &x).unwrap();
            assert!(ours(unfolded, x, conv.weight.val()).is_some());
            let ours = passes(&conv, shape, convolved);
            let burn = passes(&conv, shape, |conv, x| conv.forward(x));
            for (pass, (ours, burn)) in ours.iter().zip(&burn).enumerate() {
                assert_eq!(ours.len(), burn.len());
                let largest = burn.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
                for (ours, burn) in ours.iter().zip(burn) {
                    let close = (ours - burn).abs() <= 2e-5 * largest;
                    assert!(close, "{kernel}×{kernel}, pass {pass}: {ours} for {burn}");
                }
            }
        }
    }
}
