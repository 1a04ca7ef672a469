//! The plug-in's library, as a bridge finds it.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};

use crate::Places;

/// Written beside a bridge when it is installed: one line, the library's absolute path.
const POINTER: &str = "diat.path";

impl Places {
    /// The plug-in's library for a bridge: what the file `diat.path` beside the bridge's own library `bridge` names, else the
    /// one in `lib/` of the data folder; none where there is no such file.
    pub fn plugin_library(&self, bridge: Option<&Path>) -> Option<PathBuf> {
        let pointed_to = bridge.and_then(Path::parent).and_then(pointed_to);
        let installed = self
            .library_dir()
            .join(format!("{DLL_PREFIX}diat_plugin{DLL_SUFFIX}"));
        pointed_to
            .into_iter()
            .chain([installed])
            .find(|library| library.is_file())
    }
}

fn pointed_to(folder: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(folder.join(POINTER)).ok()?;
    Some(PathBuf::from(text.trim())).filter(|library| library.is_absolute())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixture {
        _folder: tempfile::TempDir,
        places: Places,
        bridge: PathBuf,
        installed: PathBuf,
        elsewhere: PathBuf,
    }

    fn fixture() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::with_data_dir(folder.path().join("data"));
        let installed = places
            .library_dir()
            .join(format!("{DLL_PREFIX}diat_plugin{DLL_SUFFIX}"));
        let bridge = folder.path().join("bridges/bridge.so");
        let elsewhere = folder.path().join("elsewhere.so");
        for file in [&installed, &bridge, &elsewhere] {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        Fixture {
            _folder: folder,
            places,
            bridge,
            installed,
            elsewhere,
        }
    }

    #[test]
    fn the_file_beside_the_bridge_wins_over_the_data_folder() {
        let f = fixture();
        assert_eq!(
            f.places.plugin_library(Some(&f.bridge)).as_ref(),
            Some(&f.installed)
        );
        let pointer = f.bridge.with_file_name(POINTER);
        fs::write(&pointer, format!("{}\n", f.elsewhere.display())).unwrap();
        assert_eq!(
            f.places.plugin_library(Some(&f.bridge)).as_ref(),
            Some(&f.elsewhere)
        );
        assert_eq!(f.places.plugin_library(None).as_ref(), Some(&f.installed));
    }

    #[test]
    fn a_stale_or_relative_pointer_is_passed_over() {
        let f = fixture();
        for line in ["/nonexistent/diat.so", "elsewhere.so", ""] {
            fs::write(f.bridge.with_file_name(POINTER), line).unwrap();
            assert_eq!(
                f.places.plugin_library(Some(&f.bridge)).as_ref(),
                Some(&f.installed)
            );
        }
    }

    #[test]
    fn no_library_is_none() {
        let f = fixture();
        fs::remove_file(&f.installed).unwrap();
        assert_eq!(f.places.plugin_library(Some(&f.bridge)), None);
    }
}
