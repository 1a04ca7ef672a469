//! The door, from both sides: the header, the library, and what happens when a host does everything wrong.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests fail and report so"
)]

mod bench;
mod contract;
mod describe;
mod header;
mod library;
mod render;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use diat_tests::{has_program, root};

/// The warnings that the header promises not to cause.
const WARNINGS: [&str; 6] = [
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wpadded",
    "-Wconversion",
    "-pedantic",
];

/// The current header's folder and that of the frozen one.
fn includes() -> [PathBuf; 2] {
    ["plugin-abi/include", "plugin-abi/layout/v1.0"].map(|folder| root().join(folder))
}

/// Runs a program and gives what it said, whatever its status.
fn run(command: &mut Command) -> Output {
    let name = format!("{command:?}");
    command
        .output()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Everything a program said.
fn said(output: &Output) -> String {
    let streams = [&output.stdout, &output.stderr];
    streams.map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

/// Runs a program that must succeed.
fn succeed(command: &mut Command) -> Output {
    let output = run(command);
    let status = output.status;
    assert!(status.success(), "{command:?}: {status}\n{}", said(&output));
    output
}

/// One of the C programs beside this file, built against a header; none where there is no compiler.
fn c_program(name: &str, include: &Path, folder: &Path) -> Option<PathBuf> {
    if !has_program("cc") {
        return None;
    }
    let program = folder.join(name);
    let source = root().join("tests/tests/abi").join(format!("{name}.c"));
    succeed(
        Command::new("cc")
            .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-g"])
            .arg("-I")
            .arg(include)
            .arg(source)
            .arg("-o")
            .arg(&program)
            .args(["-ldl", "-lm", "-pthread"]),
    );
    Some(program)
}

/// A command whose user has an empty data folder.
fn as_new_user(program: &Path, data: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("XDG_DATA_HOME", data);
    command
}
