//! Small files that would need much memory or time, or change their shape while they run.

use diat_onnx::{Lie, List};

use crate::forge::*;
use crate::{check, owned, refusal};

/// The default model with a Resize or Pad in place of the Relu, steered by one more initialiser.
fn steered(operator: &str, inputs: &[&str], attributes: &[(&str, &str)], by: Forge) -> Vec<u8> {
    let node = node(operator, inputs, "out");
    let node = attributes
        .iter()
        .fold(node, |node, (name, value)| node.with(5, text(name, value)));
    changed(move |m: &mut Model| {
        m.nodes[1] = node;
        m.initialisers.push(by);
    })
}

#[test]
fn refuses_bombs() {
    let nearest = [
        ("coordinate_transformation_mode", "asymmetric"),
        ("mode", "nearest"),
        ("nearest_mode", "floor"),
    ];
    let resize = |scales: &[f32]| {
        steered(
            "Resize",
            &["y", "", "s"],
            &nearest,
            floats("s", &[4], scales),
        )
    };
    let pad = |pads: &[i64]| steered("Pad", &["y", "p"], &[("mode", "edge")], longs("p", pads));
    let scales = |found: &[f32]| Lie::Scales {
        found: found.to_vec(),
    };
    let pads = |found: &[i64]| Lie::Pads {
        found: found.to_vec(),
    };
    let repeated = |count: usize, factor: f32| {
        changed(move |m: &mut Model| {
            m.initialisers
                .push(floats("s", &[4], &[1.0, 1.0, factor, factor]));
            m.nodes.truncate(1);
            let mut from = "y".to_owned();
            for index in 0..count {
                let to = format!("z{index}");
                let resize = node("Resize", &[&from, "", "s"], &to);
                m.nodes.push(
                    nearest
                        .iter()
                        .fold(resize, |n, (name, value)| n.with(5, text(name, value))),
                );
                from = to;
            }
        })
    };
    let work = changed(|m| {
        m.inputs[0] = picture("image", 512, 256);
        m.initialisers[0] = tensor("w", 10, &[512, 512, 3, 3], &vec![0; 512 * 512 * 9 * 2]);
        m.nodes = vec![node("Cast", &["w"], "w32").with(5, integer("to", 1))];
        for index in 0..4 {
            let (from, to) = (
                if index == 0 {
                    owned("image")
                } else {
                    format!("y{}", index - 1)
                },
                format!("y{index}"),
            );
            m.nodes
                .push(node("Conv", &[&from, "w32"], &to).with(5, integers("pads", &[1; 4])));
        }
    });
    check(vec![
        (
            "huge scale",
            resize(&[1.0, 1.0, 1e9, 1e9]),
            "out",
            scales(&[1.0, 1.0, 1e9, 1e9]),
        ),
        (
            "broken scale",
            resize(&[1.0, 1.0, 1.5, 1.5]),
            "out",
            scales(&[1.0, 1.0, 1.5, 1.5]),
        ),
        (
            "scaled batch",
            resize(&[2.0, 1.0, 1.0, 1.0]),
            "out",
            scales(&[2.0, 1.0, 1.0, 1.0]),
        ),
        (
            "huge pad",
            pad(&[0, 0, 1 << 40, 0, 0, 0, 0, 0]),
            "out",
            pads(&[0, 0, 1 << 40, 0, 0, 0, 0, 0]),
        ),
        (
            "padded batch",
            pad(&[1, 0, 0, 0, 0, 0, 0, 0]),
            "out",
            pads(&[1, 0, 0, 0, 0, 0, 0, 0]),
        ),
        (
            "pads too short",
            pad(&[0, 0, 1, 1]),
            "out",
            pads(&[0, 0, 1, 1]),
        ),
        (
            "computed scales",
            changed(|m| {
                let resize = node("Resize", &["image", "", "y"], "out");
                m.nodes[1] = nearest
                    .iter()
                    .fold(resize, |n, (name, value)| n.with(5, text(name, value)));
            }),
            "out",
            Lie::NotConstant { index: 2 },
        ),
        (
            "region of interest",
            steered(
                "Resize",
                &["y", "w", "s"],
                &nearest,
                floats("s", &[4], &[1.0; 4]),
            ),
            "out",
            Lie::Shape {
                found: owned("input 1 is F32 [4, 3, 3, 3]"),
                needed: "no region of interest",
            },
        ),
        (
            "factors that multiply",
            repeated(3, 16.0),
            "z2",
            Lie::Memory {
                found: (4 * 128 * 128 * 256) * 257,
                allowed: 1 << 28,
            },
        ),
        (
            "hours of work",
            work,
            "y3",
            Lie::Work {
                found: 4 * 256 * 256 * 512 * 512 * 9,
                allowed: 1 << 39,
            },
        ),
        (
            "empty input",
            changed(|m| {
                m.initialisers.push(floats("e", &[0], &[]));
                m.nodes[1] = node("Add", &["y", "e"], "out");
            }),
            "out",
            Lie::Shape {
                found: owned("input 1 is empty"),
                needed: "at least one element",
            },
        ),
    ]);
}

