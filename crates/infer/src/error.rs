//! Why a network did not open or run.

/// Why a network did not open or run. Messages name the network by its id; the file's name is the caller's to add.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Its bytes could not be had.
    #[error("{id}: its weights could not be read: {cause}")]
    Read {
        /// The network.
        id: String,
        /// What the reader said.
        cause: String,
    },
    /// The bytes are not those that were announced.
    #[error("{id}: the weights' SHA-256 is {found}, announced is {announced}; install them again")]
    Digest {
        /// The network.
        id: String,
        /// Digest of the bytes.
        found: String,
        /// Digest that the caller gave.
        announced: String,
    },
    /// The gate refused it.
    #[error("{id}: refused: {refusal}")]
    Refused {
        /// The network.
        id: String,
        /// The gate's reason.
        refusal: Box<diat_onnx::Refusal>,
    },
    /// The graph has other inputs or outputs than its manifest says.
    #[error(
        "{id}: {kind} {name:?} of the graph is {found}, the manifest says {wanted}; correct one of the two"
    )]
    Port {
        /// The network.
        id: String,
        /// "input" or "output".
        kind: &'static str,
        /// Name of the tensor.
        name: String,
        /// What the graph has.
        found: String,
        /// What was described.
        wanted: String,
    },
    /// An array handed to a run does not fit.
    #[error("{id}: input {name:?} was given {found}; needed: {wanted}, all with the same batch")]
    Input {
        /// The network.
        id: String,
        /// Name of the tensor.
        name: String,
        /// Shape of what was given.
        found: String,
        /// Shape that is needed.
        wanted: String,
    },
    /// No runtime could be started.
    #[error("the runtime {runtime} could not be started: {cause}")]
    Runtime {
        /// Which.
        runtime: String,
        /// What it said.
        cause: String,
    },
    /// No device took it, or the last one failed while it ran.
    #[error("{id}: no device is left to run it: {}", tried.join("; "))]
    Devices {
        /// The network.
        id: String,
        /// One line per device, in the order they were tried.
        tried: Vec<String>,
    },
}

/// Why one device did not do; it ends in a note and the next device is tried.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Backend(String),
    #[error("output {name:?} holds {found} at element {index}")]
    NotFinite {
        name: String,
        index: usize,
        found: f32,
    },
    #[error("output {name:?} is {found}; {wanted} is needed")]
    Shape {
        name: String,
        found: String,
        wanted: String,
    },
    #[error("it misses the golden vector: {0}")]
    Golden(String),
}
