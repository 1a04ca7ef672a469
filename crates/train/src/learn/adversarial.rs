//! Algorithm 1, or what takes its place.

use super::algorithm::{self, Steps};
use super::pictures::Pictures;
use super::terms::Notes;
use super::{Error, Learner, Phase};
use crate::data::Batches;
use crate::recipe::Algorithm;
use crate::weights;
use burn::module::Module;
use burn::tensor::Tensor;

impl Learner {
    /// One round. `paper` asks for one batch, whose step is the round; `alternate` for two, whose steps are twice the round, for
    /// D, and the one after it, for F.
    pub(super) fn adversarial(
        &mut self,
        phase: Phase,
        round: u64,
        data: &dyn Batches,
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let schedule = &self.recipe.schedule;
        let algorithm = schedule.algorithm;
        let average = self.recipe.average;
        if round == 0 {
            self.state.average = average.map(|_| self.state.transfer.valid());
        }
        algorithm::round(algorithm, &mut Round::new(self, phase, round, data, notes))?;
        if let Some(average) = average {
            self.state.average(average.decay);
        }
        Ok(())
    }
}

/// Batches of a round.
fn batches(algorithm: Algorithm) -> u64 {
    match algorithm {
        Algorithm::Paper { .. } => 1,
        Algorithm::Alternate => 2,
    }
}

/// Steps of a round that draw from chance.
fn steps_in(algorithm: Algorithm) -> u64 {
    match algorithm {
        Algorithm::Paper {
            d_steps, t_steps, ..
        } => (d_steps + t_steps) as u64,
        Algorithm::Alternate => 2,
    }
}

pub(super) struct Round<'a> {
    learner: &'a mut Learner,
    phase: Phase,
    data: &'a dyn Batches,
    notes: &'a mut Notes,
    /// Of the batch that comes next.
    next: u64,
    /// Counts through all rounds, for chance.
    step: u64,
    pub(super) pictures: Option<Pictures>,
    made: Option<Tensor<4>>,
}

impl<'a> Round<'a> {
    pub(super) fn new(
        learner: &'a mut Learner,
        phase: Phase,
        round: u64,
        data: &'a dyn Batches,
        notes: &'a mut Notes,
    ) -> Self {
        let algorithm = learner.recipe.schedule.algorithm;
        Self {
            next: round * batches(algorithm),
            step: round * steps_in(algorithm),
            learner,
            phase,
            data,
            notes,
            pictures: None,
            made: None,
        }
    }
}

impl Steps for Round<'_> {
    type Error = Error;

    fn next_batch(&mut self) -> Result<(), Error> {
        let wanted = (self.phase.name, self.next, self.phase.batch);
        self.pictures = Some(Pictures::new(self.data, wanted, &self.learner.device)?);
        self.next += 1;
        Ok(())
    }

    fn make(&mut self) -> Result<(), Error> {
        if let (Some(pictures), Some(_)) = (&self.pictures, &self.learner.state.discriminator) {
            // With batch statistics, as in F's own steps, but without gradients; the clone's running statistics are its own.
            let transfer = self.learner.state.transfer.clone().no_grad();
            self.made = Some(transfer.forward(pictures.source.clone()).result.detach());
        }
        Ok(())
    }

    fn discriminate(&mut self) -> Result<(), Error> {
        self.step += 1;
        let (Some(pictures), Some(made)) = (&self.pictures, &self.made) else {
            return Ok(());
        };
        let loss = self.learner.discriminator_objective(
            pictures.guided.clone(),
            made.clone(),
            self.step,
            self.notes,
        );
        let state = &mut self.learner.state;
        if let (Some(discriminator), Some(loss)) = (&mut state.discriminator, loss) {
            state.solvers.discriminator.step(discriminator, loss);
        }
        Ok(())
    }

    fn clip(&mut self) {
        let discriminator = self.learner.state.discriminator.take();
        let clipped = discriminator.map(|network| match self.learner.recipe.schedule.clip {
            Some(c) => weights::clipped(network, c),
            None => network,
        });
        self.learner.state.discriminator = clipped;
    }

    fn transfer(&mut self, smooth: bool) -> Result<(), Error> {
        self.step += 1;
        let Some(pictures) = &self.pictures else {
            return Ok(());
        };
        let loss = self
            .learner
            .transfer_objective(pictures, self.step, smooth, self.notes)?;
        self.learner.state.step_transfer(loss);
        Ok(())
    }

    fn smooth(&mut self) -> Result<(), Error> {
        let Some(pictures) = &self.pictures else {
            return Ok(());
        };
        let loss = self
            .learner
            .smoothness_objective(pictures.source.clone(), self.notes);
        self.learner.state.step_transfer(loss);
        Ok(())
    }
}
