//! The shape of every value, computed before a runtime is asked to: what does not fit together is refused here, and
//! so is what would not fit into memory.

mod arrange;
mod window;

use crate::message::{Content, Node};
use crate::refusal::Lie;

/// Elements up to which a tensor's values are kept for computing shapes.
pub(crate) const MOST_CONSTANTS: usize = 64;
/// Dimensions of a value inside the graph.
const MOST_DIMENSIONS: usize = 4;

/// Type of a value's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    F32,
    F16,
    I64,
    Bool,
}

impl Element {
    /// Bytes of one element.
    pub(crate) fn size(self) -> u64 {
        match self {
            Element::F32 => 4,
            Element::F16 => 2,
            Element::I64 => 8,
            Element::Bool => 1,
        }
    }

    /// The number in `TensorProto.DataType`.
    pub(crate) fn data_type(self) -> i64 {
        match self {
            Element::F32 => 1,
            Element::F16 => 10,
            Element::I64 => 7,
            Element::Bool => 9,
        }
    }
}

/// Elements that are known before the network runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Constant {
    Integers(Vec<i64>),
    Floats(Vec<f32>),
}

/// What is known of a value before the network runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value {
    pub(crate) element: Element,
    pub(crate) dims: Vec<u64>,
    pub(crate) constant: Option<Constant>,
}

impl Value {
    pub(crate) fn new(element: Element, dims: Vec<u64>) -> Self {
        Self {
            element,
            dims,
            constant: None,
        }
    }

    /// Number of elements; the largest number where it does not fit.
    pub(crate) fn elements(&self) -> u64 {
        self.dims
            .iter()
            .fold(1, |product, dim| product.saturating_mul(*dim))
    }

    pub(crate) fn describe(&self) -> String {
        format!("{:?} {:?}", self.element, self.dims)
    }
}

/// A node with what is known of its inputs.
pub(crate) struct Call<'c, 'a> {
    pub(crate) node: &'c Node<'a>,
    /// Nothing where an optional input is left out.
    pub(crate) inputs: &'c [Option<&'c Value>],
    pub(crate) opset: i64,
}

/// The value that a node makes, and its multiply-adds.
pub(crate) fn infer(call: &Call<'_, '_>) -> Result<(Value, u64), Lie> {
    let empty = |input: &&Value| input.elements() == 0;
    let roi = if call.node.operator == "Resize" {
        Some(1)
    } else {
        None
    };
    for (index, input) in call.inputs.iter().enumerate() {
        if Some(index) != roi && input.as_ref().is_some_and(empty) {
            return Err(shape(
                format!("input {index} is empty"),
                "at least one element",
            ));
        }
    }
    let value = match call.node.operator {
        "Conv" => return window::conv(call),
        "Gemm" => return arrange::gemm(call),
        "MaxPool" => window::max_pool(call),
        "GlobalAveragePool" => window::global_average_pool(call),
        "DepthToSpace" => window::depth_to_space(call),
        "Resize" => window::resize(call),
        "Pad" => window::pad(call),
        "Concat" => arrange::concat(call),
        "Flatten" => arrange::flatten(call),
        "Gather" => arrange::gather(call),
        "Reshape" => arrange::reshape(call),
        "Shape" => arrange::shape_of(call),
        "Transpose" => arrange::transpose(call),
        "Unsqueeze" => arrange::unsqueeze(call),
        "Cast" => call
            .input(0)
            .map(|x| Value::new(Element::F32, x.dims.clone())),
        "BatchNormalization" => batch_normalisation(call),
        "PRelu" => prelu(call),
        "Greater" => broadcast(call, Element::Bool),
        "Add" | "Sub" | "Mul" => broadcast(call, Element::F32),
        "LeakyRelu" | "Relu" | "Sigmoid" | "Tanh" => call
            .floats(0)
            .map(|x| Value::new(Element::F32, x.dims.clone())),
        _ => Err(Lie::Operator {
            list: "this gate",
            allowed: "those of the lists".to_owned(),
        }),
    };
    let value = value?;
    if value.dims.len() > MOST_DIMENSIONS {
        return Err(shape(
            format!("it would be {}", value.describe()),
            "at most four dimensions",
        ));
    }
    Ok((value, 0))
}

