//! A VGG-16 of few channels, written by PyTorch and by the test.

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor};
use serde_json::Value;

use super::{Order, VggFace, file};
use crate::device::test_devices;
use crate::nets::tests::formula::{mixed, summary, tensor};
use crate::weights::{self, Error, Values, Weights};

fn by_torch() -> Value {
    serde_json::from_str(include_str!("tests/by_torch.json")).unwrap()
}

fn of_pytorch() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nets/vgg_face/tests/small_vgg_face.pt")
}

/// The same weights as in PyTorch's file, with its names and shapes.
fn small() -> Weights {
    let blocks: [&[usize]; 5] = [&[2, 2], &[2, 3], &[3, 3, 3], &[3, 2, 3], &[3, 3, 2]];
    let mut all = Weights::new();
    let mut add = |name: String, shape: Vec<usize>, values: Vec<f32>| {
        all.insert(name, Values { shape, values });
    };
    let weight = |name: &str, inputs: usize, outputs: usize| -> Vec<f32> {
        let factor = (2.0 * (3.0 / inputs as f64).sqrt()) as f32;
        mixed(name, inputs * outputs)
            .into_iter()
            .map(|v| v * factor)
            .collect()
    };
    let bias = |name: &str, outputs| mixed(name, outputs).into_iter().map(|v| 0.2 * v).collect();
    let mut inputs = 3;
    for (block, outputs) in (1..).zip(blocks) {
        for (index, outputs) in (1..).zip(outputs.iter().copied()) {
            let [w, b] = ["weight", "bias"].map(|part| format!("conv{block}_{index}.{part}"));
            let values = weight(&w, inputs * 9, outputs);
            add(w, vec![outputs, inputs, 3, 3], values);
            let values = bias(&b, outputs);
            add(b, vec![outputs], values);
            inputs = outputs;
        }
    }
    for (layer, inputs, outputs) in [(6, 98, 6), (7, 6, 5), (8, 5, 4)] {
        let [w, b] = ["weight", "bias"].map(|part| format!("fc{layer}.{part}"));
        let values = weight(&w, inputs, outputs);
        // The formula's matrices have inputs first.
        let turned = (0..outputs).flat_map(|o| (0..inputs).map(move |i| (i, o)));
        let turned = turned.map(|(i, o)| values[i * outputs + o]).collect();
        add(w, vec![outputs, inputs], turned);
        let values = bias(&b, outputs);
        add(b, vec![outputs], values);
    }
    all
}

fn renamed(weights: Weights, name: impl Fn(&str) -> String) -> Weights {
    weights
        .into_iter()
        .map(|(old, tensor)| (name(&old), tensor))
        .collect()
}

fn features(vgg_face: &VggFace) -> Vec<f32> {
    let x: Tensor<4> = tensor("x", [2, 3, 96, 96], &Device::flex()) * 2.0;
    vgg_face.features(x).into_data().iter::<f32>().collect()
}

#[track_caller]
fn assert_torch(features: &[f32]) {
    let torch = by_torch();
    let torch = torch["features"].as_array().unwrap();
    assert_eq!(features.len(), torch.len());
    for (ours, torch) in features.iter().zip(torch) {
        let torch = torch.as_f64().unwrap();
        assert!(
            (f64::from(*ours) - torch).abs() < 1e-4 * torch.abs().max(1.0),
            "{ours} for {torch}"
        );
    }
}

#[test]
fn a_pytorch_file_gives_pytorch_s_features_and_gradient() {
    let vgg_face = VggFace::load(&of_pytorch(), &Device::flex()).unwrap();
    assert_eq!(vgg_face.order(), Order::Bgr);
    assert_torch(&features(&vgg_face));
    for device in test_devices() {
        gradient(&device.autodiff());
    }
}

