//! §III-C: F, D, DN and their solvers, and the steps that change them.
//!
//! A training is a list of [`Phase`]s of so many rounds each, in the order in which [`Learner::phases`] gives them. What a
//! round does depends on the recipe, the networks as they are, the phase, the round and the data, and on nothing else: everything
//! random is drawn from (seed, purpose, step), so that a training goes on from what [`Learner::save`] wrote as if it had never stopped.
//!
//! A round is taken whole or not at all: where a term or a weight is not finite after it, nothing has changed.

mod adversarial;
mod algorithm;
mod critic;
mod error;
mod noise;
mod objective;
mod pictures;
mod pretrain;
mod state;
mod terms;

#[cfg(test)]
mod tests;

pub use error::Error;
pub use terms::Terms;

use crate::data::Batches;
use crate::nets::{Transfer, VggFace, soft_oval};
use crate::recipe::{Oval, Perceiver, Recipe};
use crate::tensor::to_tensor;
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use ndarray::Axis;
use state::State;
use std::path::Path;
use terms::Notes;

/// A part of a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phase {
    /// `denoiser`, `judge`, `transform`, `discriminator` or `adversarial`; also the name under which it asks for batches.
    pub name: &'static str,
    /// How many rounds it takes.
    pub rounds: u64,
    /// Pictures of each set in a batch.
    pub batch: usize,
}

/// What is trained, and how.
pub struct Learner {
    recipe: Recipe,
    /// With autodiff.
    device: Device,
    /// What D sees of a face, 1×1×S×S.
    oval: Option<Tensor<4>>,
    /// What the mask may touch, 1×1×S/4×S/4.
    region: Option<Tensor<4>>,
    /// For Eq. 11 and DIAT-1; without autodiff.
    vgg_face: Option<VggFace>,
    state: State,
}

impl Learner {
    /// Everything before its first round, on `device`, which is one without autodiff.
    ///
    /// # Errors
    /// The recipe names a VGG-Face file that cannot be read, or wants a cycle.
    pub fn new(recipe: &Recipe, device: &Device) -> Result<Self, Error> {
        let weight = recipe.loss.cycle;
        if weight > 0.0 {
            return Err(Error::Cycle { weight });
        }
        let size = recipe.network.size;
        let device = device.clone().autodiff();
        let soft = |oval: &Option<Oval>, size| {
            let picture = oval.as_ref().map(|oval| soft_oval(oval, size))?;
            let picture = picture.insert_axis(Axis(0)).insert_axis(Axis(0));
            Some(to_tensor(&picture, &device).inner())
        };
        let identity = recipe.loss.identity.as_ref();
        let perceiver = recipe.loss.perceptual.as_ref().map(|term| &term.on);
        let vgg_face = match (identity.and_then(|term| term.vgg_face.as_ref()), perceiver) {
            (Some(path), _) | (None, Some(Perceiver::VggFace(path))) => {
                Some(VggFace::load(path, &device.clone().inner())?)
            }
            _ => None,
        };
        Ok(Self {
            oval: soft(&recipe.loss.oval, size),
            region: soft(&recipe.network.region, size / 4),
            vgg_face,
            state: State::new(recipe, &device),
            recipe: recipe.clone(),
            device,
        })
    }

    /// The phases that this training has, in order; those without rounds are left out.
    pub fn phases(&self) -> Vec<Phase> {
        let recipe = &self.recipe;
        let phase = |name, rounds: usize, batch| Phase {
            name,
            rounds: rounds as u64,
            batch,
        };
        let denoiser = recipe.denoiser.as_ref().map(|denoiser| &denoiser.phase);
        let judge = match recipe.loss.perceptual.as_ref().map(|term| &term.on) {
            Some(Perceiver::Judge(steps)) => *steps,
            _ => 0,
        };
        let (transform, discriminator) =
            (&recipe.pretrain.transform, &recipe.pretrain.discriminator);
        let discriminated = match self.state.discriminator {
            Some(_) => discriminator.steps,
            None => 0,
        };
        let (rounds, batch) = (recipe.schedule.rounds, recipe.schedule.batch);
        let all = [
            denoiser.map(|of| phase(DENOISER, of.steps, of.batch)),
            Some(phase(JUDGE, judge, batch)),
            Some(phase(TRANSFORM, transform.steps, transform.batch)),
            Some(phase(DISCRIMINATOR, discriminated, discriminator.batch)),
            Some(phase(ADVERSARIAL, rounds, batch)),
        ];
        let all = all.into_iter().flatten();
        all.filter(|phase| phase.rounds > 0).collect()
    }

    /// Takes one round of a phase, counted from 0, and gives its terms, without their weights.
    ///
    /// # Errors
    /// No batch, a batch that lacks what the recipe needs, or [`Error::NotFinite`]; the learner is then what it was before.
    pub fn round(&mut self, phase: usize, round: u64, data: &dyn Batches) -> Result<Terms, Error> {
        let phases = self.phases();
        let count = phases.len();
        let phase = *phases.get(phase).ok_or(Error::NoPhase { phase, count })?;
        let before = self.state.clone();
        let taken = self.take(phase, round, data);
        if taken.is_err() {
            self.state = before;
        }
        taken
    }

    fn take(&mut self, phase: Phase, round: u64, data: &dyn Batches) -> Result<Terms, Error> {
        let mut notes = Notes::default();
        match phase.name {
            DENOISER => self.denoise(phase, round, data, &mut notes)?,
            JUDGE => self.judge(phase, round, data, &mut notes)?,
            TRANSFORM => self.reconstruct(phase, round, data, &mut notes)?,
            DISCRIMINATOR => self.tell_apart(phase, round, data, &mut notes)?,
            _ => self.adversarial(phase, round, data, &mut notes)?,
        }
        let read = notes.read(self.state.total());
        read.map_err(|term| Error::NotFinite {
            term,
            phase: phase.name,
            round,
        })
    }

    /// Writes all that the next round depends on into a folder that exists.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn save(&self, dir: &Path) -> Result<(), Error> {
        self.state.save(dir)
    }

    /// Goes on from what [`Learner::save`] wrote with a recipe of the same networks and solvers.
    ///
    /// # Errors
    /// A file cannot be read, or is of other networks; the learner is then what it was before.
    pub fn load(&mut self, dir: &Path) -> Result<(), Error> {
        let mut state = self.state.clone();
        state.load(dir)?;
        self.state = state;
        Ok(())
    }

    /// F as it is exported, a copy without autodiff: the moving average where the recipe has one and the adversarial training
    /// has begun.
    pub fn transfer(&self) -> Transfer {
        match &self.state.average {
            Some(average) => average.clone(),
            None => self.state.transfer.valid(),
        }
    }
}

/// [`Learner::transfer`] of the learner that [`Learner::save`] wrote into `dir`, without the other networks and what they need.
///
/// # Errors
/// The file cannot be read, or is of another network.
pub fn saved_transfer(recipe: &Recipe, dir: &Path, device: &Device) -> Result<Transfer, Error> {
    state::saved_transfer(recipe, dir, device)
}

const DENOISER: &str = "denoiser";
const JUDGE: &str = "judge";
const TRANSFORM: &str = "transform";
const DISCRIMINATOR: &str = "discriminator";
const ADVERSARIAL: &str = "adversarial";
