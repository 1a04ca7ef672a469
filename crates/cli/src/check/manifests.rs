//! From paths to manifest files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Files as named, the `.toml` files of folders, those of `manifests/` where a folder has one.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            if !path.exists() {
                return Err(Failure::Usage(format!("{}: is not there", path.display())));
            }
            files.push(path.clone());
            continue;
        }
        let manifests = path.join("manifests");
        files.extend(in_folder(if manifests.is_dir() {
            &manifests
        } else {
            path
        })?);
    }
    Ok(files)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let refused = |why: &str| Failure::Usage(format!("{}: {why}", folder.display()));
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| refused(&format!("cannot be listed: {error}")))?;
    let is_manifest = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().as_encoded_bytes();
        !name.starts_with(b".") && file.extension().is_some_and(|ending| ending == "toml")
    };
    let files = entries.into_iter().map(|entry| entry.path());
    let mut files: Vec<_> = files.filter(is_manifest).collect();
    files.sort();
    if files.is_empty() {
        return Err(refused(
            "no manifests in this folder; their names end in .toml",
        ));
    }
    Ok(files)
}
