//! `diat check`: everything that is wrong with a manifest and its weights, at once.

mod digest;
mod manifests;
mod network;
mod references;

use std::path::PathBuf;
use std::process::ExitCode;

use diat_manifest::Manifest;
use diat_places::Places;

use crate::console;
use crate::failure::{Failure, SOME_FAILED};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Faults go to stderr, one a line; manifests without any to stdout. Exit code 1 where there is a fault.\n\n\
    Examples:\n  \
    diat check manifests/\n  \
    diat check --write-digest manifests/moustache.toml"
)]
pub(crate) struct Check {
    /// Manifest, folder of manifests, or folder with manifests/ and models/
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write size and SHA-256 of the weights and their answer to the test pattern into the manifest first
    #[arg(long)]
    write_digest: bool,
}

impl Check {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let files = manifests::find(&self.paths)?;
        let places = Places::from_environment();
        let mut bad = 0;
        for file in &files {
            let faults = match self.write_digest.then(|| digest::write(file, &places)) {
                Some(Err(faults)) => faults,
                Some(Ok(what)) => {
                    console::print(&format!("{}: {what}\n", file.display()));
                    faults(file, &places)
                }
                None => faults(file, &places),
            };
            for fault in &faults {
                console::say(fault);
            }
            bad += usize::from(!faults.is_empty());
        }
        if bad == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        console::say(&format!(
            "{bad} of {} manifests cannot be used",
            files.len()
        ));
        Ok(ExitCode::from(SOME_FAILED))
    }
}

/// Everything that is wrong with one manifest; says so on stdout where it is nothing.
fn faults(file: &std::path::Path, places: &Places) -> Vec<String> {
    let manifest = match Manifest::read(file) {
        Ok(manifest) => manifest,
        Err(faults) => return faults.iter().map(ToString::to_string).collect(),
    };
    let examined = network::examine(&manifest, places);
    let mut faults = examined.faults;
    faults.extend(references::faults(&manifest, places));
    if faults.is_empty() {
        let (kind, id, version) = (manifest.kind.name(), &manifest.id, manifest.version);
        let ran = examined.ran.map_or(String::new(), |ran| format!(", {ran}"));
        console::print(&format!(
            "{}: ok: {kind} {id} {version}{ran}\n",
            file.display()
        ));
    }
    faults
}
