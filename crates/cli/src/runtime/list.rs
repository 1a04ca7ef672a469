//! `diat runtime list`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use diat_install::{Installed, installed};
use diat_places::Places;
use serde::Serialize;

use super::child::{self, Answer};
use super::size;
use crate::console;
use crate::failure::Failure;
use crate::table::aligned;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each library is loaded in a process of its own, so that one that does not work is told of like any other."
)]
pub(crate) struct List {
    /// Everything as JSON
    #[arg(long)]
    json: bool,
}

/// All that is told.
#[derive(Serialize)]
struct Runtimes {
    installed: Vec<Entry>,
    used: Used,
}

/// A runtime that was installed.
#[derive(Serialize)]
struct Entry {
    version: String,
    kind: String,
    bytes: u64,
    folder: PathBuf,
}

/// What a process that starts now runs on.
#[derive(Serialize)]
struct Used {
    runtime: String,
    /// None: tract, which is built in.
    library: Option<PathBuf>,
    why: String,
    devices: &'static str,
    notes: Vec<String>,
}

impl List {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let places = Places::from_environment();
        let runtimes = Runtimes {
            installed: installed(&places).into_iter().map(entry).collect(),
            used: used(&places)?,
        };
        let text = if self.json {
            console::json(&runtimes)?
        } else {
            runtimes.text()
        };
        console::print(&text);
        Ok(ExitCode::SUCCESS)
    }
}

fn entry(installed: Installed) -> Entry {
    Entry {
        version: installed.version,
        kind: installed.kind.to_string(),
        bytes: installed.bytes,
        folder: installed.folder,
    }
}

fn used(places: &Places) -> Result<Used, Failure> {
    let built_in = |why: String, notes: Vec<String>| Used {
        runtime: "tract".to_owned(),
        library: None,
        why,
        devices: "CPU",
        notes,
    };
    let library = match places.runtime_library() {
        Ok(Some(library)) => library,
        Ok(None) => {
            let why = "built in; no other is installed, `diat runtime install` does that";
            return Ok(built_in(why.to_owned(), Vec::new()));
        }
        Err(error) => return Ok(built_in(format!("built in, since {error}"), Vec::new())),
    };
    let why = why(places, &library)?;
    Ok(match child::ask(Some(&library)) {
        Ok(answer) if answer.loads => Used {
            devices: answer.devices(),
            notes: notes(&answer),
            runtime: answer.runtime,
            library: Some(library),
            why: why.to_owned(),
        },
        Ok(answer) => built_in(format!("built in, since {why} does not load"), answer.notes),
        // A process that loads it would end like this one.
        Err(cause) => Used {
            runtime: "none".to_owned(),
            library: Some(library),
            why: why.to_owned(),
            devices: "none",
            notes: vec![format!("it ends the process that loads it: {cause}")],
        },
    })
}

fn notes(answer: &Answer) -> Vec<String> {
    let cuda = answer.cuda.as_ref().and_then(|cuda| cuda.as_ref().err());
    let cuda = cuda.map(|cause| format!("{cause}; networks run on the processor"));
    answer.notes.iter().cloned().chain(cuda).collect()
}

/// Why it is this library that is used.
pub(super) fn why(places: &Places, library: &Path) -> Result<&'static str, Failure> {
    let config = places
        .config()
        .map_err(|error| Failure::Failed(error.to_string()))?;
    let ours = installed(places)
        .iter()
        .any(|runtime| library.starts_with(&runtime.folder));
    Ok(match (config.runtime.is_some(), ours) {
        (true, _) => "the one that config.toml names",
        (false, true) => "the one that was installed",
        (false, false) => "the newest in runtime/ of the data folder, put there by hand",
    })
}

impl Runtimes {
    fn text(&self) -> String {
        let row = |entry: &Entry| {
            vec![
                format!("  ONNX Runtime {}", entry.version),
                entry.kind.clone(),
                size(entry.bytes),
                entry.folder.display().to_string(),
            ]
        };
        let mut text = "installed:\n".to_owned();
        text.push_str(&aligned(
            &self.installed.iter().map(row).collect::<Vec<_>>(),
        ));
        if self.installed.is_empty() {
            text.push_str("  nothing\n");
        }
        let Used {
            runtime,
            library,
            why,
            devices,
            notes,
        } = &self.used;
        text.push_str(&format!("used: {runtime} ({why})\n"));
        if let Some(library) = library {
            text.push_str(&format!("  library  {}\n", library.display()));
        }
        text.push_str(&format!("  devices  {devices}\n"));
        for note in notes {
            text.push_str(&format!("  {note}\n"));
        }
        text
    }
}
