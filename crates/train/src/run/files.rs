//! Files that are on the disk, whole, before anything is said of them.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::Error;

/// Writes a file that takes its name when it is complete and on the disk.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let part = path.with_extension("part");
    let result = File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, path))
        .map_err(Error::io(path, "written"));
    if result.is_err() {
        let _ = fs::remove_file(&part);
    }
    result?;
    sync_folder(path.parent().unwrap_or(Path::new(".")));
    Ok(())
}

/// As JSON with a line's end.
pub(super) fn put_json(path: &Path, value: &impl serde::Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::io(path, "written")(error.into()))?;
    put(path, format!("{text}\n").as_bytes())
}

pub(super) fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let bytes = fs::read(path).map_err(Error::io(path, "read"))?;
    serde_json::from_slice(&bytes).map_err(|error| Error::io(path, "read")(error.into()))
}

/// What is in a folder by name is on the disk only when the folder is. Some file systems cannot do that; files are complete all the
/// same.
pub(super) fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}
