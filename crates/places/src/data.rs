//! The user's data folder and cache on each system.

use std::env;
use std::path::{Path, PathBuf};

/// Stands for "nowhere" where no home is known: absolute, so that no current directory decides.
const NOWHERE: &str = if cfg!(windows) {
    r"C:\nonexistent\diat"
} else {
    "/nonexistent/diat"
};

#[derive(Clone, Copy, Debug)]
enum System {
    Unix,
    Mac,
    Windows,
}

const SYSTEM: System = if cfg!(windows) {
    System::Windows
} else if cfg!(target_os = "macos") {
    System::Mac
} else {
    System::Unix
};

pub(crate) fn from_environment() -> PathBuf {
    data_dir(SYSTEM, &variable, env::home_dir().as_deref())
}

/// Where files that can be fetched again are kept: `$XDG_CACHE_HOME/diat/downloads` (or `~/.cache/diat/downloads`) on Linux,
/// `~/Library/Caches/diat/downloads` on macOS, `%LOCALAPPDATA%\diat\downloads` on Windows. It may not exist.
#[must_use]
pub fn downloads_dir() -> PathBuf {
    cache_dir(SYSTEM, &variable, env::home_dir().as_deref()).join("downloads")
}

fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from)
}

/// A variable that holds a relative path is passed over, as the XDG base directory specification asks.
fn data_dir(
    system: System,
    variable: &dyn Fn(&str) -> Option<PathBuf>,
    home: Option<&Path>,
) -> PathBuf {
    let absolute = |name| variable(name).filter(|path| path.is_absolute());
    let home = home.filter(|path| path.is_absolute());
    let parent = match system {
        System::Unix => absolute("XDG_DATA_HOME").or(home.map(|home| home.join(".local/share"))),
        System::Mac => home.map(|home| home.join("Library/Application Support")),
        System::Windows => absolute("APPDATA").or(home.map(|home| home.join(r"AppData\Roaming"))),
    };
    parent.map_or(PathBuf::from(NOWHERE), |parent| parent.join("diat"))
}

/// Its counterpart for what can be fetched again, by the same rules.
fn cache_dir(
    system: System,
    variable: &dyn Fn(&str) -> Option<PathBuf>,
    home: Option<&Path>,
) -> PathBuf {
    let absolute = |name| variable(name).filter(|path| path.is_absolute());
    let home = home.filter(|path| path.is_absolute());
    let parent = match system {
        System::Unix => absolute("XDG_CACHE_HOME").or(home.map(|home| home.join(".cache"))),
        System::Mac => home.map(|home| home.join("Library/Caches")),
        System::Windows => {
            absolute("LOCALAPPDATA").or(home.map(|home| home.join(r"AppData\Local")))
        }
    };
    parent.map_or(PathBuf::from(NOWHERE), |parent| parent.join("diat"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(system: System, variables: &[(&str, &str)], home: Option<&str>) -> PathBuf {
        let variable = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| PathBuf::from(value))
        };
        data_dir(system, &variable, home.map(Path::new))
    }

    #[test]
    fn xdg_data_home_wins_over_the_home_folder() {
        let found = of(
            System::Unix,
            &[("XDG_DATA_HOME", "/elsewhere")],
            Some("/home/ann"),
        );
        assert_eq!(found, Path::new("/elsewhere/diat"));
    }

    #[test]
    fn without_xdg_data_home_it_is_local_share() {
        let found = of(System::Unix, &[], Some("/home/ann"));
        assert_eq!(found, Path::new("/home/ann/.local/share/diat"));
    }

    #[test]
    fn a_relative_or_empty_xdg_data_home_is_passed_over() {
        for value in ["", "share", "./share"] {
            let found = of(System::Unix, &[("XDG_DATA_HOME", value)], Some("/home/ann"));
            assert_eq!(found, Path::new("/home/ann/.local/share/diat"), "{value:?}");
        }
    }

    #[test]
    fn macs_and_windows_have_their_own_folders() {
        let mac = of(
            System::Mac,
            &[("XDG_DATA_HOME", "/elsewhere")],
            Some("/Users/ann"),
        );
        assert_eq!(
            mac,
            Path::new("/Users/ann/Library/Application Support/diat")
        );
        let windows = of(System::Windows, &[("APPDATA", "/roaming")], None);
        assert_eq!(windows, Path::new("/roaming/diat"));
    }

    #[test]
    fn without_a_home_nothing_is_looked_for_in_the_current_folder() {
        for system in [System::Unix, System::Mac, System::Windows] {
            assert_eq!(of(system, &[], None), Path::new(NOWHERE));
            assert_eq!(of(system, &[], Some("relative")), Path::new(NOWHERE));
        }
        assert!(Path::new(NOWHERE).is_absolute());
    }

    #[test]
    fn the_cache_follows_the_same_rules() {
        let of = |system, variables: &[(&str, &str)], home: Option<&str>| {
            let variable = |name: &str| {
                let found = variables.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| PathBuf::from(value))
            };
            cache_dir(system, &variable, home.map(Path::new))
        };
        let home = Some("/home/ann");
        for value in ["", "cache"] {
            let found = of(System::Unix, &[("XDG_CACHE_HOME", value)], home);
            assert_eq!(found, Path::new("/home/ann/.cache/diat"), "{value:?}");
        }
        let found = of(System::Unix, &[("XDG_CACHE_HOME", "/elsewhere")], home);
        assert_eq!(found, Path::new("/elsewhere/diat"));
        let found = of(System::Mac, &[], Some("/Users/ann"));
        assert_eq!(found, Path::new("/Users/ann/Library/Caches/diat"));
        let found = of(System::Windows, &[("LOCALAPPDATA", "/local")], None);
        assert_eq!(found, Path::new("/local/diat"));
        assert_eq!(of(System::Unix, &[], None), Path::new(NOWHERE));
    }
}
