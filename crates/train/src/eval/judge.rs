//! The judge of section IV-D: its training, its file, its answers.

use std::fs;
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};
use ndarray::{Array4, s};
use serde::{Deserialize, Serialize};

use super::Error;
use super::statistics::Rate;
use crate::data::Batches;
use crate::loss::adversarial;
use crate::nets::Judge;
use crate::recipe::{self, Optimiser};
use crate::solver::Solver;
use crate::tensor::to_tensor;
use crate::weights;

/// Channels of its second convolution: half of what the network's description has, so that its file stays under 1 MB.
const WIDTH: usize = 32;
/// Pictures that are looked at in one go.
const BATCH: usize = 16;

/// How a judge is trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Plan {
    /// Column of `list_attr_celeba.txt`.
    pub attribute: String,
    /// Side of the crop in pixels, a multiple of 32.
    pub size: usize,
    /// How much wider than the effect's its crop is: attributes without a place of their own are judged with hair and all.
    pub wider: f64,
    /// Steps; the judge is looked at ten times on the way, and the best one is kept.
    pub steps: u64,
    /// Seed of weights and batches.
    pub seed: u64,
    /// Digest of the data, which a stored judge must share.
    pub data: String,
    /// The five points in the effect's crop, in pixels at a size of 128.
    pub template: [[f64; 2]; 5],
}

/// Adam's usual β, a rate that reaches its best within a few hundred steps on a few hundred faces.
const OPTIMISER: Optimiser = Optimiser {
    solver: recipe::Solver::Adam {
        beta1: 0.9,
        beta2: 0.999,
    },
    rate: 5e-4,
};

/// Crops (N×3×S×S, RGB in \[-1, 1\]) and whether each has the attribute.
#[derive(Clone, Debug, Default)]
pub struct Labelled {
    /// The crops.
    pub crops: Array4<f32>,
    /// One a crop.
    pub has: Vec<bool>,
}

/// A judge that can be asked.
#[derive(Clone, Debug)]
pub struct Trained {
    /// How it was trained.
    pub plan: Plan,
    /// The step at which it was best.
    pub steps: u64,
    /// Right on the faces that chose that step.
    pub chosen_at: Rate,
    /// Without autodiff.
    pub judge: Judge,
    device: Device,
}

/// What lies beside the weights.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Note {
    plan: Plan,
    steps: u64,
    chosen_at: Rate,
}

/// Trains a judge: cross entropy, as many faces with the attribute as without a step. `batches` gives faces without the attribute where
/// `guided_has`, else with it, as source, and the others as guided; of ten looks on the way, the one that is right about most of
/// `chosen_on` (of both kinds alike, then with the lower cross entropy) is kept. `progress` hears steps done.
///
/// # Errors
/// The data's.
pub fn train(
    plan: Plan,
    batches: &dyn Batches,
    guided_has: bool,
    chosen_on: &Labelled,
    device: &Device,
    progress: &mut dyn FnMut(u64),
) -> Result<Trained, Error> {
    let tracked = device.clone().autodiff();
    let mut judge = Judge::of_width(plan.size, WIDTH, plan.seed, &tracked);
    let mut solver = Solver::new(&OPTIMISER);
    let look_every = plan.steps.div_ceil(10).max(1);
    let mut best: Option<([f64; 2], Trained)> = None;
    for step in 0..plan.steps {
        let batch = batches.batch("judge of eval", step, BATCH)?;
        let pictures = [&batch.source, &batch.guided].map(|set| to_tensor(set, &tracked));
        let logits = judge.forward(Tensor::cat(pictures.into(), 0));
        let [source, guided] = [0, BATCH].map(|from| logits.clone().narrow(0, from, BATCH));
        let (with, without) = if guided_has {
            (guided, source)
        } else {
            (source, guided)
        };
        // The form of Eq. 5, real faces on both sides.
        let loss = adversarial::original::discriminator(with, without);
        let gradients = GradientsParams::from_grads(loss.backward(), &judge);
        judge = solver.step(judge, gradients);
        progress(step + 1);
        if (step + 1) % look_every == 0 || step + 1 == plan.steps {
            let now = Trained {
                plan: plan.clone(),
                steps: step + 1,
                chosen_at: Rate::new(0, 0),
                judge: judge.valid(),
                device: device.clone(),
            };
            let worth = now.worth(chosen_on);
            if best.as_ref().is_none_or(|(known, _)| worth > *known) {
                // Later steps must not move what was kept.
                let kept = weights::weights(&now.judge);
                let fresh = Judge::of_width(plan.size, WIDTH, plan.seed, device);
                let judge = weights::with_weights(fresh, &kept)
                    .map_err(|mismatch| Error::Asked(mismatch.to_string()))?;
                best = Some((worth, Trained { judge, ..now }));
            }
        }
    }
    let (_, mut trained) =
        best.ok_or_else(|| Error::Asked("a judge needs at least one step".into()))?;
    trained.chosen_at = trained.right(chosen_on, |_| true);
    Ok(trained)
}

