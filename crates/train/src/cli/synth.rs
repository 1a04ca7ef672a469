//! `diat-train synth`: a set of drawn faces.

use std::path::PathBuf;
use std::process::ExitCode;

use diat_train::data::{self, drawn};

use super::console::{self, Progress};
use super::failure::{Failure, failed, usage};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The set has CelebA's in-the-wild layout, and beside each face the same face with the attribute changed. The same \
    numbers give the same bytes; a run that was cut off goes on where it was.\n\n\
    Example:\n  diat-train synth --effect eyeglasses-off --count 400 --size 64 --out faces"
)]
pub(crate) struct Synth {
    /// Effect whose attribute half of the faces have
    #[arg(long, value_enum)]
    effect: drawn::Effect,
    /// Number of faces
    #[arg(long, value_name = "N")]
    count: usize,
    /// Side of the crop to train on, in pixels; the pictures are larger
    #[arg(long, value_name = "PIXELS")]
    size: usize,
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Another number draws other faces
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

impl Synth {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let Self {
            effect,
            count,
            size,
            out,
            seed,
        } = self;
        let mut progress = Progress::new();
        progress.start(0, count as u64);
        let drawn = |done: usize| progress.set(done as u64, "faces drawn");
        let result = drawn::write(effect, count, size, seed, &out, &drawn);
        progress.finish();
        result.map_err(|error| match error {
            data::Error::Range { .. } | data::Error::Occupied { .. } => usage(error),
            _ => failed(error),
        })?;
        console::say(&format!("{}: {count} faces", out.display()));
        Ok(ExitCode::SUCCESS)
    }
}
