//! The plug-in's library and the program, built by the tests that use them.

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX, EXE_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The checkout's root.
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package
        .parent()
        .expect("the package lies in the checkout")
        .to_owned()
}

/// The plug-in's library, straight in the checkout's `target/ci`; built by the first call in a process.
pub fn plugin_library() -> PathBuf {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    let name = format!("{DLL_PREFIX}diat_plugin{DLL_SUFFIX}");
    LIBRARY.get_or_init(|| built("diat-plugin", &name)).clone()
}

/// The program `diat`, as [`plugin_library`].
pub fn program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let name = format!("diat{EXE_SUFFIX}");
    PROGRAM.get_or_init(|| built("diat", &name)).clone()
}

/// A package's file in `target/ci`, after `cargo build --profile ci -p PACKAGE`. Whoever has just built the whole workspace
/// says so by `DIAT_TEST_BUILT`: a package built alone has other features, so that everything would be built twice.
fn built(package: &str, name: &str) -> PathBuf {
    if env::var_os("DIAT_TEST_BUILT").is_none() {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let ran = Command::new(cargo)
            .args(["build", "--quiet", "--profile", "ci", "-p", package])
            .current_dir(root())
            .output()
            .expect("cargo starts");
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{package} does not build: {said}");
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let file = target.join("ci").join(name);
    assert!(file.is_file(), "{}: was not built", file.display());
    file
}
