//! The plug-in's library, built by the tests that load it.

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
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

/// The plug-in's library, straight in the checkout's `target/ci`; built, by `cargo build --profile ci -p diat-plugin`, by the
/// first call in a process.
pub fn plugin_library() -> PathBuf {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(build).clone()
}

fn build() -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let ran = Command::new(cargo)
        .args(["build", "--quiet", "--profile", "ci", "-p", "diat-plugin"])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "diat-plugin does not build: {said}");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let library = target.join(format!("ci/{DLL_PREFIX}diat_plugin{DLL_SUFFIX}"));
    assert!(library.is_file(), "{}: was not built", library.display());
    library
}
