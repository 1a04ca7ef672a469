//! Bytes that are not quite a model, and what stands around the graph.

use diat_onnx::{Lie, List};

use crate::forge::*;
use crate::{check, owned, refusal};

#[test]
fn refuses_what_stands_around_the_graph() {
    let import = |domain, version| changed(move |m: &mut Model| m.opsets.push((domain, version)));
    let tail =
        |field, value| changed(move |m: &mut Model| m.tail = Forge::default().with(field, value));
    let entry = Forge::default().text(1, "ort_config").text(2, "{}");
    check(vec![
        (
            "old file",
            changed(|m| m.ir_version = 3),
            "model",
            Lie::IrVersion { found: 3 },
        ),
        (
            "other opset",
            changed(|m| m.opsets = vec![("", 18)]),
            "model",
            Lie::Opset {
                found: 18,
                allowed: "17",
            },
        ),
        (
            "no opset",
            changed(|m| m.opsets.clear()),
            "model",
            Lie::Opset {
                found: 0,
                allowed: "17",
            },
        ),
        (
            "foreign import",
            import("com.microsoft", 1),
            "model",
            Lie::ForeignImport {
                domain: owned("com.microsoft"),
            },
        ),
        (
            "import twice",
            import("", 11),
            "model",
            Lie::ForeignImport { domain: owned("") },
        ),
        (
            "function",
            tail(25, Forge::default().text(1, "evil")),
            "model",
            Lie::LocalFunction {
                name: owned("evil"),
            },
        ),
        (
            "training",
            tail(20, Forge::default()),
            "model",
            Lie::TrainingInfo,
        ),
        (
            "settings in metadata",
            tail(14, entry),
            "model",
            Lie::Metadata {
                key: owned("ort_config"),
            },
        ),
        (
            "device configuration",
            tail(26, Forge::default()),
            "model",
            Lie::DeviceConfiguration,
        ),
        (
            "no graph",
            Forge::default()
                .int(1, 8)
                .with(8, Forge::default().int(2, 17))
                .0,
            "model",
            Lie::NoGraph,
        ),
        (
            "quantisation",
            changed(|m| m.graph_tail = Forge::default().with(14, Forge::default())),
            "graph",
            Lie::Quantisation,
        ),
        (
            "sparse initialiser",
            changed(|m| m.graph_tail = Forge::default().with(15, Forge::default())),
            "graph",
            Lie::SparseTensor,
        ),
    ]);
}

#[test]
fn refuses_bytes_that_are_not_quite_a_model() {
    let whole = Model::default().file();
    let cut = whole[..whole.len() - 1].to_vec();
    let followed = |tail: &[u8]| [whole.as_slice(), tail].concat();
    let deep = (0..40).fold(Forge::default(), |inner, _| {
        let attribute = Forge::default().text(1, "a").with(6, inner);
        Forge::default().with(1, Forge::default().with(5, attribute))
    });
    let many = (0..=4096).fold(Forge::default(), |graph, _| graph.with(1, Forge::default()));
    check(vec![
        ("cut off", cut, "byte", Lie::Truncated),
        (
            "garbage behind",
            followed(b"PK\x03\x04"),
            "ModelProto",
            Lie::UnknownField { field: 10 },
        ),
        (
            "zeros behind",
            followed(&[0; 16]),
            "ModelProto",
            Lie::FieldNumber,
        ),
        (
            "a second graph behind",
            Model {
                tail: Forge::default().with(7, Model::default().graph()),
                ..Model::default()
            }
            .file(),
            "ModelProto",
            Lie::RepeatedField { field: 7 },
        ),
        (
            "unknown field of the graph",
            changed(|m| m.graph_tail = Forge::default().int(17, 1)),
            "GraphProto",
            Lie::UnknownField { field: 17 },
        ),
        (
            "unknown field of a node",
            changed(|m| m.nodes[1] = node("Relu", &["y"], "out").int(11, 1)),
            "NodeProto",
            Lie::UnknownField { field: 11 },
        ),
        (
            "wrong wire type",
            changed(|m| m.graph_tail = Forge::default().int(5, 1)),
            "GraphProto",
            Lie::WireType { field: 5 },
        ),
        (
            "overlong number",
            followed(&[0x28, 0x80, 0x00]),
            "ModelProto",
            Lie::Varint,
        ),
        (
            "name that is no text",
            changed(|m| m.nodes[1] = m.nodes[1].clone().bytes(1, &[0xff, 0xfe])),
            "NodeProto",
            Lie::NotText,
        ),
        (
            "graphs within graphs",
            Forge::default().with(7, deep).0,
            "at byte",
            Lie::TooDeep { allowed: 16 },
        ),
        (
            "too many nodes",
            Forge::default().with(7, many).0,
            "GraphProto",
            Lie::TooMany {
                kind: "GraphProto",
                field: 1,
                allowed: 4096,
            },
        ),
    ]);
}

#[test]
fn refuses_a_file_beyond_the_limit_before_reading_it() {
    let bytes = vec![0; (512 << 20) + 1];
    let lie = Lie::TooLarge {
        found: bytes.len(),
        allowed: 512 << 20,
    };
    assert_eq!(refusal(&bytes, List::Effect).lie, lie);
}
