//! Weights and inputs by formula: the same numbers as in by_torch.py.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};

use crate::weights::{Values, weights, with_weights};

/// Numbers in [-0.5, 0.5), a function of name and index.
pub(crate) fn mixed(name: &str, count: usize) -> Vec<f32> {
    let start = name.bytes().fold(0_u32, |start, byte| {
        start.wrapping_mul(31).wrapping_add(byte.into())
    });
    let number = |index: u32| {
        let mut x = start.wrapping_add(index.wrapping_mul(2_654_435_769));
        x ^= x >> 15;
        x = x.wrapping_mul(2_246_822_519);
        x ^= x >> 13;
        (f64::from(x) / 4_294_967_296.0 - 0.5) as f32
    };
    (0..count as u32).map(number).collect()
}

/// The tensor of that name.
pub(crate) fn tensor<const D: usize>(name: &str, shape: [usize; D], device: &Device) -> Tensor<D> {
    let values = mixed(name, shape.iter().product());
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// The network with the weights that by_torch.py gives it.
pub(crate) fn filled<M: Module>(module: M) -> M {
    let mut all = weights(&module);
    for (name, Values { shape, values }) in &mut all {
        let (factor, summand) = scale(name, shape);
        *values = mixed(name, values.len());
        values.iter_mut().for_each(|v| *v = factor * *v + summand);
    }
    with_weights(module, &all).unwrap()
}

fn scale(name: &str, shape: &[usize]) -> (f32, f32) {
    match name.rsplit('.').next().unwrap() {
        "weight" => {
            let inputs: usize = match shape {
                [inputs, _] => *inputs,
                _ => shape[1..].iter().product(),
            };
            ((2.0 * (3.0 / inputs as f64).sqrt()) as f32, 0.0)
        }
        "bias" | "mean" => (0.2, 0.0),
        "gamma" => (0.4, 1.0),
        "beta" => (0.4, 0.0),
        "alpha" => (0.2, 0.25),
        "variance" => (0.5, 1.0),
        other => panic!("no formula for {other}"),
    }
}

/// The two numbers that by_torch.py keeps of a tensor: its product with a probe, its length.
pub(crate) fn summary(name: &str, values: &[f32]) -> [f64; 2] {
    let probe = mixed(&format!("probe {name}"), values.len());
    let products = values.iter().zip(&probe);
    let product: f64 = products.map(|(v, p)| f64::from(*v) * f64::from(*p)).sum();
    let square: f64 = values.iter().map(|v| f64::from(*v).powi(2)).sum();
    [product, square.sqrt()]
}
