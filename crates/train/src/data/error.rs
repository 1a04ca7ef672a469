//! Why there are no pictures.

use std::io;
use std::path::{Path, PathBuf};

/// Why a data set cannot be written, read or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A drawn set is to be written where something else lies.
    #[error(
        "{}: {found} is there already, and is no part of the set that is to be written ({wanted}); name another folder or remove this one",
        folder.display()
    )]
    Occupied {
        /// The folder.
        folder: PathBuf,
        /// What lies in it.
        found: String,
        /// The set that was to be written.
        wanted: String,
    },
    /// A number of faces or a size that no set can have.
    #[error("{what} is {found}; allowed: {allowed}")]
    Range {
        /// Which number.
        what: &'static str,
        /// What was given.
        found: usize,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A face cannot be drawn.
    #[error("face {name} cannot be drawn: {source}")]
    Draw {
        /// Its file's name.
        name: String,
        /// Why.
        source: diat_synth::SceneError,
    },
}

impl Error {
    /// For `map_err`.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
