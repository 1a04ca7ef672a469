//! Named, timed stages: each prints its minutes, all of them run, and the last table says which failed.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;

/// The stages run so far.
#[derive(Default)]
pub(crate) struct Stages {
    rows: Vec<(String, Duration, bool)>,
}

impl Stages {
    /// Runs one stage; an error is printed and counts as failed.
    pub(crate) fn run(&mut self, name: &str, stage: impl FnOnce() -> Result<bool>) -> bool {
        println!("== {name}");
        let start = Instant::now();
        let passed = stage().unwrap_or_else(|error| {
            println!("{error}");
            false
        });
        let took = start.elapsed();
        println!("== {name}: {} in {:.1} min", word(passed), minutes(took));
        self.rows.push((name.to_owned(), took, passed));
        passed
    }

    /// Prints the table of stages.
    pub(crate) fn print(&self) {
        println!("\n{:<28} {:>7}", "stage", "minutes");
        for (name, took, passed) in &self.rows {
            println!("{name:<28} {:>7.1}  {}", minutes(*took), word(*passed));
        }
        let total = self.rows.iter().map(|row| row.1).sum();
        println!("{:<28} {:>7.1}", "total", minutes(total));
    }

    /// Whether every stage passed.
    pub(crate) fn passed(&self) -> bool {
        self.rows.iter().all(|row| row.2)
    }
}

fn word(passed: bool) -> &'static str {
    if passed { "passed" } else { "FAILED" }
}

fn minutes(took: Duration) -> f64 {
    took.as_secs_f64() / 60.0
}

/// Runs a command to its end; true if it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool> {
    let status = command
        .status()
        .map_err(|error| format!("{}: {error}", command.get_program().to_string_lossy()))?;
    Ok(status.success())
}

/// Runs a command with everything it prints in `log` and each line shown to `line` as it comes.
pub(crate) fn logged(
    command: &mut Command,
    log: &Path,
    mut line: impl FnMut(&str),
) -> Result<bool> {
    let mut file = std::fs::File::create(log)?;
    let program = command.get_program().to_string_lossy().into_owned();
    let (reader, writer) = std::io::pipe()?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    // The command holds the pipe's writing ends too; without this the reading below would never end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut reader = BufReader::new(reader);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        file.write_all(&bytes)?;
        line(String::from_utf8_lossy(&bytes).trim_end());
        bytes.clear();
    }
    Ok(child.wait()?.success())
}
