//! What can go wrong in a render, one kind per status of the ABI.

use diat_image::ViewError;

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

impl From<ViewError> for Error {
    fn from(error: ViewError) -> Self {
        Self::Format(error.to_string())
    }
}

impl From<diat_face::Error> for Error {
    fn from(error: diat_face::Error) -> Self {
        use diat_face::Error as Face;
        use diat_infer::Error as Infer;
        let text = error.to_string();
        match &error {
            Face::Cancelled => Self::Cancelled,
            Face::Config(_) => Self::Backend(text),
            Face::Network { source, .. } => match source.as_ref() {
                Infer::Runtime { .. } | Infer::Devices { .. } => Self::Backend(text),
                Infer::Input { .. } => Self::Internal(text),
                _ => Self::Model(text),
            },
            _ => Self::Model(text),
        }
    }
}
