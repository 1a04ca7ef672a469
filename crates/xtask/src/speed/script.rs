//! The script of Python, asked line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use super::host::Edit;
use super::pictures::Drawn;
use crate::{Result, root};

/// What the script imports.
const PACKAGES: [&str; 3] = ["onnxruntime", "opencv-python-headless", "numpy"];

/// Python with the script's packages, installed by the user's own pip settings on first use.
pub(crate) fn environment(folder: &Path) -> Result<PathBuf> {
    let venv = folder.join("venv");
    let python = venv.join("bin/python");
    let imports = Command::new(&python)
        .args(["-c", "import cv2, numpy, onnxruntime"])
        .output();
    if imports.is_ok_and(|output| output.status.success()) {
        return Ok(python);
    }
    let run = |command: &mut Command| -> Result<()> {
        let status = command.status()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{command:?}: {status}").into())
        }
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet"])
        .args(PACKAGES))?;
    Ok(python)
}

pub(crate) struct Script {
    folder: PathBuf,
    child: Child,
    /// Closed when dropped, which ends the script.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Script {
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let mut child = Command::new(environment(folder)?)
            .arg(root().join("crates/xtask/bench/peer.py"))
            .arg(root().join("models/eyeglasses-off.onnx"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        Ok(Self {
            folder: folder.to_path_buf(),
            questions: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().ok_or("no answers")?),
            child,
        })
    }

    fn ask(&mut self, question: &Value) -> Result<Value> {
        let stdin = self.questions.as_mut().ok_or("the script has ended")?;
        writeln!(stdin, "{question}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    pub(crate) fn load(&mut self, picture: &Drawn) -> Result<()> {
        let path = self.folder.join(picture.name).with_extension("rgba");
        let (width, height) = (picture.width, picture.height);
        self.ask(&json!({
            "do": "load", "path": path, "width": width, "height": height, "points": picture.points
        }))?;
        Ok(())
    }

    /// Seconds of the network alone: on the crop of the edit before, and on zeros.
    pub(crate) fn bare(&mut self) -> Result<(f64, f64)> {
        let answer = self.ask(&json!({"do": "bare"}))?;
        Ok((number(&answer, "network")?, number(&answer, "zeros")?))
    }

    pub(crate) fn edit(&mut self, strength: f64) -> Result<Edit> {
        let answer = self.ask(&json!({"do": "edit", "strength": strength}))?;
        let part = |name| number(&answer, name);
        Ok(Edit {
            whole: part("whole")?,
            warp_and_composite: part("warp")? + part("gate")? + part("composite")?,
            network: part("network")?,
        })
    }

    pub(crate) fn save(&mut self, path: &Path) -> Result<()> {
        self.ask(&json!({"do": "save", "path": path})).map(|_| ())
    }

    /// Bytes by which some work raises the peak of the script's memory.
    pub(crate) fn growth(&mut self, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<f64> {
        let before = number(&self.ask(&json!({"do": "memory"}))?, "VmRSS")?;
        work(self)?;
        Ok(number(&self.ask(&json!({"do": "memory"}))?, "VmHWM")? - before)
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.questions = None;
        // It has nothing left to do; how it ends changes nothing.
        let _ = self.child.wait();
    }
}

fn number(answer: &Value, name: &str) -> Result<f64> {
    let number = answer.get(name).and_then(Value::as_f64);
    number.ok_or_else(|| format!("the script said {answer}, without {name}").into())
}