fn batch_normalisation(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let x = call.floats(0)?;
    for index in 1..5 {
        let vector = call.floats(index)?;
        if vector.dims.len() != 1 || vector.dims.first() != x.dims.get(1) {
            let found = format!(
                "input {index} is {} for {}",
                vector.describe(),
                x.describe()
            );
            return Err(shape(found, "one element per channel"));
        }
    }
    Ok(Value::new(Element::F32, x.dims.clone()))
}

fn prelu(call: &Call<'_, '_>) -> Result<Value, Lie> {
    let (x, slope) = (call.floats(0)?, call.floats(1)?);
    let mut pairs = slope.dims.iter().rev().zip(x.dims.iter().rev());
    if slope.dims.len() > x.dims.len() || !pairs.all(|(slope, x)| *slope == 1 || slope == x) {
        let found = format!("slope {} for {}", slope.describe(), x.describe());
        return Err(shape(found, "a slope that spreads over the input"));
    }
    Ok(Value::new(Element::F32, x.dims.clone()))
}

fn broadcast(call: &Call<'_, '_>, element: Element) -> Result<Value, Lie> {
    let (a, b) = (call.floats(0)?, call.floats(1)?);
    let rank = a.dims.len().max(b.dims.len());
    let dim = |value: &Value, index: usize| {
        (index + value.dims.len())
            .checked_sub(rank)
            .and_then(|i| value.dims.get(i).copied())
    };
    let mut dims = Vec::with_capacity(rank);
    for index in 0..rank {
        dims.push(
            match (dim(a, index).unwrap_or(1), dim(b, index).unwrap_or(1)) {
                (a, b) if a == b => a,
                (1, other) | (other, 1) => other,
                _ => {
                    let found = format!("{} with {}", a.describe(), b.describe());
                    return Err(shape(
                        found,
                        "dimensions that are equal or 1, from the last one on",
                    ));
                }
            },
        );
    }
    Ok(Value::new(element, dims))
}

pub(crate) fn shape(found: String, needed: &'static str) -> Lie {
    Lie::Shape { found, needed }
}

impl<'c> Call<'c, '_> {
    /// An input that must be given.
    fn input(&self, index: usize) -> Result<&'c Value, Lie> {
        self.optional(index).ok_or(Lie::MissingInput { index })
    }

    fn optional(&self, index: usize) -> Option<&'c Value> {
        self.inputs.get(index).copied().flatten()
    }

    /// An input that must be given and hold f32.
    fn floats(&self, index: usize) -> Result<&'c Value, Lie> {
        let value = self.input(index)?;
        match value.element {
            Element::F32 => Ok(value),
            _ => Err(shape(
                format!("input {index} is {}", value.describe()),
                "f32",
            )),
        }
    }

    /// An f32 input of N×C×H×W.
    fn pictures(&self, index: usize) -> Result<[u64; 4], Lie> {
        let value = self.floats(index)?;
        value.dims.as_slice().try_into().map_err(|_| {
            shape(
                format!("input {index} is {}", value.describe()),
                "four dimensions, N×C×H×W",
            )
        })
    }

    /// A constant input of integers.
    fn constant_integers(&self, index: usize) -> Result<&'c [i64], Lie> {
        match &self.input(index)?.constant {
            Some(Constant::Integers(integers)) => Ok(integers),
            _ => Err(Lie::NotConstant { index }),
        }
    }

    /// A constant input of floats.
    fn constant_floats(&self, index: usize) -> Result<&'c [f32], Lie> {
        match &self.input(index)?.constant {
            Some(Constant::Floats(floats)) => Ok(floats),
            _ => Err(Lie::NotConstant { index }),
        }
    }

    /// An integer attribute, already checked against its rule.
    fn integer(&self, name: &str) -> Option<i64> {
        let attribute = self
            .node
            .attributes
            .iter()
            .find(|attribute| attribute.name == name)?;
        match attribute.contents.as_slice() {
            [Content::Integer(value)] => Some(*value),
            _ => Some(0),
        }
    }

    /// A list attribute, already checked against its rule.
    fn integers(&self, name: &str) -> Option<&'c [i64]> {
        let attribute = self
            .node
            .attributes
            .iter()
            .find(|attribute| attribute.name == name)?;
        match attribute.contents.as_slice() {
            [Content::Integers(values)] => Some(values),
            _ => None,
        }
    }
}
