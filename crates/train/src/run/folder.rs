//! The folder of one training.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use diat_manifest::{hex, sha256};
use serde::{Deserialize, Serialize};

use super::{Error, files};
use crate::recipe::Recipe;

const LOCK: &str = ".lock";

/// The folder of one training, which is this program's alone as long as this lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

/// What a training was begun with, beside its recipe; `run.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Version of this program.
    pub code: String,
    /// Where it computes.
    pub device: String,
    /// The recipe's seed.
    pub seed: u64,
    /// SHA-256 of `recipe.toml`.
    pub recipe: String,
    /// Digest of the data.
    pub data: String,
    /// The folder of the data.
    pub data_folder: PathBuf,
}

impl Folder {
    /// A new one, for a training that begins.
    ///
    /// # Errors
    /// The folder holds anything, or cannot be made.
    pub fn create(path: &Path) -> Result<Self, Error> {
        fs::create_dir_all(path).map_err(Error::io(path, "made"))?;
        refuse_entries(path)?;
        let folder = Self::lock(path)?;
        // Another run may have come first.
        refuse_entries(path)?;
        for name in ["grids", "checkpoints"] {
            let inner = path.join(name);
            fs::create_dir(&inner).map_err(Error::io(&inner, "made"))?;
        }
        Ok(folder)
    }

    /// One that has a training.
    ///
    /// # Errors
    /// There is none, or another program works there.
    pub fn open(path: &Path) -> Result<Self, Error> {
        for missing in ["recipe.toml", "run.json", "checkpoints"] {
            if !path.join(missing).exists() {
                let folder = path.to_owned();
                return Err(Error::NoRun { folder, missing });
            }
        }
        Self::lock(path)
    }

    fn lock(path: &Path) -> Result<Self, Error> {
        let file = path.join(LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&file)
            .map_err(Error::io(&file, "opened"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let folder = path.to_owned();
                return Err(Error::Locked { folder });
            }
            // Some file systems have no locks.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(Error::io(&file, "locked")(error)),
        }
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Writes down what the training begins with. `data` is any account of the data.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn describe(
        &self,
        recipe: &Recipe,
        about: &About,
        data: &impl Serialize,
    ) -> Result<(), Error> {
        let file = self.file("recipe.toml");
        files::put(&file, recipe_text(recipe, &file)?.as_bytes())?;
        files::put_json(&self.file("data.json"), data)?;
        files::put_json(&self.file("run.json"), about)
    }

    /// What the training was begun with.
    ///
    /// # Errors
    /// A file cannot be read, or the recipe has been changed since.
    pub fn begun_with(&self) -> Result<(Recipe, About), Error> {
        let about: About = files::read_json(&self.file("run.json"))?;
        let file = self.file("recipe.toml");
        let text = fs::read(&file).map_err(Error::io(&file, "read"))?;
        if hex(&sha256(&text)) != about.recipe {
            return Err(Error::Changed {
                path: file,
                found: "another text than the training began with".to_owned(),
                allowed: format!("the text of SHA-256 {}", about.recipe),
                advice: "undo the change, or begin a new training with the new recipe".to_owned(),
            });
        }
        let recipe = Recipe::read(&file, &[]).map_err(Error::Recipe)?;
        Ok((recipe, about))
    }

    /// A file of the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl About {
    /// Of a training that begins now.
    ///
    /// # Errors
    /// A recipe that TOML cannot hold: none that was read.
    pub fn new(
        recipe: &Recipe,
        device: &str,
        data: &str,
        data_folder: &Path,
    ) -> Result<Self, Error> {
        let text = recipe_text(recipe, Path::new("recipe.toml"))?;
        Ok(Self {
            code: env!("CARGO_PKG_VERSION").to_owned(),
            device: device.to_owned(),
            seed: recipe.run.seed,
            recipe: hex(&sha256(text.as_bytes())),
            data: data.to_owned(),
            data_folder: std::path::absolute(data_folder).unwrap_or(data_folder.to_owned()),
        })
    }
}

fn recipe_text(recipe: &Recipe, file: &Path) -> Result<String, Error> {
    recipe
        .to_toml()
        .map_err(|error| Error::io(file, "written")(io::Error::other(error)))
}

fn refuse_entries(path: &Path) -> Result<(), Error> {
    let folder = path.to_owned();
    for entry in fs::read_dir(path).map_err(Error::io(path, "read"))? {
        let entry = entry.map_err(Error::io(path, "read"))?.file_name();
        if entry == "recipe.toml" || entry == "checkpoints" {
            return Err(Error::Used { folder });
        }
        if entry != LOCK {
            let entry = entry.to_string_lossy().into_owned();
            let is_run = path.join("checkpoints").exists();
            return Err(match is_run {
                true => Error::Used { folder },
                false => Error::Occupied { folder, entry },
            });
        }
    }
    Ok(())
}
