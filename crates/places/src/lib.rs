//! Where things lie: resource folders, the user's data folder, the runtime, the library. Every path rule of `diat` lives here.
//!
//! The user's data folder is `$XDG_DATA_HOME/diat` (or `~/.local/share/diat`) on Linux, `~/Library/Application Support/diat` on
//! macOS, `%APPDATA%\diat` on Windows. In it:
//!
//! | path | what |
//! |---|---|
//! | `config.toml` | what the user settled, see [`Config`] |
//! | `manifests/`, `models/` | effects the user dropped in |
//! | `packs/NAME-VERSION/` | installed packs, each a resource folder |
//! | `runtime/` | ONNX Runtime: its library, or folders with one |
//! | `lib/` | the plug-in's library, for bridges |
//!
//! No other environment variable decides anything, and every path handed out is absolute: nothing is left to a search path.

mod config;
mod data;
mod library;
mod resources;
mod runtime;

use std::path::{Path, PathBuf};

pub use config::{Config, ConfigError};
pub use data::downloads_dir;
pub use resources::ResourceFolder;

/// The user's folders, settled once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    data: PathBuf,
}

impl Places {
    /// The folders of the user who runs this process.
    pub fn from_environment() -> Self {
        Self::with_data_dir(data::from_environment())
    }

    /// The same rules with another data folder, an absolute path; for tests and for programs that carry their own.
    pub fn with_data_dir(data: PathBuf) -> Self {
        Self { data }
    }

    /// The user's data folder; it may not exist.
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// The user's `config.toml`; it may not exist.
    pub fn config_file(&self) -> PathBuf {
        self.data.join("config.toml")
    }

    /// Where ONNX Runtime is installed; it may not exist.
    pub fn runtime_dir(&self) -> PathBuf {
        self.data.join("runtime")
    }

    /// Where packs are installed; it may not exist.
    pub fn packs_dir(&self) -> PathBuf {
        self.data.join("packs")
    }

    /// Where the plug-in's library is installed for bridges; it may not exist.
    pub fn library_dir(&self) -> PathBuf {
        self.data.join("lib")
    }
}
