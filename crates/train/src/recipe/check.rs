//! What the numbers of a recipe may be, and which of its parts need or exclude each other.

use std::path::Path;

use diat_manifest::{Fault, Manifest};

use crate::export::{Draft, Origin};

use super::source::Node;
use super::{
    Algorithm, Gan, Optimiser, Oval, PairSource, Perceiver, Phase, Recipe, Smoothness, Solver,
    Task, UNIT_SIDE,
};

/// Adds a fault for each rule that `recipe`, read from `root`, breaks. A rule that rests on a key with a fault is passed over.
pub(super) fn check(root: &Node, recipe: &Recipe, faults: Vec<Fault>) -> Vec<Fault> {
    let mut rules = Rules { root, faults };
    rules.manifest(recipe);
    rules.task(recipe);
    rules.network(recipe);
    rules.phases(recipe);
    rules.losses(recipe);
    rules.partners(recipe);
    rules.variation(recipe);
    rules.run(recipe);
    rules.faults
}

const WIDEST: usize = 256;
const LARGEST_BATCH: usize = 4096;

struct Rules<'a> {
    root: &'a Node,
    faults: Vec<Fault>,
}

impl Rules<'_> {
    fn is_sound(&self, path: &str) -> bool {
        let around = |outer: &str, inner: &str| {
            inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        !self
            .faults
            .iter()
            .any(|fault| around(&fault.key, path) || around(path, &fault.key))
    }

    /// A fault at the first of `keys` unless `holds`, where all of them could be read.
    fn rule(&mut self, keys: &[&str], holds: bool, allowed: impl Into<String>, advice: &str) {
        if !holds
            && keys.iter().all(|key| self.is_sound(key))
            && let Some(key) = keys.first()
        {
            let fault = self.root.at(key).fault(key, allowed, advice);
            self.faults.push(fault);
        }
    }

    fn number(&mut self, key: &str, value: f64, least: f64, most: f64) {
        let holds = (least..=most).contains(&value);
        let allowed = format!("a number from {least} to {most}");
        self.rule(&[key], holds, allowed, "correct the number");
    }

    fn count(&mut self, key: &str, value: usize, least: usize, most: usize) {
        let holds = (least..=most).contains(&value);
        let allowed = format!("a whole number from {least} to {most}");
        self.rule(&[key], holds, allowed, "correct the number");
    }

    fn weight(&mut self, key: &str, value: f64) {
        let advice = "correct the weight; 0 leaves the term out";
        self.rule(&[key], value >= 0.0, "a weight, 0 or more", advice);
    }

    /// Strictly between 0 and 1.
    fn share(&mut self, key: &str, value: f64) {
        let holds = value > 0.0 && value < 1.0;
        self.rule(
            &[key],
            holds,
            "a share between 0 and 1",
            "correct the share",
        );
    }

    /// What goes into the manifest is held against the manifest's own rules.
    fn manifest(&mut self, recipe: &Recipe) {
        const KEYS: [&str; 7] = [
            "id",
            "version",
            "label",
            "help",
            "disclosure",
            "licence",
            "author",
        ];
        // At the size in which the template's points stand.
        let size = UNIT_SIDE as usize;
        let draft = Draft {
            size,
            template: recipe.template.at(size),
            ..Draft::of_recipe(recipe, Origin::unknown())
        };
        let text = draft.text();
        let Err(faults) = Manifest::parse_draft(&text, Path::new(&format!("{}.toml", recipe.id)))
        else {
            return;
        };
        for fault in faults {
            let key = match fault.key.as_str() {
                "disclosure.text" => "disclosure",
                "provenance.licence" => "licence",
                "provenance.author" => "author",
                key => key,
            };
            if KEYS.contains(&key) || key.starts_with("template.") {
                self.rule(
                    &[key],
                    false,
                    fault.allowed,
                    "the manifest could not say it otherwise",
                );
            }
        }
    }

    fn task(&mut self, recipe: &Recipe) {
        match &recipe.task {
            Task::Transfer {
                attribute, only, ..
            } => {
                let words = only.iter().map(|(attribute, _)| attribute);
                let named = std::iter::once(attribute)
                    .chain(words)
                    .all(|name| !name.is_empty() && !name.contains(char::is_whitespace));
                let (key, allowed) = ("task.transfer", "names of columns of list_attr_celeba.txt");
                self.rule(
                    &[key],
                    named,
                    allowed,
                    "for example attribute = \"Eyeglasses\"",
                );
                let distinct = !only.iter().any(|(name, _)| name == attribute);
                let (allowed, advice) = ("other attributes", "leave it out there");
                self.rule(&["task.transfer.only"], distinct, allowed, advice);
            }
            Task::Hallucinate { factor } => {
                let key = "task.hallucinate.factor";
                let holds =
                    (2..=32).contains(factor) && recipe.network.size.is_multiple_of(*factor);
                let allowed = "2 to 32, a divisor of network.size";
                let advice = "the paper has 8";
                self.rule(&[key, "network.size"], holds, allowed, advice);
            }
        }
    }

    fn network(&mut self, recipe: &Recipe) {
        let network = &recipe.network;
        let holds = network.size.is_multiple_of(32) && (32..=1024).contains(&network.size);
        let advice = "T halves the side five times; the paper has 128";
        let allowed = "a multiple of 32 from 32 to 1024";
        self.rule(&["network.size"], holds, allowed, advice);
        let holds = network.width.is_multiple_of(4) && (4..=WIDEST).contains(&network.width);
        let advice = "M starts from a quarter of it; the paper has 64";
        let allowed = format!("a multiple of 4 from 4 to {WIDEST}");
        self.rule(&["network.width"], holds, allowed, advice);
        self.number("network.mask-bias", network.mask_bias, -10.0, 10.0);
        self.oval("network.region", network.region.as_ref());
        self.oval("loss.oval", recipe.loss.oval.as_ref());
    }

    fn oval(&mut self, key: &str, oval: Option<&Oval>) {
        let Some(oval) = oval else { return };
        let [x, y] = oval.centre;
        let inside = |side: f64| (0.0..=UNIT_SIDE).contains(&side);
        let allowed = format!("two numbers from 0 to {UNIT_SIDE}");
        let advice = "it counts in pixels at a size of 128";
        let path = format!("{key}.centre");
        self.rule(&[&path], inside(x) && inside(y), allowed, advice);
        let [a, b] = oval.half_axes;
        let fits = |axis: f64| axis > 0.0 && axis <= 2.0 * UNIT_SIDE;
        let axes = format!("{key}.half-axes");
        let allowed = "two numbers above 0, at most 256";
        self.rule(&[&axes], fits(a) && fits(b), allowed, advice);
        let rim = format!("{key}.rim");
        let holds = (0.0..=a.min(b)).contains(&oval.rim);
        let allowed = "a number from 0 to the smaller half axis";
        self.rule(&[&rim, &axes], holds, allowed, advice);
    }

    fn phases(&mut self, recipe: &Recipe) {
        if let Some(denoiser) = &recipe.denoiser {
            self.count("denoiser.width", denoiser.width, 1, WIDEST);
            let (key, holds) = (
                "denoiser.noise",
                denoiser.noise > 0.0 && denoiser.noise <= 255.0,
            );
            let allowed = "grey levels above 0, at most 255";
            self.rule(&[key], holds, allowed, "the paper has 15");
            self.phase("denoiser.phase", &denoiser.phase);
        }
        self.phase("pretrain.transform", &recipe.pretrain.transform);
        self.phase("pretrain.discriminator", &recipe.pretrain.discriminator);
        let schedule = &recipe.schedule;
        self.count("schedule.rounds", schedule.rounds, 1, usize::MAX >> 1);
        self.count("schedule.batch", schedule.batch, 1, LARGEST_BATCH);
        self.optimiser("schedule.transfer", &schedule.transfer);
        self.optimiser("schedule.discriminator", &schedule.discriminator);
        if let Algorithm::Paper {
            d_steps, t_steps, ..
        } = schedule.algorithm
        {
            let key = |name: &str| format!("schedule.algorithm.paper.{name}");
            self.count(&key("d-steps"), d_steps, 1, 1000);
            self.count(&key("t-steps"), t_steps, 1, 1000);
        }
        let is_wgan = recipe.loss.gan == Gan::Wgan;
        let keys = ["schedule.clip", "loss.gan"];
        let holds = is_wgan == schedule.clip.is_some();
        let (allowed, advice) = match is_wgan {
            true => (
                "a number above 0, since loss.gan is wgan",
                "0.031 has worked",
            ),
            false => (
                "no clipping, since loss.gan is not wgan",
                "remove `clip`, or set loss.gan = \"wgan\"",
            ),
        };
        self.rule(&keys, holds, allowed, advice);
        if let Some(clip) = schedule.clip {
            let (allowed, advice) = ("a number above 0", "0.031 has worked");
            self.rule(&["schedule.clip"], clip > 0.0, allowed, advice);
        }
    }

    fn phase(&mut self, key: &str, phase: &Phase) {
        self.count(&format!("{key}.batch"), phase.batch, 1, LARGEST_BATCH);
        self.optimiser(&format!("{key}.optimiser"), &phase.optimiser);
    }

    fn optimiser(&mut self, key: &str, optimiser: &Optimiser) {
        let rate = format!("{key}.rate");
        let holds = optimiser.rate > 0.0 && optimiser.rate <= 1.0;
        self.rule(
            &[&rate],
            holds,
            "a number above 0, at most 1",
            "correct the rate",
        );
        let mut decay = |name: &str, value: f64| {
            let key = format!("{key}.solver.{name}");
            let holds = (0.0..1.0).contains(&value);
            self.rule(
                &[&key],
                holds,
                "a number from 0, below 1",
                "correct the number",
            );
        };
        match optimiser.solver {
            Solver::Adam { beta1, beta2 } => {
                decay("adam.beta1", beta1);
                decay("adam.beta2", beta2);
            }
            Solver::RmsProp { decay: value } => decay("rms-prop.decay", value),
        }
    }

    fn losses(&mut self, recipe: &Recipe) {
        let loss = &recipe.loss;
        for (key, weight) in [
            ("loss.adversarial", loss.adversarial),
            ("loss.reconstruction", loss.reconstruction),
            ("loss.l1", loss.l1),
            ("loss.map-smoothness", loss.map_smoothness),
            ("loss.change-smoothness", loss.change_smoothness),
            ("loss.outside", loss.outside),
            ("loss.cycle", loss.cycle),
        ] {
            self.weight(key, weight);
        }
        if let Some(perceptual) = &loss.perceptual {
            self.weight("loss.perceptual.weight", perceptual.weight);
            if let Perceiver::Judge(steps) = perceptual.on {
                self.count("loss.perceptual.on.judge", steps, 1, usize::MAX >> 1);
            }
        }
        if let Some(identity) = &loss.identity {
            self.weight("loss.identity.weight", identity.weight);
        }
        if let Some(ratio) = &loss.ratio {
            self.weight("loss.ratio.weight", ratio.weight);
            self.share("loss.ratio.share", ratio.share);
        }
        match &loss.smoothness {
            Some(Smoothness::Denoiser { weight, threshold }) => {
                self.weight("loss.smoothness.denoiser.weight", *weight);
                let key = "loss.smoothness.denoiser.threshold";
                let (allowed, advice) = ("a number, 0 or more", "the paper has 16 to 30");
                self.rule(&[key], *threshold >= 0.0, allowed, advice);
            }
            Some(Smoothness::Tv { weight }) => self.weight("loss.smoothness.tv.weight", *weight),
            None => {}
        }
        if let Some(pairs) = &loss.pairs {
            let key = "loss.pairs.share";
            let holds = pairs.share > 0.0 && pairs.share <= 1.0;
            self.rule(
                &[key],
                holds,
                "a share above 0, at most 1",
                "correct the share",
            );
            self.weight("loss.pairs.result", pairs.result);
            self.weight("loss.pairs.transformed", pairs.transformed);
        }
    }

    /// Terms that need another part of the recipe, or make no sense with it.
    fn partners(&mut self, recipe: &Recipe) {
        let loss = &recipe.loss;
        let needs_denoiser = matches!(loss.smoothness, Some(Smoothness::Denoiser { .. }));
        self.rule(
            &["loss.smoothness", "denoiser"],
            !needs_denoiser || recipe.denoiser.is_some(),
            "`denoiser` only where there is a [denoiser]",
            "add [denoiser], or write [loss.smoothness.tv]",
        );
        let on_discriminator = loss
            .perceptual
            .as_ref()
            .is_some_and(|perceptual| perceptual.on == Perceiver::Discriminator);
        self.rule(
            &["loss.perceptual.on", "loss.adversarial"],
            loss.adversarial > 0.0 || !on_discriminator,
            "vgg-face or judge, since there is no D where loss.adversarial is 0",
            "write for example on = { judge = 300 }",
        );
        let is_hallucination = matches!(recipe.task, Task::Hallucinate { .. });
        self.rule(
            &["loss.reconstruction", "task"],
            is_hallucination || loss.reconstruction == 0.0,
            "0, since only hallucination knows the truth of every picture",
            "remove it, or write [task.hallucinate]",
        );
        self.rule(
            &["network.mask", "task"],
            !(is_hallucination && recipe.network.mask),
            "false, since hallucination changes the whole crop",
            "write mask = false",
        );
        let without_mask = !recipe.network.mask;
        for (key, is_there) in [
            ("loss.ratio", loss.ratio.is_some()),
            ("loss.map-smoothness", loss.map_smoothness != 0.0),
            ("loss.outside", loss.outside != 0.0),
            ("network.region", recipe.network.region.is_some()),
        ] {
            self.rule(
                &[key, "network.mask"],
                !(without_mask && is_there),
                "nothing, since network.mask is false",
                "remove it: there is no mask",
            );
        }
        self.rule(
            &["loss.outside", "network.region"],
            loss.outside == 0.0 || recipe.network.region.is_some(),
            "0 where there is no [network.region]",
            "add [network.region], or remove it",
        );
        for (key, is_there) in [
            ("loss.pairs", loss.pairs.is_some()),
            ("loss.cycle", loss.cycle != 0.0),
        ] {
            self.rule(
                &[key, "task"],
                !(is_hallucination && is_there),
                "nothing, since hallucination has no second set",
                "remove it",
            );
        }
        let draws_glasses = loss
            .pairs
            .as_ref()
            .is_some_and(|pairs| pairs.of == PairSource::DrawnGlasses);
        let takes_glasses_off = matches!(
            &recipe.task,
            Task::Transfer { attribute, from: true, .. } if attribute == "Eyeglasses"
        );
        self.rule(
            &["loss.pairs.of", "task"],
            !draws_glasses || takes_glasses_off || is_hallucination,
            "`drawn-glasses` only where Eyeglasses go from true",
            "write of = \"counterfactual\", or remove [loss.pairs]",
        );
    }

    fn variation(&mut self, recipe: &Recipe) {
        let augment = &recipe.augment;
        self.number("augment.shift", augment.shift, 0.0, UNIT_SIDE / 4.0);
        self.number("augment.light", augment.light, 0.0, 2.0);
        self.number("augment.colour", augment.colour, 0.0, 1.0);
        let adaptation = &recipe.adaptation;
        self.number("adaptation.brightness", adaptation.brightness, 0.0, 2.0);
        self.number("adaptation.saturation", adaptation.saturation, 0.0, 1.0);
        self.number("adaptation.contrast", adaptation.contrast, 0.0, 1.0);
        self.number("adaptation.cut-out", adaptation.cut_out, 0.0, UNIT_SIDE);
        self.number(
            "adaptation.cut-out-share",
            adaptation.cut_out_share,
            0.0,
            1.0,
        );
        if let Some(average) = &recipe.average {
            self.share("average.decay", average.decay);
        }
    }

    fn run(&mut self, recipe: &Recipe) {
        let run = &recipe.run;
        for (key, every) in [
            ("run.checkpoint-every", run.checkpoint_every),
            ("run.log-every", run.log_every),
            ("run.grid-every", run.grid_every),
        ] {
            self.count(key, every, 1, usize::MAX >> 1);
        }
    }
}
