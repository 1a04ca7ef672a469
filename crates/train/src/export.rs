//! From a trained network to the two files of an effect: `manifests/ID.toml` and `models/ID.onnx`, which the plug-in runs.
//!
//! Batch normalisation is folded into the convolutions, weights are stored as f16 with a cast (or as f32), height and width
//! are fixed, the batch is not. The region and the Gaussian of the mask are constants. The same weights give the same files.
//! Nothing is written before the exported network has answered a test pattern as the trained one does.

mod error;
mod fold;
mod graph;
mod manifest;
mod place;
mod trained;

use std::path::{Path, PathBuf};

use burn::module::Module;
use diat_infer::{Device, Golden, golden, open};
use diat_manifest::{Manifest, sha256, write_digest};
use diat_places::Places;
use ndarray::{ArrayD, Ix4};

pub use error::Error;
pub use graph::{judge_bytes, network_bytes};
pub use manifest::{Draft, Kind, Origin};
pub use trained::Trained;

use crate::nets::{Judge, Transfer};
use crate::recipe::Recipe;
use crate::tensor::to_tensor;
use manifest::{MASK, SCORE, TRANSFORMED};
use place::Place;

/// How far an f16 network's answer may be from the trained one's: one of 255 grey levels, on \[-1, 1\].
const HALF_TOLERANCE: f64 = 2.0 / 255.0;

/// How weights are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Half the bytes; the result differs by at most a grey level.
    #[default]
    F16,
    /// As they were trained.
    F32,
}

impl Precision {
    fn name(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::F32 => "f32",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::F16 => "export with f32 weights",
            Self::F32 => "train on, or export an earlier checkpoint",
        }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The manifest.
    pub manifest: PathBuf,
    /// The weights.
    pub weights: PathBuf,
    /// Bytes of the weights.
    pub size: usize,
    /// What ran it, when it was read back.
    pub ran: String,
}

/// Exports F into a resource folder, under the recipe's id; files of the same id are replaced. `places` says which runtime
/// proves it where this process has none yet.
///
/// # Errors
/// What the recipe says is refused, the network is not finite, does not answer as `transfer` does, or cannot be written.
pub fn write_transfer(
    transfer: &Transfer,
    recipe: &Recipe,
    origin: Origin,
    precision: Precision,
    folder: &Path,
    places: &Places,
) -> Result<Written, Error> {
    let transfer = transfer.valid();
    let draft = Draft::of_recipe(recipe, origin);
    let bytes = |half| network_bytes(&transfer, recipe, half);
    let pattern = pattern(draft.size);
    let device = transfer.transform.last.weight.val().device();
    let edit = transfer.forward(to_tensor(&pattern, &device));
    let mut answers = vec![(TRANSFORMED, edit.transformed)];
    let map = matches!(draft.kind, Kind::Effect)
        .then_some(edit.mask)
        .flatten();
    answers.extend(map.map(|mask| (MASK, mask)));
    let answers: Vec<_> = answers
        .into_iter()
        .map(|(name, tensor)| (name, crate::tensor::to_array(tensor).into_dyn()))
        .collect();
    write(&draft, &bytes, &answers, precision, folder, places)
}

/// Exports a judge into a resource folder, as [`write_transfer`] does F; `draft` is of [`Kind::Judge`].
///
/// # Errors
/// As for [`write_transfer`].
pub fn write_judge(
    judge: &Judge,
    draft: &Draft,
    precision: Precision,
    folder: &Path,
    places: &Places,
) -> Result<Written, Error> {
    let judge = judge.valid();
    let bytes = |half| judge_bytes(&judge, draft.size, half);
    let device = judge.last.weight.val().device();
    let logit = judge.forward(to_tensor(&pattern(draft.size), &device));
    let score = burn::tensor::activation::sigmoid(logit);
    let score = ArrayD::from_shape_vec(vec![1, 1], fold::values(score)).unwrap_or_default();
    write(draft, &bytes, &[(SCORE, score)], precision, folder, places)
}

