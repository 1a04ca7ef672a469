//! Why nothing could be measured.

use std::io;
use std::path::{Path, PathBuf};

/// Why an evaluation, an ablation or a judge's training failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A JSON file does not hold what it should.
    #[error("{}: line {}, column {}: {source}; {remedy}", path.display(), source.line(), source.column())]
    Json {
        /// Which.
        path: PathBuf,
        /// What and where.
        source: serde_json::Error,
        /// What to do.
        remedy: &'static str,
    },
    /// What is asked for does not go together.
    #[error("{0}")]
    Asked(String),
    /// Too few faces to train a judge or to measure.
    #[error(
        "{data}: partition {partition} has {found} faces whose {attribute} is {value}; {needed} or more are needed"
    )]
    Faces {
        /// The data set.
        data: String,
        /// Which part of it.
        partition: u8,
        /// The attribute.
        attribute: String,
        /// Its value.
        value: bool,
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// The effect cannot be run.
    #[error(transparent)]
    Effect(#[from] diat_effects::Error),
    /// A picture cannot be used.
    #[error("{name}: {reason}")]
    Picture {
        /// Its file.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// Weights cannot be read or written.
    #[error(transparent)]
    Weights(#[from] crate::weights::Error),
    /// A variant's training came to nothing.
    #[error(transparent)]
    Learn(Box<crate::learn::Error>),
    /// What was trained cannot be exported.
    #[error(transparent)]
    Export(Box<crate::export::Error>),
    /// The data set cannot be used.
    #[error(transparent)]
    Data(Box<crate::data::Error>),
}

impl Error {
    /// For `map_err`.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }

    /// For `map_err`.
    pub(crate) fn json(
        path: &Path,
        remedy: &'static str,
    ) -> impl FnOnce(serde_json::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Json {
            path,
            source,
            remedy,
        }
    }
}

impl From<crate::learn::Error> for Error {
    fn from(error: crate::learn::Error) -> Self {
        Self::Learn(Box::new(error))
    }
}

impl From<crate::data::Error> for Error {
    fn from(error: crate::data::Error) -> Self {
        Self::Data(Box::new(error))
    }
}

impl From<crate::export::Error> for Error {
    fn from(error: crate::export::Error) -> Self {
        Self::Export(Box::new(error))
    }
}
