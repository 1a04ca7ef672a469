//! Operations of our own on the pure-Rust device in training, where Burn's take several times as long: what they share.
//!
//! Each is asked with tensors of any device and declines where it is not meant; then Burn's own is called.

use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::ops::NodeGuard;
use burn::backend::flex::FlexTensor;
use burn::backend::{Autodiff, Flex};
use burn::tensor::{DType, Tensor, TensorData};

/// The device: flex with autodiff.
pub(super) type Training = Autodiff<Flex, NoCheckpointing>;

/// The numbers, in a row of f32, and the place in the graph; none of a tensor elsewhere.
pub(super) fn taken<const D: usize>(tensor: Tensor<D>) -> Option<(FlexTensor, NodeGuard)> {
    if tensor.dtype() != DType::F32 {
        return None;
    }
    let (inner, node) = tensor.try_into_primitive::<Training>().ok()?.into_parts();
    Some((inner.to_contiguous(), node))
}

/// The numbers of a contiguous tensor of f32.
pub(super) fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice::<f32>().unwrap_or_default()
}

/// A tensor of these numbers.
pub(super) fn tensor_of<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}
