//! Reads a graph before any runtime does and refuses all that is not on the list.

use crate::Refusal;

/// Which of the two lists of operators a file is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// Effects, enhancers, judges and landmark networks: opset 17, fixed height and width, dynamic batch.
    Effect,
    /// Face detectors: opset 11 to 17, dynamic height and width, and the operators that compute shapes.
    Detector,
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
    /// Multiply-adds of one run: batch 1, and 1280×1280 pixels where height and width are dynamic.
    pub multiply_adds: u64,
}

/// Reads the whole file and returns what it holds, or the first reason to refuse it.
///
/// # Errors
/// A [`Refusal`]; it names the node or tensor but not the file, which the caller knows.
pub fn gate(bytes: &[u8], list: List) -> Result<Graph, Refusal> {
    let _ = list;
    Err(Refusal::TooLarge {
        found: bytes.len(),
        allowed: 0,
    })
}
