//! ONNX Runtime's library.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{ConfigError, Places};

impl Places {
    /// ONNX Runtime's library: the one `config.toml` names, else the newest in `runtime/` of the data folder or
    /// in a folder in it.
    ///
    /// # Errors
    /// `config.toml` cannot be used, or names a file that is not there.
    pub fn runtime_library(&self) -> Result<Option<PathBuf>, ConfigError> {
        match self.config()?.runtime {
            Some(library) if library.is_file() => Ok(Some(library)),
            Some(library) => Err(ConfigError::NoSuchRuntime {
                file: self.config_file(),
                library,
            }),
            None => Ok(self.newest_runtime()),
        }
    }

    /// Looked for in `runtime/` itself and in the folders in it: an installed runtime is a folder of its own, so that one
    /// rename puts it in place whole. A folder whose name begins with a dot is not, or no longer, one.
    fn newest_runtime(&self) -> Option<PathBuf> {
        let folder = self.runtime_dir();
        let installed = entries(&folder).filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            path.is_dir() && name.is_some_and(|name| !name.starts_with('.'))
        });
        let files = std::iter::once(folder.clone())
            .chain(installed)
            .flat_map(|folder| entries(&folder).collect::<Vec<_>>());
        let versioned =
            files.filter_map(|path| Some((version(path.file_name()?.to_str()?)?, path)));
        versioned
            .filter(|(_, path)| path.is_file())
            .max()
            .map(|(_, path)| path)
    }
}

/// What lies in a folder; nothing if it is not there.
fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

/// The version in the name of ONNX Runtime's library, empty where it has none; nothing for other files.
fn version(name: &str) -> Option<Vec<u32>> {
    let version = if cfg!(windows) {
        name.strip_prefix("onnxruntime")?.strip_suffix(".dll")?
    } else if cfg!(target_os = "macos") {
        name.strip_prefix("libonnxruntime")?
            .strip_suffix(".dylib")?
    } else {
        name.strip_prefix("libonnxruntime.so")?
    };
    if version.is_empty() {
        return Some(Vec::new());
    }
    version
        .strip_prefix('.')?
        .split('.')
        .map(|number| number.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture() -> (tempfile::TempDir, Places) {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::with_data_dir(folder.path().to_owned());
        fs::create_dir_all(places.runtime_dir()).unwrap();
        (folder, places)
    }

    fn name(version: &str) -> String {
        if cfg!(windows) {
            format!("onnxruntime{version}.dll")
        } else if cfg!(target_os = "macos") {
            format!("libonnxruntime{version}.dylib")
        } else {
            format!("libonnxruntime.so{version}")
        }
    }

    #[test]
    fn the_newest_by_number_counts() {
        let (_folder, places) = fixture();
        assert_eq!(places.runtime_library().unwrap(), None);
        for version in ["", ".1.9.0", ".1.32.0", ".1.31.1"] {
            fs::write(places.runtime_dir().join(name(version)), "").unwrap();
        }
        let newest = places.runtime_dir().join(name(".1.32.0"));
        assert_eq!(places.runtime_library().unwrap(), Some(newest));
    }

    #[test]
    fn a_folder_in_it_counts_unless_its_name_begins_with_a_dot() {
        let (_folder, places) = fixture();
        fs::write(places.runtime_dir().join(name(".1.9.0")), "").unwrap();
        for (folder, version) in [("installed", ".1.31.1"), (".unfinished", ".1.32.0")] {
            let folder = places.runtime_dir().join(folder);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join(name(version)), "").unwrap();
        }
        let installed = places.runtime_dir().join("installed").join(name(".1.31.1"));
        assert_eq!(places.runtime_library().unwrap(), Some(installed));
    }

    #[test]
    fn other_files_and_folders_do_not_count() {
        let (_folder, places) = fixture();
        let providers = [
            "libonnxruntime_providers_cuda.so",
            "libonnxruntime.so.part",
            "onnxruntime.txt",
        ];
        for other in providers {
            fs::write(places.runtime_dir().join(other), "").unwrap();
        }
        fs::create_dir(places.runtime_dir().join(name(".2.0.0"))).unwrap();
        assert_eq!(places.runtime_library().unwrap(), None);
    }

    #[test]
    fn the_configured_library_wins() {
        let (folder, places) = fixture();
        fs::write(places.runtime_dir().join(name(".1.32.0")), "").unwrap();
        let mine = folder.path().join("mine.so");
        fs::write(&mine, "").unwrap();
        fs::write(
            places.config_file(),
            format!("runtime = '{}'", mine.display()),
        )
        .unwrap();
        assert_eq!(places.runtime_library().unwrap(), Some(mine));
    }

    #[test]
    fn a_configured_library_that_is_missing_is_an_error_that_names_both_files() {
        let (folder, places) = fixture();
        fs::write(places.runtime_dir().join(name(".1.32.0")), "").unwrap();
        let gone = folder.path().join("gone.so");
        fs::write(
            places.config_file(),
            format!("runtime = '{}'", gone.display()),
        )
        .unwrap();
        let error = places.runtime_library().unwrap_err().to_string();
        assert!(
            error.contains("config.toml") && error.contains("gone.so"),
            "{error}"
        );
    }
}
