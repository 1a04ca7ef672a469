//! All manifests of all resource folders, each id once.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{Fault, Manifest};

/// A resource folder: it has `manifests/` and `models/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The folder that holds `manifests/`.
    pub path: PathBuf,
    /// Whether the host named it: then its manifests win whatever the versions say.
    pub from_host: bool,
}

/// A sound manifest that another one of the same id keeps out.
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

/// The manifests in use, with what was wrong or in the way.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// One manifest an id, in the order of ids.
    pub manifests: Vec<Arc<Manifest>>,
    /// What is wrong with other manifests, in the order of folders and files.
    pub faults: Vec<Fault>,
    /// Sound manifests that are not used.
    pub shadowed: Vec<Shadowed>,
}

struct Candidate {
    manifest: Manifest,
    from_host: bool,
}

impl Catalogue {
    /// Reads every manifest of `folders`, which come in order of precedence. No weights are touched.
    ///
    /// A manifest from a host's folder wins whatever its version, the earlier folder first; among the others the highest
    /// version wins, of equal versions the earlier folder. Files that do not end in `.toml` or begin with a dot are passed
    /// over; a manifest that cannot be used hides no other.
    pub fn scan(folders: &[Folder]) -> Self {
        let mut catalogue = Self::default();
        let mut used: BTreeMap<String, Candidate> = BTreeMap::new();
        for folder in folders {
            for file in catalogue.files(&folder.path.join("manifests")) {
                match Manifest::read(&file) {
                    Ok(manifest) => {
                        let candidate = Candidate {
                            manifest,
                            from_host: folder.from_host,
                        };
                        catalogue.enter(&mut used, candidate);
                    }
                    Err(faults) => catalogue.faults.extend(faults),
                }
            }
        }
        catalogue.manifests = used
            .into_values()
            .map(|candidate| Arc::new(candidate.manifest))
            .collect();
        catalogue
    }

    /// The manifest with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Manifest>> {
        let found = self
            .manifests
            .binary_search_by(|manifest| manifest.id.as_str().cmp(id));
        found.ok().and_then(|at| self.manifests.get(at))
    }

    fn enter(&mut self, used: &mut BTreeMap<String, Candidate>, new: Candidate) {
        let id = new.manifest.id.clone();
        let Some(old) = used.remove(&id) else {
            used.insert(id, new);
            return;
        };
        let (winner, loser, why) = precedence(old, new);
        self.shadowed.push(Shadowed {
            id: id.clone(),
            used: winner.manifest.file.clone(),
            ignored: loser.manifest.file,
            why,
        });
        used.insert(id, winner);
    }

    fn files(&mut self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries = match entries {
            Ok(entries) => entries,
            // A folder without manifests has nothing to say.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                self.faults.push(Fault {
                    file: folder.into(),
                    line: None,
                    key: String::new(),
                    found: format!("a folder that cannot be listed ({error})"),
                    allowed: "a readable folder".to_owned(),
                    advice: "correct its permissions".to_owned(),
                });
                Vec::new()
            }
        };
        let mut files: Vec<_> = entries
            .into_iter()
            .map(|entry| entry.path())
            .filter(|file| file.extension() == Some(OsStr::new("toml")) && !is_hidden(file))
            .collect();
        files.sort();
        files
    }
}

/// Editors leave such files behind.
fn is_hidden(file: &Path) -> bool {
    file.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Which of two manifests with the same id is used, which is not, and why; `old` comes from the earlier folder.
fn precedence(old: Candidate, new: Candidate) -> (Candidate, Candidate, &'static str) {
    match (old.from_host, new.from_host) {
        (true, true) => (old, new, "the host names the other's folder first"),
        (true, false) => (old, new, "the host names the other's folder"),
        (false, true) => (new, old, "the host names the other's folder"),
        (false, false) if new.manifest.version > old.manifest.version => {
            (new, old, "the other's version is higher")
        }
        (false, false) if new.manifest.version < old.manifest.version => {
            (old, new, "the other's version is higher")
        }
        (false, false) => (
            old,
            new,
            "the other has the same version in an earlier folder",
        ),
    }
}
