//! How a command ends.

/// Exit code where something failed and the rest was done.
pub(crate) const SOME_FAILED: u8 = 1;
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
            Self::Failed(_) => SOME_FAILED,
        }
    }
}

impl From<diat_host::Error> for Failure {
    fn from(error: diat_host::Error) -> Self {
        Self::Failed(error.to_string())
    }
}
