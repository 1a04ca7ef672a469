//! `diat-train ablate`: what the parts are worth.

use std::path::PathBuf;
use std::process::ExitCode;

use diat_places::Places;
use diat_train::data::{Dataset, Partition};
use diat_train::device::{self, Choice};
use diat_train::eval::ablate::table;
use diat_train::eval::ablation::{Trial, ablation};
use diat_train::eval::text;

use super::check::{Chosen, lines};
use super::console;
use super::eval::Told;
use super::failure::{Failure, failed, usage};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Trains DIAT, DIAT-1 (perceptual loss on a fixed network instead of D), TV (total variation instead of the perceptual \
    regularisation) and F without the mask from one recipe, and looks at each after five equal numbers of rounds.\n\n\
    Example:\n  diat-train ablate crates/train/recipes/mouth-open.toml --data celeba --out ablation"
)]
pub(crate) struct Ablate {
    #[command(flatten)]
    chosen: Chosen,
    /// Data set
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, value_name = "DEVICE", default_value_t, help = device::HELP)]
    device: Choice,
    /// VGG-Face weights for DIAT-1; without them its network is a judge's second residual block
    #[arg(long, value_name = "FILE")]
    vgg_face: Option<PathBuf>,
    /// Steps for which judges are trained
    #[arg(long, value_name = "N", default_value_t = 400)]
    judge_steps: u64,
    /// Partition that is looked at
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=2))]
    partition: u8,
    /// Look at most at so many faces
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Faces on each grid
    #[arg(long, value_name = "N", default_value_t = 6)]
    shown: usize,
}

impl Ablate {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let faults = |faults: Vec<_>| Failure::Failed(lines(&faults));
        let recipe = self.chosen.read().map_err(faults)?;
        let device = self.device.open().map_err(usage)?;
        let data = Dataset::open(&self.data, None).map_err(failed)?;
        let trial = Trial {
            recipe: &recipe,
            data: &data,
            partition: Partition::ALL[usize::from(self.partition)],
            limit: self.limit,
            vgg_face: self.vgg_face,
            judge_steps: self.judge_steps,
            shown: self.shown,
            out: self.out,
        };
        let mut told = Told::new();
        let places = Places::from_environment();
        let found = ablation(&trial, &device, &places, &mut |what, done, all| {
            told.hear(what, done, all)
        });
        told.finish();
        console::print(&text::table(&table(&found.map_err(failed)?)));
        let page = trial.out.join("ablation.html");
        console::say(&format!("{}: the same with pictures", page.display()));
        Ok(ExitCode::SUCCESS)
    }
}
