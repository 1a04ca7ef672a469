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

#[cfg(test)]
mod tests {
    use ndarray::{Array4, s};

    use super::{to_array, to_tensor};
    use crate::device::test_devices;

    #[test]
    fn an_array_comes_back_as_it_went_whatever_its_layout() {
        let whole = Array4::from_shape_fn((2, 3, 4, 5), |(n, c, y, x)| {
            (n * 1000 + c * 100 + y * 10 + x) as f32
        });
        let turned = whole.view().permuted_axes([1, 0, 3, 2]).to_owned();
        let part = whole.slice(s![.., 1..3, ..;2, 1..]).to_owned();
        let mirrored = whole.slice(s![.., .., .., ..;-1]).to_owned();
        for device in test_devices() {
            for array in [&whole, &turned, &part, &mirrored] {
                let tensor = to_tensor(array, &device);
                let (count, channels, height, width) = array.dim();
                assert_eq!(tensor.dims(), [count, channels, height, width]);
                assert_eq!(to_array(tensor), *array);
            }
            let turned = to_tensor(&whole, &device).permute([1, 0, 3, 2]);
            assert_eq!(to_array(turned), whole.view().permuted_axes([1, 0, 3, 2]));
        }
    }
}
