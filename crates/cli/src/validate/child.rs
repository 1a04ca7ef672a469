//! The process of one check, from both sides.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use diat_host::validate::{Check, Finding, Outcome, Subject};

use super::line;
use crate::failure::Failure;

/// How often a check's process is looked at.
const LOOK: Duration = Duration::from_millis(2);

/// Runs the checks here.
pub(super) fn be(checks: &[&Check], subject: &Subject) {
    let say = |text: String| {
        let mut stdout = io::stdout().lock();
        let _ = stdout.write_all(text.as_bytes());
        // Heard even if this is the last that this process does.
        let _ = stdout.flush();
    };
    for check in checks {
        let finding = check.run(subject, &|step| say(line::step(step)));
        say(line::finding(&finding));
    }
}

/// What became of a check's process.
pub(super) struct Ended {
    pub(super) finding: Finding,
    /// What the library printed.
    pub(super) printed: String,
}

/// Runs a check in a process of its own, which keeps its temporary files in `scratch`.
pub(super) fn run(
    check: &Check,
    subject: &Subject,
    timeout: Duration,
    scratch: &Path,
) -> Result<Ended, Failure> {
    let failed = |error: io::Error| {
        Failure::Failed(format!(
            "a process for the check {} cannot be had: {error}",
            check.name
        ))
    };
    // Files, since a pipe stays open as long as anything that the library started holds it.
    let mut streams = [
        tempfile::tempfile_in(scratch),
        tempfile::tempfile_in(scratch),
    ];
    let [Ok(stdout), Ok(stderr)] = &mut streams else {
        return Err(failed(io::Error::other("no temporary files")));
    };
    let mut child = command(check, subject, scratch)
        .map_err(failed)?
        .stdin(Stdio::null())
        .stdout(stdout.try_clone().map_err(failed)?)
        .stderr(stderr.try_clone().map_err(failed)?)
        .spawn()
        .map_err(failed)?;
    let status = wait(&mut child, timeout).map_err(failed)?;
    let heard = line::hear(&all(stdout).map_err(failed)?);
    let errors = all(stderr).map_err(failed)?;
    let finding = match (status, heard.finding) {
        (Some(status), Some(finding)) if status.success() => finding,
        (status, finding) => {
            let how = status.map_or_else(
                || format!("no end after {} s", timeout.as_secs()),
                how_it_ended,
            );
            let step = match (finding, heard.step) {
                (Some(_), _) => ", after the check was done".to_owned(),
                (None, Some(step)) => format!(", at: {step}"),
                (None, None) => String::new(),
            };
            let said = errors.lines().rfind(|line| !line.trim().is_empty());
            let said = said.map_or_else(String::new, |line| format!(" ({})", line.trim()));
            Finding::new(Outcome::Crashed, format!("{how}{step}{said}"))
        }
    };
    // Last words of the system's are not the library's.
    let printed = if finding.outcome == Outcome::Crashed {
        String::new()
    } else {
        heard.printed + &errors
    };
    Ok(Ended { finding, printed })
}

fn command(check: &Check, subject: &Subject, scratch: &Path) -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.arg("validate").arg(&subject.library);
    command.args([
        "--child",
        "--check",
        check.name,
        "--seed",
        &subject.seed.to_string(),
    ]);
    for folder in &subject.resource_dirs {
        command.arg("--resources").arg(folder);
    }
    if let Some(effect) = &subject.effect {
        command.arg("--effect").arg(effect);
    }
    for variable in ["TMPDIR", "TMP", "TEMP"] {
        command.env(variable, scratch);
    }
    // A library that takes over the user's locale is found out only where that is not the one that programs start with.
    command.env("LC_ALL", "C.UTF-8");
    Ok(command)
}

/// None: it had to be ended.
fn wait(child: &mut Child, timeout: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > timeout {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(LOOK);
    }
}

fn all(file: &mut File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn how_it_ended(status: ExitStatus) -> String {
    if let Some(signal) = signal(status) {
        return signal;
    }
    match status.code() {
        Some(code) => format!("the process ended with exit code {code}"),
        None => "the process ended".to_owned(),
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<String> {
    use std::os::unix::process::ExitStatusExt;
    let number = status.signal()?;
    let name = match number {
        4 => " (illegal instruction)",
        6 => " (abort)",
        8 => " (arithmetic)",
        9 => " (killed)",
        11 => " (memory that may not be touched)",
        _ => "",
    };
    Some(format!("signal {number}{name}"))
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<String> {
    None
}
