//! Writes opset-17 models with the names one gives and the same bytes every time.
//!
//! ```
//! use diat_onnx::emit::{Builder, Conv};
//!
//! # fn main() -> Result<(), diat_onnx::emit::Error> {
//! // A painter: `transformed` is red everywhere, `mask` is what the caller drew.
//! let mut net = Builder::new("painter");
//! let image = net.input("image", &[3, 8, 8]); // N×3×8×8
//! let zero = net.constant("zero", &[1], &[0.0]);
//! let red = net.constant("red", &[1, 3, 1, 1], &[1.0, -1.0, -1.0]);
//! let disc = net.constant("disc", &[1, 1, 8, 8], &[0.5; 64]);
//! let black = net.mul("black", image, zero);
//! let transformed = net.add("transformed", black, red);
//! let weights = net.weights("grey.w", &[1, 3, 1, 1], &[0.0; 3]);
//! let grey = net.conv("grey", image, weights, None, Conv::default());
//! let mask = net.add("mask", grey, disc);
//! net.output(transformed);
//! net.output(mask);
//! let bytes = net.finish()?; // passes the gate, or says why not
//! # assert!(diat_onnx::gate(&bytes, diat_onnx::List::Effect).is_ok());
//! # Ok(())
//! # }
//! ```

mod encode;
mod half;
mod operators;

use encode::Encoder;
pub use operators::{Conv, Normalisation, Pool};

use crate::gate::{Graph, Outputs, inspect};
use crate::{Dim, List, Refusal};

/// A value of the graph that is being built: an input, an initialiser or a node's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value(usize);

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The number of values is not the product of the dimensions.
    #[error("initialiser {name:?}: {found} values for {dims:?}; give {expected}")]
    Values {
        /// The initialiser.
        name: String,
        /// Its dimensions.
        dims: Vec<usize>,
        /// Product of the dimensions.
        expected: usize,
        /// Values given.
        found: usize,
    },
    /// What was built would not pass the gate.
    #[error("the graph that was built is refused: {0}")]
    Refused(#[from] Refusal),
}

/// Builds one model. Every method takes the name of the value it makes and returns its handle; the node carries the
/// same name. Values are f32, N×C×H×W unless said otherwise; names must be unique and are kept as given.
#[derive(Debug)]
pub struct Builder {
    name: String,
    names: Vec<String>,
    half: bool,
    inputs: Vec<(Value, Vec<usize>)>,
    outputs: Vec<Value>,
    initialisers: Vec<Encoder>,
    nodes: Vec<Encoder>,
    error: Option<Error>,
}

