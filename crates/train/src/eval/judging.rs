//! Which judge decides, and where it is kept.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use diat_manifest::Template as Frame;
use diat_places::Places;
use ndarray::Array3;

use super::evaluate::{Progress, Request};
use super::faces::wider;
use super::judge::{self, Labelled, Plan, Trained};
use super::measure::{judged, stacked};
use super::{Error, source};
use crate::data::{Dataset, Partition, TrainingSet};
use crate::export::{Draft, Kind, Origin, Precision, Written, write_judge};
use crate::recipe::{Recipe, Task, Template, UNIT_SIDE};

/// Attributes without a place of their own are judged on a crop this many times as wide as the effect's.
const WIDER: f64 = 1.6;
/// Faces of each kind that a judge needs to learn from, and to be chosen on.
const FEWEST: [(Partition, usize); 2] = [(Partition::Training, 16), (Partition::Validation, 1)];

/// Where the judge of an evaluation lies.
#[must_use]
pub(super) fn file(request: &Request<'_>) -> PathBuf {
    let own = || request.out.join("judge.safetensors");
    request.judge.clone().unwrap_or_else(own)
}

/// The judge for an effect's template, in pixels of its crop of `size`: the one that is named, or the one that an earlier evaluation of the same kind left in the output, or a new one.
///
/// # Errors
/// A judge of something else is named, or there are too few faces to train one.
pub(super) fn judge(
    request: &Request<'_>,
    (template, size): (Frame, usize),
    (attribute, from): (&str, bool),
    device: &Device,
    progress: &mut Progress<'_>,
) -> Result<Trained, Error> {
    let plan = plan(request, (template, size), attribute);
    let path = file(request);
    if request.judge.is_some() {
        let stored = Trained::load(&path, device)?;
        let told = &stored.plan.attribute;
        if told != attribute {
            return Err(Error::Asked(format!(
                "{}: is a judge of {told}, and {attribute} is to be judged; name another file, or none",
                path.display()
            )));
        }
        return Ok(stored);
    }
    if path.exists()
        && let Ok(stored) = Trained::load(&path, device)
        && stored.plan == plan
    {
        return Ok(stored);
    }
    let steps = plan.steps;
    let chosen_on = enough(request.data, attribute, &plan)?;
    let batches = batches(request.data, &plan, from)?;
    let mut told = |done| progress("training the judge", done, steps);
    let trained = judge::train(plan, &batches, !from, &chosen_on, device, &mut told)?;
    trained.save(&path)?;
    Ok(trained)
}

fn plan(request: &Request<'_>, (template, size): (Frame, usize), attribute: &str) -> Plan {
    let local = matches!(attribute, "Mouth_Slightly_Open" | "Eyeglasses" | "No_Beard");
    let scale = UNIT_SIDE / size as f64;
    Plan {
        attribute: attribute.to_owned(),
        size,
        wider: if local { 1.0 } else { WIDER },
        steps: request.judge_steps,
        seed: request.seed,
        data: request.digest.clone(),
        template: template.map(|point| point.map(|value| value * scale)),
    }
}

/// Writes the judge as a resource folder of kind `judge`, which a manifest's table `[judge]` can name.
///
/// # Errors
/// It cannot be exported.
pub(super) fn export(judge: &Trained, folder: &Path, places: &Places) -> Result<Written, Error> {
    let plan = &judge.plan;
    let scale = plan.size as f64 / UNIT_SIDE;
    let template = wider(&plan.template, UNIT_SIDE, plan.wider);
    let draft = Draft {
        id: format!("judge-{}", plan.attribute.to_lowercase().replace('_', "-")),
        kind: Kind::Judge,
        version: "0.1.0".to_owned(),
        label: format!("Judge of {}", plan.attribute),
        help: format!(
            "The probability that a face has CelebA's attribute {}.",
            plan.attribute
        ),
        size: plan.size,
        template: template.map(|point| point.map(|value| value * scale)),
        licence: "MIT OR Apache-2.0".to_owned(),
        author: String::new(),
        disclosure: String::new(),
        origin: Origin {
            source: format!(
                "Trained with diat-train {}: {} steps, seed {}",
                env!("CARGO_PKG_VERSION"),
                judge.steps,
                plan.seed
            ),
            data: format!("Partition 0 of data of the digest {}", plan.data),
            notes: String::new(),
        },
    };
    Ok(write_judge(
        &judge.judge,
        &draft,
        Precision::F16,
        folder,
        places,
    )?)
}

/// Partition 1's faces, once it is sure that there are enough in both partitions.
fn enough(data: &Dataset, attribute: &str, plan: &Plan) -> Result<Labelled, Error> {
    let column = data.column(attribute)?;
    for (partition, needed) in FEWEST {
        for value in [true, false] {
            let here = data.faces.iter().filter(|face| face.partition == partition);
            let found = here
                .filter(|face| face.attributes[column] == Some(value))
                .count();
            if found < needed {
                return Err(source::few(
                    data,
                    partition,
                    (attribute.to_owned(), value),
                    found,
                    needed,
                ));
            }
        }
    }
    labelled(data, attribute, Partition::Validation, plan, None)
}

/// The judge's crops of all faces of a partition whose attribute is known, and those labels; at most `limit`.
///
/// # Errors
/// A picture cannot be read.
pub(super) fn labelled(
    data: &Dataset,
    attribute: &str,
    partition: Partition,
    plan: &Plan,
    limit: Option<usize>,
) -> Result<Labelled, Error> {
    let column = data.column(attribute)?;
    let known = data.faces.iter().enumerate().filter(|(_, face)| {
        face.partition == partition && face.attributes[column].is_some() && face.refusal().is_none()
    });
    let (mut crops, mut has): (Vec<Array3<f32>>, Vec<bool>) = (Vec::new(), Vec::new());
    for (place, _) in known.take(limit.unwrap_or(usize::MAX)) {
        let face = source::face(data, place, attribute)?;
        crops.push(judged(&face.picture, &face, plan));
        has.push(face.has);
    }
    let crops = stacked(&crops);
    Ok(Labelled { crops, has })
}

/// Varied crops of partition 0, without the attribute as source where the effect's faces are.
fn batches(data: &Dataset, plan: &Plan, from: bool) -> Result<TrainingSet, Error> {
    let faults = |faults: Vec<diat_manifest::Fault>| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Error::Asked(faults.join("\n"))
    };
    let text = include_str!("judge.toml");
    let mut recipe = Recipe::parse(text, Path::new("judge.toml"), &[]).map_err(faults)?;
    recipe.task = Task::Transfer {
        attribute: plan.attribute.clone(),
        from,
        only: Vec::new(),
    };
    recipe.network.size = plan.size;
    recipe.run.seed = plan.seed;
    let [left_eye, right_eye, nose, left_mouth, right_mouth] =
        wider(&plan.template, UNIT_SIDE, plan.wider);
    recipe.template = Template {
        left_eye,
        right_eye,
        nose,
        left_mouth,
        right_mouth,
    };
    Ok(TrainingSet::open(data, &recipe)?)
}
