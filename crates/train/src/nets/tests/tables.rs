//! Tables I to IV, line by line as printed.

use crate::device::test_device;
use burn::tensor::{Device, Tensor};

use super::network;
use crate::nets::{
    Denoiser, Discriminator, Judge, Mask, Transfer, Transform, depth_to_width, gaussian,
};
use crate::weights::weights;

/// Side of the paper's pictures.
const SIZE: usize = 128;

fn picture(device: &Device) -> Tensor<4> {
    super::formula::tensor("x", [1, 3, SIZE, SIZE], device)
}

#[test]
fn table_1() {
    let device = test_device();
    let transform = Transform::new(64, 1, &device);
    let encoder = [
        [1, 64, 64, 64],
        [1, 128, 32, 32],
        [1, 256, 16, 16],
        [1, 512, 8, 8],
        [1, 512, 4, 4],
    ];
    let mut y = picture(&device);
    for (stage, printed) in transform.encoder.iter().zip(encoder) {
        assert_eq!(stage.layer.conv.kernel_size, [4, 4]);
        y = stage.layer.forward(y);
        assert_eq!(y.dims(), printed);
    }
    let decoder = [
        ([1, 128, 8, 8], [1, 512, 8, 8]),
        ([1, 128, 16, 16], [1, 256, 16, 16]),
        ([1, 64, 32, 32], [1, 128, 32, 32]),
        ([1, 32, 64, 64], [1, 64, 64, 64]),
    ];
    for (stage, (up, printed)) in transform.decoder.iter().zip(decoder) {
        assert_eq!(stage.layer.conv.kernel_size, [3, 3]);
        y = depth_to_width(y);
        assert_eq!(y.dims(), up);
        y = stage.layer.forward(y);
        assert_eq!(y.dims(), printed);
    }
    y = depth_to_width(y);
    assert_eq!(y.dims(), [1, 16, 128, 128]);
    assert_eq!(transform.last.kernel_size, [5, 5]);
    assert_eq!(transform.last.forward(y).dims(), [1, 3, 128, 128]);
    assert_eq!(transform.forward(picture(&device)).dims(), [1, 3, 128, 128]);
}

#[test]
fn table_2() {
    let device = test_device();
    let mask = Mask::new(&network(64, SIZE), 1, &device);
    let printed = [
        (4, [1, 32, 64, 64]),
        (4, [1, 64, 32, 32]),
        (3, [1, 64, 32, 32]),
        (3, [1, 64, 32, 32]),
        (3, [1, 1, 32, 32]),
    ];
    let mut y = picture(&device);
    for (layer, (kernel, size)) in mask.layers.iter().zip(printed) {
        assert_eq!(layer.conv.kernel_size, [kernel; 2]);
        y = layer.forward(y);
        assert_eq!(y.dims(), size);
    }
    let masked = mask.forward(picture(&device));
    assert_eq!(masked.soft.dims(), [1, 1, 32, 32]);
    assert_eq!(masked.cells.dims(), [1, 1, 32, 32]);
    assert_eq!(masked.mask.dims(), [1, 1, 128, 128]);
    // σ = 1.6: one pixel from the middle e^(−1/5.12), two e^(−4/5.12).
    let [far, near, middle, ..] = gaussian();
    assert!((near / middle - 0.822_577_562).abs() < 1e-9);
    assert!((far / middle - 0.457_833_362).abs() < 1e-9);
}

#[test]
fn table_3() {
    let device = test_device();
    let discriminator = Discriminator::new(&network(64, SIZE), 1, &device);
    let printed = [
        (8, [1, 32, 64, 64]),
        (3, [1, 32, 64, 64]),
        (4, [1, 64, 32, 32]),
        (3, [1, 64, 32, 32]),
        (4, [1, 128, 16, 16]),
        (4, [1, 128, 8, 8]),
    ];
    let mut y = picture(&device);
    for (conv, (kernel, size)) in discriminator.convs.iter().zip(printed) {
        assert_eq!(conv.kernel_size, [kernel; 2]);
        y = conv.forward(y);
        assert_eq!(y.dims(), size);
    }
    assert_eq!(discriminator.hidden.weight.dims(), [128 * 8 * 8, 1000]);
    assert_eq!(discriminator.last.weight.dims(), [1000, 1]);
    let judgement = discriminator.forward(picture(&device));
    assert_eq!(judgement.score.dims(), [1, 1]);
    assert_eq!(judgement.conv3.dims(), [1, 64, 32, 32]);
    assert_eq!(judgement.conv4.dims(), [1, 64, 32, 32]);
}

#[test]
fn table_4() {
    let device = test_device();
    let denoiser = Denoiser::new(64, 1, &device);
    let mut y: Tensor<4> = Tensor::zeros([1, 3, 32, 32], &device);
    for (conv, channels) in denoiser.convs.iter().zip([64, 64, 64, 64, 64, 3]) {
        assert_eq!(conv.kernel_size, [3, 3]);
        y = conv.forward(y);
        assert_eq!(y.dims(), [1, channels, 32, 32]);
    }
    assert_eq!(denoiser.convs.len(), 6);
}

#[test]
fn the_judge_has_two_convolutions_three_blocks_and_two_fully_connected_layers() {
    let device = test_device();
    let judge = Judge::new(64, 1, &device);
    assert_eq!((judge.convs.len(), judge.blocks.len()), (2, 3));
    let x = Tensor::zeros([2, 3, 64, 64], &device);
    assert_eq!(judge.features(x.clone()).dims(), [2, 128, 8, 8]);
    assert_eq!(judge.forward(x).dims(), [2, 1]);
}

#[test]
fn widths_and_sizes_scale() {
    let device = test_device();
    let count = |width: usize| {
        let transfer = Transfer::new(&network(width, 32), 1, &device);
        weights(&transfer)
            .values()
            .map(|v| v.values.len())
            .sum::<usize>()
    };
    // 8.0 million weights in the stand-in of the same tables, a quarter at half width.
    let (full, half) = (count(64), count(32));
    assert!((7_900_000..8_100_000).contains(&full), "{full}");
    assert!((1_900_000..2_100_000).contains(&half), "{half}");
    for size in [32, 96] {
        let x = Tensor::zeros([1, 3, size, size], &device);
        let network = network(8, size);
        let edit = Transfer::new(&network, 1, &device).forward(x.clone());
        assert_eq!(edit.result.dims(), [1, 3, size, size]);
        assert_eq!(edit.cells.unwrap().dims(), [1, 1, size / 4, size / 4]);
        let judgement = Discriminator::new(&network, 1, &device).forward(x);
        assert_eq!(judgement.score.dims(), [1, 1]);
    }
}