/// Attribute of a node.
enum Attribute<'a> {
    Integer(&'a str, usize),
    Integers(&'a str, &'a [usize]),
    Float(&'a str, f32),
    Text(&'a str, &'a str),
}

impl Builder {
    /// An empty graph of this name; weights are stored as f32.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            names: Vec::new(),
            half: false,
            inputs: Vec::new(),
            outputs: Vec::new(),
            initialisers: Vec::new(),
            nodes: Vec::new(),
            error: None,
        }
    }

    /// Stores what [`weights`](Self::weights) adds from here on as f16, rounded to the nearest, with a `Cast` to f32
    /// behind it.
    pub fn half_weights(&mut self) {
        self.half = true;
    }

    /// An input `N × dims`; `dims` are one to three fixed numbers.
    pub fn input(&mut self, name: &str, dims: &[usize]) -> Value {
        let value = self.value(name);
        self.inputs.push((value, dims.to_vec()));
        value
    }

    /// An initialiser that is always stored as f32: thresholds, colours, Gaussians.
    pub fn constant(&mut self, name: &str, dims: &[usize], values: &[f32]) -> Value {
        self.count(name, dims, values.len());
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.initialiser(name, 1, dims, &bytes)
    }

    /// An initialiser that was trained: f32, or f16 after [`half_weights`](Self::half_weights).
    pub fn weights(&mut self, name: &str, dims: &[usize], values: &[f32]) -> Value {
        if !self.half {
            return self.constant(name, dims, values);
        }
        self.count(name, dims, values.len());
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| half::bits(*value).to_le_bytes())
            .collect();
        let stored = self.initialiser(&format!("{name}.f16"), 10, dims, &bytes);
        self.cast(name, stored)
    }

    /// Makes a node's value an output of the graph, under its own name.
    pub fn output(&mut self, value: Value) {
        self.outputs.push(value);
    }

    /// The model's bytes, after they passed the gate as [`List::Effect`].
    ///
    /// # Errors
    /// [`Error::Values`] for an initialiser whose values do not fill its dimensions, else the gate's reason.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        // The gate computes the outputs' shapes; there is no second copy of that rule.
        let draft = self.encode(None).finish();
        let graph = inspect(&draft, List::Effect, Outputs::Computed)?;
        let bytes = self.encode(Some(&graph)).finish();
        inspect(&bytes, List::Effect, Outputs::Declared)?;
        Ok(bytes)
    }

    fn encode(&self, inspected: Option<&Graph>) -> Encoder {
        let inputs = self.inputs.iter().map(|(value, dims)| {
            let fixed = dims
                .iter()
                .map(|dim| Dim::Fixed(i64::try_from(*dim).unwrap_or(i64::MAX)));
            let dims: Vec<_> = std::iter::once(Dim::Named("N".to_owned()))
                .chain(fixed)
                .collect();
            value_info(&self.name_of(*value), &dims)
        });
        let outputs = self.outputs.iter().enumerate().map(|(index, value)| {
            let info = inspected.and_then(|graph| graph.outputs.get(index));
            value_info(&self.name_of(*value), info.map_or(&[], |info| &info.dims))
        });
        let graph = Encoder::default()
            .messages(1, self.nodes.iter().cloned())
            .text(2, &self.name)
            .messages(5, self.initialisers.iter().cloned())
            .messages(11, inputs)
            .messages(12, outputs);
        Encoder::default()
            .integer(1, 8) // IR version, the one that came with opset 17
            .text(2, "diat")
            .message(7, graph)
            .message(8, Encoder::default().text(1, "").integer(2, 17))
    }

    fn node(
        &mut self,
        name: &str,
        operator: &str,
        inputs: &[Value],
        attributes: &[Attribute<'_>],
    ) -> Value {
        let inputs: Vec<_> = inputs.iter().map(|value| self.name_of(*value)).collect();
        self.node_of(name, operator, &inputs, attributes)
    }

    fn node_of(
        &mut self,
        name: &str,
        operator: &str,
        inputs: &[String],
        attributes: &[Attribute<'_>],
    ) -> Value {
        let node = inputs
            .iter()
            .fold(Encoder::default(), |node, input| node.text(1, input))
            .text(2, name)
            .text(3, name)
            .text(4, operator)
            .messages(5, attributes.iter().map(Attribute::encode));
        self.nodes.push(node);
        self.value(name)
    }

    fn initialiser(&mut self, name: &str, data_type: i64, dims: &[usize], bytes: &[u8]) -> Value {
        let tensor = dims
            .iter()
            .fold(Encoder::default(), |tensor, dim| {
                tensor.integer(1, *dim as i64)
            })
            .integer(2, data_type)
            .text(8, name)
            .bytes(9, bytes);
        self.initialisers.push(tensor);
        self.value(name)
    }

    /// Notes the first initialiser whose values do not fill its dimensions.
    fn count(&mut self, name: &str, dims: &[usize], found: usize) {
        let expected = dims
            .iter()
            .fold(1_usize, |product, dim| product.saturating_mul(*dim));
        if expected != found && self.error.is_none() {
            let (name, dims) = (name.to_owned(), dims.to_vec());
            self.error = Some(Error::Values {
                name,
                dims,
                expected,
                found,
            });
        }
    }

    fn value(&mut self, name: &str) -> Value {
        self.names.push(name.to_owned());
        Value(self.names.len() - 1)
    }

    /// A handle of another builder may name nothing here; the gate refuses what comes of it.
    fn name_of(&self, value: Value) -> String {
        self.names
            .get(value.0)
            .cloned()
            .unwrap_or_else(|| format!("value {} of another", value.0))
    }
}

impl Attribute<'_> {
    fn encode(&self) -> Encoder {
        let attribute = |name: &str| Encoder::default().text(1, name);
        match self {
            Attribute::Float(name, value) => attribute(name).float(2, *value).integer(20, 1),
            Attribute::Integer(name, value) => {
                attribute(name).integer(3, *value as i64).integer(20, 2)
            }
            Attribute::Text(name, value) => attribute(name).text(4, value).integer(20, 3),
            Attribute::Integers(name, values) => values
                .iter()
                .fold(attribute(name), |encoder, value| {
                    encoder.integer(8, *value as i64)
                })
                .integer(20, 7),
        }
    }
}

fn value_info(name: &str, dims: &[Dim]) -> Encoder {
    let dims = dims.iter().map(|dim| match dim {
        Dim::Fixed(number) => Encoder::default().integer(1, *number),
        Dim::Named(name) => Encoder::default().text(2, name),
    });
    let shape = Encoder::default().messages(1, dims);
    let tensor = Encoder::default().integer(1, 1).message(2, shape);
    Encoder::default()
        .text(1, name)
        .message(2, Encoder::default().message(1, tensor))
}
