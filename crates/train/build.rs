//! Has what is built with the feature `libtorch` find its libraries, wherever it is started from.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=LIBTORCH");
    if env::var_os("CARGO_FEATURE_LIBTORCH").is_none() {
        return;
    }
    let Some(folder) = env::var_os("LIBTORCH").map(PathBuf::from) else {
        println!(
            "cargo::error=LIBTORCH is not set: run cargo in the checkout, whose .cargo/config.toml sets it"
        );
        return;
    };
    println!("cargo::rerun-if-changed={}", folder.display());
    if !folder.join("include/torch").exists() {
        println!(
            "cargo::error={} is no libtorch: run `cargo xtask libtorch` first",
            folder.display()
        );
        return;
    }
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system != "windows") {
        println!(
            "cargo::rustc-link-arg=-Wl,-rpath,{}",
            folder.join("lib").display()
        );
    }
    // CUDA's part asks for libraries of NVIDIA's that need not be where it is linked.
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-link-arg=-Wl,--unresolved-symbols=ignore-in-shared-libs");
    }
}
