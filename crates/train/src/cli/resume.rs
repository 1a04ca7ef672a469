//! `diat-train resume`: a training from where it was left.

use std::path::PathBuf;
use std::process::ExitCode;

use diat_train::device::{self, Choice};
use diat_train::run::{Folder, Found};

use super::console;
use super::failure::{Failure, failed, usage};
use super::session::Session;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Recipe, data and device are those that the training began with. On the same device it ends as if it had never been left."
)]
pub(crate) struct Resume {
    /// Folder of the training
    #[arg(value_name = "DIR")]
    run: PathBuf,
    /// Where the same faces lie now, if they were moved
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[arg(long, help = device::HELP)]
    device: Option<Choice>,
}

impl Resume {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let folder = Folder::open(&self.run).map_err(usage)?;
        let (recipe, mut about) = folder.begun_with().map_err(failed)?;
        let found = Found::look(&folder).map_err(failed)?;
        for passed_over in &found.passed_over {
            console::say(&format!("passed over: {passed_over}"));
        }
        let before: Choice = about.device.parse().map_err(failed)?;
        let device = self.device.unwrap_or(before);
        let data = self.data.unwrap_or_else(|| about.data_folder.clone());
        let session = Session::open(recipe, &data, device)?;
        for told in about
            .go_on(&device.to_string(), session.account.digest(), &data)
            .map_err(failed)?
        {
            console::say(&told);
        }
        folder.note(&about).map_err(failed)?;
        console::say(&match &found.newest {
            Some((_, checkpoint)) => format!("goes on after round {}", checkpoint.round),
            None => "no checkpoint yet: starts again".to_owned(),
        });
        session.train(&folder, &about, found)
    }
}
