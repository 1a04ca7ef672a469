//! What comes before Algorithm 1: DN (Eq. 12), T (Eq. 17) and D (Eq. 18), and the judge where it perceives for DIAT-1.

use super::pictures::Pictures;
use super::terms::Notes;
use super::{Error, Learner, Phase, noise};
use crate::data::Batches;
use crate::loss::{adversarial, pixel, smooth};
use crate::tensor::to_tensor;
use burn::tensor::Tensor;

impl Learner {
    fn pictures(&self, phase: Phase, step: u64, data: &dyn Batches) -> Result<Pictures, Error> {
        Pictures::new(data, (phase.name, step, phase.batch), &self.device)
    }

    /// A step of DN on the crops of both sets with Gaussian noise, Eq. 12.
    pub(super) fn denoise(
        &mut self,
        phase: Phase,
        round: u64,
        data: &dyn Batches,
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let pictures = self.pictures(phase, round, data)?;
        let (Some(recipe), Some(denoiser)) = (&self.recipe.denoiser, &mut self.state.denoiser)
        else {
            return Ok(());
        };
        let clean = pictures.both();
        // 255 grey levels are 2 units here.
        let deviation = recipe.noise * 2.0 / 255.0;
        let chance = (self.recipe.run.seed, "denoiser's noise", round);
        let noisy = to_tensor(
            &noise::normal(clean.dims(), deviation, chance),
            &self.device,
        );
        let noisy = noisy + clean.clone();
        let loss = smooth::denoising(denoiser.forward(noisy.clone()), noisy, clean);
        notes.note("denoising", &loss);
        self.state.solvers.denoiser.step(denoiser, loss);
        Ok(())
    }

    /// A step of the judge on both sets: cross entropy on its logits.
    pub(super) fn judge(
        &mut self,
        phase: Phase,
        round: u64,
        data: &dyn Batches,
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let pictures = self.pictures(phase, round, data)?;
        let Some(judge) = &mut self.state.judge else {
            return Ok(());
        };
        let [source, guided] = halves(judge.forward(pictures.both()));
        // The form of Eq. 5, with real pictures on both sides.
        let loss = adversarial::original::discriminator(guided, source);
        notes.note("judge", &loss);
        self.state.solvers.judge.step(judge, loss);
        Ok(())
    }

    /// A step of T as an autoencoder on both sets, Eq. 17 or the mean absolute difference.
    pub(super) fn reconstruct(
        &mut self,
        phase: Phase,
        round: u64,
        data: &dyn Batches,
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let x = self.pictures(phase, round, data)?.both();
        let transform = &mut self.state.transfer.transform;
        let made = transform.forward(x.clone());
        let loss = match self.recipe.pretrain.l1 {
            true => pixel::l1(made, x),
            false => pixel::sum_of_squares(made, x),
        };
        notes.note("reconstruction", &loss);
        self.state.solvers.transform.step(transform, loss);
        Ok(())
    }

    /// A step of D on both sets, Eq. 18.
    pub(super) fn tell_apart(
        &mut self,
        phase: Phase,
        round: u64,
        data: &dyn Batches,
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let pictures = self.pictures(phase, round, data)?;
        let guided = self.varied(pictures.guided.clone(), "guided, pre-training", round);
        let source = self.varied(pictures.source.clone(), "source, pre-training", round);
        let Some(discriminator) = &mut self.state.discriminator else {
            return Ok(());
        };
        let scores = discriminator
            .advanced()
            .forward(Tensor::cat(vec![guided, source], 0))
            .score;
        let [guided, source] = halves(scores);
        let loss = adversarial::regression(guided, source);
        notes.note("regression", &loss);
        self.state
            .solvers
            .pretrained_discriminator
            .step(discriminator, loss);
        Ok(())
    }
}

/// Scores of two sets of the same size, one after the other, apart.
pub(super) fn halves(scores: Tensor<2>) -> [Tensor<2>; 2] {
    let [count, _] = scores.dims();
    let half = count / 2;
    [
        scores.clone().narrow(0, 0, half),
        scores.narrow(0, half, half),
    ]
}
