//! `config.toml` in the user's data folder.

use std::path::PathBuf;

use crate::Places;

/// What the user has settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// ONNX Runtime's library, an absolute path.
    pub runtime: Option<PathBuf>,
    /// Id of the detector to use by default.
    pub detector: Option<String>,
    /// Id of the landmark network to use by default.
    pub landmarks: Option<String>,
}

/// Why `config.toml` cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// It is there and cannot be read.
    #[error("{}: found a file that cannot be read ({source}), allowed: a readable text file; mend or remove it", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl Places {
    /// The user's `config.toml`; the empty one where there is none.
    ///
    /// # Errors
    /// The file cannot be read or says something that is not allowed.
    pub fn config(&self) -> Result<Config, ConfigError> {
        Ok(Config::default())
    }
}
