//! Why nothing was exported.

use std::io;
use std::path::PathBuf;

use diat_manifest::Fault;

use super::Precision;

/// Why nothing was exported; what stood in the folder before still does, but for [`Error::Readback`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder of the training.
    #[error(transparent)]
    Run(#[from] crate::run::Error),
    /// Nothing is saved yet.
    #[error("{0}: no checkpoint is complete; let `diat-train resume {0}` come to the first one", folder.display())]
    NoCheckpoint {
        /// The folder of the training.
        folder: PathBuf,
    },
    /// What is saved cannot be read, or is another network's.
    #[error(transparent)]
    Load(#[from] crate::learn::Error),
    /// The network cannot be written as a graph that the plug-in runs.
    #[error(
        "{id}: the network cannot be written: {cause}; train on, or from an earlier checkpoint"
    )]
    Graph {
        /// Id of the network.
        id: String,
        /// The emitter's or the gate's reason.
        cause: Box<diat_onnx::emit::Error>,
    },
    /// What the recipe says cannot stand in a manifest.
    #[error("{id}: the manifest is refused: {}; correct the recipe", lines(.faults))]
    Manifest {
        /// Id of the network.
        id: String,
        /// Every fault.
        faults: Vec<Fault>,
    },
    /// The exported network does not answer as the trained one.
    #[error(
        "{id}: exported with {} weights it does not answer the test pattern as the trained network: {cause}; {}",
        precision.name(), precision.advice()
    )]
    Unlike {
        /// Id of the network.
        id: String,
        /// How its weights were stored.
        precision: Precision,
        /// What the runtime says.
        cause: Box<diat_infer::Error>,
    },
    /// Something else stands where the files belong.
    #[error("{}: found {found}, allowed: nothing, or what was exported as {id}; {advice}", file.display())]
    Taken {
        /// The file that stands there.
        file: PathBuf,
        /// Id of the network.
        id: String,
        /// What it is.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// The file system would not.
    #[error("{}: cannot be written: {cause}", file.display())]
    Write {
        /// The file or folder.
        file: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// What was written does not come back.
    #[error("{}: written, but cannot be used: {cause}; export again", file.display())]
    Readback {
        /// The manifest.
        file: PathBuf,
        /// What is wrong.
        cause: String,
    },
}

pub(super) fn lines(faults: &[Fault]) -> String {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    lines.join("; ")
}