#[test]
fn refuses_detectors_that_reshape_by_what_they_see() {
    let file = |tail: Vec<Forge>, initialisers: Vec<Forge>| {
        changed(|model: &mut Model| {
            model.opsets = vec![("", 11)];
            model.nodes.truncate(1);
            model.nodes.extend(tail);
            model.initialisers.extend(initialisers);
            model.outputs = vec![value("out", 1, &[None, None])];
        })
    };
    let reshape = |target: &[i64]| {
        refusal(
            &file(
                vec![node("Reshape", &["y", "t"], "out")],
                vec![longs("t", target)],
            ),
            List::Detector,
        )
    };
    let lie = |to: &[i64]| Lie::Reshape {
        from: owned("F32 [1, 4, 8, 8]"),
        to: to.to_vec(),
    };
    for target in [
        &[-1, -1][..],
        &[1 << 40, -1],
        &[3, 7],
        &[-2, 4],
        &[i64::MIN, 1],
    ] {
        assert_eq!(reshape(target).lie, lie(target));
    }
    // A fixed target fits a batch of one only.
    let found = reshape(&[1, 256]).lie;
    assert_eq!(
        found,
        Lie::Reshape {
            from: owned("F32 [3, 4, 8, 8]"),
            to: vec![1, 256]
        }
    );

    let computed = refusal(
        &file(vec![node("Reshape", &["y", "y"], "out")], vec![]),
        List::Detector,
    );
    assert_eq!(computed.lie, Lie::NotConstant { index: 1 });
    let gather = |index: i64| {
        let nodes = vec![node("Shape", &["y"], "s"), node("Gather", &["s", "i"], "g")];
        refusal(&file(nodes, vec![longs("i", &[index])]), List::Detector).lie
    };
    for index in [4, -5, i64::MAX, i64::MIN] {
        assert!(matches!(
            gather(index),
            Lie::Shape {
                needed: "indices that are there",
                ..
            }
        ));
    }
}

#[test]
fn a_detector_may_keep_its_batch_by_computing_it() {
    let axes = integers("axes", &[0]);
    let axis = Forge::default().text(1, "axis").int(20, 2);
    let bytes = changed(|model| {
        model.opsets = vec![("", 11)];
        model.nodes.truncate(1);
        model.nodes.extend([
            node("Shape", &["y"], "s"),
            node("Gather", &["s", "i"], "n"),
            node("Unsqueeze", &["n"], "n1").with(5, axes),
            node("Concat", &["n1", "rest"], "t").with(5, axis),
            node("Reshape", &["y", "t"], "out"),
        ]);
        // -4 counts from the end: the batch of N×C×H×W.
        let index = Forge::default().int(2, 7).text(8, "i").int(7, -4);
        model.initialisers.extend([index, longs("rest", &[-1])]);
        model.outputs = vec![value("out", 1, &[None, Some(256)])];
    });
    let graph = diat_onnx::gate(&bytes, List::Detector).unwrap();
    assert_eq!(graph.outputs[0].dims[1], diat_onnx::Dim::Fixed(256));
    assert!(diat_onnx::gate(&bytes, List::Effect).is_err());
}
