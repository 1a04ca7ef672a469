//! A manifest and a network that are dropped into a folder are a new effect at the next start, with no rebuild.

use crate::stage::{Wish, face, noise, open, render};
use diat_host::{HostOptions, Plugin};
use diat_image::{Format, Layout};
use diat_tests::{plugin_library, root};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with `manifests/` and `models/`, the only place where the effect is spoken of.
fn parcel() -> PathBuf {
    root().join("tests/data/drop-in")
}

/// The effects that the parcel brings, by the names of its files.
fn ids() -> Vec<String> {
    let files = fs::read_dir(parcel().join("manifests")).unwrap();
    let ids: Vec<String> = files
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|ending| ending == "toml"))
        .map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert!(!ids.is_empty());
    ids
}

fn copy_to(folder: &Path) {
    for part in ["manifests", "models"] {
        fs::create_dir_all(folder.join(part)).unwrap();
        for file in fs::read_dir(parcel().join(part)).unwrap() {
            let file = file.unwrap().path();
            fs::copy(&file, folder.join(part).join(file.file_name().unwrap())).unwrap();
        }
    }
}

/// Renders every effect of the parcel; each has to change the picture.
fn use_it(plugin: &Plugin) {
    let points = face(64, 60.0, 0.0, [100.0, 95.0]).1;
    let input = noise(200, 190, Layout::srgb(Format::RgbaU8), 1);
    for id in ids() {
        let out = render(&mut open(plugin, &id, &[points]), &input, &Wish::default());
        assert!(out != input, "{id}");
    }
}

fn rust_sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
            rust_sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_rust_source_has_heard_of_the_effect() {
    let mut sources = Vec::new();
    rust_sources(&root(), &mut sources);
    assert!(sources.len() > 100);
    for source in sources {
        let text = fs::read_to_string(&source).unwrap();
        for id in ids() {
            assert!(!text.contains(&id), "{} knows {id}", source.display());
        }
    }
}

#[test]
fn dropped_into_a_hosts_folder_it_is_there_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let load = |folder: &Path| {
        let options = HostOptions {
            resource_dirs: vec![folder.to_owned()],
            ..HostOptions::default()
        };
        Plugin::load(&plugin_library(), options).unwrap()
    };
    fs::create_dir_all(folder.path().join("before/manifests")).unwrap();
    let before = load(&folder.path().join("before"));
    assert!(ids().iter().all(|id| before.effect(id).is_none()));
    let after = folder.path().join("after");
    copy_to(&after);
    use_it(&load(&after));
}

#[test]
fn dropped_into_the_users_data_folder_it_is_there_at_the_next_start() {
    // The user's folder is settled when a process starts, so a process of its own looks at it.
    let home = tempfile::tempdir().unwrap();
    let start = |expected: &str| {
        plugin_library();
        let ran = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "drop_in::a_start_of_the_program",
                "--ignored",
                "--nocapture",
            ])
            .env("XDG_DATA_HOME", home.path())
            .env("HOME", home.path())
            .env("APPDATA", home.path())
            .env("DIAT_DROP_IN", expected)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(
            ran.status.success(),
            "{said}{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        assert!(said.contains("1 passed"), "{said}");
    };
    start("absent");
    let data = if cfg!(target_os = "macos") {
        home.path().join("Library/Application Support/diat")
    } else {
        home.path().join("diat")
    };
    copy_to(&data);
    start("present");
}

#[test]
#[ignore = "a part of another test, in a process of its own"]
fn a_start_of_the_program() {
    let plugin = Plugin::load(&plugin_library(), HostOptions::default()).unwrap();
    match env::var("DIAT_DROP_IN").as_deref() {
        Ok("present") => use_it(&plugin),
        Ok("absent") => assert!(ids().iter().all(|id| plugin.effect(id).is_none())),
        // Run by hand together with all that is ignored: that says nothing, so it promises nothing.
        _ => println!("skipped: it is told nothing by the test that it is a part of"),
    }
}
