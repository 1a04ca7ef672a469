//! What a training is: every number of it, as its TOML file says it. Keys are in kebab-case; an unknown one is refused.

mod check;
mod fill;
mod loss;
mod schedule;
mod source;
#[cfg(test)]
mod tests;

pub use loss::{
    Gan, Identity, Loss, Of, Oval, PairSource, Pairs, Perceiver, Perceptual, Ratio, Smoothness,
};
pub use schedule::{
    Adaptation, Algorithm, Augment, Average, Denoiser, Optimiser, Phase, Pretrain, Run, Schedule,
    Solver,
};

use std::path::Path;

use diat_manifest::Fault;
use serde::{Deserialize, Serialize};

use source::Node;

/// The template, ovals and shifts count in pixels of a crop of this side.
pub const UNIT_SIDE: f64 = 128.0;

/// One training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Recipe {
    /// Id of the effect that is made: name of its manifest and weights.
    pub id: String,
    /// Version of the manifest, `major.minor.patch`.
    pub version: String,
    /// Name for people.
    pub label: String,
    /// What it does and to which faces, for people.
    pub help: String,
    /// What whoever publishes an edited picture should be told.
    pub disclosure: String,
    /// Licence of the weights as an SPDX expression; whoever trains decides, with the data's terms in mind.
    #[serde(default = "undecided")]
    pub licence: String,
    /// Who holds the rights in the weights.
    #[serde(default)]
    pub author: String,
    /// What the network learns to do.
    pub task: Task,
    /// Sizes of the networks.
    pub network: Network,
    /// The five points in the crop, in pixels at a size of 128 (scaled to `network.size`); pixel (i, j) has its centre at +0.5.
    pub template: Template,
    /// DN, §III-B "Perceptual regularization"; without it no smoothness term can be asked for.
    #[serde(default)]
    pub denoiser: Option<Denoiser>,
    /// What happens before the adversarial training, §III-C.
    pub pretrain: Pretrain,
    /// The adversarial training, Algorithm 1.
    pub schedule: Schedule,
    /// The terms of Eq. 15 and 16, and those beyond the paper.
    pub loss: Loss,
    /// How pictures are varied before either network sees them.
    pub augment: Augment,
    /// Differentiable variation of what D sees, made and real alike.
    #[serde(default)]
    pub adaptation: Adaptation,
    /// Moving average of F's weights that is exported.
    #[serde(default)]
    pub average: Option<Average>,
    /// Seed, checkpoints, logs.
    pub run: Run,
}

impl Recipe {
    /// Reads and checks a recipe; each of `sets` is an option `KEY=VALUE` that replaces a value of it (`loss.ratio.share=0.3`), or
    /// takes the key away (`loss.ratio=`).
    ///
    /// # Errors
    /// Every fault of the file and the options at once, by line: key, what was found, what is allowed, what to do.
    pub fn read(file: &Path, sets: &[String]) -> Result<Self, Vec<Fault>> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let found = format!("no readable text ({error})");
            let allowed = "a recipe in TOML, UTF-8".to_owned();
            let advice = "correct the path, or what stands there".to_owned();
            vec![Fault::new(file, found, allowed, advice)]
        })?;
        Self::parse(&text, file, sets)
    }

    /// As [`Recipe::read`], from a text that faults call `file`.
    ///
    /// # Errors
    /// As [`Recipe::read`].
    pub fn parse(text: &str, file: &Path, sets: &[String]) -> Result<Self, Vec<Fault>> {
        let mut root = Node::parse(text, file)?;
        let wrong: Vec<_> = sets.iter().filter_map(|set| root.set(set).err()).collect();
        let (recipe, faults) = fill::fill(&root);
        let mut faults = match &recipe {
            Some(recipe) => check::check(&root, recipe, faults),
            None => faults,
        };
        faults.extend(wrong);
        faults.sort_by_key(|fault| (fault.line.is_none(), fault.line));
        recipe.filter(|_| faults.is_empty()).ok_or(faults)
    }

    /// The recipe as a file that [`Recipe::read`] reads as the same.
    ///
    /// # Errors
    /// A text that TOML cannot hold: none that was read.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}

/// What F learns: `[task.transfer]` or `[task.hallucinate]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Task {
    /// From faces where `attribute` is `from` (the source set) to faces where it is not (the guided set).
    Transfer {
        /// Column of `list_attr_celeba.txt`.
        attribute: String,
        /// Value in the source set.
        from: bool,
        /// Column and value that both sets must have, where the attribute alone is too mixed.
        #[serde(default)]
        only: Vec<(String, bool)>,
    },
    /// §III-D: restores what shrinking by `factor` took; no mask, Eq. 19-20.
    Hallucinate {
        /// 8 in the paper.
        factor: usize,
    },
}

/// Sizes of the networks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Network {
    /// Side of the crop in pixels, a multiple of 32; 128 in the paper.
    pub size: usize,
    /// Channels of T's first convolution; 64 in Table I, the others scale with it. M and D scale alike (Tables II and III at 64).
    pub width: usize,
    /// F without M is T (ablation of §IV-F, and hallucination).
    #[serde(default = "yes")]
    pub mask: bool,
    /// Bias of M's last convolution at the start: above 0 the mask starts open.
    pub mask_bias: f64,
    /// Region outside which the mask is 0; multiplied in and exported.
    #[serde(default)]
    pub region: Option<Oval>,
}

/// The five points of the crop, image-left first, in pixels at a size of 128.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Template {
    /// The eye at the left of the picture.
    pub left_eye: [f64; 2],
    /// The eye at the right of the picture.
    pub right_eye: [f64; 2],
    /// Tip of the nose.
    pub nose: [f64; 2],
    /// Corner of the mouth at the left of the picture.
    pub left_mouth: [f64; 2],
    /// Corner of the mouth at the right of the picture.
    pub right_mouth: [f64; 2],
}

impl Template {
    /// The points in a crop of `size`×`size`, in the order of [`diat_manifest::Template`].
    pub fn at(&self, size: usize) -> diat_manifest::Template {
        let scale = size as f64 / UNIT_SIDE;
        [
            self.left_eye,
            self.right_eye,
            self.nose,
            self.left_mouth,
            self.right_mouth,
        ]
        .map(|point| point.map(|coordinate| coordinate * scale))
    }
}

/// SPDX's word for a licence of which nothing is said.
fn undecided() -> String {
    "NOASSERTION".to_owned()
}

fn yes() -> bool {
    true
}
