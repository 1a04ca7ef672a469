//! What can go wrong in a render, one kind per status of the ABI.

/// Why there is no result. Each kind is one `diat_status`.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The host's progress callback asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// Something the host gave is not allowed.
    #[error("{0}")]
    Argument(String),
    /// The pixels cannot be worked on.
    #[error("{0}")]
    Format(String),
    /// Weights missing, damaged, or not what the manifest says.
    #[error("{0}")]
    Model(String),
    /// No runtime or device could run the network.
    #[error("{0}")]
    Backend(String),
    /// Not enough memory.
    #[error("{0}")]
    Memory(String),
    /// A mistake of our own.
    #[error("{0}")]
    Internal(String),
}
