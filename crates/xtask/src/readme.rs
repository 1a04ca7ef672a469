//! What the README shows is what the program does: its command is run word for word, its picture is made here.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::{Result, root};

/// Runs the README's main command with the test build of `diat` and checks that a changed picture came out.
pub(crate) fn main_job() -> Result<bool> {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let line = readme
        .lines()
        .find(|line| line.starts_with("cargo run --release -- apply "))
        .ok_or("README.md: no line `cargo run --release -- apply …`")?;
    let words: Vec<&str> = line.split_whitespace().skip(4).collect();
    let output = match words.as_slice() {
        [.., "-o", output] => root().join(output),
        _ => return Err(format!("README.md: `{line}` does not end in -o FILE").into()),
    };
    let input = words
        .get(2)
        .map(|input| root().join(input))
        .ok_or("README.md: no input")?;
    if output.exists() {
        fs::remove_file(&output)?;
    }
    let ran = Command::new(diat())
        .args(&words)
        .current_dir(root())
        .status()?;
    let written = fs::read(&output)?;
    fs::remove_file(&output)?;
    println!("{line}: {ran}, {} bytes", written.len());
    Ok(ran.success() && written != fs::read(input)?)
}

/// Remakes the README's before/after picture.
pub(crate) fn pictures() -> Result<()> {
    Err("not written yet".into())
}

fn diat() -> PathBuf {
    root()
        .join("target/ci")
        .join(format!("diat{}", std::env::consts::EXE_SUFFIX))
}
