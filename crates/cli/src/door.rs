//! The plug-in that a command uses, and what lies around it.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::{Arc, PoisonError};

use diat_host::{EffectInfo, HostOptions, Level, Log, Plugin};
use diat_manifest::{Catalogue, Folder, Manifest};
use diat_places::{Places, ResourceFolder};

use crate::failure::Failure;

/// Options of every command that uses effects.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Door {
    /// Look for effects in this folder first; it has manifests/ and models/ (may be repeated)
    #[arg(long, value_name = "DIR")]
    pub(crate) resources: Vec<PathBuf>,
    /// Use this plug-in library instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) plugin: Option<PathBuf>,
    /// Tell what the plug-in tells its log
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

impl Door {
    /// Opens the plug-in; 0 threads: as many as it likes. Lines of its log, each once, go to `hear`.
    pub(crate) fn open(
        &self,
        threads: usize,
        hear: impl Fn(&str) + Send + Sync + 'static,
    ) -> Result<Plugin, Failure> {
        let options = HostOptions {
            name: "diat".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            resource_dirs: self.resource_dirs()?,
            max_threads: u32::try_from(threads).unwrap_or(0),
            log: Some(self.log(hear)),
        };
        Ok(match &self.plugin {
            Some(file) => Plugin::load(file, options)?,
            None => Plugin::from_entry(diat_plugin::diat_plugin_v1, options)?,
        })
    }

    /// The folders in which the plug-in looks, in order.
    pub(crate) fn folders(&self, places: &Places) -> Result<Vec<ResourceFolder>, Failure> {
        let library = self.plugin.clone().or_else(|| std::env::current_exe().ok());
        Ok(places.resource_folders(&self.resource_dirs()?, library.as_deref()))
    }

    /// The manifests in them.
    pub(crate) fn catalogue(&self, places: &Places) -> Result<Catalogue, Failure> {
        let folder = |folder: &ResourceFolder| Folder {
            path: folder.path.clone(),
            from_host: folder.from_host,
        };
        let folders: Vec<Folder> = self.folders(places)?.iter().map(folder).collect();
        Ok(Catalogue::scan(&folders))
    }

    fn resource_dirs(&self) -> Result<Vec<PathBuf>, Failure> {
        self.resources
            .iter()
            .map(|folder| resource_dir(folder))
            .collect()
    }

    fn log(&self, hear: impl Fn(&str) + Send + Sync + 'static) -> Log {
        // Errors come back from the call that failed, with what it was about.
        let wanted = if self.verbose {
            Level::Debug..=Level::Error
        } else {
            Level::Warning..=Level::Warning
        };
        let heard: Mutex<Vec<String>> = Mutex::default();
        Arc::new(move |level, text| {
            if !wanted.contains(&level) {
                return;
            }
            // Each instance has the same to say.
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            if !heard.iter().any(|line| line == text) {
                heard.push(text.to_owned());
                drop(heard);
                hear(text);
            }
        })
    }
}

/// A folder that the user gave, if it can be one.
pub(crate) fn resource_dir(folder: &Path) -> Result<PathBuf, Failure> {
    if folder.join("manifests").is_dir() {
        return Ok(folder.to_owned());
    }
    Err(Failure::Usage(format!(
        "--resources {}: no folder with manifests/ in it; give the one that holds manifests/ and models/",
        folder.display()
    )))
}

/// The manifest of which the plug-in has this effect; none if it has it from elsewhere.
pub(crate) fn manifest<'a>(catalogue: &'a Catalogue, effect: &EffectInfo) -> Option<&'a Manifest> {
    let manifest = catalogue.get(&effect.id)?;
    (manifest.version.to_string() == effect.version).then_some(manifest)
}

/// One effect by its id.
pub(crate) fn effect<'a>(plugin: &'a Plugin, id: &str) -> Result<&'a EffectInfo, Failure> {
    plugin
        .effect(id)
        .ok_or_else(|| Failure::Usage(unknown(plugin, id)))
}

/// That there are no effects, and how some come here: `cargo install` brings the program alone.
pub(crate) fn without_effects() -> String {
    let data = Places::from_environment().data_dir().display().to_string();
    format!(
        "there are no effects; copy the folders manifests and models of diat's sources or of a release into {data}; `diat \
         doctor` tells where else they are looked for"
    )
}

/// That there is no effect of this id, and which there are.
pub(crate) fn unknown(plugin: &Plugin, id: &str) -> String {
    let ids: Vec<&str> = plugin
        .effects()
        .iter()
        .map(|effect| effect.id.as_str())
        .collect();
    if ids.is_empty() {
        return format!("no effect {id:?}; {}", without_effects());
    }
    format!("no effect {id:?}; there are: {}", ids.join(", "))
}
