//! `diat-train run`: a training from its beginning.

use std::path::PathBuf;
use std::process::ExitCode;

use diat_train::device::{self, Choice};
use diat_train::run::{About, Folder, Found};

use super::check::{Chosen, lines};
use super::console;
use super::failure::{Failure, failed, usage};
use super::session::Session;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The folder gets checkpoints, metrics.jsonl, TensorBoard's file, grids of held-out faces and, at the end or after Ctrl-C, \
    report.html. Whatever ends the training, `diat-train resume` goes on from the last checkpoint.\n\n\
    Example:\n  diat-train run crates/train/recipes/example.toml --data faces --out run --set schedule.rounds=500"
)]
pub(crate) struct Run {
    #[command(flatten)]
    chosen: Chosen,
    /// Folder of the faces: CelebA's layout, or with/ and without/
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder of the training, empty or not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, default_value_t, help = device::HELP)]
    device: Choice,
    /// Put everything together and say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Run {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let recipe = self
            .chosen
            .read()
            .map_err(|faults| Failure::Usage(lines(&faults)))?;
        Folder::refuse_used(&self.out).map_err(usage)?;
        let session = Session::open(recipe, &self.data, self.device)?;
        if self.dry_run {
            console::print(&session.plan());
            return Ok(ExitCode::SUCCESS);
        }
        let folder = Folder::create(&self.out).map_err(failed)?;
        let device = self.device.to_string();
        let digest = session.account.digest();
        let about = About::new(&session.recipe, &device, digest, &self.data).map_err(failed)?;
        folder
            .describe(&session.recipe, &about, &session.account)
            .map_err(failed)?;
        session.train(&folder, &about, Found::default())
    }
}
