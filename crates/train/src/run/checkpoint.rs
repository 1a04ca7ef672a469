//! Sets of files from which a training goes on: complete or not there.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use diat_manifest::{hex, sha256};
use serde::{Deserialize, Serialize};

use super::metrics::Sums;
use super::{Error, Folder, files};

/// The file whose presence makes a set complete.
const COMPLETE: &str = "complete.json";
/// How many sets stay, the newest ones.
const KEPT: usize = 2;

/// Where a training stood; `complete.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Rounds done, over all phases.
    pub round: u64,
    /// SHA-256 of `recipe.toml`.
    pub recipe: String,
    /// Digest of the data.
    pub data: String,
    /// Bytes of `metrics.jsonl` at that time.
    pub metrics: u64,
    /// Bytes of TensorBoard's file at that time.
    pub events: u64,
    /// Seconds of training, over all runs.
    pub seconds: f64,
    /// Seconds of them in which data was waited for.
    pub waited: f64,
    /// Rounds left out so far because of NaN or infinity.
    pub skipped: u64,
    /// How many of them were the last ones.
    pub skipped_in_a_row: u32,
    /// What the next line of `metrics.jsonl` has to add to.
    pub sums: Sums,
    /// The other files of the set.
    pub files: Vec<Listed>,
}

/// A file of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    name: String,
    size: u64,
    sha256: String,
}

/// The newest complete set, and what was passed over.
#[derive(Debug, Default)]
pub struct Found {
    /// Its folder and what it says; none where no set is complete.
    pub newest: Option<(PathBuf, Checkpoint)>,
    /// Newer folders, each with the reason why it is no complete set.
    pub passed_over: Vec<String>,
}

impl Found {
    /// Looks through the checkpoints of a training, newest first, and reads every byte of those it takes.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn look(folder: &Folder) -> Result<Self, Error> {
        let mut found = Self::default();
        for (_, path) in sets(folder)?.into_iter().rev() {
            match read(&path) {
                Ok(checkpoint) => {
                    found.newest = Some((path, checkpoint));
                    break;
                }
                Err(why) => found.passed_over.push(format!("{}: {why}", path.display())),
            }
        }
        Ok(found)
    }
}

/// Writes a set: `save` fills its folder, the rest is done here. Where anything fails no half set stays.
pub(super) fn write(
    folder: &Folder,
    mut checkpoint: Checkpoint,
    save: impl FnOnce(&Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let sets = folder.file("checkpoints");
    let path = sets.join(format!("{:06}", checkpoint.round));
    // What a killed run left of the same set.
    remove(&path)?;
    let result = fs::create_dir(&path)
        .map_err(Error::io(&path, "made"))
        .map_err(Into::into)
        .and_then(|()| save(&path))
        .and_then(|()| {
            checkpoint.files = list(&path)?;
            files::sync_folder(&sets);
            Ok(files::put_json(&path.join(COMPLETE), &checkpoint)?)
        });
    if result.is_err() {
        let _ = remove(&path);
    }
    result
}

/// Takes all sets away but the newest complete ones.
pub(super) fn prune(folder: &Folder) -> Result<(), Error> {
    let complete = |path: &PathBuf| path.join(COMPLETE).exists();
    let sets = sets(folder)?;
    let mut kept = 0;
    for (_, path) in sets.iter().rev() {
        if complete(path) && kept < KEPT {
            kept += 1;
        } else {
            remove(path)?;
        }
    }
    Ok(())
}

/// All sets, complete or not, by round.
fn sets(folder: &Folder) -> Result<Vec<(u64, PathBuf)>, Error> {
    let path = folder.file("checkpoints");
    let mut sets = Vec::new();
    for entry in fs::read_dir(&path).map_err(Error::io(&path, "read"))? {
        let entry = entry.map_err(Error::io(&path, "read"))?;
        if let Some(round) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        {
            sets.push((round, entry.path()));
        }
    }
    sets.sort();
    Ok(sets)
}

/// A set that is half removed is not complete.
fn remove(path: &Path) -> Result<(), Error> {
    if !path.exists() {
        return Ok(());
    }
    let complete = path.join(COMPLETE);
    if complete.exists() {
        fs::remove_file(&complete).map_err(Error::io(&complete, "removed"))?;
        files::sync_folder(path);
    }
    fs::remove_dir_all(path).map_err(Error::io(path, "removed"))
}

/// The files of a set, on the disk from here on.
fn list(path: &Path) -> Result<Vec<Listed>, Error> {
    let mut listed = Vec::new();
    for entry in fs::read_dir(path).map_err(Error::io(path, "read"))? {
        let file = entry.map_err(Error::io(path, "read"))?.path();
        File::open(&file)
            .and_then(|file| file.sync_all())
            .map_err(Error::io(&file, "written"))?;
        let bytes = fs::read(&file).map_err(Error::io(&file, "read"))?;
        let name = file.file_name().unwrap_or_default();
        listed.push(Listed {
            name: name.to_string_lossy().into_owned(),
            size: bytes.len() as u64,
            sha256: hex(&sha256(&bytes)),
        });
    }
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    files::sync_folder(path);
    Ok(listed)
}

fn read(path: &Path) -> Result<Checkpoint, String> {
    let complete = path.join(COMPLETE);
    if !complete.exists() {
        return Err(format!("half written (no {COMPLETE})"));
    }
    let checkpoint: Checkpoint = files::read_json(&complete).map_err(|error| error.to_string())?;
    for listed in &checkpoint.files {
        let bytes = fs::read(path.join(&listed.name))
            .map_err(|error| format!("{}: {error}", listed.name))?;
        if bytes.len() as u64 != listed.size || hex(&sha256(&bytes)) != listed.sha256 {
            return Err(format!("{} is not what was saved", listed.name));
        }
    }
    Ok(checkpoint)
}
