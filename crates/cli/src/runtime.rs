//! `diat runtime`: ONNX Runtime in the user's data folder.

pub(crate) mod child;
mod install;
mod list;
mod remove;

use std::process::ExitCode;

use clap::Subcommand;

use crate::failure::Failure;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without ONNX Runtime the built-in tract runs the networks, about three times slower. A `runtime = \"PATH\"` in \
    config.toml goes before what is installed here.\n\n\
    Examples:\n  \
    diat runtime install\n  \
    diat runtime install --cuda\n  \
    diat runtime list"
)]
pub(crate) struct Runtime {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fetch ONNX Runtime with pip and install it
    Install(install::Install),
    /// Tell what is installed, what is used, and whether it works
    List(list::List),
    /// Take away what was installed
    Remove(remove::Remove),
    /// Tell what this runtime does in a process of its own
    #[command(hide = true)]
    Child(child::Child),
}

impl Runtime {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Install(install) => install.run(),
            Command::List(list) => list.run(),
            Command::Remove(remove) => remove.run(),
            Command::Child(child) => child.run(),
        }
    }
}

impl From<diat_install::Error> for Failure {
    fn from(error: diat_install::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Bytes as a person reads them.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}
