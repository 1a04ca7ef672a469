//! What F and D make small: Eq. 15 (20) and 16, with the recipe's switches.

use super::pictures::Pictures;
use super::pretrain::halves;
use super::terms::{Notes, Objective};
use super::{Error, Learner};
use crate::loss::shown::{Variation, through};
use crate::loss::{adversarial, content, mask, pixel, smooth};
use crate::nets::Edit;
use crate::recipe::{Of, Perceiver, Smoothness};
use burn::module::Module;
use burn::tensor::Tensor;

impl Learner {
    /// Eq. 16: D's own loss on real pictures and F's. None without D.
    pub(super) fn discriminator_objective(
        &self,
        real: Tensor<4>,
        made: Tensor<4>,
        step: u64,
        notes: &mut Notes,
    ) -> Option<Tensor<1>> {
        let discriminator = self.state.discriminator.as_ref()?;
        let shown = vec![
            self.varied(real, "real", step),
            self.varied(made, "made", step),
        ];
        let scores = discriminator
            .advanced()
            .forward(Tensor::cat(shown, 0))
            .score;
        let [real, made] = halves(scores);
        let loss = adversarial::discriminator(self.recipe.loss.gan, real, made);
        notes.note("discriminator", &loss);
        Some(loss)
    }

    /// Eq. 15 without ℓ_smooth (Eq. 20 for hallucination), and with it if `smooth`.
    pub(super) fn transfer_objective(
        &self,
        pictures: &Pictures,
        step: u64,
        smooth: bool,
        notes: &mut Notes,
    ) -> Result<Option<Tensor<1>>, Error> {
        let x = pictures.source.clone();
        let edit = self.state.transfer.forward(x.clone());
        let mut sum = Objective::new(notes);
        self.add_adversarial(&edit, step, &mut sum);
        self.add_content(&edit, &x, &mut sum);
        self.add_mask(&edit, &mut sum);
        self.add_truth(&edit, pictures, &mut sum)?;
        let loss = &self.recipe.loss;
        if loss.l1 > 0.0 {
            sum.add(
                "l1",
                loss.l1,
                pixel::l1(edit.transformed.clone(), x.clone()),
            );
        }
        if loss.change_smoothness > 0.0 {
            let change = edit.transformed - x;
            let value = smooth::change_smoothness(change);
            sum.add("change-smoothness", loss.change_smoothness, value);
        }
        if smooth {
            self.add_smoothness(edit.result, &mut sum);
        }
        Ok(sum.sum())
    }

    /// Eq. 13, or what takes its place, alone and without a weight: Algorithm 1 gives it steps of its own.
    pub(super) fn smoothness_objective(
        &self,
        x: Tensor<4>,
        notes: &mut Notes,
    ) -> Option<Tensor<1>> {
        let kind = self.recipe.loss.smoothness.as_ref()?;
        let result = self.state.transfer.forward(x).result;
        let value = self.smoothness(kind, result)?;
        notes.note("smoothness", &value);
        Some(value)
    }

    fn add_adversarial(&self, edit: &Edit, step: u64, sum: &mut Objective<'_>) {
        let loss = &self.recipe.loss;
        if let Some(discriminator) = &self.state.discriminator {
            let shown = self.varied(edit.result.clone(), "edited", step);
            let score = discriminator.held().forward(shown).score;
            sum.add(
                "adversarial",
                loss.adversarial,
                adversarial::transfer(loss.gan, score),
            );
        }
    }

    /// Eq. 9-11.
    fn add_content(&self, edit: &Edit, x: &Tensor<4>, sum: &mut Objective<'_>) {
        let loss = &self.recipe.loss;
        if let Some(term) = &loss.perceptual {
            let compared = match term.of {
                Of::T => edit.transformed.clone(),
                Of::F => edit.result.clone(),
            };
            let made = self.features(&term.on, compared).into_iter();
            // Without autodiff, what x looks like is only a target.
            let source = self.features(&term.on, x.clone().inner());
            let layers = made.zip(source);
            let value = layers
                .map(|(made, source)| content::perceptual(made, source, term.relative))
                .reduce(|sum, layer| sum + layer);
            if let Some(value) = value {
                sum.add("perceptual", term.weight, value);
            }
        }
        if let (Some(term), Some(vgg_face)) = (&loss.identity, &self.vgg_face)
            && term.vgg_face.is_some()
        {
            let made = vgg_face.features(edit.transformed.clone());
            let source = vgg_face.features(x.clone().inner());
            sum.add("identity", term.weight, content::identity(made, source));
        }
    }

