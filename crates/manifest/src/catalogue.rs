//! All manifests of all resource folders, each id once.

use std::path::PathBuf;
use std::sync::Arc;

use crate::{Fault, Manifest};

/// A resource folder: it has `manifests/` and `models/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The folder that holds `manifests/`.
    pub path: PathBuf,
    /// Whether the host named it: then it wins whatever the versions say.
    pub from_host: bool,
}

/// A manifest that another one of the same id kept out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadowed {
    /// The id that both have.
    pub id: String,
    /// The manifest in use.
    pub used: PathBuf,
    /// The manifest that is not.
    pub ignored: PathBuf,
    /// Why.
    pub why: &'static str,
}

/// The manifests in use.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// One manifest an id, by id.
    pub manifests: Vec<Arc<Manifest>>,
    /// What is wrong with the others.
    pub faults: Vec<Fault>,
    /// Sound manifests that are not used.
    pub shadowed: Vec<Shadowed>,
}

impl Catalogue {
    /// Reads every manifest of `folders`, which come in order of precedence. No weights are touched.
    pub fn scan(folders: &[Folder]) -> Self {
        let _ = folders;
        Self::default()
    }

    /// The manifest with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Manifest>> {
        self.manifests.iter().find(|manifest| manifest.id == id)
    }
}
