//! What ONNX Runtime must not do in a user's name.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod suite;

use std::fs;
use std::path::Path;
use std::process::Command;

use diat_infer::Device;
use diat_places::Places;
use suite::networks::scaled;

/// Data folder of a child; it is one where this is set.
const FOLDER: &str = "DIAT_TEST_CHILD_FOLDER";

/// Not a test of its own: what the test below starts.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let places = Places::with_data_dir(Path::new(&folder).to_owned());
    let (spec, bytes) = scaled();
    let network = suite::open_on(&places, &spec, &bytes, Device::Cpu, 1).unwrap();
    let ran = network.ran();
    assert!(ran.runtime.starts_with("ONNX Runtime"), "{ran:?}");
}

#[test]
fn onnx_runtime_keeps_no_identifier_of_the_machine_and_no_events_to_send() {
    let Some(places) = suite::with_runtime() else {
        return;
    };
    let library = places.runtime_library().unwrap().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = format!("runtime = '{}'\n", library.display());
    fs::write(folder.path().join("config.toml"), config).unwrap();
    let home = folder.path().join("home");
    fs::create_dir(&home).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap());
    // Nothing that tells of tests or of automatic builds, where it keeps still by itself.
    child.env_clear().args(["--exact", "child"]);
    child.env(FOLDER, folder.path());
    for variable in ["HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] {
        child.env(variable, &home);
    }
    let output = child.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let kept: Vec<_> = fs::read_dir(&home).unwrap().collect();
    assert!(kept.is_empty(), "{kept:?}");
}
