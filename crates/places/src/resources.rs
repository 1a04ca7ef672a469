//! Resource folders, in order.

use std::path::{Path, PathBuf};

use crate::Places;

/// A folder that has `manifests/` and, beside it, `models/`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceFolder {
    /// The folder.
    pub path: PathBuf,
    /// Whether the host named it.
    pub from_host: bool,
    /// Why it is on the list, for logs.
    pub why: &'static str,
}

impl Places {
    /// All resource folders that exist, in order of precedence and each once.
    ///
    /// `library` is the file of the library or of the program that holds this code.
    pub fn resource_folders(
        &self,
        host_dirs: &[PathBuf],
        library: Option<&Path>,
    ) -> Vec<ResourceFolder> {
        let _ = (host_dirs, library);
        Vec::new()
    }
}
