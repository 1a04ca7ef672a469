//! Files that are there as a whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::interrupt::{self, Unfinished};

/// Names of temporary files: hidden, and with an ending that no picture has.
const PREFIX: &str = ".diat-";
const SUFFIX: &str = ".part";

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
/// is followed, permissions of a file that is replaced stay, and what is no regular file is not replaced.
pub(crate) fn write<E>(
    file: &Path,
    content: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), E>,
) -> Result<(), Error<E>> {
    let failed = |cause| Error::Write {
        file: file.to_owned(),
        cause,
    };
    let target = target(file).map_err(failed)?;
    let folder = folder_of(&target);
    let old = permissions(&target).map_err(failed)?;
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

/// The file behind links; it need not be there.
fn target(file: &Path) -> io::Result<PathBuf> {
    match fs::symlink_metadata(file) {
        Ok(metadata) if metadata.is_symlink() => fs::canonicalize(file).map_err(|error| {
            let text = format!("the link there leads nowhere ({error})");
            io::Error::new(error.kind(), text)
        }),
        Ok(_) => fs::canonicalize(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(file.to_owned()),
        Err(error) => Err(error),
    }
}

/// Permissions of the file that is to be replaced, if there is one.
fn permissions(file: &Path) -> io::Result<Option<fs::Permissions>> {
    match fs::metadata(file) {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata.permissions())),
        Ok(_) => Err(io::Error::other("what is there is no regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The folder that holds a file.
pub(crate) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A temporary file, locked for as long as it is open, so that one that is not locked is known to be a dead program's.
fn create(folder: &Path) -> io::Result<NamedTempFile> {
    const ATTEMPTS: usize = 8;
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    // As any new file: the user's umask decides, where temporary files are for the owner alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    for _ in 0..ATTEMPTS {
        let temporary = builder.tempfile_in(folder)?;
        let lock = temporary.as_file().try_lock();
        let taken = matches!(lock, Err(TryLockError::WouldBlock));
        // Whoever clears the folder may have seen it before it was locked. A file system that has no locks is never cleared.
        if !taken && temporary.path().try_exists().unwrap_or(true) {
            return Ok(temporary);
        }
    }
    Err(io::Error::other(
        "temporary files there go as soon as they come",
    ))
}

/// Removes the temporary files of programs that were killed while they wrote any of these files, and counts them. Files that a living
/// program writes stay.
pub(crate) fn clear_beside<'a>(files: impl Iterator<Item = &'a Path>) -> usize {
    let mut folders: Vec<PathBuf> = files
        .filter_map(|file| Some(folder_of(&target(file).ok()?).to_owned()))
        .collect();
    folders.sort();
    folders.dedup();
    folders.iter().map(|folder| clear(folder)).sum()
}

fn clear(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.as_encoded_bytes();
            name.starts_with(PREFIX.as_bytes())
                && name.ends_with(SUFFIX.as_bytes())
                && entry.file_type().is_ok_and(|kind| kind.is_file())
        })
        .filter(|entry| {
            let file = File::options().write(true).open(entry.path());
            // Still locked while its name goes, so that nobody starts to use it.
            file.is_ok_and(|file| file.try_lock().is_ok() && fs::remove_file(entry.path()).is_ok())
        })
        .count()
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

    #[test]
    fn what_a_dead_program_left_is_cleared_and_what_a_living_one_writes_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in [".diat-dead.part", "a.png", ".diat-.txt", "diat-.part"] {
            fs::write(path(name), name).unwrap();
        }
        fs::create_dir(path(".diat-folder.part")).unwrap();
        let living = create(folder.path()).unwrap();
        let name = living.path().file_name().unwrap().to_str().unwrap();
        let files = [path("b.png"), path("c.png")];
        let clear = || clear_beside(files.iter().map(PathBuf::as_path));
        assert_eq!(clear(), 1);
        let mut stay = [
            ".diat-.txt",
            ".diat-folder.part",
            name,
            "a.png",
            "diat-.part",
        ];
        stay.sort_unstable();
        assert_eq!(names(folder.path()), stay);
        // A program that dies closes the file and removes nothing.
        drop(living.keep().unwrap());
        assert_eq!(clear(), 1);
        assert_eq!(clear(), 0);
    }

    #[test]
    fn writers_and_clearers_at_once_lose_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = |index: usize| folder.path().join(format!("{index}.png"));
        std::thread::scope(|scope| {
            let write = |from: usize| {
                for index in from..from + 100 {
                    write::<io::Error>(&path(index), |out| out.write_all(b"whole")).unwrap();
                }
            };
            let writers = [0, 100].map(|from| scope.spawn(move || write(from)));
            while writers.iter().any(|writer| !writer.is_finished()) {
                clear(folder.path());
            }
        });
        for index in 0..200 {
            assert_eq!(fs::read(path(index)).unwrap(), b"whole", "{index}");
        }
        assert_eq!(names(folder.path()).len(), 200);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_replaced() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("folder.png")).unwrap();
        symlink(path("none.png"), path("nowhere.png")).unwrap();
        symlink(path("round.png"), path("round.png")).unwrap();
        let before = names(folder.path());
        for (name, why) in [
            ("folder.png", "no regular file"),
            ("nowhere.png", "leads nowhere"),
            ("round.png", "leads nowhere"),
        ] {
            let error = write::<io::Error>(&path(name), |out| out.write_all(b"new")).unwrap_err();
            let error = error.to_string();
            assert!(error.contains(name) && error.contains(why), "{error}");
        }
        assert_eq!(names(folder.path()), before);
    }
}