fn gradient(device: &Device) {
    let vgg_face = VggFace::load(&of_pytorch(), device).unwrap();
    let x: Tensor<4> = (tensor("x", [2, 3, 96, 96], device) * 2.0).require_grad();
    let probe: Tensor<2> = tensor("gradient features", [2, 5], device);
    let mut gradients = (vgg_face.features(x.clone()) * probe).sum().backward();
    let gradient = x.grad_remove(&mut gradients).unwrap().into_data();
    let ours = summary("x", &gradient.iter::<f32>().collect::<Vec<_>>());
    let torch = by_torch();
    for (ours, torch) in ours.into_iter().zip(torch["x"].as_array().unwrap()) {
        let torch = torch.as_f64().unwrap();
        assert!(
            (ours - torch).abs() < 1e-3 * torch.abs(),
            "{ours} for {torch}"
        );
    }
    // Its own weights are never trained.
    assert!(!vgg_face.fc7.weight.val().is_require_grad());
}

#[test]
fn safetensors_files_of_every_naming_give_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let underscored = renamed(small(), |name| name.replace("conv", "conv_"));
    let sequential = renamed(small(), |name| {
        let places = [
            ("conv1_1", 0),
            ("conv1_2", 2),
            ("conv2_1", 5),
            ("conv2_2", 7),
            ("conv3_1", 10),
            ("conv3_2", 12),
            ("conv3_3", 14),
            ("conv4_1", 17),
            ("conv4_2", 19),
            ("conv4_3", 21),
            ("conv5_1", 24),
            ("conv5_2", 26),
            ("conv5_3", 28),
        ];
        let (layer, part) = name.split_once('.').unwrap();
        match places.iter().find(|(conv, _)| *conv == layer) {
            Some((_, place)) => format!("model.features.{place}.{part}"),
            None => {
                let place = 3 * (layer[2..].parse::<usize>().unwrap() - 6);
                format!("model.classifier.{place}.{part}")
            }
        }
    });
    let mut convolutional = small();
    convolutional.get_mut("fc6.weight").unwrap().shape = vec![6, 2, 7, 7];
    for weights in [small(), underscored, sequential, convolutional] {
        let path = dir.path().join("vgg.safetensors");
        weights::write(&path, &weights).unwrap();
        assert_torch(&features(&VggFace::load(&path, &Device::flex()).unwrap()));
    }
}

#[test]
fn matconvnet_s_port_takes_rgb() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vgg_face_dag.safetensors");
    let mut turned = small();
    // The same network for RGB: the first layer's inputs the other way round.
    let first = turned.get_mut("conv1_1.weight").unwrap();
    for output in first.values.chunks_exact_mut(3 * 9) {
        let (red, rest) = output.split_at_mut(9);
        red.swap_with_slice(&mut rest[9..]);
    }
    weights::write(&path, &turned).unwrap();
    let vgg_face = VggFace::load(&path, &Device::flex()).unwrap();
    assert_eq!(vgg_face.order(), Order::Rgb);
    assert_torch(&features(&vgg_face));
}

#[test]
fn bad_files_are_refused_with_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vgg.safetensors");
    let refused = |path: &Path| match file::read(path, &Device::flex()) {
        Ok(_) => panic!("taken"),
        Err(error) => error,
    };
    let text = |weights: &Weights| {
        weights::write(&path, weights).unwrap();
        let text = refused(&path).to_string();
        text.replace(&format!("{}: ", path.display()), "")
    };
    let mut weights = small();
    weights.remove("fc7.bias");
    assert!(
        text(&weights).starts_with("weights are missing: `fc7.bias`"),
        "{}",
        text(&weights)
    );
    let mut weights = small();
    weights.get_mut("fc6.weight").unwrap().shape = vec![98, 6];
    let found = text(&weights);
    assert!(
        found.starts_with("`fc6.weight` has shape [98, 6]"),
        "{found}"
    );
    let found = text(&Weights::new());
    assert!(
        found.contains("`conv1_1.weight` or `conv_1_1.weight` or `features.0.weight`"),
        "{found}"
    );

    let bad = dir.path().join("vgg.pth");
    assert!(matches!(refused(&bad), Error::Read { .. }));
    std::fs::write(&bad, b"no pickle").unwrap();
    assert!(matches!(refused(&bad), Error::Format { .. }));
}
