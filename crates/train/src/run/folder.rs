//! The folder of one training.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use diat_manifest::{hex, sha256};
use serde::{Deserialize, Serialize};

use super::{Error, files};
use crate::recipe::Recipe;

const LOCK: &str = ".lock";
const RUN: &str = "run.json";

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
    /// What it computed with and on before, if that was something else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<String>,
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
        Self::refuse_used(path)?;
        fs::create_dir_all(path).map_err(Error::io(path, "made"))?;
        let folder = Self::lock(path)?;
        // Another run may have come first.
        Self::refuse_used(path)?;
        for name in ["grids", "checkpoints"] {
            let inner = path.join(name);
            fs::create_dir_all(&inner).map_err(Error::io(&inner, "made"))?;
        }
        Ok(folder)
    }

    /// Whether a training can begin in a folder: it is not there, is empty, or has no more than what was made for one that never
    /// began.
    ///
    /// # Errors
    /// It cannot.
    pub fn refuse_used(path: &Path) -> Result<(), Error> {
        let folder = path.to_owned();
        if path.join(RUN).exists() {
            return Err(Error::Used { folder });
        }
        let entries = match fs::read_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(Error::io(path, "read"))?,
        };
        for entry in entries {
            let entry = entry.map_err(Error::io(path, "read"))?.file_name();
            let entry = entry.to_string_lossy();
            // A file that was cut off while it was written.
            let cut_off = entry.strip_suffix(".part");
            let is_ours = |name: &str| {
                name == entry || (cut_off.is_some() && name.split('.').next() == cut_off)
            };
            if !BEGINNING.into_iter().any(is_ours) {
                let entry = entry.into_owned();
                return Err(Error::Occupied { folder, entry });
            }
        }
        Ok(())
    }

    /// One that has a training.
    ///
    /// # Errors
    /// There is none, or another program works there.
    pub fn open(path: &Path) -> Result<Self, Error> {
        for missing in [RUN, "recipe.toml", "checkpoints"] {
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
        self.note(about)
    }

    /// Writes down what has changed since.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn note(&self, about: &About) -> Result<(), Error> {
        files::put_json(&self.file(RUN), about)
    }

    /// What the training was begun with.
    ///
    /// # Errors
    /// A file cannot be read, or the recipe has been changed since.
    pub fn begun_with(&self) -> Result<(Recipe, About), Error> {
        let about: About = files::read_json(&self.file(RUN))?;
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
            before: Vec::new(),
            seed: recipe.run.seed,
            recipe: hex(&sha256(text.as_bytes())),
            data: data.to_owned(),
            data_folder: absolute(data_folder),
        })
    }

    /// Goes on with a training, and gives what should be told: another device, or another version of this program, make other bytes.
    ///
    /// # Errors
    /// Other data.
    pub fn go_on(
        &mut self,
        device: &str,
        data: &str,
        data_folder: &Path,
    ) -> Result<Vec<String>, Error> {
        if data != self.data {
            return Err(Error::Changed {
                path: data_folder.to_owned(),
                found: format!("other data than the training began with (digest {data})"),
                allowed: format!("those of digest {}", self.data),
                advice: "name the folder with --data if they were moved, or begin a new training"
                    .to_owned(),
            });
        }
        let mut told = Vec::new();
        let code = env!("CARGO_PKG_VERSION");
        for (what, before, now) in [
            ("device", &mut self.device, device),
            ("version", &mut self.code, code),
        ] {
            if before != now {
                told.push(format!(
                    "the training was on {what} {before} and goes on with {now}: it ends in other bytes than an undisturbed one"
                ));
                self.before.push(format!("{what} {before}"));
                now.clone_into(before);
            }
        }
        self.data_folder = absolute(data_folder);
        Ok(told)
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn recipe_text(recipe: &Recipe, file: &Path) -> Result<String, Error> {
    recipe
        .to_toml()
        .map_err(|error| Error::io(file, "written")(io::Error::other(error)))
}

/// What a training has before its first round; `run.json` is written last.
const BEGINNING: [&str; 6] = [
    LOCK,
    "grids",
    "checkpoints",
    "recipe.toml",
    "data.json",
    RUN,
];
