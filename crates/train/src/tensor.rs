//! Between ndarray and the device.

use burn::tensor::{Device, Tensor, TensorData};
use ndarray::Array4;

/// The array on the device, same shape and values.
pub fn to_tensor(array: &Array4<f32>, device: &Device) -> Tensor<4> {
    let (count, channels, height, width) = array.dim();
    let values: Vec<f32> = match array.as_slice() {
        Some(values) => values.to_vec(),
        None => array.iter().copied().collect(),
    };
    let data = TensorData::new(values, [count, channels, height, width]);
    Tensor::from_data(data, device)
}

/// The tensor's values, brought here; waits for the device.
pub fn to_array(tensor: Tensor<4>) -> Array4<f32> {
    let [count, channels, height, width] = tensor.dims();
    let mut array = Array4::zeros((count, channels, height, width));
    let data = tensor.into_data().convert::<f32>();
    for (place, value) in array.iter_mut().zip(data.iter::<f32>()) {
        *place = value;
    }
    array
}
