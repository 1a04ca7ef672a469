use std::fs;
use std::path::PathBuf;

use super::text;
use crate::{Catalogue, Folder};

struct Folders {
    root: tempfile::TempDir,
    folders: Vec<Folder>,
}

impl Folders {
    fn new() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
            folders: Vec::new(),
        }
    }

    fn add(&mut self, name: &str, from_host: bool) -> &mut Self {
        let path = self.root.path().join(name);
        fs::create_dir_all(path.join("manifests")).unwrap();
        self.folders.push(Folder { path, from_host });
        self
    }

    /// Writes a file into the folder that was added last.
    fn file(&mut self, name: &str, content: &str) -> &mut Self {
        let folder = &self.folders.last().unwrap().path;
        fs::write(folder.join("manifests").join(name), content).unwrap();
        self
    }

    /// The judge with another version.
    fn judge(&mut self, version: &str) -> &mut Self {
        let judge = text("full-judge").replacen("\"0.1.0\"", &format!("\"{version}\""), 1);
        self.file("full-judge.toml", &judge)
    }

    fn scan(&self) -> Catalogue {
        Catalogue::scan(&self.folders)
    }

    fn judge_in(&self, name: &str) -> PathBuf {
        self.root
            .path()
            .join(name)
            .join("manifests/full-judge.toml")
    }
}

#[test]
fn all_good_manifests_are_found_by_id_whatever_their_folder() {
    let mut folders = Folders::new();
    folders
        .add("one", false)
        .file("full-yunet.toml", text("full-yunet"));
    folders
        .add("two", true)
        .file("full-effect.toml", text("full-effect"))
        .judge("0.1.0");
    let catalogue = folders.scan();
    let ids: Vec<_> = catalogue
        .manifests
        .iter()
        .map(|manifest| manifest.id.as_str())
        .collect();
    assert_eq!(ids, ["full-effect", "full-judge", "full-yunet"]);
    assert_eq!(catalogue.get("full-judge").unwrap().id, "full-judge");
    assert!(catalogue.get("full-jud").is_none());
    assert_eq!((catalogue.faults, catalogue.shadowed), (vec![], vec![]));
}

#[test]
fn a_bad_manifest_hides_no_other() {
    let mut folders = Folders::new();
    folders
        .add("one", false)
        .file("a.toml", "id = ")
        .file("b.toml", "id = \"c\"\nkind = \"effect\"\n")
        .file("c.toml", &"[".repeat(50_000))
        .judge("0.1.0");
    let catalogue = folders.scan();
    assert!(catalogue.get("full-judge").is_some());
    let files: Vec<_> = catalogue
        .faults
        .iter()
        .map(|fault| fault.file.file_name())
        .collect();
    for bad in ["a.toml", "b.toml", "c.toml"] {
        assert!(files.contains(&Some(bad.as_ref())), "{files:?}");
    }
}

#[test]
fn a_bad_manifest_gives_way_to_a_good_one_of_a_later_folder() {
    let mut folders = Folders::new();
    folders
        .add("host", true)
        .file("full-judge.toml", "id = \"full-judge\"");
    folders.add("data", false).judge("0.1.0");
    let catalogue = folders.scan();
    assert_eq!(
        catalogue.get("full-judge").unwrap().file,
        folders.judge_in("data")
    );
    assert!(!catalogue.faults.is_empty());
}

#[test]
fn the_hosts_folder_wins_whatever_the_version_and_the_earlier_first() {
    let mut folders = Folders::new();
    folders.add("data", false).judge("9.0.0");
    folders.add("host", true).judge("0.1.0");
    folders.add("host-too", true).judge("0.2.0");
    folders.add("pack", false).judge("10.0.0");
    let catalogue = folders.scan();
    assert_eq!(
        catalogue.get("full-judge").unwrap().file,
        folders.judge_in("host")
    );
    let ignored: Vec<_> = catalogue
        .shadowed
        .iter()
        .map(|one| one.ignored.clone())
        .collect();
    assert_eq!(
        ignored,
        [
            folders.judge_in("data"),
            folders.judge_in("host-too"),
            folders.judge_in("pack")
        ]
    );
    assert!(
        catalogue
            .shadowed
            .iter()
            .all(|one| one.used == folders.judge_in("host"))
    );
    assert!(
        catalogue
            .shadowed
            .iter()
            .all(|one| one.why.starts_with("the host names"))
    );
}

#[test]
fn elsewhere_the_highest_version_wins_as_numbers() {
    let mut folders = Folders::new();
    folders.add("checkout", false).judge("0.9.0");
    folders.add("data", false).judge("0.10.0");
    folders.add("pack", false).judge("0.2.0");
    let catalogue = folders.scan();
    assert_eq!(
        catalogue.get("full-judge").unwrap().file,
        folders.judge_in("data")
    );
    assert_eq!(catalogue.shadowed.len(), 2);
    assert_eq!(catalogue.shadowed[0].why, "the other's version is higher");
}

#[test]
fn of_equal_versions_the_earlier_folder_wins() {
    let mut folders = Folders::new();
    folders.add("checkout", false).judge("0.1.0");
    folders.add("data", false).judge("0.1.0");
    let catalogue = folders.scan();
    assert_eq!(
        catalogue.get("full-judge").unwrap().file,
        folders.judge_in("checkout")
    );
    assert_eq!(catalogue.shadowed[0].ignored, folders.judge_in("data"));
    assert!(
        catalogue.shadowed[0]
            .why
            .contains("same version in an earlier folder")
    );
}

#[test]
fn other_files_hidden_files_and_missing_folders_are_passed_over() {
    let mut folders = Folders::new();
    folders
        .add("one", false)
        .file("README.md", "# Manifests")
        .file("full-judge.toml~", "id = ")
        .file(".full-judge.toml", "id = ");
    folders.folders.push(Folder {
        path: folders.root.path().join("missing"),
        from_host: true,
    });
    let catalogue = folders.scan();
    assert_eq!(catalogue.faults, []);
    assert!(catalogue.manifests.is_empty());
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_in_a_circle_are_faults_and_harm_nothing() {
    use std::os::unix::fs::symlink;
    let mut folders = Folders::new();
    folders.add("one", false).judge("0.1.0");
    let manifests = folders.folders[0].path.join("manifests");
    symlink("loop.toml", manifests.join("loop.toml")).unwrap();
    symlink("gone", manifests.join("dangling.toml")).unwrap();
    symlink("..", manifests.join("up.toml")).unwrap();
    symlink("/dev/zero", manifests.join("zero.toml")).unwrap();
    symlink(&manifests, manifests.join("manifests")).unwrap();
    let catalogue = folders.scan();
    assert_eq!(catalogue.manifests.len(), 1);
    assert_eq!(catalogue.faults.len(), 4, "{:?}", catalogue.faults);
    assert!(
        catalogue
            .faults
            .iter()
            .all(|fault| fault.found.contains("no readable file"))
    );
}

#[test]
fn scanning_touches_no_weights() {
    let mut folders = Folders::new();
    folders.add("one", false).judge("0.1.0");
    let catalogue = folders.scan();
    let judge = catalogue.get("full-judge").unwrap();
    let missing = judge.read_weights().unwrap_err().to_string();
    assert!(
        missing.contains("models/full-judge.onnx: found no readable file"),
        "{missing}"
    );
}
