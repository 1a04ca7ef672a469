//! Files that are there as a whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::interrupt::{self, Unfinished};

/// Why a file was not written; what stood there before still does.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error<E> {
    /// The file system would not.
    #[error("{}: cannot be written: {cause}", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// There was nothing to write after all.
    #[error("{0}")]
    Content(E),
    /// Ctrl-C came before it was complete.
    #[error("{}: not written: interrupted", .0.display())]
    Interrupted(PathBuf),
}

/// Writes a file through a temporary one in the same folder, which takes its name only when it is complete and on the disk. A link
/// is followed, and permissions of a file that is replaced stay.
pub(crate) fn write<E>(
    file: &Path,
    content: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), E>,
) -> Result<(), Error<E>> {
    let failed = |cause| Error::Write {
        file: file.to_owned(),
        cause,
    };
    let target = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = folder_of(&target);
    let old = fs::metadata(&target)
        .ok()
        .map(|metadata| metadata.permissions());
    // Renaming would get round what its owner wanted.
    if old.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(failed(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the file that is there is read-only",
        )));
    }
    let mut temporary = create(folder).map_err(failed)?;
    let unfinished = Unfinished::new(temporary.path());
    let mut writer = BufWriter::with_capacity(1 << 18, temporary.as_file_mut());
    content(&mut writer).map_err(Error::Content)?;
    writer.flush().map_err(failed)?;
    drop(writer);
    if let Some(permissions) = old {
        temporary
            .as_file()
            .set_permissions(permissions)
            .map_err(failed)?;
    }
    temporary.as_file().sync_all().map_err(failed)?;
    if interrupt::asked() {
        return Err(Error::Interrupted(file.to_owned()));
    }
    temporary
        .persist(&target)
        .map_err(|error| failed(error.error))?;
    drop(unfinished);
    // The new name is on the disk only when the folder is. Some file systems cannot do that; the file is complete all the same.
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// The folder that holds a file.
pub(crate) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn create(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".diat-").suffix(".part");
    // As any new file: the user's umask decides, where temporary files are for the owner alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<_> = entries
            .map(name)
            .map(|name| name.into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.png");
        fs::write(&file, "old").unwrap();
        let result = write(&file, |writer| {
            writer.write_all(b"half of the new").unwrap();
            Err("no more")
        });
        assert_eq!(result.unwrap_err().to_string(), "no more");
        assert_eq!(fs::read(&file).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a.png"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("none/a.png");
        let error = write::<()>(&file, |_| Ok(())).map_err(|error| match error {
            Error::Write { file, .. } => file,
            other => panic!("{other:?}"),
        });
        assert_eq!(error.unwrap_err(), file);
    }

    #[test]
    fn a_file_that_is_read_only_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.png");
        fs::write(&file, "old").unwrap();
        let mut permissions = fs::metadata(&file).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&file, permissions).unwrap();
        let error = write::<io::Error>(&file, |writer| writer.write_all(b"new")).unwrap_err();
        assert!(error.to_string().contains("read-only"), "{error}");
        assert_eq!(fs::read(&file).unwrap(), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (
            folder.path().join("real.png"),
            folder.path().join("link.png"),
        );
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        write::<io::Error>(&link, |writer| writer.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let mode = fs::metadata(&real).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_has_the_permissions_of_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, any) = (folder.path().join("ours"), folder.path().join("any"));
        write::<io::Error>(&ours, |writer| writer.write_all(b"new")).unwrap();
        fs::write(&any, "new").unwrap();
        let mode = |file| fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&any));
    }
}
