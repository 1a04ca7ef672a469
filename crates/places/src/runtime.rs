//! ONNX Runtime's library.

use std::fs;
use std::path::PathBuf;

use crate::{ConfigError, Places};

impl Places {
    /// ONNX Runtime's library: the one `config.toml` names, else the newest in `runtime/` of the data folder.
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

    fn newest_runtime(&self) -> Option<PathBuf> {
        let entries = fs::read_dir(self.runtime_dir())
            .into_iter()
            .flatten()
            .flatten();
        let versioned = entries.filter_map(|entry| {
            let version = version(entry.file_name().to_str()?)?;
            Some((version, entry.path()))
        });
        versioned
            .filter(|(_, path)| path.is_file())
            .max()
            .map(|(_, path)| path)
    }
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
