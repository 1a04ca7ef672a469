//! The messages of onnx.proto as typed, borrowed structures; a field not named here is refused.
//!
//! What is refused anyway (functions, training, sub-graphs, sparse tensors) is read as well, so that data outside the
//! file is named wherever it hides, but not kept: what stays in memory is bounded by what is let through.

mod node;
mod tensor;
mod types;

pub(crate) use node::{Attribute, Content, Node};
pub(crate) use tensor::{Data, Tensor};
pub(crate) use types::{Dimension, ValueInfo};

use crate::refusal::{Lie, Refusal};
use crate::wire::{Field, Message};

/// Nodes of a graph or function.
pub(crate) const MOST_NODES: usize = 4096;
/// Initialisers, and each other list of named things, of a graph.
const MOST_NAMES: usize = 16_384;
/// Inputs, outputs, opset imports, functions, entries of metadata.
const MOST_ENTRIES: usize = 64;
/// Integers of one list: shapes and amounts, never weights.
const MOST_INTEGERS: usize = 65_536;

/// `ModelProto`.
#[derive(Debug, Default)]
pub(crate) struct Model<'a> {
    pub(crate) ir_version: Option<i64>,
    pub(crate) graph: Option<Graph<'a>>,
    /// Domain and version of each import.
    pub(crate) opsets: Vec<(&'a str, i64)>,
    /// Names of local functions.
    pub(crate) functions: Vec<&'a str>,
    pub(crate) trainings: usize,
    /// Keys of the metadata.
    pub(crate) metadata: Vec<&'a str>,
    pub(crate) configurations: usize,
}

impl<'a> Model<'a> {
    pub(crate) fn decode(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let mut model = Self::default();
        let mut ignored = Texts::default();
        let mut version = None;
        for field in Message::new("ModelProto", bytes).fields() {
            let field = field?;
            match field.number {
                1 => field.once(&mut model.ir_version, field.integer()?)?,
                2..=4 | 6 => ignored.read(&field)?,
                5 => field.once(&mut version, field.integer()?)?,
                7 => {
                    let graph = Graph::decode(field.message("GraphProto")?)?;
                    field.once(&mut model.graph, graph)?;
                }
                8 => {
                    let import = opset_import(field.message("OperatorSetIdProto")?)?;
                    field.push(&mut model.opsets, import, MOST_ENTRIES)?;
                }
                14 => {
                    let (key, _) = entry(field.message("StringStringEntryProto")?)?;
                    field.push(&mut model.metadata, key, MOST_ENTRIES)?;
                }
                20 => {
                    read_training(field.message("TrainingInfoProto")?)?;
                    model.trainings += 1;
                }
                25 => {
                    let function = read_function(field.message("FunctionProto")?)?;
                    field.push(&mut model.functions, function, MOST_ENTRIES)?;
                }
                26 => model.configurations += field.bytes().map(|_| 1)?,
                _ => return field.unknown(),
            }
        }
        Ok(model)
    }
}

/// `GraphProto`.
#[derive(Debug, Default)]
pub(crate) struct Graph<'a> {
    pub(crate) name: &'a str,
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) initialisers: Vec<Tensor<'a>>,
    pub(crate) sparse: usize,
    pub(crate) inputs: Vec<ValueInfo<'a>>,
    pub(crate) outputs: Vec<ValueInfo<'a>>,
    pub(crate) values: Vec<ValueInfo<'a>>,
    pub(crate) quantisations: usize,
    pub(crate) metadata: usize,
}

