//! Why nothing was installed. Whatever it was, the runtime of before is still there.

use std::io;
use std::path::{Path, PathBuf};

use crate::Kind;

/// Why nothing was installed. Whatever it was, the runtime of before is still there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No runtime of this kind for this machine.
    #[error(
        "no ONNX Runtime for {kind} is pinned for {system} on {architecture}; {hint}",
        system = std::env::consts::OS, architecture = std::env::consts::ARCH
    )]
    NotPinned {
        /// What was asked for.
        kind: Kind,
        /// What to do.
        hint: &'static str,
    },
    /// There is no Python.
    #[error("no Python 3 was found (tried: {}); install Python 3 with pip, it fetches the files", tried.join(", "))]
    NoPython {
        /// What was called.
        tried: Vec<String>,
    },
    /// There is Python without pip.
    #[error(
        "{python} has no pip ({message}); install it with `{python} -m ensurepip --user`, or the package python3-pip"
    )]
    NoPip {
        /// What was called.
        python: String,
        /// What it said.
        message: String,
    },
    /// pip could not fetch a wheel.
    #[error(
        "pip could not fetch {requirement}: {message}; it uses your own settings (`python3 -m pip config list`); what was \
        fetched before is kept, call again when the cause is gone"
    )]
    Pip {
        /// What it was to fetch.
        requirement: String,
        /// Its last words.
        message: String,
    },
    /// What pip brought is something else.
    #[error(
        "pip brought {requirement} with the SHA-256 {found}; pinned is {pinned}. It was deleted. An index that changes \
        wheels cannot be used: see `python3 -m pip config list`"
    )]
    Digest {
        /// What it was to fetch.
        requirement: String,
        /// Digest of what came, or "no file at all".
        found: String,
        /// Digest that was pinned.
        pinned: String,
    },
    /// A wheel with the right digest cannot be unpacked.
    #[error("{}: {cause}", file.display())]
    Wheel {
        /// The wheel.
        file: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// There is not enough room.
    #[error(
        "{}: {} are needed, {} are free; make room and call again",
        folder.display(), size(*needed), size(*free)
    )]
    Space {
        /// Where.
        folder: PathBuf,
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// A file or folder cannot be used.
    #[error("{}: {doing} failed: {cause}{}", path.display(), advice(cause))]
    File {
        /// Which.
        path: PathBuf,
        /// What was done.
        doing: &'static str,
        /// What the system said.
        cause: io::Error,
    },
    /// The new runtime is there, and the old one too.
    #[error(
        "the new runtime is in place, but {} could not be taken away: {cause}; close the programs that use it and call again",
        folder.display()
    )]
    InUse {
        /// The old one's folder.
        folder: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// It was unpacked, and does not work here.
    #[error("ONNX Runtime {version} does not work here: {cause}; it was not installed")]
    DoesNotWork {
        /// Its version.
        version: String,
        /// What was wrong.
        cause: String,
    },
}

impl Error {
    /// For `map_err`.
    pub(crate) fn file(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::File { path, doing, cause }
    }
}

/// What to do about it.
fn advice(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; make room and call again, nothing was changed"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; make the folder writable for you, or set XDG_DATA_HOME (XDG_CACHE_HOME for downloads) to one that is"
        }
        io::ErrorKind::ResourceBusy => "; another program uses it, close it and call again",
        _ => "",
    }
}

/// Bytes as a person reads them.
fn size(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