/// The test pattern as a picture of the network.
fn pattern(size: usize) -> ndarray::Array4<f32> {
    golden::pattern(&[1, 3, size, size], [-1.0, 1.0])
        .into_dimensionality::<Ix4>()
        .unwrap_or_default()
}

/// Proves and writes a network; `bytes` makes its file with f16 weights or not, `answers` is what it was trained to answer.
fn write(
    draft: &Draft,
    bytes: &dyn Fn(bool) -> Result<Vec<u8>, diat_onnx::emit::Error>,
    answers: &[(&'static str, ArrayD<f32>)],
    precision: Precision,
    folder: &Path,
    places: &Places,
) -> Result<Written, Error> {
    let place = Place::of(draft, folder);
    let text = draft.text();
    let refused = |faults| Error::Manifest {
        id: draft.id.clone(),
        faults,
    };
    let manifest = Manifest::parse_draft(&text, &place.manifest).map_err(refused)?;
    let graph = |half| {
        bytes(half).map_err(|cause| Error::Graph {
            id: draft.id.clone(),
            cause: Box::new(cause),
        })
    };
    let exact = graph(false)?;
    let views: Vec<_> = answers
        .iter()
        .map(|(name, array)| (*name, array.view()))
        .collect();
    let expected = Golden::measure(&views, Some(MASK));
    prove(&manifest, &exact, expected.clone(), places, Precision::F32)?;
    let weights = match precision {
        Precision::F32 => exact,
        Precision::F16 => {
            let half = graph(true)?;
            // Rounding may push a cell over the threshold: the map is not asked for.
            let roughly = Golden {
                map: None,
                tolerance: HALF_TOLERANCE,
                ..expected
            };
            prove(&manifest, &half, roughly, places, Precision::F16)?;
            half
        }
    };
    let golden = diat_face::measure_golden(&manifest, &weights, places)
        .map_err(|cause| unlike(&draft.id, precision, cause))?;
    let digest = sha256(&weights);
    let text = write_digest(&text, weights.len() as u64, &digest, golden.as_ref())
        .map_err(|fault| refused(vec![fault]))?;
    Manifest::parse(&text, &place.manifest).map_err(refused)?;
    place.fill(&text, &weights)?;
    Ok(Written {
        ran: read_back(&place, places)?,
        manifest: place.manifest,
        weights: place.weights,
        size: weights.len(),
    })
}

/// Opens the network, which must answer the test pattern as expected.
fn prove(
    manifest: &Manifest,
    bytes: &[u8],
    expected: Golden,
    places: &Places,
    precision: Precision,
) -> Result<(), Error> {
    let mut spec = diat_face::spec(manifest);
    spec.golden = Some(expected);
    let read = || Ok(bytes.to_vec());
    let digest = sha256(bytes);
    open(places, &spec, &digest, &read, Device::Cpu, 0, &|_, _| ())
        .map(drop)
        .map_err(|cause| unlike(&manifest.id, precision, cause))
}

fn unlike(id: &str, precision: Precision, cause: diat_infer::Error) -> Error {
    Error::Unlike {
        id: id.to_owned(),
        precision,
        cause: Box::new(cause),
    }
}

/// Reads what was written as the plug-in does, golden vector included, and says what ran it.
fn read_back(place: &Place, places: &Places) -> Result<String, Error> {
    let failed = |cause: String| Error::Readback {
        file: place.manifest.clone(),
        cause,
    };
    let manifest =
        Manifest::read(&place.manifest).map_err(|faults| failed(error::lines(&faults)))?;
    let network = diat_face::open_network(&manifest, places, Device::Cpu, 0, &|_, _| ())
        .map_err(|error| failed(error.to_string()))?;
    let ran = network.ran();
    Ok(format!("{} · {}", ran.runtime, ran.device))
}
