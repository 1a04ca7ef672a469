//! What a training's folder holds, as it is exported.

use std::path::{Path, PathBuf};

use burn::tensor::Device;

use super::{Error, Origin};
use crate::learn;
use crate::nets::Transfer;
use crate::recipe::Recipe;
use crate::run::{About, Checkpoint, Folder, Found};

/// F as it stood at a training's newest complete checkpoint.
#[derive(Debug)]
pub struct Trained {
    /// What it was trained by.
    pub recipe: Recipe,
    /// F, on flex whatever device trained it.
    pub transfer: Transfer,
    /// What the manifest is to tell of the training.
    pub origin: Origin,
    /// Rounds done.
    pub round: u64,
    /// Newer checkpoints, each with the reason why it is not this one.
    pub passed_over: Vec<String>,
}

impl Trained {
    /// Reads the folder of a training that does not go on at this moment.
    ///
    /// # Errors
    /// There is no training or no complete checkpoint, or its recipe was changed.
    pub fn read(run: &Path) -> Result<Self, Error> {
        let folder = Folder::open(run)?;
        let (recipe, about) = folder.begun_with()?;
        let Found {
            newest,
            passed_over,
        } = Found::look(&folder)?;
        let Some((path, checkpoint)) = newest else {
            let folder = PathBuf::from(run);
            return Err(Error::NoCheckpoint { folder });
        };
        let transfer = learn::saved_transfer(&recipe, &path, &Device::flex())?;
        Ok(Self {
            origin: origin(&recipe, &about, &checkpoint),
            transfer,
            round: checkpoint.round,
            passed_over,
            recipe,
        })
    }
}

/// Nothing of the machine: equal trainings say the same.
fn origin(recipe: &Recipe, about: &About, checkpoint: &Checkpoint) -> Origin {
    let (id, version) = (&recipe.id, &recipe.version);
    Origin {
        source: format!(
            "Trained with diat-train {}: recipe {id} {version} (SHA-256 {}), seed {}, {} rounds, on {}",
            about.code, about.recipe, about.seed, checkpoint.round, about.device
        ),
        data: format!("Data of the digest {}", about.data),
        notes: String::new(),
    }
}
