//! Set-up and checks that are not product code: `cargo xtask test` is the one test command.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool for developers"
)]

mod fetch;
mod readme;
mod speed;
mod stages;
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
    /// Fetch what the tests need into the user's cache and say where it is
    Fetch,
    /// Remake the README's before/after picture from a drawn face
    Pictures,
    /// Measure the release build beside a script of Python, and write the table
    Speed(speed::Speed),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Test { quick, long } => tests::run(quick, long),
        Command::Fetch => fetch::all().map(|tools| {
            println!("ONNX Runtime: {}", described(tools.runtime_data.as_deref()));
            println!("cargo-deny: {}", described(tools.cargo_deny.as_deref()));
            true
        }),
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

/// The root of the checkout that this program was built from.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