impl<'a> Graph<'a> {
    pub(crate) fn decode(message: Message<'a>) -> Result<Self, Refusal> {
        let mut graph = Self::default();
        let mut name = None;
        let mut ignored = Texts::default();
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => {
                    let node = Node::decode(field.message("NodeProto")?)?;
                    field.push(&mut graph.nodes, node, MOST_NODES)?;
                }
                2 => field.once(&mut name, field.text()?)?,
                5 => {
                    let tensor = Tensor::decode(field.message("TensorProto")?)?;
                    field.push(&mut graph.initialisers, tensor, MOST_NAMES)?;
                }
                10 => ignored.read(&field)?,
                11 => {
                    let input = ValueInfo::decode(field.message("ValueInfoProto")?)?;
                    field.push(&mut graph.inputs, input, MOST_ENTRIES)?;
                }
                12 => {
                    let output = ValueInfo::decode(field.message("ValueInfoProto")?)?;
                    field.push(&mut graph.outputs, output, MOST_ENTRIES)?;
                }
                13 => {
                    let value = ValueInfo::decode(field.message("ValueInfoProto")?)?;
                    field.push(&mut graph.values, value, MOST_NAMES)?;
                }
                14 => graph.quantisations += field.bytes().map(|_| 1)?,
                15 => {
                    tensor::read_sparse(field.message("SparseTensorProto")?)?;
                    graph.sparse += 1;
                }
                16 => graph.metadata += field.bytes().map(|_| 1)?,
                _ => return field.unknown(),
            }
        }
        graph.name = name.unwrap_or_default();
        Ok(graph)
    }
}

/// The name of a `FunctionProto`, after all that can hide in it was read.
fn read_function(message: Message<'_>) -> Result<&str, Refusal> {
    let mut name = None;
    let mut ignored = Texts::default();
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => field.once(&mut name, field.text()?)?,
            4..=6 => field.text().map(|_| ())?,
            7 => Node::decode(field.message("NodeProto")?).map(|_| ())?,
            8 | 10 | 13 => ignored.read(&field)?,
            9 => opset_import(field.message("OperatorSetIdProto")?).map(|_| ())?,
            11 => Attribute::decode(field.message("AttributeProto")?).map(|_| ())?,
            12 => ValueInfo::decode(field.message("ValueInfoProto")?).map(|_| ())?,
            14 => entry(field.message("StringStringEntryProto")?).map(|_| ())?,
            _ => return field.unknown(),
        }
    }
    Ok(name.unwrap_or_default())
}

/// Reads all that can hide in a `TrainingInfoProto`.
fn read_training(message: Message<'_>) -> Result<(), Refusal> {
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 | 2 => Graph::decode(field.message("GraphProto")?).map(|_| ())?,
            3 | 4 => entry(field.message("StringStringEntryProto")?).map(|_| ())?,
            _ => return field.unknown(),
        }
    }
    Ok(())
}

fn opset_import(message: Message<'_>) -> Result<(&str, i64), Refusal> {
    let (mut domain, mut version) = (None, None);
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => field.once(&mut domain, field.text()?)?,
            2 => field.once(&mut version, field.integer()?)?,
            _ => return field.unknown(),
        }
    }
    Ok((domain.unwrap_or_default(), version.unwrap_or_default()))
}

/// Key and value of a `StringStringEntryProto`.
fn entry(message: Message<'_>) -> Result<(&str, &str), Refusal> {
    let (mut key, mut value) = (None, None);
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => field.once(&mut key, field.text()?)?,
            2 => field.once(&mut value, field.text()?)?,
            _ => return field.unknown(),
        }
    }
    Ok((key.unwrap_or_default(), value.unwrap_or_default()))
}

/// Texts that mean nothing to a runtime (producer, comments): read for their form, each at most once.
#[derive(Debug, Default)]
struct Texts(Vec<u32>);

impl Texts {
    /// Comments may hold line ends, so that only their being UTF-8 counts.
    fn read(&mut self, field: &Field<'_>) -> Result<(), Refusal> {
        std::str::from_utf8(field.bytes()?).map_err(|_| field.refuse(Lie::NotText))?;
        if self.0.contains(&field.number) {
            return Err(field.refuse(Lie::RepeatedField {
                field: field.number,
            }));
        }
        self.0.push(field.number);
        Ok(())
    }
}
