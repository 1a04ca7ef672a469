//! `diat runtime remove`.

use std::process::ExitCode;

use diat_install::{Downloads, Event, PipProgress};
use diat_places::Places;

use super::size;
use crate::console;
use crate::failure::Failure;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Downloads that were not used up go too. What you put into runtime/ yourself stays, and so does what config.toml names."
)]
pub(crate) struct Remove {}

impl Remove {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let places = Places::from_environment();
        let downloads = Downloads::of_user(PipProgress::Silent);
        let removed = diat_install::remove(&places, &downloads, &mut |event| {
            if event == Event::Waiting {
                console::say("another diat fetches or installs; waiting for it");
            }
        })?;
        for runtime in &removed.runtimes {
            let (version, kind, bytes) = (&runtime.version, runtime.kind, size(runtime.bytes));
            console::print(&format!(
                "taken away: ONNX Runtime {version} ({kind}), {bytes}\n"
            ));
        }
        if removed.runtimes.is_empty() {
            console::print("nothing was installed\n");
        }
        for path in &removed.by_hand {
            console::say(&format!(
                "{} was not installed by diat and stays",
                path.display()
            ));
        }
        match places.runtime_library() {
            Ok(Some(library)) => {
                console::say(&format!("what is used now is {}", library.display()))
            }
            Ok(None) => {}
            Err(error) => console::say(&error.to_string()),
        }
        Ok(ExitCode::SUCCESS)
    }
}
