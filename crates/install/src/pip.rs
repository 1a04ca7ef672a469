//! The user's own pip, which alone knows from where.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Error, Event, Wheel};

/// What may be Python 3, in the order they are tried.
const PYTHONS: &[&[&str]] = if cfg!(windows) {
    &[&["py", "-3"], &["python3"], &["python"]]
} else {
    &[&["python3"], &["python"]]
};
/// The wheels hold libraries that do not care; this is the version in the names of those that name one.
const PYTHON_VERSION: &str = "3.11";
/// The end of what pip said, as far as an error repeats it.
const LAST_LINES: usize = 4;

/// How pip shows how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PipProgress {
    /// With its own bar, on stderr, which is a terminal.
    Bar,
    /// Not at all.
    Silent,
}

/// A Python that has pip.
#[derive(Debug, Clone)]
pub struct Pip {
    program: OsString,
    arguments: Vec<OsString>,
}

impl Pip {
    /// The one of the user's search path.
    ///
    /// # Errors
    /// There is no Python, or it has no pip.
    pub fn find() -> Result<Self, Error> {
        let mut without_pip = None;
        for words in PYTHONS {
            let [program, arguments @ ..] = words else {
                continue;
            };
            let pip = Self {
                program: program.into(),
                arguments: arguments.iter().map(OsString::from).collect(),
            };
            match pip.answers() {
                Ok(None) => return Ok(pip),
                Ok(Some(message)) => {
                    without_pip.get_or_insert((words.join(" "), message));
                }
                Err(_) => {}
            }
        }
        Err(match without_pip {
            Some((python, message)) => Error::NoPip { python, message },
            None => Error::NoPython {
                tried: PYTHONS.iter().map(|words| words.join(" ")).collect(),
            },
        })
    }

    /// This Python, whatever the search path says; an absolute path.
    #[must_use]
    pub fn of(python: &Path) -> Self {
        Self {
            program: python.into(),
            arguments: Vec::new(),
        }
    }

    /// What it says instead, if it has no pip.
    fn answers(&self) -> io::Result<Option<String>> {
        let output = self.command().arg("--version").output()?;
        Ok((!output.status.success()).then(|| {
            let said = String::from_utf8_lossy(&output.stderr);
            last_lines(&said.lines().map(str::to_owned).collect::<Vec<_>>())
        }))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .args(["-m", "pip"])
            .stdin(Stdio::null());
        command
    }

    /// Fetches a wheel into a folder. Everything unfinished lies in that folder too, so that who empties it is rid of it.
    pub(crate) fn download(
        &self,
        wheel: &Wheel,
        folder: &Path,
        shows: PipProgress,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Error> {
        let failed = |message: String| Error::Pip {
            requirement: wheel.requirement.to_owned(),
            message,
        };
        let mut command = self.command();
        // pip's own cache would keep each of these files a second time.
        command
            .args(["download", "--disable-pip-version-check", "--no-input"])
            .args(["--no-cache-dir", "--no-deps", "--only-binary=:all:"])
            .args(["--platform", wheel.platform, "--implementation", "cp"])
            .args(["--python-version", PYTHON_VERSION, "--dest"])
            .arg(folder);
        for variable in ["TMPDIR", "TEMP", "TMP"] {
            command.env(variable, folder);
        }
        match shows {
            PipProgress::Bar => command.stdout(io::stderr()),
            PipProgress::Silent => command.stdout(Stdio::null()).arg("--quiet"),
        };
        command.arg(wheel.requirement).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let mut said = Vec::new();
        if let Some(stderr) = child.stderr.take() {
            for line in lines(stderr) {
                tell(Event::Pip(&line));
                said.push(line);
            }
        }
        match child.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) if said.is_empty() => Err(failed(status.to_string())),
            Ok(_) => Err(failed(last_lines(&said))),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

/// Lines that may not be UTF-8, to the end or to what cannot be read.
fn lines(pipe: impl Read) -> impl Iterator<Item = String> {
    let pieces = BufReader::new(pipe).split(b'\n');
    pieces
        .map_while(Result::ok)
        .map(|line| String::from_utf8_lossy(&line).trim_end().to_owned())
        .filter(|line| !line.is_empty())
}

fn last_lines(lines: &[String]) -> String {
    let from = lines.len().saturating_sub(LAST_LINES);
    let last: Vec<&str> = lines.iter().skip(from).map(|line| line.trim()).collect();
    last.join(" / ")
}
