//! The program under test and the plug-ins it is given.

use std::env::consts::DLL_SUFFIX;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use diat_tests::{has_program, program, root};
use serde_json::Value;

/// Runs `diat validate` with the given arguments.
pub(crate) fn validate(library: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(program());
    command.arg("validate").arg(library).args(more);
    command.output().unwrap()
}

/// One check's result.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) name: String,
    pub(crate) outcome: String,
    pub(crate) text: String,
}

/// What `--json` tells, and the exit code.
pub(crate) fn results(library: &Path, more: &[&str]) -> (Vec<Checked>, Option<i32>) {
    let output = validate(library, &[&["--json"], more].concat());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let json: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr))
    });
    let one = |check: &Value| {
        let text = |key: &str| check[key].as_str().unwrap().to_owned();
        Checked {
            name: text("name"),
            outcome: text("outcome"),
            text: text("text"),
        }
    };
    let checks = json["checks"].as_array().unwrap().iter().map(one).collect();
    (checks, output.status.code())
}

/// A plug-in of `tests/data/broken`, built against the header; none where there is no compiler.
pub(crate) fn plugin(name: &str, folder: &Path, more: &[&str]) -> Option<PathBuf> {
    if !has_program("cc") {
        return None;
    }
    let library = folder.join(format!("{name}{DLL_SUFFIX}"));
    let built = Command::new("cc")
        .args([
            "-std=c99",
            "-O1",
            "-shared",
            "-fPIC",
            "-fvisibility=hidden",
            "-pthread",
        ])
        .args(more)
        .arg("-I")
        .arg(root().join("plugin-abi/include"))
        .arg(root().join(format!("tests/data/broken/{name}.c")))
        .arg("-o")
        .arg(&library)
        .arg("-lm")
        .output()
        .unwrap();
    assert!(
        built.status.success(),
        "{name}.c: {}",
        String::from_utf8_lossy(&built.stderr)
    );
    Some(library)
}

/// What keeps a library loaded once it is.
pub(crate) const STAYS: &[&str] = if cfg!(target_os = "linux") {
    &["-Wl,-z,nodelete"]
} else {
    &[]
};
