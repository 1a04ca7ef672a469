//! Multilayer perceptrons on SURF values.

use super::file::ANSWERS;
use super::surf::{PATCH_VALUES, Patch, Surf};

/// Judges one window and says where in it the face is.
#[derive(Debug)]
pub(super) struct Perceptron {
    patches: Vec<Patch>,
    threshold: f32,
    layers: Vec<Layer>,
}

/// Outputs that grow side by side.
const LANES: usize = 16;

/// One layer. Each output adds up its inputs in their order, so that its last bit does not depend on how many grow side by side.
#[derive(Debug)]
pub(super) struct Layer {
    inputs: usize,
    outputs: usize,
    /// For [`LANES`] outputs after the other: one row of weights an input, then the biases; 0 where there is no output left.
    rows: Vec<[f32; LANES]>,
}

impl Layer {
    /// From weights that lie output by output, `inputs` for each of the `biases`.
    pub(super) fn new(inputs: usize, weights: &[f32], biases: &[f32]) -> Self {
        let mut rows = Vec::new();
        for (weights, biases) in weights.chunks(LANES * inputs).zip(biases.chunks(LANES)) {
            let row = |input: usize| {
                let mut row = [0.0; LANES];
                let column = weights.iter().skip(input).step_by(inputs);
                row.iter_mut()
                    .zip(column)
                    .for_each(|(to, from)| *to = *from);
                row
            };
            rows.extend((0..inputs).map(row));
            let mut last = [0.0; LANES];
            last.iter_mut()
                .zip(biases)
                .for_each(|(to, from)| *to = *from);
            rows.push(last);
        }
        Self {
            inputs,
            outputs: biases.len(),
            rows,
        }
    }

    fn run(&self, inputs: &[f32], outputs: &mut Vec<f32>) {
        outputs.clear();
        for rows in self.rows.chunks_exact(self.inputs + 1) {
            let mut sums = [0.0; LANES];
            for (input, weights) in inputs.iter().chain([&1.0]).zip(rows) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += input * weight;
                }
            }
            outputs.extend(sums);
        }
        outputs.truncate(self.outputs);
    }
}

/// Memory that one window after the other is judged in.
#[derive(Debug, Default)]
pub(super) struct Memory {
    now: Vec<f32>,
    next: Vec<f32>,
}

impl Perceptron {
    /// Layers that fit each other and the patches.
    pub(super) fn new(patches: Vec<Patch>, threshold: f32, layers: Vec<Layer>) -> Self {
        Self {
            patches,
            threshold,
            layers,
        }
    }

    /// Score, then shift to the right, shift down and growth of the window, all 0..1; nothing if the score is not above the
    /// threshold.
    pub(super) fn judge(&self, surf: &Surf, memory: &mut Memory) -> Option<[f32; ANSWERS]> {
        let Memory { now, next } = memory;
        now.clear();
        now.resize(self.patches.len() * PATCH_VALUES, 0.0);
        for (patch, values) in self.patches.iter().zip(now.chunks_exact_mut(PATCH_VALUES)) {
            surf.values(patch, values);
        }
        for (index, layer) in self.layers.iter().enumerate() {
            layer.run(now, next);
            std::mem::swap(now, next);
            if index + 1 < self.layers.len() {
                now.iter_mut().for_each(|value| *value = value.max(0.0));
            }
        }
        let answers = now.first_chunk::<ANSWERS>()?;
        let answers = answers.map(|value| 1.0 / (1.0 + (-value).exp()));
        (answers[0] > self.threshold).then_some(answers)
    }
}
