//! A set of drawn faces, a recipe that takes seconds, and the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The smallest networks at the smallest size.
const RECIPE: &str = include_str!("small.toml");

/// What a run of the program said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Fails unless it ended with this code and said these words on stderr.
    pub(crate) fn expect(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in {self:?}");
        }
        self
    }
}

/// A folder for a test.
pub(crate) struct User {
    folder: TempDir,
}

impl User {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("small.toml"), RECIPE).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// `diat-train run` of the recipe into `out`, not yet started.
    pub(crate) fn run(&self, out: &str, sets: &[&str]) -> Command {
        let mut command = self.command(&["run", "small.toml", "--out", out, "--data"]);
        command.arg(faces());
        for set in sets {
            command.args(["--set", set]);
        }
        command
    }

    pub(crate) fn resume(&self, out: &str) -> Command {
        self.command(&["resume", out])
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_diat-train"));
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    /// Complete checkpoints of a training, by round.
    pub(crate) fn checkpoints(&self, out: &str) -> Vec<String> {
        let folder = self.path(out).join("checkpoints");
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries
            .filter(|entry| entry.path().join("complete.json").exists())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Names and bytes of a training's newest checkpoint, without what depends on the clock.
    pub(crate) fn weights(&self, out: &str) -> Vec<(String, Vec<u8>)> {
        let newest = self.checkpoints(out).pop().unwrap();
        let folder = self.path(out).join("checkpoints").join(newest);
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|file| (file.file_name().unwrap().to_str().unwrap().to_owned(), file))
            .filter(|(name, _)| name != "complete.json")
            .map(|(name, file)| (name, fs::read(file).unwrap()))
            .collect();
        files.sort();
        files
    }

    /// The lines of `metrics.jsonl`, without what depends on the clock.
    pub(crate) fn metrics(&self, out: &str) -> Vec<serde_json::Value> {
        let text = self.read(&format!("{out}/metrics.jsonl"));
        let line = |line: &str| {
            let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
            let object = line.as_object_mut().unwrap();
            object.remove("seconds").unwrap();
            object.remove("waiting");
            line
        };
        text.lines().map(line).collect()
    }
}

/// Runs to its end.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Starts, and is heard by nobody.
pub(crate) fn started(command: &mut Command) -> Child {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

pub(crate) fn send(signal: &str, child: &Child) {
    let status = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(status.unwrap().success());
}

/// Fails where something does not come about within a minute.
pub(crate) fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_there() {
        assert!(start.elapsed() < Duration::from_secs(60), "no {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Drawn faces with glasses and without, made once.
fn faces() -> &'static Path {
    static FACES: OnceLock<TempDir> = OnceLock::new();
    FACES
        .get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let status = Command::new(env!("CARGO_BIN_EXE_diat-train"))
                .args([
                    "synth",
                    "--effect",
                    "eyeglasses-off",
                    "--count",
                    "20",
                    "--size",
                    "32",
                ])
                .args(["--out".as_ref(), folder.path()])
                .stderr(Stdio::null())
                .status();
            assert!(status.unwrap().success());
            folder
        })
        .path()
}
