//! Reads a graph before any runtime does and refuses all that is not on the list.

mod ends;
mod flow;

use std::collections::{BTreeSet, HashMap};

use crate::message::{self, Model};
use crate::operators;
use crate::refusal::{Lie, Refusal};
use crate::shape::Value;
use crate::weights;

/// Bytes of the largest file that is read.
const LARGEST_FILE: usize = 512 << 20;

/// Which of the two lists of operators a file is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// Effects, enhancers, judges and landmark networks: opset 17, fixed height and width, dynamic batch.
    Effect,
    /// Face detectors: opset 11 to 17, height and width may be dynamic, and the operators that compute shapes.
    Detector,
}

impl List {
    pub(crate) fn name(self) -> &'static str {
        match self {
            List::Effect => "effects",
            List::Detector => "detectors",
        }
    }
}

/// One dimension of a declared input or output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dim {
    /// A number, always above 0.
    Fixed(i64),
    /// A name, bound when the network runs (the batch is `N` in what we emit).
    Named(String),
}

/// A declared input or output of a graph; its elements are always f32.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorInfo {
    /// The name under which it is fed or fetched.
    pub name: String,
    /// Its dimensions, batch first.
    pub dims: Vec<Dim>,
}

/// What the gate learned about a file that it let through.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Graph {
    /// Version of the operators' set ("" / "ai.onnx").
    pub opset: i64,
    /// Inputs in the file's order.
    pub inputs: Vec<TensorInfo>,
    /// Outputs in the file's order.
    pub outputs: Vec<TensorInfo>,
    /// Operators used, sorted, each once.
    pub operators: Vec<String>,
    /// Number of nodes.
    pub nodes: usize,
    /// Bytes of all initialisers together.
    pub weights_bytes: usize,
    /// Multiply-adds of convolutions and matrix products in one run with a batch of 1, and with 1280×1280 pixels where
    /// height and width are dynamic.
    pub multiply_adds: u64,
}

/// Reads the whole file and returns what it holds, or the first reason to refuse it.
///
/// # Errors
/// A [`Refusal`]; it names the node or tensor but not the file, which the caller knows.
pub fn gate(bytes: &[u8], list: List) -> Result<Graph, Refusal> {
    inspect(bytes, list, Outputs::Declared)
}

/// Whether outputs must declare their shapes; the emitter asks first and declares then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outputs {
    Declared,
    Computed,
}

pub(crate) fn inspect(bytes: &[u8], list: List, outputs: Outputs) -> Result<Graph, Refusal> {
    if bytes.len() > LARGEST_FILE {
        let lie = Lie::TooLarge {
            found: bytes.len(),
            allowed: LARGEST_FILE,
        };
        return Err(Refusal {
            place: "file".to_owned(),
            lie,
        });
    }
    let model = Model::decode(bytes)?;
    let opset = check_model(&model, list).map_err(at("model"))?;
    let graph = model
        .graph
        .as_ref()
        .ok_or(Lie::NoGraph)
        .map_err(at("model"))?;
    check_graph(graph).map_err(at(&format!("graph {:?}", graph.name)))?;

    let mut weights_bytes = 0_usize;
    let mut constants = HashMap::new();
    for tensor in &graph.initialisers {
        let (value, bytes) = named(tensor.name)
            .and_then(|()| weights::check(tensor))
            .map_err(at(&tensor.place()))?;
        weights_bytes = weights_bytes.saturating_add(bytes);
        define(&mut constants, tensor.name, value).map_err(at(&tensor.place()))?;
    }
    let inputs = ends::inputs(&graph.inputs, list)?;
    for node in &graph.nodes {
        operators::check(node, list).map_err(at(&node.place()))?;
    }

    // Two sizes of batch tell a dimension that is the batch from one that happens to be as large.
    let flow = flow::Flow {
        graph,
        constants: &constants,
        inputs: &inputs,
        opset,
    };
    let single = flow.run(1)?;
    let several = flow.run(3)?;
    flow.check_declared_values(&single.values)?;
    let outputs = ends::outputs(graph, outputs, [&single.values, &several.values])?;

    let operators: BTreeSet<_> = graph.nodes.iter().map(|node| node.operator).collect();
    Ok(Graph {
        opset,
        inputs,
        outputs,
        operators: operators.into_iter().map(str::to_owned).collect(),
        nodes: graph.nodes.len(),
        weights_bytes,
        multiply_adds: single.multiply_adds,
    })
}

/// Checks all around the graph and returns the opset.
fn check_model(model: &Model<'_>, list: List) -> Result<i64, Lie> {
    let ir_version = model.ir_version.unwrap_or_default();
    if !(4..=10).contains(&ir_version) {
        return Err(Lie::IrVersion { found: ir_version });
    }
    if let Some(name) = model.functions.first() {
        return Err(Lie::LocalFunction {
            name: (*name).to_owned(),
        });
    }
    if model.trainings > 0 {
        return Err(Lie::TrainingInfo);
    }
    if let Some(key) = model.metadata.first() {
        return Err(Lie::Metadata {
            key: (*key).to_owned(),
        });
    }
    if model.configurations > 0 {
        return Err(Lie::DeviceConfiguration);
    }
    let mut opset = 0;
    for (index, (domain, version)) in model.opsets.iter().enumerate() {
        if index > 0 || !matches!(*domain, "" | "ai.onnx") {
            return Err(Lie::ForeignImport {
                domain: (*domain).to_owned(),
            });
        }
        opset = *version;
    }
    match (list, opset) {
        (List::Effect, 17) | (List::Detector, 11..=17) => Ok(opset),
        (List::Effect, found) => Err(Lie::Opset {
            found,
            allowed: "17",
        }),
        (List::Detector, found) => Err(Lie::Opset {
            found,
            allowed: "11 to 17",
        }),
    }
}

fn check_graph(graph: &message::Graph<'_>) -> Result<(), Lie> {
    if graph.sparse > 0 {
        return Err(Lie::SparseTensor);
    }
    if graph.quantisations > 0 {
        return Err(Lie::Quantisation);
    }
    if graph.metadata > 0 {
        return Err(Lie::Metadata {
            key: "of the graph".to_owned(),
        });
    }
    Ok(())
}

fn named(name: &str) -> Result<(), Lie> {
    if name.is_empty() {
        Err(Lie::NoName)
    } else {
        Ok(())
    }
}

/// Adds a value under a name that must be new.
fn define<'a>(
    values: &mut HashMap<&'a str, Value>,
    name: &'a str,
    value: Value,
) -> Result<(), Lie> {
    match values.insert(name, value) {
        None => Ok(()),
        Some(_) => Err(Lie::DuplicateName {
            name: name.to_owned(),
        }),
    }
}

fn at(place: &str) -> impl Fn(Lie) -> Refusal + use<> {
    let place = place.to_owned();
    move |lie| Refusal {
        place: place.clone(),
        lie,
    }
}
