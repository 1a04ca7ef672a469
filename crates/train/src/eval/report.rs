//! What one evaluation found: the one value that the JSON, the text, the page and the model card are made from.

use serde::{Deserialize, Serialize};

use super::bar::Bar;
use super::cells::Overlap;
use super::identity::Sameness;
use super::paper::Enlarger;
use super::statistics::Rate;

/// Version of the JSON; raised where a reader of an older one would be misled.
pub const FORMAT: u32 = 1;

/// One evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of the trainer.
    pub code: String,
    /// What was measured on.
    pub data: DataFacts,
    /// Edits of an attribute: Tables V and VI and beyond.
    pub transfer: Option<Transfers>,
    /// Table VII.
    pub hallucination: Option<Hallucination>,
    /// What was trained, where the subject is a run.
    pub training: Option<Training>,
}

/// The faces that were measured on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DataFacts {
    /// Name of the folder.
    pub name: String,
    /// Digest of the data set.
    pub digest: String,
    /// CelebA's partition: 2 is the test set.
    pub partition: u8,
    /// Drawn faces, whose counterfactuals are known.
    pub drawn: bool,
}

/// What a run says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Training {
    /// Id of the effect.
    pub id: String,
    /// Version of the effect.
    pub version: String,
    /// Name for people.
    pub label: String,
    /// What it does and to which faces.
    pub help: String,
    /// What whoever publishes an edited picture should be told.
    pub disclosure: String,
    /// SPDX expression of the weights' licence.
    pub licence: String,
    /// Seed of everything random.
    pub seed: u64,
    /// What a user must know of how it was made, such as a loss that was left out.
    pub remarks: Vec<String>,
    /// Rounds, of all phases together.
    pub rounds: u64,
    /// What it was trained on.
    pub data: String,
    /// The resolved recipe, as TOML.
    pub recipe: String,
}

/// Edits of one attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Transfers {
    /// Column of `list_attr_celeba.txt`.
    pub attribute: String,
    /// Its value in the faces that are edited.
    pub from: bool,
    /// Who decides whether an edit shows the attribute.
    pub judge: JudgeFacts,
    /// One row for each effect, the measured one first.
    pub rows: Vec<Row>,
    /// On drawn faces: the best mask that does not look at the picture, fitted to partition 0.
    pub constant: Option<Overlap>,
    /// There and back again, with the reverse effect.
    pub round_trip: Option<RoundTrip>,
}

/// A judge and how often it is right about real faces that it never saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct JudgeFacts {
    /// Side of its crop in pixels.
    pub size: usize,
    /// How much wider than the effect's its crop is.
    pub wider: f64,
    /// Steps it was trained for; the step is chosen on partition 1.
    pub steps: u64,
    /// Seed of its training.
    pub seed: u64,
    /// SHA-256 of its weights.
    pub digest: String,
    /// Right on the measured partition, all faces whose attribute is known.
    pub accuracy: Rate,
    /// Right on those that have the attribute.
    pub on_with: Rate,
    /// Right on those that have not.
    pub on_without: Rate,
    /// Right on partition 1, where its step was chosen.
    pub chosen_at: Rate,
}

/// One effect's edits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    /// Name in tables, unique.
    pub name: String,
    /// Id and version of the manifest.
    pub effect: String,
    /// SHA-256 of the weights.
    pub weights: String,
    /// What ran the network, and where.
    pub runtime: String,
    /// Table V: edits in which the judge sees the wanted attribute.
    pub accepted: Rate,
    /// The same faces before the edit.
    pub before: Rate,
    /// Table VI, where the identity script has been run.
    pub same_person: Option<Sameness>,
    /// Means over faces.
    pub means: Means,
    /// On drawn faces: against the counterfactual.
    pub truth: Option<Truth>,
    /// Bars of the project on drawn faces, and what was reached.
    pub bars: Vec<Bar>,
    /// Every face.
    pub faces: Vec<FaceRow>,
}

/// Means over the edited faces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Means {
    /// Share of the map's cells that the mask marks; none without a mask.
    pub mask_ratio: Option<f64>,
    /// Share of the picture's pixels that differ visibly after the edit.
    pub changed: f64,
    /// Share of the pixels outside the attribute's region that differ visibly after the edit.
    pub outside: f64,
    /// PSNR in dB between the crop before and after.
    pub psnr_to_input: f64,
    /// Seconds a face through the engine, detection apart: warp, network, composite.
    pub seconds: f64,
    /// Of these, the network's.
    pub network_seconds: f64,
}

/// Against the counterfactual.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Truth {
    /// Faces.
    pub faces: usize,
    /// Mean PSNR of the edited crop in dB.
    pub psnr: f64,
    /// Mean PSNR of the untouched crop in dB.
    pub psnr_unedited: f64,
    /// Mean SSIM of the edited crop; none where the crop is smaller than its window.
    pub ssim: Option<f64>,
    /// Mean SSIM of the untouched crop.
    pub ssim_unedited: Option<f64>,
    /// The mask's cells against those that truly change; none without a mask.
    pub mask: Option<Overlap>,
    /// Faces on which every pixel with m = 0 kept its bytes.
    pub untouched: Rate,
}

/// One face's edit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct FaceRow {
    /// The picture's file name.
    pub name: String,
    /// What the engine did: `edited`, `nothing-to-do`, ...
    pub code: String,
    /// The judge's probability of the wanted attribute before the edit.
    pub before: f64,
    /// And after it.
    pub after: f64,
    /// File of the strip input, result, mask; relative to the report; empty where none was made.
    pub strip: String,
}

/// There and back again (§IV-D "Image quality").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RoundTrip {
    /// Id of the reverse effect.
    pub reverse: String,
    /// Faces for which the judge accepts both edits.
    pub both_accepted: Rate,
    /// Their mean PSNR in dB on the crop; none without such a face.
    pub psnr: Option<f64>,
    /// Mean PSNR over all faces, in dB.
    pub psnr_all: Option<f64>,
}

/// Table VII.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Hallucination {
    /// How many times smaller the input is.
    pub factor: usize,
    /// Side of the crop.
    pub size: usize,
    /// Faces.
    pub faces: usize,
    /// One column each; one that was not trained is missing.
    pub columns: Vec<Column>,
}

/// One column of Table VII.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Column {
    /// Which.
    pub enlarger: Enlarger,
    /// Mean PSNR in dB.
    pub psnr: f64,
    /// Mean SSIM.
    pub ssim: f64,
}
