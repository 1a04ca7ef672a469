//! All that a round changes.

use super::Error;
use super::critic::Critic;
use crate::nets::{Denoiser, Judge, Transfer};
use crate::recipe::{self, Optimiser, Perceiver, Recipe};
use crate::solver::Solver;
use crate::weights;
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use std::path::Path;

/// Networks and what their solvers remember. A clone shares nothing with it that a step could change.
#[derive(Clone)]
pub(super) struct State {
    pub(super) transfer: Transfer,
    /// None where no term needs it.
    pub(super) discriminator: Option<Critic>,
    /// None where the recipe has none.
    pub(super) denoiser: Option<Denoiser>,
    /// None unless it perceives for DIAT-1.
    pub(super) judge: Option<Judge>,
    /// Of F, without autodiff; none before the adversarial training.
    pub(super) average: Option<Transfer>,
    pub(super) solvers: Solvers,
}

/// Each phase starts with a solver of its own.
#[derive(Clone)]
pub(super) struct Solvers {
    pub(super) denoiser: Trainer,
    pub(super) judge: Trainer,
    pub(super) transform: Trainer,
    pub(super) pretrained_discriminator: Trainer,
    pub(super) transfer: Trainer,
    pub(super) discriminator: Trainer,
}

/// A solver that takes a loss.
#[derive(Clone)]
pub(super) struct Trainer(Solver);

impl Trainer {
    fn new(optimiser: &Optimiser) -> Self {
        Self(Solver::new(optimiser))
    }

    /// A step of the network down the slope of the loss.
    pub(super) fn step<M: Module>(&mut self, network: &mut M, loss: Tensor<1>) {
        let gradients = GradientsParams::from_grads(loss.backward(), network);
        *network = self.0.step(network.clone(), gradients);
    }
}

/// Of the judge; nothing in the recipe depends on it.
const JUDGE: Optimiser = Optimiser {
    solver: recipe::Solver::Adam {
        beta1: 0.9,
        beta2: 0.999,
    },
    rate: 1e-3,
};

impl State {
    pub(super) fn new(recipe: &Recipe, device: &Device) -> Self {
        let (network, seed) = (&recipe.network, recipe.run.seed);
        let perceiver = recipe.loss.perceptual.as_ref().map(|term| &term.on);
        let denoiser = recipe.denoiser.as_ref();
        let schedule = &recipe.schedule;
        let denoising = denoiser.map_or(&JUDGE, |denoiser| &denoiser.phase.optimiser);
        Self {
            transfer: Transfer::new(network, seed, device),
            discriminator: (recipe.loss.adversarial > 0.0).then(|| Critic::new(recipe, device)),
            denoiser: denoiser.map(|denoiser| Denoiser::new(denoiser.width, seed, device)),
            judge: matches!(perceiver, Some(Perceiver::Judge(_)))
                .then(|| Judge::new(network.size, seed, device)),
            average: None,
            solvers: Solvers {
                denoiser: Trainer::new(denoising),
                judge: Trainer::new(&JUDGE),
                transform: Trainer::new(&recipe.pretrain.transform.optimiser),
                pretrained_discriminator: Trainer::new(&recipe.pretrain.discriminator.optimiser),
                transfer: Trainer::new(&schedule.transfer),
                discriminator: Trainer::new(&schedule.discriminator),
            },
        }
    }

    /// A step of F, where there is anything to step for.
    pub(super) fn step_transfer(&mut self, loss: Option<Tensor<1>>) {
        if let Some(loss) = loss {
            self.solvers.transfer.step(&mut self.transfer, loss);
        }
    }

    /// F's moving average takes a step; it starts as F.
    pub(super) fn average(&mut self, decay: f64) {
        let average = self.average.take();
        self.average = Some(match average {
            Some(average) => weights::moved_average(average, &self.transfer, decay),
            None => self.transfer.valid(),
        });
    }

    /// The sum of all weights: finite if, and but for sums beyond f32 only if, all of them are.
    pub(super) fn total(&self) -> Tensor<1> {
        let mut sums = sums(&self.transfer);
        sums.extend(self.discriminator.iter().flat_map(self::sums));
        sums.extend(self.denoiser.iter().flat_map(self::sums));
        sums.extend(self.judge.iter().flat_map(self::sums));
        Tensor::cat(sums, 0).sum()
    }

