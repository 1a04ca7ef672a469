//! `diat runtime`, and `doctor` with a runtime. How an installation goes on, ends and is undone in every other case is tested
//! where it is made, in `diat-install`.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use diat_install::{Kind, Pin, pinned};
use diat_places::{Places, downloads_dir};

use crate::support::{Ran, User};

/// Runs `diat` with what stands for Python 3, a shell script that gets pip's arguments; nothing else is in the search path.
fn with_python(user: &User, script: &str, arguments: &[&str]) -> Ran {
    use std::os::unix::fs::PermissionsExt;
    let bin = user.path("bin");
    for name in ["python3", "python"] {
        let file = user.write(
            &format!("bin/{name}"),
            format!("#!/bin/sh\n{script}\n").as_bytes(),
        );
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    user.run(user.command().args(arguments).env("PATH", bin))
}

/// Runs `diat` where no program is found, Python neither.
fn without_python(user: &User, arguments: &[&str]) -> Ran {
    user.run(
        user.command()
            .args(arguments)
            .env("PATH", user.path("nothing")),
    )
}

/// What is left of an installation.
fn left(user: &User) -> Vec<String> {
    let runtime = user.data().join("runtime");
    let entries = fs::read_dir(runtime).into_iter().flatten();
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect()
}

#[test]
fn without_an_installed_runtime_the_built_in_one_is_told_and_nothing_is_taken_away() {
    let user = User::new();
    let list = user.diat(&["runtime", "list"]).expect(0, &[]);
    assert!(list.stdout.contains("used: tract"), "{list:#?}");
    let remove = user.diat(&["runtime", "remove"]);
    assert_eq!(remove.code, 0, "{remove:#?}");
    assert!(!remove.stdout.contains("taken away"), "{remove:#?}");
}

#[test]
fn without_python_it_is_told_what_to_install() {
    let user = User::new();
    without_python(&user, &["runtime", "install"]).expect(
        1,
        &[
            "no Python 3 was found",
            "python3",
            "install Python 3 with pip",
        ],
    );
}

#[test]
fn without_pip_it_is_told_what_python_said_and_what_to_install() {
    let user = User::new();
    let script = "echo 'No module named pip' >&2; exit 1";
    with_python(&user, script, &["runtime", "install"]).expect(
        1,
        &["python3 has no pip", "No module named pip", "ensurepip"],
    );
}

#[test]
fn without_a_network_pips_own_words_come_through() {
    let user = User::new();
    let script = "[ \"$3\" = --version ] && exit 0\n\
        echo 'ERROR: Temporary failure in name resolution' >&2; exit 1";
    with_python(&user, script, &["runtime", "install"]).expect(
        1,
        &[
            "ERROR: Temporary failure in name resolution",
            "pip config list",
        ],
    );
    assert!(left(&user).is_empty(), "{:?}", left(&user));
}

#[test]
fn a_wheel_with_other_bytes_is_refused() {
    let user = User::new();
    let Some(pin) = pinned(Kind::Cpu) else {
        println!("skipped: no runtime is pinned for this platform");
        return;
    };
    let script =
        "while [ $# -gt 1 ]; do [ \"$1\" = --dest ] && echo other > \"$2/other.whl\"; shift; done";
    let wheel = pin.wheels[0];
    with_python(&user, script, &["runtime", "install"])
        .expect(1, &[wheel.requirement, wheel.sha256, "deleted"]);
    assert!(left(&user).is_empty(), "{:?}", left(&user));
}

/// Gives the user the wheel that the tests run on, as if it had been fetched before; nothing where they run on none.
fn fetched(user: &User) -> Option<&'static Pin> {
    let (Some(pin), true) = (
        pinned(Kind::Cpu),
        std::env::var_os("DIAT_TEST_RUNTIME").is_some(),
    ) else {
        println!("skipped: DIAT_TEST_RUNTIME is not set, `cargo xtask test` fetches the wheel");
        return None;
    };
    let sha256 = pin.wheels[0].sha256;
    let from = downloads_dir().join(sha256);
    let wheel = fs::read_dir(from).unwrap().next().unwrap().unwrap().path();
    let to = user.home().join(".cache/diat/downloads").join(sha256);
    fs::create_dir_all(&to).unwrap();
    fs::copy(wheel, to.join("wheel.whl")).unwrap();
    Some(pin)
}

