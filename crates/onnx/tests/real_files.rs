//! The networks that diat runs today pass the gate, and each on its own list.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "these are tests")]

use std::path::PathBuf;

use diat_onnx::{Dim, Graph, Lie, List, Refusal, gate};

/// The folder of shared files: `DIAT_SHARED`, else beside the checkout.
fn shared() -> PathBuf {
    std::env::var_os("DIAT_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    )
}

/// What the gate says of a file; nothing, and a line, where the file is not there.
fn inspect(file: &str, list: List) -> Option<Result<Graph, Refusal>> {
    let path = shared().join("bootstrap").join(file);
    let Ok(bytes) = std::fs::read(&path) else {
        println!(
            "skipped: {} is not there (DIAT_SHARED names the folder)",
            path.display()
        );
        return None;
    };
    Some(gate(&bytes, list))
}

#[test]
fn effects_pass_with_their_names_and_sizes() {
    for file in ["eyeglasses-off.onnx", "mouth-open.onnx"] {
        let Some(graph) = inspect(file, List::Effect) else {
            return;
        };
        let graph = graph.unwrap();
        let names: Vec<_> = graph
            .outputs
            .iter()
            .map(|output| output.name.as_str())
            .collect();
        assert_eq!(names, ["transformed", "mask"]);
        let batch = Dim::Named("N".to_owned());
        let side = Dim::Fixed(128);
        assert_eq!(
            graph.inputs[0].dims,
            [batch, Dim::Fixed(3), side.clone(), side]
        );
        assert!(graph.weights_bytes > 8_000_000 && graph.multiply_adds > 100_000_000);
    }
}

#[test]
fn the_landmark_network_passes() {
    let Some(graph) = inspect("landmarks.onnx", List::Effect) else {
        return;
    };
    let graph = graph.unwrap();
    assert_eq!(
        graph.operators,
        ["Conv", "Flatten", "Gemm", "Relu", "Sigmoid"]
    );
}

#[test]
fn yunet_passes_as_a_detector_and_not_as_an_effect() {
    let Some(graph) = inspect("yunet.onnx", List::Detector) else {
        return;
    };
    let graph = graph.unwrap();
    assert_eq!((graph.opset, graph.outputs.len()), (11, 12));
    let refused = inspect("yunet.onnx", List::Effect).unwrap().unwrap_err();
    assert_eq!(
        refused.lie,
        Lie::Opset {
            found: 11,
            allowed: "17"
        }
    );
}
