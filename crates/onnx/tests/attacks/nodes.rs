//! Operators and attributes.

use diat_onnx::{Lie, List};

use crate::forge::*;
use crate::{check, owned, refusal};

#[test]
fn refuses_nodes_that_are_not_on_the_list() {
    let second = |node| changed(|model: &mut Model| model.nodes[1] = node);
    let relu = || node("Relu", &["y"], "out");
    let attribute = |attribute| second(relu().with(5, attribute));
    let graph = Forge::default()
        .text(1, "body")
        .with(6, Forge::default())
        .int(20, 5);
    let conv = |attribute| {
        let conv = node("Conv", &["image", "w"], "y").with(5, attribute);
        changed(move |m: &mut Model| m.nodes[0] = conv)
    };
    let value = |attribute: &str, found: &str, allowed: &str| Lie::AttributeValue {
        attribute: owned(attribute),
        found: owned(found),
        allowed: owned(allowed),
    };
    check(vec![
        (
            "foreign domain",
            second(relu().text(7, "com.evil")),
            "node of out",
            Lie::ForeignDomain {
                found: owned("com.evil"),
            },
        ),
        (
            "control flow",
            second(node("Loop", &["y"], "out")),
            "(Loop)",
            Lie::ControlFlow,
        ),
        (
            "sub-graph",
            attribute(graph),
            "node of out",
            Lie::Subgraph {
                attribute: owned("body"),
            },
        ),
        (
            "overload",
            second(relu().text(8, "v2")),
            "node of out",
            Lie::Overload,
        ),
        (
            "metadata",
            second(relu().with(9, Forge::default())),
            "node of out",
            Lie::Metadata {
                key: owned("of a node"),
            },
        ),
        (
            "attribute that the operator does not have",
            attribute(integer("alpha", 1)),
            "node of out",
            Lie::UnknownAttribute {
                attribute: owned("alpha"),
                allowed: owned("none"),
            },
        ),
        (
            "attribute of a function",
            attribute(integer("alpha", 1).text(21, "beta")),
            "node of out",
            Lie::AttributeReference {
                attribute: owned("alpha"),
            },
        ),
        (
            "attribute twice",
            changed(|m| m.nodes[0] = m.nodes[0].clone().with(5, integers("pads", &[0; 4]))),
            "node of y",
            Lie::RepeatedAttribute {
                attribute: owned("pads"),
            },
        ),
        (
            "attribute of another type",
            conv(Forge::default().text(1, "group").float(2, 1.0).int(20, 1)),
            "node of y",
            Lie::AttributeType {
                attribute: owned("group"),
                found: owned("[Float(1.0)] (declared type 1)"),
                allowed: owned("a whole number from 1 to 65536"),
            },
        ),
        (
            "attribute that says it is something else",
            conv(Forge::default().text(1, "group").int(3, 1).int(20, 5)),
            "node of y",
            Lie::AttributeType {
                attribute: owned("group"),
                found: owned("[Integer(1)] (declared type 5)"),
                allowed: owned("a whole number from 1 to 65536"),
            },
        ),
        (
            "negative pads",
            conv(integers("pads", &[-1, 0, 0, 0])),
            "node of y",
            value(
                "pads",
                "[Integers([-1, 0, 0, 0])]",
                "4 whole numbers from 0 to 64",
            ),
        ),
        (
            "stride 0",
            conv(integers("strides", &[0, 0])),
            "node of y",
            value(
                "strides",
                "[Integers([0, 0])]",
                "2 whole numbers from 1 to 64",
            ),
        ),
        (
            "depth to space in the other order",
            second(
                node("DepthToSpace", &["y"], "out")
                    .with(5, integer("blocksize", 2))
                    .with(5, text("mode", "DCR")),
            ),
            "node of out",
            value("mode", "[Text([68, 67, 82])]", "\"CRD\""),
        ),
        (
            "default that is not ours",
            second(node("DepthToSpace", &["y"], "out").with(5, integer("blocksize", 2))),
            "node of out",
            Lie::MissingAttribute {
                attribute: "mode",
                allowed: owned("\"CRD\""),
            },
        ),
        (
            "too many inputs",
            second(node("Relu", &["y", "y"], "out")),
            "node of out",
            Lie::Inputs {
                found: 2,
                least: 1,
                most: 1,
            },
        ),
        (
            "two outputs",
            second(relu().text(2, "more")),
            "node of out",
            Lie::Outputs { found: 2 },
        ),
        (
            "input left out",
            second(node("Relu", &[""], "out")),
            "node of out",
            Lie::MissingInput { index: 0 },
        ),
    ]);
    for operator in [
        "ConstantOfShape",
        "Constant",
        "PyOp",
        "Einsum",
        "Shape",
        "",
        "relu",
    ] {
        let found = refusal(&second(node(operator, &["y"], "out")), List::Effect);
        assert!(
            matches!(&found.lie, Lie::Operator { list: "effects", allowed } if allowed.contains("Relu")),
            "{found}"
        );
    }
}