#[test]
fn what_was_fetched_is_installed_listed_used_compared_and_removed() {
    let user = User::new();
    let Some(pin) = fetched(&user) else { return };
    let installed = without_python(&user, &["runtime", "install"]).expect(0, &["fetched before"]);
    let name = format!("ONNX Runtime {}", pin.version);
    assert!(installed.stdout.contains(&name), "{installed:#?}");
    let folder = format!("onnxruntime-{}-cpu", pin.version);
    assert_eq!(left(&user), [folder.as_str()]);

    let list = user.diat(&["runtime", "list"]).expect(0, &[]).stdout;
    for part in [
        &format!("used: {name} (the one that was installed)"),
        &folder,
        "devices  CPU",
    ] {
        assert!(list.contains(part), "{part:?} is not in {list}");
    }

    let doctor = user.with_resources(&["doctor"]).expect(0, &[]).stdout;
    for runtime in [name.as_str(), "tract"] {
        let line = format!("{runtime} · CPU");
        let lines = || doctor.lines().filter(|told| told.contains(&line));
        assert!(lines().any(|told| told.contains("ms")), "{doctor}");
    }
    assert!(
        doctor.contains(&format!("painter         edited: {name} · CPU")),
        "{doctor}"
    );

    let removed = user.diat(&["runtime", "remove"]).expect(0, &[]);
    assert!(
        removed.stdout.contains(&name) && left(&user).is_empty(),
        "{removed:#?}"
    );
    let doctor = user.with_resources(&["doctor"]).expect(0, &[]).stdout;
    assert!(
        doctor.contains("edited: tract · CPU") && !doctor.contains(&name),
        "{doctor}"
    );
}

#[test]
fn what_config_names_is_told_to_be_used_in_place_of_what_was_installed() {
    let user = User::new();
    let Some(pin) = fetched(&user) else { return };
    let tests = std::env::var_os("DIAT_TEST_RUNTIME").unwrap();
    let mine = Places::with_data_dir(tests.into())
        .runtime_library()
        .unwrap()
        .unwrap();
    configure(&user, &mine);
    without_python(&user, &["runtime", "install"]).expect(
        0,
        &[
            "what is used is still",
            mine.to_str().unwrap(),
            "config.toml",
        ],
    );
    let list = user
        .diat(&["runtime", "list", "--json"])
        .expect(0, &[])
        .stdout;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["installed"][0]["version"], pin.version);
    assert_eq!(list["used"]["library"], mine.to_str().unwrap());
    assert_eq!(list["used"]["why"], "the one that config.toml names");
    user.diat(&["runtime", "remove"])
        .expect(0, &["what is used now is", mine.to_str().unwrap()]);
}

fn configure(user: &User, library: &Path) {
    fs::create_dir_all(user.data()).unwrap();
    let config = format!("runtime = '{}'\n", library.display());
    fs::write(user.data().join("config.toml"), config).unwrap();
}

/// A library that does this when it is loaded.
fn library(user: &User, does: &str) -> PathBuf {
    let code = format!(
        "#include <stdlib.h>\n__attribute__((constructor)) static void load(void) {{ {does} }}\n"
    );
    let source = user.write("library.c", code.as_bytes());
    let library = user.path("library.so");
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-o"])
        .args([&library, &source]);
    assert!(cc.status().unwrap().success());
    library
}

#[test]
fn a_library_that_is_no_runtime_is_told_with_the_reason_and_tract_is_used() {
    let user = User::new();
    let library = library(&user, "");
    configure(&user, &library);
    let list = user.diat(&["runtime", "list"]).expect(0, &[]).stdout;
    for part in [
        "used: tract",
        "config.toml",
        "does not load",
        "does not export OrtGetApiBase",
    ] {
        assert!(list.contains(part), "{part:?} is not in {list}");
    }
    user.with_resources(&["doctor"])
        .expect(1, &["does not export OrtGetApiBase", "tract runs"]);
}

#[test]
fn a_library_that_ends_its_process_ends_neither_list_nor_doctor() {
    let user = User::new();
    let library = library(&user, "abort();");
    configure(&user, &library);
    let list = user.diat(&["runtime", "list"]).expect(0, &[]).stdout;
    assert!(
        list.contains("ends the process that loads it") && list.contains("SIGABRT"),
        "{list}"
    );
    let doctor = user
        .with_resources(&["doctor"])
        .expect(1, &[library.to_str().unwrap(), "SIGABRT"]);
    assert!(doctor.stdout.contains("tract · CPU"), "{doctor:#?}");
}
