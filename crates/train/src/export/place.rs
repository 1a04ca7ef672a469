//! The two files, in their places: whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use diat_manifest::Manifest;

use super::error::Error;
use super::manifest::Draft;

/// Where the two files of a network belong in a resource folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    id: String,
    pub(super) manifest: PathBuf,
    pub(super) weights: PathBuf,
}

impl Place {
    pub(super) fn of(draft: &Draft, folder: &Path) -> Self {
        Self {
            id: draft.id.clone(),
            manifest: folder.join("manifests").join(format!("{}.toml", draft.id)),
            weights: folder.join("models").join(draft.weights()),
        }
    }

    /// Writes both, the manifest last: where it stands, what it names does too. Files of the same id are replaced.
    pub(super) fn fill(&self, manifest: &str, weights: &[u8]) -> Result<(), Error> {
        self.check_free(weights)?;
        write(&self.weights, weights)?;
        write(&self.manifest, manifest.as_bytes())
    }

    /// Only what was exported under the same id may go.
    fn check_free(&self, weights: &[u8]) -> Result<(), Error> {
        let taken = |file: &Path, found: String, advice| Error::Taken {
            file: file.to_owned(),
            id: self.id.clone(),
            found,
            advice,
        };
        if let Some(other) = self.other_of_these_weights() {
            let found = format!("the weights of {}", other.display());
            return Err(taken(
                &self.weights,
                found,
                "export into another folder, or under another id",
            ));
        }
        if self.manifest.symlink_metadata().is_ok() {
            // A manifest is one of this id only if it can be read: the name alone says nothing.
            return match Manifest::read(&self.manifest) {
                Ok(_) => Ok(()),
                Err(faults) => {
                    let found = format!(
                        "a file that is no sound manifest ({})",
                        super::error::lines(&faults)
                    );
                    let advice = "move it away, or export into another folder";
                    Err(taken(&self.manifest, found, advice))
                }
            };
        }
        if self.weights.symlink_metadata().is_err() {
            return Ok(());
        }
        // An export that was killed between the two files leaves weights; they are then the same.
        if fs::read(&self.weights).is_ok_and(|bytes| bytes == weights) {
            return Ok(());
        }
        let found = "weights without a manifest of their id".to_owned();
        let advice = "move them away, or export into another folder";
        Err(taken(&self.weights, found, advice))
    }

    /// A manifest of another id that names the same file.
    fn other_of_these_weights(&self) -> Option<PathBuf> {
        let manifests = fs::read_dir(self.manifest.parent()?).ok()?;
        manifests
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| *path != self.manifest)
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .find(|path| {
                let names = |manifest: &Manifest| self.weights.ends_with(&manifest.weights.file);
                Manifest::read(path).is_ok_and(|manifest| names(&manifest))
            })
    }
}

/// Writes a file under another name in the same folder, which is made, and renames it when it is on the disk.
fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |cause| Error::Write {
        file: file.to_owned(),
        cause,
    };
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut temporary = temporary(folder).map_err(failed)?;
    temporary.write_all(bytes).map_err(failed)?;
    temporary.as_file().sync_all().map_err(failed)?;
    temporary
        .persist(file)
        .map_err(|error| failed(error.error))?;
    // The new name is on the disk only when the folder is; some file systems cannot do that.
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".diat-").suffix(".part");
    // As any new file: the user's umask decides, where temporary files are for the owner alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}
