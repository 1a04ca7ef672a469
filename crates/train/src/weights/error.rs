//! What can be wrong with a file of weights.

use std::path::PathBuf;

/// A file of weights that cannot be read, written or used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("{}: cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It cannot be written.
    #[error("{}: cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not what its name says.
    #[error("{}: not a file of weights: {what}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// It is for another network.
    #[error("{}: {mismatch}", path.display())]
    Mismatch {
        /// The file.
        path: PathBuf,
        /// Where they differ.
        mismatch: Mismatch,
    },
}

/// Weights for another network than the one they are given to.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Mismatch {
    /// Tensors of the network that are not there.
    #[error("weights are missing: {}; the file belongs to another network", few(.0))]
    Missing(Vec<String>),
    /// Tensors that the network does not have.
    #[error("weights that this network does not have: {}; the file belongs to another network", few(.0))]
    Unknown(Vec<String>),
    /// A tensor of another shape.
    #[error(
        "`{name}` has shape {found:?} where {expected:?} is needed; the file belongs to a network of another width or size"
    )]
    Shape {
        /// Its name.
        name: String,
        /// What it has.
        found: Vec<usize>,
        /// What the network has.
        expected: Vec<usize>,
    },
}

/// The first names, and how many more there are.
fn few(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = names.iter().take(SHOWN).map(|name| format!("`{name}`"));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
