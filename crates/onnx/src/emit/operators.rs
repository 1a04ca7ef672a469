//! One method for each operator that the lists have and effects need.

use super::{Attribute, Builder, Value};

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

impl Builder {
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
}