impl Trained {
    /// The probability that each crop (N×3×S×S in \[-1, 1\]) has the attribute.
    pub fn probabilities(&self, crops: &Array4<f32>) -> Vec<f64> {
        let mut all = Vec::with_capacity(crops.dim().0);
        for from in (0..crops.dim().0).step_by(BATCH) {
            let to = (from + BATCH).min(crops.dim().0);
            let part = crops.slice(s![from..to, .., .., ..]).to_owned();
            let scores = sigmoid(self.judge.forward(to_tensor(&part, &self.device)));
            all.extend(
                scores
                    .into_data()
                    .convert::<f32>()
                    .iter::<f32>()
                    .map(f64::from),
            );
        }
        all
    }

    /// How often it is right about those faces whose label `counts`.
    pub fn right(&self, faces: &Labelled, counts: impl Fn(bool) -> bool) -> Rate {
        let scores = self.probabilities(&faces.crops);
        let answers = scores
            .iter()
            .zip(&faces.has)
            .filter(|(_, has)| counts(**has));
        Rate::of(answers.map(|(score, has)| (*score > 0.5) == *has))
    }

    /// Mean over both kinds of the share it is right about, then the negative cross entropy.
    fn worth(&self, faces: &Labelled) -> [f64; 2] {
        let scores = self.probabilities(&faces.crops);
        let mut right = [[0.0, 0.0]; 2];
        let mut entropy = 0.0;
        for (score, has) in scores.iter().zip(&faces.has) {
            let [hits, count] = &mut right[usize::from(*has)];
            *count += 1.0;
            *hits += f64::from(u8::from((*score > 0.5) == *has));
            let probability = if *has { *score } else { 1.0 - score };
            entropy -= probability.max(1e-7).ln();
        }
        let share = |[hits, count]: [f64; 2]| if count > 0.0 { hits / count } else { 0.0 };
        [0.5 * (share(right[0]) + share(right[1])), -entropy]
    }

    /// SHA-256 of its weights' file, as hexadecimal digits.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn digest(path: &Path) -> Result<String, Error> {
        let bytes = fs::read(path).map_err(Error::file(path))?;
        Ok(diat_manifest::hex(&diat_manifest::sha256(&bytes)))
    }

    /// Writes the weights (safetensors) and, beside them, how they were made (JSON of the same name).
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        weights::save(path, &self.judge)?;
        let note = Note {
            plan: self.plan.clone(),
            steps: self.steps,
            chosen_at: self.chosen_at,
        };
        let file = beside(path);
        let text =
            serde_json::to_string_pretty(&note).map_err(Error::json(&file, "report this"))?;
        fs::write(&file, text + "\n").map_err(Error::file(&file))
    }

    /// Reads what [`Trained::save`] wrote.
    ///
    /// # Errors
    /// A file cannot be read or holds something else.
    pub fn load(path: &Path, device: &Device) -> Result<Self, Error> {
        let file = beside(path);
        let text = fs::read_to_string(&file).map_err(Error::file(&file))?;
        let note: Note = serde_json::from_str(&text).map_err(Error::json(
            &file,
            "name the .safetensors file of a judge that eval wrote",
        ))?;
        let fresh = Judge::of_width(note.plan.size, WIDTH, note.plan.seed, device);
        Ok(Self {
            judge: weights::load(path, fresh)?,
            plan: note.plan,
            steps: note.steps,
            chosen_at: note.chosen_at,
            device: device.clone(),
        })
    }
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("json")
}
