//! `diat doctor`: what runs here, and what is wrong.

mod effects;
mod places;
mod runtimes;

use std::process::ExitCode;

use diat_host::Plugin;
use diat_places::Places;

use crate::console;
use crate::door::Door;
use crate::failure::{Failure, SOME_FAILED};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit code 1 where something is broken; each broken thing is named on stderr."
)]
pub(crate) struct Doctor {
    #[command(flatten)]
    door: Door,
}

/// What is wrong.
#[derive(Debug, Default)]
struct Broken(Vec<String>);

impl Broken {
    /// Each once, however many run into it.
    fn add(&mut self, what: String) {
        if !self.0.contains(&what) {
            console::say(&what);
            self.0.push(what);
        }
    }
}

impl Doctor {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let places = Places::from_environment();
        let mut broken = Broken::default();
        // Its log repeats what is told below.
        let plugin = self.door.open(0, |_| ())?;
        versions(&plugin, &self.door);
        let catalogue = self.door.catalogue(&places)?;
        places::folders(&places, &self.door.folders(&places)?);
        places::manifests(&catalogue, &mut broken);
        // In this process only what survived one of its own.
        if runtimes::compare(&places, &catalogue, &self.door, &mut broken) {
            places::runtime(&places, &mut broken);
            effects::through_the_door(&plugin, &mut broken)?;
        }
        Ok(match broken.0.len() {
            0 => {
                console::print("nothing is wrong\n");
                ExitCode::SUCCESS
            }
            count => {
                console::print(&format!(
                    "{count} things are wrong; they are named on stderr\n"
                ));
                ExitCode::from(SOME_FAILED)
            }
        })
    }
}

fn versions(plugin: &Plugin, door: &Door) {
    let (major, minor) = diat_manifest::ENGINE;
    let info = plugin.info();
    let from = door
        .plugin
        .as_ref()
        .map_or("built in".to_owned(), |file| file.display().to_string());
    console::print(&format!(
        "diat {}, engine {major}.{minor}, {} {}\n\
         plug-in {} {}, ABI 1.{}, {from}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        info.name,
        info.version,
        info.abi_minor
    ));
}
