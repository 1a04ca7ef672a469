//! Names, order, inputs, outputs and shapes.

use diat_onnx::Lie;

use crate::forge::*;
use crate::{check, owned};

#[test]
fn refuses_graphs_that_do_not_flow() {
    let second = |node| changed(|model: &mut Model| model.nodes[1] = node);
    let swap = changed(|m| m.nodes.swap(0, 1));
    let own = second(node("Relu", &["out"], "out"));
    let order = |name| Lie::Order { name: owned(name) };
    check(vec![
        ("wrong order", swap, "node of out", order("y")),
        ("cycle", own, "node of out", order("out")),
        (
            "undefined",
            second(node("Relu", &["nothing"], "out")),
            "node of out",
            Lie::UndefinedName {
                name: owned("nothing"),
            },
        ),
        (
            "value made twice",
            changed(|m| m.nodes.push(node("Relu", &["y"], "y"))),
            "node of y",
            Lie::DuplicateName { name: owned("y") },
        ),
        (
            "output that nothing makes",
            changed(|m| m.outputs.push(picture("more", 4, 8))),
            "output \"more\"",
            Lie::UndefinedName {
                name: owned("more"),
            },
        ),
        (
            "output that is the input",
            changed(|m| m.outputs.push(picture("image", 3, 8))),
            "output \"image\"",
            Lie::OutputNotMade,
        ),
        (
            "output twice",
            changed(|m| m.outputs.push(picture("out", 4, 8))),
            "output \"out\"",
            Lie::DuplicateName { name: owned("out") },
        ),
        (
            "no outputs",
            changed(|m| m.outputs.clear()),
            "outputs",
            Lie::NoEnds,
        ),
        (
            "no inputs",
            changed(|m| m.inputs.clear()),
            "inputs",
            Lie::NoEnds,
        ),
        (
            "output of truth values",
            changed(|m| m.nodes[1] = node("Greater", &["y", "y"], "out")),
            "output \"out\"",
            Lie::EndType,
        ),
        (
            "input of integers",
            changed(|m| m.inputs[0] = value("image", 7, &[None, Some(3), Some(8), Some(8)])),
            "input \"image\"",
            Lie::EndType,
        ),
        (
            "value_info of nothing",
            changed(|m| m.graph_tail = Forge::default().with(13, picture("ghost", 4, 8))),
            "value_info \"ghost\"",
            Lie::UndefinedName {
                name: owned("ghost"),
            },
        ),
    ]);
}

#[test]
fn refuses_shapes_that_lie() {
    let inputs = |dims: &[Option<i64>]| {
        let dims = dims.to_vec();
        changed(move |m: &mut Model| m.inputs[0] = value("image", 1, &dims))
    };
    let dimension = |index, found: &str, allowed| Lie::EndDimension {
        index,
        found: owned(found),
        allowed,
    };
    let number = "a number; only the batch, and height and width of a detector, are dynamic";
    check(vec![
        (
            "fixed batch",
            inputs(&[Some(1), Some(3), Some(8), Some(8)]),
            "image",
            dimension(0, "Fixed(1)", "a name, for the batch is dynamic"),
        ),
        (
            "dynamic height",
            inputs(&[None, Some(3), None, Some(8)]),
            "image",
            dimension(2, "Named(\"N\")", number),
        ),
        (
            "height of a billion",
            inputs(&[None, Some(3), Some(1_000_000_000), Some(8)]),
            "image",
            dimension(2, "Fixed(1000000000)", "1 to 8192"),
        ),
        (
            "height 0",
            inputs(&[None, Some(3), Some(0), Some(8)]),
            "image",
            dimension(2, "Fixed(0)", "1 to 8192"),
        ),
        (
            "five dimensions",
            inputs(&[None, Some(3), Some(8), Some(8), Some(1)]),
            "image",
            Lie::EndShape,
        ),
        (
            "other channels than the weights",
            inputs(&[None, Some(4), Some(8), Some(8)]),
            "node of y",
            Lie::Shape {
                found: owned("4 channels, 1 groups, weights [4, 3]"),
                needed: "weights of outputs × channels ÷ groups",
            },
        ),
        (
            "window larger than the picture",
            changed(|m| {
                m.inputs[0] = picture("image", 3, 2);
                m.nodes[0] = node("Conv", &["image", "w"], "y");
            }),
            "node of y",
            Lie::Shape {
                found: owned("a window of [3, 3] on a picture of [2, 2]"),
                needed: "a window within the padded picture",
            },
        ),
        (
            "output declared larger",
            changed(|m| m.outputs[0] = picture("out", 4, 16)),
            "output \"out\"",
            Lie::DeclaredShape {
                declared: owned("[Named(\"N\"), Fixed(4), Fixed(16), Fixed(16)]"),
                made: owned("F32 [1, 4, 8, 8]"),
            },
        ),
        (
            "value_info that disagrees",
            changed(|m| m.graph_tail = Forge::default().with(13, picture("y", 5, 8))),
            "value_info \"y\"",
            Lie::DeclaredShape {
                declared: owned(
                    "data type Some(1) Some([Name(\"N\"), Number(5), Number(8), Number(8)])",
                ),
                made: owned("F32 [1, 4, 8, 8]"),
            },
        ),
        (
            "batch that spreads over a constant",
            changed(|m| {
                m.initialisers.push(floats("c", &[3, 1, 1, 1], &[0.0; 3]));
                m.nodes[1] = node("Add", &["y", "c"], "out");
            }),
            "output \"out\"",
            Lie::BatchLost {
                batch: 1,
                made: owned("F32 [3, 4, 8, 8]"),
            },
        ),
        (
            "batch that doubles",
            changed(|m| {
                m.nodes[1] = node("Concat", &["y", "y"], "out")
                    .with(5, Forge::default().text(1, "axis").int(20, 2))
            }),
            "output \"out\"",
            Lie::BatchLost {
                batch: 1,
                made: owned("F32 [2, 4, 8, 8]"),
            },
        ),
    ]);
}