    /// The maps in which `perceiver` compares pictures, one a layer. Its weights are held; what goes in may be tracked.
    pub(super) fn features(&self, perceiver: &Perceiver, x: Tensor<4>) -> Vec<Tensor<4>> {
        match perceiver {
            Perceiver::Discriminator => {
                let discriminator = self.state.discriminator.as_ref();
                let judgement = discriminator.map(|d| d.held().forward(self.within_oval(x)));
                let maps = judgement.map(|judgement| vec![judgement.conv3, judgement.conv4]);
                maps.unwrap_or_default()
            }
            Perceiver::VggFace(_) => {
                let vgg_face = self.vgg_face.iter();
                let features = vgg_face.map(|network| network.features(x.clone()));
                features.map(|of| of.unsqueeze_dims(&[2, 3])).collect()
            }
            Perceiver::Judge(_) => {
                let judge = self.state.judge.iter();
                judge
                    .map(|network| network.valid().features(x.clone()))
                    .collect()
            }
        }
    }

    /// Eq. 14 and what else shapes the mask.
    fn add_mask(&self, edit: &Edit, sum: &mut Objective<'_>) {
        let loss = &self.recipe.loss;
        let (Some(cells), Some(soft)) = (&edit.cells, &edit.soft) else {
            return;
        };
        sum.note("share", &cells.clone().mean());
        if let Some(ratio) = &loss.ratio {
            let value = match ratio.band {
                true => mask::band(cells.clone(), ratio.share),
                false => mask::ratio(cells.clone(), ratio.share),
            };
            sum.add("ratio", ratio.weight, value);
        }
        if loss.map_smoothness > 0.0 {
            let value = mask::map_smoothness(soft.clone());
            sum.add("map-smoothness", loss.map_smoothness, value);
        }
        if let Some(region) = &self.region
            && loss.outside > 0.0
        {
            let value = mask::outside(cells.clone(), region.clone());
            sum.add("outside", loss.outside, value);
        }
    }

    /// Eq. 19, and the terms of rows whose truth is known.
    fn add_truth(
        &self,
        edit: &Edit,
        pictures: &Pictures,
        sum: &mut Objective<'_>,
    ) -> Result<(), Error> {
        let loss = &self.recipe.loss;
        if loss.reconstruction > 0.0 {
            let truth = pictures.truth("reconstruction")?;
            let value = pixel::sum_of_squares(edit.result.clone(), truth);
            sum.add("reconstruction", loss.reconstruction, value);
        }
        if let Some(pairs) = &loss.pairs {
            for (term, weight, made) in [
                ("pairs-result", pairs.result, &edit.result),
                ("pairs-transformed", pairs.transformed, &edit.transformed),
            ] {
                let truth = pictures.truth("pairs")?;
                if let Some(value) = pixel::l1_of_rows(made.clone(), truth, &pictures.known) {
                    sum.add(term, weight, value);
                }
            }
        }
        Ok(())
    }

    fn add_smoothness(&self, result: Tensor<4>, sum: &mut Objective<'_>) {
        let Some(kind) = &self.recipe.loss.smoothness else {
            return;
        };
        let weight = match kind {
            Smoothness::Denoiser { weight, .. } | Smoothness::Tv { weight } => *weight,
        };
        if let Some(value) = self.smoothness(kind, result) {
            sum.add("smoothness", weight, value);
        }
    }

    fn smoothness(&self, kind: &Smoothness, result: Tensor<4>) -> Option<Tensor<1>> {
        match kind {
            Smoothness::Denoiser { threshold, .. } => {
                let residual = self.state.denoiser.as_ref()?.valid().forward(result);
                Some(smooth::residual(residual, *threshold))
            }
            Smoothness::Tv { .. } => Some(smooth::total_variation(result)),
        }
    }

    /// What D is shown of pictures for its score.
    pub(super) fn varied(&self, x: Tensor<4>, purpose: &str, step: u64) -> Tensor<4> {
        let [count, _, size, _] = x.dims();
        let (adaptation, seed) = (&self.recipe.adaptation, self.recipe.run.seed);
        let x = match adaptation.is_none() {
            true => x,
            false => Variation::new(adaptation, (count, size), (seed, purpose, step)).of(x),
        };
        self.within_oval(x)
    }

    fn within_oval(&self, x: Tensor<4>) -> Tensor<4> {
        match &self.oval {
            Some(oval) => through(oval, x),
            None => x,
        }
    }
}
