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

use encode::Encoder;

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

/// Sliding window of a convolution; the default is stride 1, no padding, one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv {
    /// Zeros added at top, left, bottom, right.
    pub pads: [usize; 4],
    /// Steps down and to the right.
    pub strides: [usize; 2],
    /// Groups of channels that do not see each other.
    pub group: usize,
}

impl Default for Conv {
    fn default() -> Self {
        Self {
            pads: [0; 4],
            strides: [1; 2],
            group: 1,
        }
    }
}

impl Conv {
    /// Padding all around and one stride for both directions.
    #[must_use]
    pub fn new(pad: usize, stride: usize) -> Self {
        Self {
            pads: [pad; 4],
            strides: [stride; 2],
            group: 1,
        }
    }
}

/// Sliding window of a pooling operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Height and width of the window.
    pub kernel: [usize; 2],
    /// Steps down and to the right.
    pub strides: [usize; 2],
    /// Cells added at top, left, bottom, right (never the largest).
    pub pads: [usize; 4],
}

/// The four vectors of a batch normalisation, one element per channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Normalisation {
    /// Factor (gamma).
    pub scale: Value,
    /// Summand (beta).
    pub bias: Value,
    /// Running mean.
    pub mean: Value,
    /// Running variance.
    pub variance: Value,
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

    /// Convolution: `weights` are outputs × inputs/group × height × width, `bias` one number per output.
    pub fn conv(
        &mut self,
        name: &str,
        x: Value,
        weights: Value,
        bias: Option<Value>,
        window: Conv,
    ) -> Value {
        let inputs: Vec<_> = [x, weights].into_iter().chain(bias).collect();
        let attributes = [
            Attribute::Integer("group", window.group),
            Attribute::Integers("pads", &window.pads),
            Attribute::Integers("strides", &window.strides),
        ];
        self.node(name, "Conv", &inputs, &attributes)
    }

    /// a + b; dimensions that are 1 or missing at the front spread.
    pub fn add(&mut self, name: &str, a: Value, b: Value) -> Value {
        self.node(name, "Add", &[a, b], &[])
    }

    /// a − b, spreading as [`add`](Self::add).
    pub fn sub(&mut self, name: &str, a: Value, b: Value) -> Value {
        self.node(name, "Sub", &[a, b], &[])
    }

    /// a · b, spreading as [`add`](Self::add).
    pub fn mul(&mut self, name: &str, a: Value, b: Value) -> Value {
        self.node(name, "Mul", &[a, b], &[])
    }

    /// a > b as a truth value, spreading as [`add`](Self::add); [`cast`](Self::cast) makes 0 and 1 of it.
    pub fn greater(&mut self, name: &str, a: Value, b: Value) -> Value {
        self.node(name, "Greater", &[a, b], &[])
    }

    /// To f32.
    pub fn cast(&mut self, name: &str, x: Value) -> Value {
        self.node(name, "Cast", &[x], &[Attribute::Integer("to", 1)])
    }

    /// Joins channels.
    pub fn concat(&mut self, name: &str, values: &[Value]) -> Value {
        self.node(name, "Concat", values, &[Attribute::Integer("axis", 1)])
    }

    /// x where x > 0, else slope · x; one slope per channel stands as C×1×1.
    pub fn prelu(&mut self, name: &str, x: Value, slope: Value) -> Value {
        self.node(name, "PRelu", &[x, slope], &[])
    }

    /// x where x > 0, else slope · x, with one slope from 0 to 1 for all.
    pub fn leaky_relu(&mut self, name: &str, x: Value, slope: f32) -> Value {
        self.node(name, "LeakyRelu", &[x], &[Attribute::Float("alpha", slope)])
    }

    /// max(x, 0).
    pub fn relu(&mut self, name: &str, x: Value) -> Value {
        self.node(name, "Relu", &[x], &[])
    }

    /// 1 / (1 + e^−x).
    pub fn sigmoid(&mut self, name: &str, x: Value) -> Value {
        self.node(name, "Sigmoid", &[x], &[])
    }

    /// tanh x.
    pub fn tanh(&mut self, name: &str, x: Value) -> Value {
        self.node(name, "Tanh", &[x], &[])
    }

    /// Depth to width in the order CRD: output channel c takes channels c·block² + row·block + column.
    pub fn depth_to_space(&mut self, name: &str, x: Value, block: usize) -> Value {
        let attributes = [
            Attribute::Integer("blocksize", block),
            Attribute::Text("mode", "CRD"),
        ];
        self.node(name, "DepthToSpace", &[x], &attributes)
    }

    /// Each cell becomes factor×factor equal cells; the factor is 1 to 16.
    pub fn resize_nearest(&mut self, name: &str, x: Value, factor: usize) -> Value {
        // Whole numbers this small are exact in f32.
        let factor = factor as f32;
        let scales = self.constant(&format!("{name}.scales"), &[4], &[1.0, 1.0, factor, factor]);
        let attributes = [
            Attribute::Text("coordinate_transformation_mode", "asymmetric"),
            Attribute::Text("mode", "nearest"),
            Attribute::Text("nearest_mode", "floor"),
        ];
        let inputs = [self.name_of(x), String::new(), self.name_of(scales)];
        self.node_of(name, "Resize", &inputs, &attributes)
    }

    /// Repeats the border: cells added at top, left, bottom, right, each 0 to 256.
    pub fn pad_edge(&mut self, name: &str, x: Value, pads: [usize; 4]) -> Value {
        let [top, left, bottom, right] = pads;
        let amounts = [0, 0, top, left, 0, 0, bottom, right];
        let bytes: Vec<u8> = amounts
            .iter()
            .flat_map(|amount| (*amount as i64).to_le_bytes())
            .collect();
        let amounts = self.initialiser(&format!("{name}.pads"), 7, &[8], &bytes);
        self.node(
            name,
            "Pad",
            &[x, amounts],
            &[Attribute::Text("mode", "edge")],
        )
    }

    /// The largest cell of each window.
    pub fn max_pool(&mut self, name: &str, x: Value, window: Pool) -> Value {
        let attributes = [
            Attribute::Integers("kernel_shape", &window.kernel),
            Attribute::Integers("pads", &window.pads),
            Attribute::Integers("strides", &window.strides),
        ];
        self.node(name, "MaxPool", &[x], &attributes)
    }

    /// The mean of each channel, N×C×1×1.
    pub fn global_average_pool(&mut self, name: &str, x: Value) -> Value {
        self.node(name, "GlobalAveragePool", &[x], &[])
    }

    /// N × (all the rest), in the order C, H, W.
    pub fn flatten(&mut self, name: &str, x: Value) -> Value {
        self.node(name, "Flatten", &[x], &[Attribute::Integer("axis", 1)])
    }

    /// x · weightsᵀ + bias of N×inputs; `weights` are outputs × inputs, `bias` one number per output.
    pub fn gemm(&mut self, name: &str, x: Value, weights: Value, bias: Option<Value>) -> Value {
        let inputs: Vec<_> = [x, weights].into_iter().chain(bias).collect();
        self.node(name, "Gemm", &inputs, &[Attribute::Integer("transB", 1)])
    }

    /// (x − mean) / √(variance + epsilon) · scale + bias, with running statistics.
    pub fn batch_normalisation(
        &mut self,
        name: &str,
        x: Value,
        by: Normalisation,
        epsilon: f32,
    ) -> Value {
        let inputs = [x, by.scale, by.bias, by.mean, by.variance];
        self.node(
            name,
            "BatchNormalization",
            &inputs,
            &[Attribute::Float("epsilon", epsilon)],
        )
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
