//! What the networks promise beyond their tables.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

use super::formula::{filled, tensor};
use super::network;
use crate::device::test_devices;
use crate::nets::{BatchNorm, Discriminator, Mask, Transfer, depth_to_width, mask};
use crate::recipe::{Network, Optimiser, Oval, Solver as Method};
use crate::solver::Solver;
use crate::weights::weights;

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

fn bits<const D: usize>(tensor: Tensor<D>) -> Vec<u32> {
    values(tensor).into_iter().map(f32::to_bits).collect()
}

#[test]
fn depth_to_width_is_onnx_s_crd() {
    // The example of ONNX's specification for mode CRD: channels 0..8 of 1×1, two of 2×2 come out.
    let device = Device::flex();
    let x: Vec<f32> = (0..8_u8).map(f32::from).collect();
    let x = Tensor::from_data(TensorData::new(x, [1, 8, 1, 1]), &device);
    let y = depth_to_width(x);
    assert_eq!(y.dims(), [1, 2, 2, 2]);
    assert_eq!(values(y), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    // Two pixels side by side interleave.
    let x: Vec<f32> = (0..8_u8).map(f32::from).collect();
    let x = Tensor::from_data(TensorData::new(x, [1, 4, 1, 2]), &device);
    assert_eq!(
        values(depth_to_width(x)),
        [0.0, 2.0, 1.0, 3.0, 4.0, 6.0, 5.0, 7.0]
    );
}

#[test]
fn binarisation_is_equation_2_forwards_and_4_backwards() {
    for device in test_devices() {
        binarisation(device.autodiff());
    }
}

fn binarisation(device: Device) {
    let e = [
        -0.25,
        0.0,
        1e-9,
        0.3,
        0.5,
        0.500_000_06,
        0.7,
        0.999_999_9,
        1.0,
        1.5,
    ];
    let count = e.len();
    let e: Tensor<4> =
        Tensor::from_data(TensorData::new(e.to_vec(), [1, 1, 1, count]), &device).require_grad();
    let binary = mask::binarise(e.clone());
    let expected = [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    assert_eq!(values(binary.clone()), expected);
    let mut gradients = (binary * 3.0).sum().backward();
    let gradient = values(e.grad_remove(&mut gradients).unwrap());
    assert_eq!(gradient, [0.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 0.0]);
}

#[test]
fn a_full_map_is_a_full_mask_and_an_empty_one_leaves_every_bit_of_the_picture() {
    let device = Device::flex();
    let full = mask::soften(Tensor::ones([1, 1, 8, 8], &device));
    assert_eq!(values(full), vec![1.0; 32 * 32]);

    let mut transfer = Transfer::new(&network(8, 32), 1, &device);
    let shut = |bias: f64, mask: &mut Mask| {
        let last = &mut mask.layers[4].norm;
        last.gamma = last.gamma.clone().map(|gamma| gamma * 0.0);
        last.beta = last.beta.clone().map(|beta| beta * 0.0 + bias);
    };
    let x: Tensor<4> = tensor("x", [2, 3, 32, 32], &device);
    shut(-1.0, transfer.mask.as_mut().unwrap());
    assert_eq!(bits(transfer.forward(x.clone()).result), bits(x.clone()));
    shut(1.0, transfer.mask.as_mut().unwrap());
    let edit = transfer.forward(x);
    assert_eq!(bits(edit.result), bits(edit.transformed));
}

#[test]
fn the_mask_starts_open_by_its_bias_and_stays_in_the_region() {
    let device = Device::flex();
    let region = Oval {
        centre: [64.0, 32.0],
        half_axes: [32.0, 16.0],
        rim: 8.0,
    };
    let network = Network {
        mask_bias: 0.3,
        region: Some(region),
        ..network(8, 64)
    };
    let mut mask = Mask::new(&network, 1, &device.clone().autodiff()).valid();
    assert_eq!(values(mask.layers[4].norm.beta.val()), [0.3]);
    let last = &mut mask.layers[4].norm;
    last.gamma = last.gamma.clone().map(|gamma| gamma * 0.0);
    let masked = mask.forward(Tensor::zeros([1, 3, 64, 64], &device));
    assert_eq!(values(masked.cells), vec![1.0; 16 * 16]);
    let mask = values(masked.mask);
    let at = |x: usize, y: usize| mask[64 * y + x];
    // At 64² the oval's centre is (32, 16), its half axes 16 and 8, its rim 4 pixels.
    assert_eq!(at(32, 16), 1.0);
    assert_eq!((at(32, 40), at(10, 16), at(50, 16)), (0.0, 0.0, 0.0));
    // A pixel's centre 1.5 below the upper end of the shorter axis: 1.5 of 4 pixels up the rim.
    assert!((at(31, 9) - 0.375).abs() < 0.01, "{}", at(31, 9));
}

#[test]
fn a_face_does_not_depend_on_its_neighbours_in_the_batch() {
    let device = Device::flex();
    let transfer = filled(Transfer::new(&network(8, 32), 1, &device));
    let x: Tensor<4> = tensor("x", [3, 3, 32, 32], &device);
    let together = transfer.forward(x.clone()).result.narrow(0, 1, 1);
    let alone = transfer.forward(x.narrow(0, 1, 1)).result;
    let pairs = values(together).into_iter().zip(values(alone));
    assert!(
        pairs
            .into_iter()
            .all(|(together, alone)| (together - alone).abs() < 1e-5)
    );
}

#[test]
fn clones_share_no_statistics_and_what_is_seen_is_up_to_date() {
    let device = Device::flex().autodiff();
    let norm = BatchNorm::new(1, &device);
    let copy = norm.clone();
    let x = |values: [f32; 4]| {
        Tensor::from_data(TensorData::new(values.to_vec(), [4, 1, 1, 1]), &device)
    };
    norm.forward(x([1.0, 2.0, 3.0, 4.0]));
    // Mean 2.5, unbiased variance 5/3.
    assert_eq!(weights(&norm)["mean"].values, [0.25]);
    assert!((weights(&norm)["variance"].values[0] - (0.9 + 0.5 / 3.0)).abs() < 1e-6);
    assert_eq!(weights(&copy)["mean"].values, [0.0]);
    // A plain device does not train them.
    let valid = norm.valid();
    valid.forward(x([9.0; 4]).inner());
    assert_eq!(weights(&valid), weights(&norm));
}

#[test]
fn weights_start_from_seed_and_name_alone() {
    let device = Device::flex();
    let start = |seed, device: &Device| weights(&Transfer::new(&network(8, 32), seed, device));
    let first = start(7, &device);
    // Another network made in between changes nothing, nor does autodiff.
    Discriminator::new(&network(8, 32), 7, &device);
    assert_eq!(start(7, &device.clone().autodiff()), first);
    assert_ne!(start(8, &device), first);
    // Two layers of one shape.
    let [a, b] = [2, 3].map(|index| &first[&format!("mask.layers.{index}.conv.weight")].values);
    assert_eq!(a.len(), b.len());
    assert_ne!(a, b);
    let bound = 1.0 / (8.0_f32 * 9.0).sqrt();
    assert!(b.iter().all(|weight| weight.abs() <= bound));
    assert!(b.iter().any(|weight| weight.abs() > 0.99 * bound));
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let trained = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let device = Device::flex().autodiff();
            let network = network(16, 64);
            let mut transfer = Transfer::new(&network, 1, &device);
            let discriminator = Discriminator::new(&network, 1, &device);
            let adam = Method::Adam {
                beta1: 0.5,
                beta2: 0.99,
            };
            let mut solver = Solver::new(&Optimiser {
                solver: adam,
                rate: 1e-2,
            });
            for step in 0..2 {
                let x: Tensor<4> = tensor(&format!("x{step}"), [4, 3, 64, 64], &device);
                let edit = transfer.forward(x);
                let loss = discriminator.forward(edit.result).score.mean();
                let gradients = GradientsParams::from_grads(loss.backward(), &transfer);
                transfer = solver.step(transfer, gradients);
            }
            weights(&transfer)
        })
    };
    let one = trained(1);
    assert_eq!(one, trained(2));
    assert_eq!(one, trained(3));
}
