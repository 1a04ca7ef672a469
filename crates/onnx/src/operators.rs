//! The two lists: which operators, with which attributes and how many inputs.
//!
//! An attribute that is not named here is refused even where ONNX gives it a meaning; where ONNX's default is not what
//! we allow, the attribute must stand.

use crate::List;
use crate::message::{Attribute, Content, Node};
use crate::refusal::Lie;

/// What one attribute may hold.
#[derive(Debug, Clone, Copy)]
enum Allowed {
    Integer(i64, i64),
    /// How many, and the range of each; 0 for any number from 1 to 4.
    Integers(usize, i64, i64),
    Float(f32, f32),
    Text(&'static str),
}

impl std::fmt::Display for Allowed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Allowed::Integer(low, high) if low == high => write!(out, "{low}"),
            Allowed::Integer(low, high) => write!(out, "a whole number from {low} to {high}"),
            Allowed::Integers(0, low, high) => {
                write!(out, "1 to 4 whole numbers from {low} to {high}")
            }
            Allowed::Integers(count, low, high) => {
                write!(out, "{count} whole numbers from {low} to {high}")
            }
            Allowed::Float(low, high) => write!(out, "a number from {low} to {high}"),
            Allowed::Text(text) => write!(out, "{text:?}"),
        }
    }
}

#[derive(Debug)]
struct Rule {
    name: &'static str,
    required: bool,
    allowed: Allowed,
}

const fn optional(name: &'static str, allowed: Allowed) -> Rule {
    Rule {
        name,
        required: false,
        allowed,
    }
}

const fn required(name: &'static str, allowed: Allowed) -> Rule {
    Rule {
        name,
        required: true,
        allowed,
    }
}

#[derive(Debug)]
struct Operator {
    name: &'static str,
    /// Least and most inputs.
    inputs: (usize, usize),
    attributes: &'static [Rule],
}

const fn operator(
    name: &'static str,
    inputs: (usize, usize),
    attributes: &'static [Rule],
) -> Operator {
    Operator {
        name,
        inputs,
        attributes,
    }
}

use Allowed::{Float, Integer, Integers, Text};

/// Effects, enhancers, judges, landmark networks: what [`crate::emit`] writes.
const EFFECT: &[Operator] = &[
    operator("Add", (2, 2), &[]),
    operator(
        "BatchNormalization",
        (5, 5),
        &[
            optional("epsilon", Float(1e-12, 1.0)),
            optional("momentum", Float(0.0, 1.0)),
            optional("training_mode", Integer(0, 0)),
        ],
    ),
    operator("Cast", (1, 1), &[required("to", Integer(1, 1))]),
    operator("Concat", (1, 16), &[required("axis", Integer(0, 3))]),
    operator(
        "Conv",
        (2, 3),
        &[
            optional("dilations", Integers(2, 1, 1)),
            optional("group", Integer(1, 65_536)),
            optional("kernel_shape", Integers(2, 1, 64)),
            optional("pads", Integers(4, 0, 64)),
            optional("strides", Integers(2, 1, 64)),
        ],
    ),
    operator(
        "DepthToSpace",
        (1, 1),
        &[
            required("blocksize", Integer(1, 16)),
            required("mode", Text("CRD")),
        ],
    ),
    operator("Flatten", (1, 1), &[optional("axis", Integer(1, 1))]),
    operator(
        "Gemm",
        (2, 3),
        &[
            optional("alpha", Float(1.0, 1.0)),
            optional("beta", Float(1.0, 1.0)),
            optional("transA", Integer(0, 0)),
            optional("transB", Integer(0, 1)),
        ],
    ),
    operator("GlobalAveragePool", (1, 1), &[]),
    operator("Greater", (2, 2), &[]),
    operator("LeakyRelu", (1, 1), &[optional("alpha", Float(0.0, 1.0))]),
    operator(
        "MaxPool",
        (1, 1),
        &[
            optional("ceil_mode", Integer(0, 0)),
            optional("dilations", Integers(2, 1, 1)),
            required("kernel_shape", Integers(2, 1, 64)),
            optional("pads", Integers(4, 0, 63)),
            optional("storage_order", Integer(0, 0)),
            optional("strides", Integers(2, 1, 64)),
        ],
    ),
    operator("Mul", (2, 2), &[]),
    operator("PRelu", (2, 2), &[]),
    operator("Pad", (2, 2), &[required("mode", Text("edge"))]),
    operator("Relu", (1, 1), &[]),
    operator(
        "Resize",
        (3, 3),
        &[
            required("coordinate_transformation_mode", Text("asymmetric")),
            optional("cubic_coeff_a", Float(-1.0, 0.0)), // no meaning with "nearest"; exporters write it
            required("mode", Text("nearest")),
            required("nearest_mode", Text("floor")),
        ],
    ),
    operator("Sigmoid", (1, 1), &[]),
    operator("Sub", (2, 2), &[]),
    operator("Tanh", (1, 1), &[]),
];

/// What detectors need besides, to compute shapes while they run.
const DETECTOR: &[Operator] = &[
    operator("Gather", (2, 2), &[optional("axis", Integer(0, 0))]),
    operator("Reshape", (2, 2), &[optional("allowzero", Integer(0, 0))]),
    operator("Shape", (1, 1), &[]),
    operator("Transpose", (1, 1), &[required("perm", Integers(0, 0, 3))]),
    operator("Unsqueeze", (1, 2), &[optional("axes", Integers(1, 0, 3))]),
];

