//! `diat-train bench`: what the steps of a training cost.

use std::process::ExitCode;

use diat_train::bench::{self, Row};
use diat_train::device::{self, Choice};

use super::check::{Chosen, lines};
use super::console;
use super::failure::{Failure, failed, usage};

#[derive(Debug, clap::Args)]
pub(crate) struct Bench {
    #[command(flatten)]
    chosen: Chosen,
    #[arg(long, default_value_t, help = device::HELP)]
    device: Choice,
    /// How often each kind of step is taken
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    count: u64,
    /// One JSON document with every time, instead of the table
    #[arg(long)]
    json: bool,
}

impl Bench {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let recipe = self
            .chosen
            .read()
            .map_err(|faults| Failure::Failed(lines(&faults)))?;
        let device = self.device.open().map_err(usage)?;
        if !self.json {
            let network = &recipe.network;
            console::print(&format!(
                "{}: {} pixels, width {}; {} of each step\n\n{:<12} {:>8} {:>12} {:>14}\n",
                self.device,
                network.size,
                network.width,
                self.count,
                "step",
                "pictures",
                "ms a step",
                "pictures a s"
            ));
        }
        let mut tell = |row: &Row| {
            if !self.json {
                console::print(&format!(
                    "{:<12} {:>8} {:>12.1} {:>14.1}\n",
                    row.step.to_string(),
                    row.pictures,
                    1000.0 * row.median(),
                    row.pictures_per_second()
                ));
            }
        };
        let rows = bench::measure(&recipe, &device, self.count, &mut tell).map_err(failed)?;
        if self.json {
            console::print(&serde_json::to_string(&rows).map_err(failed)?);
            console::print("\n");
        }
        Ok(ExitCode::SUCCESS)
    }
}
