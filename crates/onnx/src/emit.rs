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

use crate::Refusal;

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

/// Builds one model. Every operator method takes the name of the value it makes and returns its handle; the node
/// carries the same name. Values are f32, N×C×H×W unless said otherwise; names must be unique and are kept as given.
#[derive(Debug)]
pub struct Builder {
    _name: String,
}

#[allow(unused_variables, missing_docs, clippy::unused_self)]
impl Builder {
    /// An empty graph of this name; weights are stored as f32.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            _name: name.to_owned(),
        }
    }
    /// Stores what [`weights`](Self::weights) adds from here on as f16, with a `Cast` to f32 behind each.
    pub fn half_weights(&mut self) {}
    pub fn input(&mut self, name: &str, dims: &[usize]) -> Value {
        Value(0)
    }
    pub fn constant(&mut self, name: &str, dims: &[usize], values: &[f32]) -> Value {
        Value(0)
    }
    pub fn weights(&mut self, name: &str, dims: &[usize], values: &[f32]) -> Value {
        Value(0)
    }
    pub fn conv(
        &mut self,
        name: &str,
        x: Value,
        weights: Value,
        bias: Option<Value>,
        window: Conv,
    ) -> Value {
        Value(0)
    }
    pub fn add(&mut self, name: &str, a: Value, b: Value) -> Value {
        Value(0)
    }
    pub fn sub(&mut self, name: &str, a: Value, b: Value) -> Value {
        Value(0)
    }
    pub fn mul(&mut self, name: &str, a: Value, b: Value) -> Value {
        Value(0)
    }
    pub fn greater(&mut self, name: &str, a: Value, b: Value) -> Value {
        Value(0)
    }
    pub fn concat(&mut self, name: &str, values: &[Value]) -> Value {
        Value(0)
    }
    pub fn prelu(&mut self, name: &str, x: Value, slope: Value) -> Value {
        Value(0)
    }
    pub fn leaky_relu(&mut self, name: &str, x: Value, slope: f32) -> Value {
        Value(0)
    }
    pub fn relu(&mut self, name: &str, x: Value) -> Value {
        Value(0)
    }
    pub fn sigmoid(&mut self, name: &str, x: Value) -> Value {
        Value(0)
    }
    pub fn tanh(&mut self, name: &str, x: Value) -> Value {
        Value(0)
    }
    pub fn cast(&mut self, name: &str, x: Value) -> Value {
        Value(0)
    }
    pub fn depth_to_space(&mut self, name: &str, x: Value, block: usize) -> Value {
        Value(0)
    }
    pub fn resize_nearest(&mut self, name: &str, x: Value, factor: usize) -> Value {
        Value(0)
    }
    pub fn pad_edge(&mut self, name: &str, x: Value, pads: [usize; 4]) -> Value {
        Value(0)
    }
    pub fn max_pool(&mut self, name: &str, x: Value, window: Pool) -> Value {
        Value(0)
    }
    pub fn global_average_pool(&mut self, name: &str, x: Value) -> Value {
        Value(0)
    }
    pub fn flatten(&mut self, name: &str, x: Value) -> Value {
        Value(0)
    }
    pub fn gemm(&mut self, name: &str, x: Value, weights: Value, bias: Option<Value>) -> Value {
        Value(0)
    }
    pub fn batch_normalisation(
        &mut self,
        name: &str,
        x: Value,
        by: Normalisation,
        epsilon: f32,
    ) -> Value {
        Value(0)
    }
    pub fn output(&mut self, value: Value) {}
    /// The model's bytes, after they passed the gate.
    ///
    /// # Errors
    /// [`Error::Values`] for an initialiser whose values do not fill its dimensions, else the gate's reason.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        Err(Refusal::TooLarge {
            found: 0,
            allowed: 0,
        }
        .into())
    }
}
