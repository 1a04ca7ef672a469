//! Why a training did not start or go on.

use std::io;
use std::path::{Path, PathBuf};

/// Why a training did not start or go on. The last complete checkpoint, if any, is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder of the run.
    #[error("{}: cannot be {what}: {cause}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What was tried.
        what: &'static str,
        /// What the system says.
        cause: io::Error,
    },
    /// A run is to begin in a folder that has one.
    #[error(
        "{0}: holds a training already: `diat-train resume {0}` goes on with it, another --out begins a new one",
        folder.display()
    )]
    Used {
        /// The folder.
        folder: PathBuf,
    },
    /// A run is to begin in a folder that has something else.
    #[error("{}: holds {entry}, which is no part of a training: name a folder that is empty or not there", folder.display())]
    Occupied {
        /// The folder.
        folder: PathBuf,
        /// What it holds.
        entry: String,
    },
    /// A folder to go on with has no run.
    #[error("{}: no training lies there (found no {missing}): `diat-train run` begins one", folder.display())]
    NoRun {
        /// The folder.
        folder: PathBuf,
        /// What was looked for.
        missing: &'static str,
    },
    /// Two runs in one folder.
    #[error("{}: another diat-train works there: wait for it, or end it", folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of the run says something else than it did when the run began.
    #[error("{}: found {found}, allowed: {allowed}; {advice}", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// What is there.
        found: String,
        /// What may be there.
        allowed: String,
        /// What to do.
        advice: String,
    },
    /// The recipe that a run left behind.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Recipe(Vec<diat_manifest::Fault>),
    /// NaN or infinity in too many rounds in a row.
    #[error(
        "round {round}: {term} in the {times}th round in a row: stopped. {}; lower the rates of [schedule], or the weight of that term, and start again",
        kept(folder, *last)
    )]
    NotFinite {
        /// The run's folder.
        folder: PathBuf,
        /// The round, counted from 1.
        round: u64,
        /// What was not finite.
        term: String,
        /// Rounds in a row.
        times: u32,
        /// Rounds of the last checkpoint.
        last: Option<u64>,
    },
    /// A checkpoint could not be written.
    #[error(
        "{}: the checkpoint of round {round} cannot be written: {cause}. {}; make room and go on with `diat-train resume {}`",
        folder.join("checkpoints").display(), kept(folder, *last), folder.display()
    )]
    Save {
        /// The run's folder.
        folder: PathBuf,
        /// The round.
        round: u64,
        /// File and reason.
        cause: Box<dyn std::error::Error + Send + Sync>,
        /// Rounds of the last complete checkpoint.
        last: Option<u64>,
    },
    /// A checkpoint could not be read by the learner.
    #[error("{}: not what this recipe's networks saved: {cause}", folder.display())]
    Load {
        /// The checkpoint's folder.
        folder: PathBuf,
        /// Why.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A round failed.
    #[error("round {round}: {cause}. {}", kept(folder, *last))]
    Round {
        /// The run's folder.
        folder: PathBuf,
        /// The round, counted from 1.
        round: u64,
        /// Why.
        cause: Box<dyn std::error::Error + Send + Sync>,
        /// Rounds of the last checkpoint.
        last: Option<u64>,
    },
    /// Held-out faces could not be edited.
    #[error("the held-out faces cannot be edited: {0}")]
    Edit(Box<dyn std::error::Error + Send + Sync>),
}

fn kept(folder: &Path, last: Option<u64>) -> String {
    match last {
        Some(round) => format!(
            "{} is complete and kept",
            folder.join(format!("checkpoints/{round:06}")).display()
        ),
        None => "There is no checkpoint yet".to_owned(),
    }
}

impl Error {
    /// For `map_err`.
    pub(crate) fn io(path: &Path, what: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Io { path, what, cause }
    }
}
