//! Why faces could not be looked for.

use crate::seeta::Damage;
use diat_manifest::Fault;
use diat_places::ConfigError;
use std::path::PathBuf;

/// Why faces could not be looked for. That none were found is no error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no manifest of this id.
    #[error(
        "{wanted} {id:?} is not there; found: {}; install its manifest and weights or name another one",
        list(found)
    )]
    Missing {
        /// The kind that was looked for, `detector` or `landmarks`.
        wanted: &'static str,
        /// The id that was looked for.
        id: String,
        /// Ids of that kind.
        found: Vec<String>,
    },
    /// The manifest of this id is of another kind.
    #[error("{}: {id:?} is of kind {found:?}, needed is {wanted:?}; name another one", file.display())]
    Kind {
        /// The manifest.
        file: PathBuf,
        /// Its id.
        id: String,
        /// Its kind.
        found: &'static str,
        /// The kind that is needed.
        wanted: &'static str,
    },
    /// The weights of a detector cannot be used.
    #[error(transparent)]
    Weights(#[from] Fault),
    /// The bytes that a manifest calls a SeetaFace cascade are none.
    #[error(
        "{}: no SeetaFace cascade: {damage}; install it again",
        file.display()
    )]
    Cascade {
        /// The weights.
        file: PathBuf,
        /// Where it stops being one, and why.
        damage: Damage,
    },
    /// A network does not open or run.
    #[error("{}: {source}", file.display())]
    Network {
        /// Its manifest.
        file: PathBuf,
        /// Why.
        source: Box<diat_infer::Error>,
    },
    /// A network answers in another shape than its kind has to.
    #[error("{}: output {name:?} is {found:?}, needed is {wanted:?}; use another network", file.display())]
    Shape {
        /// Its manifest.
        file: PathBuf,
        /// The output.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// The shape that is needed.
        wanted: Vec<usize>,
    },
    /// The user's configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

fn list(ids: &[String]) -> String {
    if ids.is_empty() {
        "none".to_owned()
    } else {
        ids.join(", ")
    }
}
