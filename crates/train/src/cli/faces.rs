//! `diat-train data`: what is in a folder of faces, before a night is spent on it.

use std::path::PathBuf;
use std::process::ExitCode;

use diat_train::data::{self, Dataset};

use super::console;
use super::failure::{FAILED, Failure, failed};

#[derive(Debug, clap::Args)]
pub(crate) struct Faces {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Read every picture; tell counts, a digest and what is wrong
    Check {
        /// Folder of the faces: CelebA's layout, or with/ and without/
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// All of it, as JSON
        #[arg(long)]
        json: bool,
    },
}

impl Faces {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let Command::Check { folder, json } = self.command;
        let dataset = Dataset::open(&folder, None).map_err(failed)?;
        let report = data::check(&dataset).map_err(failed)?;
        console::print(&match json {
            true => serde_json::to_string_pretty(&report).map_err(failed)? + "\n",
            false => format!("{report}\n"),
        });
        Ok(match report.is_clean() {
            true => ExitCode::SUCCESS,
            false => ExitCode::from(FAILED),
        })
    }
}
