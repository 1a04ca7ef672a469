//! Resource folders, in order.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Places;

/// A folder that has `manifests/` and, beside it, `models/`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceFolder {
    /// The folder, an absolute path without links in it.
    pub path: PathBuf,
    /// Whether the host named it: then its manifests win whatever their versions.
    pub from_host: bool,
    /// Why it is on the list, for logs.
    pub why: &'static str,
}

impl Places {
    /// All resource folders, in order of precedence and each once; what has no `manifests/` is left out.
    ///
    /// First come the host's `host_dirs`; then what belongs to `library`, which is the file of the library or of the program that
    /// holds this code: where that file lies in the `target/` of a checkout, the checkout's root, else the file's own folder and,
    /// where that is a `bin`, `lib` or `lib64` or lies straight in one, `share/diat` beside it; then the user's data folder; then
    /// the packs installed there, by name.
    pub fn resource_folders(
        &self,
        host_dirs: &[PathBuf],
        library: Option<&Path>,
    ) -> Vec<ResourceFolder> {
        let mut folders = Vec::new();
        for folder in host_dirs {
            add(&mut folders, folder, true, "named by the host");
        }
        if let Some(library) = library {
            let library = library.canonicalize().unwrap_or(library.to_owned());
            if let Some(root) = checkout(&library) {
                add(&mut folders, root, false, "the checkout of this build");
            } else if let Some(folder) = library.parent() {
                add(&mut folders, folder, false, "beside the library");
                if let Some(shared) = shared(folder) {
                    add(&mut folders, &shared, false, "installed with the library");
                }
            }
        }
        add(
            &mut folders,
            self.data_dir(),
            false,
            "the user's data folder",
        );
        for pack in packs(&self.packs_dir()) {
            add(&mut folders, &pack, false, "an installed pack");
        }
        folders
    }
}

fn add(folders: &mut Vec<ResourceFolder>, folder: &Path, from_host: bool, why: &'static str) {
    let Ok(path) = folder.canonicalize() else {
        return;
    };
    let known = folders.iter().any(|known| known.path == path);
    if !known && path.join("manifests").is_dir() {
        folders.push(ResourceFolder {
            path,
            from_host,
            why,
        });
    }
}

/// The nearest folder above `file` that has `manifests/` and `Cargo.toml` and holds `file` in its `target/`.
fn checkout(file: &Path) -> Option<&Path> {
    file.ancestors()
        .filter(|folder| folder.file_name() == Some(OsStr::new("target")))
        .filter_map(Path::parent)
        .find(|root| root.join("manifests").is_dir() && root.join("Cargo.toml").is_file())
}

/// Where the tree that holds a library in `folder` has its data: `PREFIX/share/diat` for `PREFIX/bin`, for `PREFIX/lib` and for a
/// folder in it, as Debian's `lib/x86_64-linux-gnu` is.
fn shared(folder: &Path) -> Option<PathBuf> {
    let of_files = |folder: &&Path| {
        let name = folder.file_name().and_then(OsStr::to_str);
        name.is_some_and(|name| ["bin", "lib", "lib64"].contains(&name))
    };
    let prefix = folder.ancestors().take(2).find(of_files)?.parent()?;
    Some(prefix.join("share").join("diat"))
}

fn packs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut packs: Vec<_> = entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_pack_name))
        .map(|entry| entry.path())
        .collect();
    packs.sort();
    packs
}

