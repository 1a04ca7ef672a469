//! Set-up and checks that are not product code: `cargo xtask test` is the one test command.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool for developers"
)]

mod bundle;
mod fetch;
mod libtorch;
mod readme;
mod speed;
mod stages;
mod tests;

use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};

use clap::{Parser, Subcommand};

/// Everything that can go wrong here ends as one line for the developer.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Set-up and checks of the diat workspace"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fetch what the tests need, then run every check and every test
    Test {
        /// Only the tests: no formatting, lints, documentation or licences
        #[arg(long)]
        quick: bool,
        /// Also the long tests (all portraits)
        #[arg(long)]
        long: bool,
    },
    /// Make a folder and an archive that work where they are unpacked, without Rust
    Bundle(bundle::Options),
    /// Fetch what the tests need into the user's cache and say where it is
    Fetch,
    /// Lay out what `diat-train --features libtorch` links, in target/libtorch
    Libtorch(libtorch::Options),
    /// Remake the README's before/after picture from a drawn face
    Pictures,
    /// Measure the release build beside a script of Python, and write the table
    Speed(speed::Speed),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Test { quick, long } => tests::run(quick, long),
        Command::Bundle(options) => bundle::run(&options, &mut |reason| {
            println!("skipped: {reason}");
        }),
        Command::Fetch => fetch::all().map(|tools| {
            println!("ONNX Runtime: {}", described(tools.runtime_data.as_deref()));
            println!("cargo-deny: {}", described(tools.cargo_deny.as_deref()));
            true
        }),
        Command::Libtorch(options) => libtorch::run(&options).map(|()| true),
        Command::Pictures => readme::pictures().map(|()| true),
        Command::Speed(speed) => speed.run().map(|()| true),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn described(path: Option<&Path>) -> String {
    path.map_or_else(
        || "not available on this platform".into(),
        |path| path.display().to_string(),
    )
}

/// A command of the cargo that runs this, in the checkout.
fn cargo(subcommand: &str) -> process::Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = process::Command::new(cargo);
    command.current_dir(root()).arg(subcommand);
    command
}

/// Where cargo builds.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The root of the checkout that this program was built from.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
