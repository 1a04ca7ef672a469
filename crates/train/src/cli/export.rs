//! `diat-train export`: a training becomes an effect.

use std::path::PathBuf;
use std::process::ExitCode;

use diat_infer::Choice;
use diat_places::Places;
use diat_train::export::{Precision, Trained, write_transfer};

use super::console;
use super::failure::{Failure, failed};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Files of the same id are replaced, anything else is left and named.\n\n\
    Example:\n  \
    diat-train export R --out E\n  \
    diat apply ID --resources E FACE.png -o out.png"
)]
pub(crate) struct Export {
    /// Folder of a training
    run: PathBuf,
    /// Resource folder, which gets manifests/ID.toml and models/ID.onnx
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Store the weights as they were trained, in twice the bytes
    #[arg(long)]
    f32: bool,
}

impl Export {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let trained = Trained::read(&self.run).map_err(failed)?;
        for why in &trained.passed_over {
            console::say(&format!("passed over: {why}"));
        }
        // tract, whatever this user has installed: the same training gives the same files everywhere.
        diat_infer::choose(Choice::BuiltIn);
        let places = Places::from_environment();
        let precision = if self.f32 {
            Precision::F32
        } else {
            Precision::F16
        };
        let Trained {
            recipe,
            transfer,
            origin,
            round,
            ..
        } = trained;
        let written = write_transfer(&transfer, &recipe, origin, precision, &self.out, &places)
            .map_err(failed)?;
        console::print(&format!(
            "{}\n{}\n",
            written.manifest.display(),
            written.weights.display()
        ));
        console::say(&format!(
            "{} {} after {round} rounds: {} bytes of weights; answers the test pattern on {} as it was trained to",
            recipe.id, recipe.version, written.size, written.ran
        ));
        Ok(ExitCode::SUCCESS)
    }
}