/// `NAME-VERSION`, the version being three numbers: half-unpacked folders have other names.
fn is_pack_name(name: &str) -> bool {
    let Some((name, version)) = name.rsplit_once('-') else {
        return false;
    };
    let numbers: Vec<_> = version.split('.').collect();
    let number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    !name.is_empty() && !name.starts_with('.') && numbers.len() == 3 && numbers.iter().all(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tree {
        folder: tempfile::TempDir,
    }

    impl Tree {
        fn new() -> Self {
            Self {
                folder: tempfile::tempdir().unwrap(),
            }
        }

        fn path(&self, path: &str) -> PathBuf {
            self.folder.path().canonicalize().unwrap().join(path)
        }

        fn dir(&self, path: &str) -> PathBuf {
            fs::create_dir_all(self.path(path)).unwrap();
            self.path(path)
        }

        fn resources(&self, path: &str) -> PathBuf {
            self.dir(&format!("{path}/manifests"));
            self.path(path)
        }

        fn file(&self, path: &str) -> PathBuf {
            fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
            fs::write(self.path(path), "").unwrap();
            self.path(path)
        }

        fn found(&self, host_dirs: &[PathBuf], library: Option<&Path>) -> Vec<(PathBuf, bool)> {
            let places = Places::with_data_dir(self.path("data"));
            let folders = places.resource_folders(host_dirs, library);
            folders
                .into_iter()
                .map(|folder| (folder.path, folder.from_host))
                .collect()
        }
    }

    #[test]
    fn the_order_is_host_then_library_then_user_then_packs_by_name() {
        let tree = Tree::new();
        let second_pack = tree.resources("data/packs/whiskers-0.2.0");
        let first_pack = tree.resources("data/packs/beards-1.0.0");
        let data = tree.resources("data");
        let beside = tree.resources("opt/diat");
        let library = tree.file("opt/diat/libdiat_plugin.so");
        let hosts = [tree.resources("z-host"), tree.resources("a-host")];
        let expected = [
            (hosts[0].clone(), true),
            (hosts[1].clone(), true),
            (beside, false),
            (data, false),
            (first_pack, false),
            (second_pack, false),
        ];
        assert_eq!(tree.found(&hosts, Some(&library)), expected);
    }

    #[test]
    fn a_library_or_program_anywhere_in_target_means_the_checkout() {
        let tree = Tree::new();
        let root = tree.resources("checkout");
        tree.file("checkout/Cargo.toml");
        for file in [
            "target/release/libdiat_plugin.so",
            "target/ci/deps/diat-0123456789abcdef",
            "target/x86_64-unknown-linux-gnu/release/libX.so",
            "target/debug/diat",
        ] {
            // Manifests beside the library would be wrong here: the checkout takes their place.
            let library = tree.file(&format!("checkout/{file}"));
            fs::create_dir_all(library.with_file_name("manifests")).unwrap();
            assert_eq!(
                tree.found(&[], Some(&library)),
                [(root.clone(), false)],
                "{file}"
            );
        }
    }

    #[test]
    fn the_nearest_checkout_counts() {
        let tree = Tree::new();
        tree.resources("outer");
        tree.file("outer/Cargo.toml");
        let inner = tree.resources("outer/target/inner");
        tree.file("outer/target/inner/Cargo.toml");
        let library = tree.file("outer/target/inner/target/release/libX.so");
        assert_eq!(tree.found(&[], Some(&library)), [(inner, false)]);
    }

    #[test]
    fn a_target_folder_without_a_checkout_around_it_means_nothing() {
        let tree = Tree::new();
        tree.resources("game");
        let library = tree.file("game/target/libX.so");
        assert_eq!(tree.found(&[], Some(&library)), []);
        let beside = tree.resources("game/target");
        assert_eq!(tree.found(&[], Some(&library)), [(beside, false)]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_library_leads_to_its_checkout() {
        let tree = Tree::new();
        let root = tree.resources("checkout");
        tree.file("checkout/Cargo.toml");
        let library = tree.file("checkout/target/release/libdiat_plugin.so");
        let link = tree.dir("plugins").join("libdiat_plugin.so");
        std::os::unix::fs::symlink(library, &link).unwrap();
        assert_eq!(tree.found(&[], Some(&link)), [(root, false)]);
    }

    #[test]
    fn an_unpacked_or_installed_tree_has_its_effects_in_share() {
        let tree = Tree::new();
        let shared = tree.resources("usr/share/diat");
        for file in [
            "usr/bin/diat",
            "usr/lib/libdiat_plugin.so",
            "usr/lib64/libdiat_plugin.so",
            "usr/lib/x86_64-linux-gnu/libdiat_plugin.so",
        ] {
            let file = tree.file(file);
            assert_eq!(
                tree.found(&[], Some(&file)),
                [(shared.clone(), false)],
                "{}",
                file.display()
            );
        }
        for file in ["usr/diat", "usr/bin/a/b/diat", "usr/games/diat"] {
            let file = tree.file(file);
            assert_eq!(tree.found(&[], Some(&file)), [], "{}", file.display());
        }
        let beside = tree.resources("usr/lib");
        let library = tree.path("usr/lib/libdiat_plugin.so");
        let expected = [(beside, false), (shared, false)];
        assert_eq!(tree.found(&[], Some(&library)), expected);
    }

    #[test]
    fn a_folder_named_twice_counts_once_and_where_it_came_first() {
        let tree = Tree::new();
        let data = tree.resources("data");
        let again = tree.path("data/../data/manifests/..");
        assert_eq!(tree.found(&[again, data.clone()], None), [(data, true)]);
    }

    #[test]
    fn what_is_missing_or_has_no_manifests_is_left_out() {
        let tree = Tree::new();
        tree.dir("data");
        let bare = tree.dir("bare");
        let missing = tree.path("missing");
        assert_eq!(
            tree.found(&[missing.clone(), bare], Some(&missing.join("libX.so"))),
            []
        );
    }

    #[test]
    fn only_folders_named_as_packs_are_packs() {
        for name in ["beards-1.0.0", "mouth-open-0.12.3"] {
            assert!(is_pack_name(name), "{name}");
        }
        for name in [
            "beards",
            "beards-1.0",
            "-1.0.0",
            ".beards-1.0.0",
            "beards-1.0.0.part",
            "a-1..0",
        ] {
            assert!(!is_pack_name(name), "{name}");
        }
    }
}
