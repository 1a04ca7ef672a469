//! Tiny effects whose answers are known exactly.

use diat_onnx::emit::{Builder, Conv, Value};
use ndarray::Array2;

use crate::Resources;

/// Five points as shares of the crop's side: image-left eye, image-right eye, nose, image-left and image-right mouth corner.
pub const TEMPLATE: [[f64; 2]; 5] = [
    [0.32, 0.36],
    [0.68, 0.36],
    [0.50, 0.59],
    [0.35, 0.75],
    [0.65, 0.75],
];

/// A network that changes nothing: transformed = image, mask = 1 everywhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Side of the crop in pixels.
    pub side: usize,
}

impl Default for Identity {
    fn default() -> Self {
        Self { side: 64 }
    }
}

impl Identity {
    /// The ONNX file's bytes.
    pub fn network(&self) -> Vec<u8> {
        let mut net = Builder::new("identity");
        let image = net.input("image", &[3, self.side, self.side]);
        let zero = net.constant("zero", &[1], &[0.0]);
        let transformed = net.add("transformed", image, zero);
        let ones = vec![1.0; self.side * self.side];
        let mask = drawn_mask(&mut net, image, self.side, &ones);
        finish(net, transformed, mask)
    }

    /// Writes the network and a manifest for it.
    pub fn add_to(&self, resources: &Resources, id: &str) {
        resources.add(id, &manifest(id, self.side), &self.network());
    }
}

/// A network that does not look: transformed = one colour everywhere, mask = a disc.
#[derive(Clone, Debug, PartialEq)]
pub struct Painter {
    /// Side of the crop in pixels.
    pub side: usize,
    /// sRGB, 0..1.
    pub colour: [f32; 3],
    /// The disc's centre in pixels of the crop, where pixel (i, j) covers [i, i+1)×[j, j+1).
    pub centre: [f64; 2],
    /// In pixels of the crop.
    pub radius: f64,
}

impl Default for Painter {
    /// A pure blue disc around the middle of the template's mouth, clear of the window's border.
    fn default() -> Self {
        Self {
            side: 64,
            colour: [0.0, 0.0, 1.0],
            centre: [32.0, 48.0],
            radius: 6.0,
        }
    }
}

impl Painter {
    /// The mask that the network gives, row by row: 1 in the disc, 0 outside, and a border one pixel wide in which it falls linearly
    /// with the distance from the centre, so that its centroid is the disc's centre.
    pub fn mask(&self) -> Array2<f32> {
        Array2::from_shape_fn((self.side, self.side), |(row, column)| {
            let x = column as f64 + 0.5 - self.centre[0];
            let y = row as f64 + 0.5 - self.centre[1];
            (self.radius + 0.5 - x.hypot(y)).clamp(0.0, 1.0) as f32
        })
    }

    /// The ONNX file's bytes.
    pub fn network(&self) -> Vec<u8> {
        let mut net = Builder::new("painter");
        let image = net.input("image", &[3, self.side, self.side]);
        let zero = net.constant("zero", &[1], &[0.0]);
        let colour = self.colour.map(|share| 2.0 * share - 1.0);
        let colour = net.constant("colour", &[1, 3, 1, 1], &colour);
        let black = net.mul("black", image, zero);
        let transformed = net.add("transformed", black, colour);
        let disc: Vec<f32> = self.mask().into_iter().collect();
        let mask = drawn_mask(&mut net, image, self.side, &disc);
        finish(net, transformed, mask)
    }

    /// Writes the network and a manifest for it.
    pub fn add_to(&self, resources: &Resources, id: &str) {
        resources.add(id, &manifest(id, self.side), &self.network());
    }
}

/// A mask of fixed values whose batch is the image's: a convolution of zeros, plus what was drawn.
fn drawn_mask(net: &mut Builder, image: Value, side: usize, values: &[f32]) -> Value {
    let weights = net.weights("grey.weights", &[1, 3, 1, 1], &[0.0; 3]);
    let grey = net.conv("grey", image, weights, None, Conv::default());
    let drawn = net.constant("drawn", &[1, 1, side, side], values);
    net.add("mask", grey, drawn)
}

fn finish(mut net: Builder, transformed: Value, mask: Value) -> Vec<u8> {
    net.output(transformed);
    net.output(mask);
    net.finish().expect("the network passes the gate")
}

/// The text of an effect's manifest for a network with input `image` and outputs `transformed` and `mask`, ranges -1..1, [`TEMPLATE`],
/// no judge, limits that accept every face; size and SHA-256 are left to [`Resources::add`].
pub fn manifest(id: &str, side: usize) -> String {
    let [left_eye, right_eye, nose, left_mouth, right_mouth] =
        TEMPLATE.map(|[x, y]| format!("[{:.3}, {:.3}]", x * side as f64, y * side as f64));
    format!(
        r#"id = "{id}"
kind = "effect"
version = "0.1.0"
engine = "0.1"
label = "{id}"
category = "Test"
help = "An effect of the tests."

[weights]
file = "{id}.onnx"
size = 0
sha256 = ""

[input]
name = "image"
width = {side}
height = {side}
layout = "nchw"
colour = "rgb"
range = [-1.0, 1.0]

[output]
transformed = "transformed"
mask = "mask"
range = [-1.0, 1.0]

[template]
left-eye = {left_eye}
right-eye = {right_eye}
nose = {nose}
left-mouth = {left_mouth}
right-mouth = {right_mouth}

[mask]
meaning = "change"

[compose]
rule = "gated-difference"
window = 0.1
gate = {{ sigma = 1.0, a = 0.0235294, b = 0.0784314 }}

[limits]
smallest-eye-distance = 2.0
largest-yaw = 80.0
lowest-confidence = 0.0

[provenance]
source = "written by the tests"
data = "none"
licence = "MIT OR Apache-2.0"
author = "diat"
notes = ""
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_manifest::Manifest;

    #[test]
    fn what_is_written_is_a_sound_manifest_with_a_network_that_passes_the_gate() {
        let resources = Resources::new();
        Identity::default().add_to(&resources, "identity");
        Painter::default().add_to(&resources, "painter");
        for id in ["identity", "painter"] {
            let file = resources.path().join(format!("manifests/{id}.toml"));
            let manifest = Manifest::read(&file).unwrap();
            let weights = manifest.read_weights().unwrap();
            let graph = diat_onnx::gate(&weights, diat_onnx::List::Effect).unwrap();
            let outputs: Vec<_> = graph.outputs.iter().map(|output| &output.name).collect();
            assert_eq!(outputs, ["transformed", "mask"]);
        }
    }

    #[test]
    fn the_painters_mask_is_centred_on_its_disc() {
        let mask = Painter {
            centre: [30.3, 47.6],
            ..Painter::default()
        }
        .mask();
        let sum: f64 = mask.iter().map(|&share| f64::from(share)).sum();
        let centroid = |axis: usize| {
            let moment = |(place, &share): ((usize, usize), &f32)| {
                f64::from(share) * ([place.1, place.0][axis] as f64 + 0.5)
            };
            mask.indexed_iter().map(moment).sum::<f64>() / sum
        };
        assert!((centroid(0) - 30.3).abs() < 0.01, "{}", centroid(0));
        assert!((centroid(1) - 47.6).abs() < 0.01, "{}", centroid(1));
    }
}