    pub(super) fn save(&self, dir: &Path) -> Result<(), Error> {
        save(dir, "transfer", Some(&self.transfer))?;
        save(dir, "discriminator", self.discriminator.as_ref())?;
        save(dir, "denoiser", self.denoiser.as_ref())?;
        save(dir, "judge", self.judge.as_ref())?;
        save(dir, "average", self.average.as_ref())?;
        let Solvers {
            denoiser,
            judge,
            transform,
            pretrained_discriminator,
            transfer,
            discriminator,
        } = &self.solvers;
        for (name, solver) in [
            ("denoiser", denoiser),
            ("judge", judge),
            ("transform", transform),
            ("pretrained-discriminator", pretrained_discriminator),
            ("transfer", transfer),
            ("discriminator", discriminator),
        ] {
            solver.0.save(&file(dir, &format!("{name}-solver")))?;
        }
        Ok(())
    }

    /// In place; where it fails half of it may have changed.
    pub(super) fn load(&mut self, dir: &Path) -> Result<(), Error> {
        self.transfer = weights::load(&file(dir, "transfer"), self.transfer.clone())?;
        load(dir, "discriminator", &mut self.discriminator)?;
        load(dir, "denoiser", &mut self.denoiser)?;
        load(dir, "judge", &mut self.judge)?;
        // It is there or not by how far the training had come.
        self.average = file(dir, "average").exists().then(|| self.transfer.valid());
        load(dir, "average", &mut self.average)?;
        let solvers = &mut self.solvers;
        let transfer = &self.transfer;
        restore(
            dir,
            "denoiser",
            &mut solvers.denoiser,
            self.denoiser.as_ref(),
        )?;
        restore(dir, "judge", &mut solvers.judge, self.judge.as_ref())?;
        restore(
            dir,
            "transform",
            &mut solvers.transform,
            Some(&transfer.transform),
        )?;
        restore(dir, "transfer", &mut solvers.transfer, Some(transfer))?;
        let discriminator = self.discriminator.as_ref();
        let pretrained = &mut solvers.pretrained_discriminator;
        restore(dir, "pretrained-discriminator", pretrained, discriminator)?;
        restore(
            dir,
            "discriminator",
            &mut solvers.discriminator,
            discriminator,
        )
    }
}

/// F as it is exported, from a folder that [`State::save`] filled: its moving average where there is one.
pub(super) fn saved_transfer(
    recipe: &Recipe,
    dir: &Path,
    device: &Device,
) -> Result<Transfer, Error> {
    let average = file(dir, "average");
    let file = if average.exists() {
        average
    } else {
        file(dir, "transfer")
    };
    let transfer = Transfer::new(&recipe.network, recipe.run.seed, device);
    Ok(weights::load(&file, transfer)?)
}

fn sums(network: &impl Module) -> Vec<Tensor<1>> {
    let tensors = weights::seen(network).into_values();
    tensors.map(|(_, tensor)| tensor.sum()).collect()
}

fn file(dir: &Path, name: &str) -> std::path::PathBuf {
    dir.join(format!("{name}.safetensors"))
}

fn save(dir: &Path, name: &str, network: Option<&impl Module>) -> Result<(), Error> {
    match network {
        Some(network) => Ok(weights::save(&file(dir, name), network)?),
        None => Ok(()),
    }
}

fn load<M: Module>(dir: &Path, name: &str, network: &mut Option<M>) -> Result<(), Error> {
    if let Some(before) = network.take() {
        *network = Some(weights::load(&file(dir, name), before)?);
    }
    Ok(())
}

fn restore<M: Module>(
    dir: &Path,
    name: &str,
    solver: &mut Trainer,
    network: Option<&M>,
) -> Result<(), Error> {
    match network {
        Some(network) => Ok(solver
            .0
            .load(&file(dir, &format!("{name}-solver")), network)?),
        None => Ok(()),
    }
}