const CONTROL_FLOW: &[&str] = &["If", "Loop", "Scan", "SequenceMap"];

fn on(list: List) -> impl Iterator<Item = &'static Operator> {
    let besides = if list == List::Detector {
        DETECTOR
    } else {
        &[]
    };
    EFFECT.iter().chain(besides)
}

/// Checks all of a node that does not depend on other nodes.
pub(crate) fn check(node: &Node<'_>, list: List) -> Result<(), Lie> {
    if !matches!(node.domain, "" | "ai.onnx") {
        return Err(Lie::ForeignDomain {
            found: node.domain.to_owned(),
        });
    }
    if CONTROL_FLOW.contains(&node.operator) {
        return Err(Lie::ControlFlow);
    }
    if let Some(attribute) = node
        .attributes
        .iter()
        .find(|a| a.contents.contains(&Content::Graph))
    {
        return Err(Lie::Subgraph {
            attribute: attribute.name.to_owned(),
        });
    }
    let Some(operator) = on(list).find(|operator| operator.name == node.operator) else {
        let mut allowed: Vec<_> = on(list).map(|operator| operator.name).collect();
        allowed.sort_unstable();
        return Err(Lie::Operator {
            list: list.name(),
            allowed: allowed.join(", "),
        });
    };
    if !node.overload.is_empty() {
        return Err(Lie::Overload);
    }
    if node.metadata > 0 {
        return Err(Lie::Metadata {
            key: "of a node".to_owned(),
        });
    }
    if node.configurations > 0 {
        return Err(Lie::DeviceConfiguration);
    }
    check_attributes(operator, &node.attributes)?;
    let (least, most) = operator.inputs;
    if !(least..=most).contains(&node.inputs.len()) {
        return Err(Lie::Inputs {
            found: node.inputs.len(),
            least,
            most,
        });
    }
    if node.outputs.len() != 1 || node.outputs.contains(&"") {
        return Err(Lie::Outputs {
            found: node.outputs.len(),
        });
    }
    Ok(())
}

fn check_attributes(operator: &Operator, attributes: &[Attribute<'_>]) -> Result<(), Lie> {
    for (index, attribute) in attributes.iter().enumerate() {
        let name = attribute.name.to_owned();
        if !attribute.reference.is_empty() {
            return Err(Lie::AttributeReference { attribute: name });
        }
        if attributes
            .iter()
            .take(index)
            .any(|other| other.name == attribute.name)
        {
            return Err(Lie::RepeatedAttribute { attribute: name });
        }
        let Some(rule) = operator
            .attributes
            .iter()
            .find(|rule| rule.name == attribute.name)
        else {
            let allowed: Vec<_> = operator.attributes.iter().map(|rule| rule.name).collect();
            let allowed = if allowed.is_empty() {
                "none".to_owned()
            } else {
                allowed.join(", ")
            };
            return Err(Lie::UnknownAttribute {
                attribute: name,
                allowed,
            });
        };
        check_value(attribute, rule)?;
    }
    let stands = |rule: &&Rule| {
        attributes
            .iter()
            .any(|attribute| attribute.name == rule.name)
    };
    match operator
        .attributes
        .iter()
        .find(|rule| rule.required && !stands(rule))
    {
        Some(rule) => Err(Lie::MissingAttribute {
            attribute: rule.name,
            allowed: rule.allowed.to_string(),
        }),
        None => Ok(()),
    }
}

fn check_value(attribute: &Attribute<'_>, rule: &Rule) -> Result<(), Lie> {
    // A writer may leave out a 0, which is what protobuf then means.
    let (left_out_integer, left_out_float) = ([Content::Integer(0)], [Content::Float(0.0)]);
    let contents = match (attribute.contents.as_slice(), attribute.declared) {
        ([], 2) => &left_out_integer,
        ([], 1) => &left_out_float,
        (contents, _) => contents,
    };
    let within = |integer: &i64, low, high| (low..=high).contains(integer);
    let (declared, right) = match (contents, rule.allowed) {
        ([Content::Integer(found)], Integer(low, high)) => (2, within(found, low, high)),
        ([Content::Float(found)], Float(low, high)) => (1, (low..=high).contains(found)),
        ([Content::Text(found)], Text(text)) => (3, *found == text.as_bytes()),
        ([Content::Integers(found)], Integers(count, low, high)) => {
            let long_enough = if count == 0 {
                found.len() <= 4
            } else {
                found.len() == count
            };
            (
                7,
                long_enough && found.iter().all(|integer| within(integer, low, high)),
            )
        }
        _ => (-1, false),
    };
    let (attribute, found) = (attribute.name.to_owned(), (contents, attribute.declared));
    let allowed = rule.allowed.to_string();
    // Old files may leave the declared type out (0).
    if declared == -1 || !matches!(found.1, 0) && found.1 != declared {
        let found = format!("{:?} (declared type {})", found.0, found.1);
        return Err(Lie::AttributeType {
            attribute,
            found,
            allowed,
        });
    }
    if !right {
        return Err(Lie::AttributeValue {
            attribute,
            found: format!("{:?}", found.0),
            allowed,
        });
    }
    Ok(())
}
