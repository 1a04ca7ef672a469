//! `diat-train check`: a recipe on its own.

use std::path::PathBuf;
use std::process::ExitCode;

use diat_manifest::Fault;
use diat_train::recipe::Recipe;

use super::console;
use super::failure::{Failure, failed};

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    chosen: Chosen,
}

/// A recipe and what is changed in it
#[derive(Debug, clap::Args)]
pub(crate) struct Chosen {
    /// Recipe, a TOML file
    recipe: PathBuf,
    /// Put another value in the recipe's place, such as loss.ratio.share=0.3; without a value the key is taken away
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl Chosen {
    pub(crate) fn read(&self) -> Result<Recipe, Vec<Fault>> {
        Recipe::read(&self.recipe, &self.set)
    }
}

/// One fault a line.
pub(crate) fn lines(faults: &[Fault]) -> String {
    let lines: Vec<_> = faults.iter().map(Fault::to_string).collect();
    lines.join("\n")
}

impl Check {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let recipe = self
            .chosen
            .read()
            .map_err(|faults| Failure::Failed(lines(&faults)))?;
        console::print(&recipe.to_toml().map_err(failed)?);
        console::say(&format!("{}: sound", self.chosen.recipe.display()));
        Ok(ExitCode::SUCCESS)
    }
}
