//! How a command ends.

use std::error::Error;

/// Exit code where something failed.
pub(crate) const FAILED: u8 = 1;
/// Exit code of wrong use: nothing was done.
pub(crate) const WRONG_USE: u8 = 2;

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// It was asked for something that cannot be; nothing was touched.
    #[error("{0}")]
    Usage(String),
    /// It could not.
    #[error("{0}")]
    Failed(String),
}

impl Failure {
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => WRONG_USE,
            Self::Failed(_) => FAILED,
        }
    }
}

/// For `map_err`.
pub(crate) fn failed(error: impl Error) -> Failure {
    Failure::Failed(error.to_string())
}

/// For `map_err`.
pub(crate) fn usage(error: impl Error) -> Failure {
    Failure::Usage(error.to_string())
}
