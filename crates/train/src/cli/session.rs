//! What `run` and `resume` have in common: recipe, faces and networks, put together and trained.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use diat_train::data::{self, Dataset, HeldOut, Partition, TrainingSet};
use diat_train::device::Choice;
use diat_train::learn::Learner;
use diat_train::recipe::{Recipe, Task};
use diat_train::run::{About, Data, End, Error, Folder, Found, Job, Trainee, train};
use ndarray::{Array4, Axis};
use serde::Serialize;

use super::console::{self, Progress};
use super::failure::{Failure, failed};
use super::interrupt;

/// Batches that are made ahead of their use.
const AHEAD: usize = 4;
/// Faces of a grid.
const SHOWN: usize = 8;

/// Everything that a training needs before its first round.
pub(super) struct Session {
    pub(super) recipe: Recipe,
    pub(super) account: Account,
    training: TrainingSet,
    learner: Learner,
    shown: Array4<f32>,
    shown_truth: Option<Array4<f32>>,
    measured: Option<[Array4<f32>; 2]>,
}

/// `data.json`.
#[derive(Debug, Serialize)]
pub(super) struct Account {
    digest: String,
    used: data::Used,
}

impl Account {
    pub(super) fn digest(&self) -> &str {
        &self.digest
    }
}

impl Session {
    /// Reads the faces and makes the networks.
    pub(super) fn open(recipe: Recipe, folder: &Path, device: Choice) -> Result<Self, Failure> {
        let device = device
            .open()
            .map_err(|error| Failure::Usage(error.to_string()))?;
        let dataset = Dataset::open(folder, None).map_err(failed)?;
        console::say(&format!("{}: reading the faces", folder.display()));
        let training = TrainingSet::open(&dataset, &recipe).map_err(failed)?;
        let digest = data::digest(&dataset).map_err(failed)?;
        let used = training.used().clone();
        for (name, why) in &used.unreadable {
            console::say(&format!("{name}: left out: {why}"));
        }
        console::say(&format!(
            "{}: {} faces to be changed, {} as they should become",
            folder.display(),
            used.source,
            used.guided
        ));
        let shown = sources(&dataset, &recipe, Partition::Validation)?;
        let (shown, shown_truth) = stacked(shown.into_iter().take(SHOWN), recipe.network.size);
        let has_truth = dataset.card.is_some() && matches!(recipe.task, Task::Transfer { .. });
        let measured = match has_truth {
            true => {
                let faces = sources(&dataset, &recipe, Partition::Test)?;
                let (faces, truth) = stacked(faces.into_iter(), recipe.network.size);
                truth.map(|truth| [faces, truth])
            }
            false => None,
        };
        let without = recipe
            .loss
            .identity
            .as_ref()
            .is_some_and(|term| term.vgg_face.is_none());
        if without {
            console::say(
                "NO IDENTITY TERM: loss.identity names no file of VGG-Face weights, so that Eq. 11 is left out",
            );
        }
        Ok(Self {
            learner: Learner::new(&recipe, &device).map_err(failed)?,
            account: Account { digest, used },
            recipe,
            training,
            shown,
            shown_truth,
            measured,
        })
    }

    /// What would be done.
    pub(super) fn plan(&self) -> String {
        let phases = self.learner.phases();
        let mut plan: String = phases
            .iter()
            .map(|phase| {
                format!(
                    "{}: {} rounds, batches of {}\n",
                    phase.name, phase.rounds, phase.batch
                )
            })
            .collect();
        plan += &format!("grids: {} held-out faces\n", self.shown.dim().0);
        if let Some([faces, _]) = &self.measured {
            plan += &format!("final figures: {} held-out faces\n", faces.dim().0);
        }
        plan
    }

    /// Trains to the end, or until somebody wants it to stop.
    pub(super) fn train(
        mut self,
        folder: &Folder,
        about: &About,
        found: Found,
    ) -> Result<ExitCode, Failure> {
        let mut from = diat_train::run::Checkpoint::default();
        if let Some((path, checkpoint)) = found.newest {
            Trainee::load(&mut self.learner, &path).map_err(|cause| {
                failed(Error::Load {
                    folder: path,
                    cause,
                })
            })?;
            from = checkpoint;
        }
        interrupt::watch();
        let mut progress = Progress::new();
        let batches = data::Prefetch::new(Arc::new(self.training), AHEAD);
        let result = train(Job {
            folder,
            recipe: &self.recipe,
            about,
            from,
            trainee: &mut self.learner,
            data: Data {
                waited: &|| batches.waited().as_secs_f64(),
                batches: &batches,
                shown: self.shown,
                shown_truth: self.shown_truth,
                measured: self.measured,
            },
            stop: &interrupt::asked,
            observer: &mut progress,
        });
        progress.finish();
        let path = folder.path().display();
        match result.map_err(failed)? {
            End::Finished => {
                console::say(&format!("{path}: finished; see report.html there"));
                Ok(ExitCode::SUCCESS)
            }
            End::Stopped { round } => {
                console::say(&format!(
                    "{path}: stopped and saved after round {round}; `diat-train resume {path}` goes on"
                ));
                Ok(interrupt::exit_code().map_or(ExitCode::SUCCESS, ExitCode::from))
            }
        }
    }
}

/// Held-out faces that are to be changed; those that cannot be read are named.
fn sources(
    dataset: &Dataset,
    recipe: &Recipe,
    partition: Partition,
) -> Result<Vec<HeldOut>, Failure> {
    let (faces, unread) = data::held_out(dataset, recipe, partition).map_err(failed)?;
    for (name, why) in unread {
        console::say(&format!("{name}: left out: {why}"));
    }
    Ok(faces.into_iter().filter(|face| face.source).collect())
}

/// Crops and, where all of them are known, truths.
fn stacked(
    faces: impl Iterator<Item = HeldOut>,
    size: usize,
) -> (Array4<f32>, Option<Array4<f32>>) {
    let faces: Vec<_> = faces.collect();
    let mut crops = Array4::zeros((faces.len(), 3, size, size));
    let mut truths = crops.clone();
    let mut known = !faces.is_empty();
    for (row, face) in faces.iter().enumerate() {
        crops.index_axis_mut(Axis(0), row).assign(&face.crop);
        match &face.truth {
            Some(truth) => truths.index_axis_mut(Axis(0), row).assign(truth),
            None => known = false,
        }
    }
    (crops, known.then_some(truths))
}
