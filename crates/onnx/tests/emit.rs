//! What the builder writes: the same bytes every time, under the names it was given, and nothing that the gate refuses.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use diat_onnx::emit::{Builder, Conv, Error};
use diat_onnx::{Dim, Lie, List, gate};

/// image → Conv → Sigmoid, with f32 or f16 weights.
fn network(half: bool) -> Vec<u8> {
    let mut net = Builder::new("small");
    let image = net.input("image", &[3, 16, 16]);
    if half {
        net.half_weights();
    }
    let weights: Vec<f32> = (0..8 * 27).map(|index| index as f32 / 1024.0).collect();
    let weights = net.weights("conv.w", &[8, 3, 3, 3], &weights);
    let conv = net.conv("conv", image, weights, None, Conv::new(1, 2));
    let mask = net.sigmoid("mask", conv);
    net.output(mask);
    net.finish().unwrap()
}

#[test]
fn the_same_network_is_the_same_bytes() {
    assert_eq!(network(false), network(false));
    assert_eq!(network(true), network(true));
}

#[test]
fn names_and_shapes_come_out_as_given() {
    let graph = gate(&network(false), List::Effect).unwrap();
    let dims = |numbers: &[i64]| {
        let fixed = numbers.iter().map(|number| Dim::Fixed(*number));
        std::iter::once(Dim::Named("N".to_owned()))
            .chain(fixed)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (graph.inputs[0].name.as_str(), &graph.inputs[0].dims),
        ("image", &dims(&[3, 16, 16]))
    );
    assert_eq!(
        (graph.outputs[0].name.as_str(), &graph.outputs[0].dims),
        ("mask", &dims(&[8, 8, 8]))
    );
    assert_eq!((graph.opset, graph.weights_bytes), (17, 8 * 27 * 4));
}

#[test]
fn half_weights_take_half_the_bytes_and_a_cast() {
    let graph = gate(&network(true), List::Effect).unwrap();
    assert_eq!(graph.weights_bytes, 8 * 27 * 2);
    assert_eq!(graph.operators, ["Cast", "Conv", "Sigmoid"]);
}

#[test]
fn values_that_do_not_fill_their_dimensions_are_an_error() {
    let mut net = Builder::new("wrong");
    let image = net.input("image", &[1, 4, 4]);
    let constant = net.constant("c", &[2, 2], &[0.0; 3]);
    let sum = net.add("sum", image, constant);
    net.output(sum);
    let expected = Error::Values {
        name: "c".to_owned(),
        dims: vec![2, 2],
        expected: 4,
        found: 3,
    };
    assert_eq!(net.finish(), Err(expected));
}

#[test]
fn what_the_gate_would_refuse_is_not_written() {
    let build = |name: &str, value: f32| {
        let mut net = Builder::new("wrong");
        let image = net.input("image", &[1, 4, 4]);
        let constant = net.constant("c", &[1], &[value]);
        let sum = net.add(name, image, constant);
        net.output(sum);
        net.finish()
    };
    assert!(build("sum", 1.0).is_ok());
    let refused = build("image", 1.0).unwrap_err();
    let duplicate = Lie::DuplicateName {
        name: "image".to_owned(),
    };
    assert!(matches!(refused, Error::Refused(refusal) if refusal.lie == duplicate));
    let refused = build("sum", f32::INFINITY).unwrap_err();
    assert!(matches!(refused, Error::Refused(refusal) if refusal.place == "tensor \"c\""));
}

#[test]
fn weights_that_f16_cannot_hold_are_refused() {
    let mut net = Builder::new("wrong");
    let image = net.input("image", &[1, 4, 4]);
    net.half_weights();
    let weights = net.weights("w", &[1], &[70_000.0]);
    let product = net.mul("product", image, weights);
    net.output(product);
    let refused = net.finish().unwrap_err();
    assert!(matches!(refused, Error::Refused(refusal) if refusal.place == "tensor \"w.f16\""));
}
