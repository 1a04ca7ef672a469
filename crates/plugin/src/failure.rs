//! Why a call failed: a number of the ABI and one line for people.

use diat_effects::Error;
use diat_plugin_abi::{self as abi, diat_status};

/// A failed call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) status: diat_status,
    pub(crate) text: String,
}

impl Failure {
    /// A mistake of the host's.
    pub(crate) fn argument(text: impl Into<String>) -> Self {
        Self::new(abi::DIAT_E_ARGUMENT, text)
    }

    /// Pixels that cannot be worked on.
    pub(crate) fn format(text: impl Into<String>) -> Self {
        Self::new(abi::DIAT_E_FORMAT, text)
    }

    /// Allowed by the contract, but not by this version.
    pub(crate) fn unsupported(text: impl Into<String>) -> Self {
        Self::new(abi::DIAT_E_UNSUPPORTED, text)
    }

    /// A mistake of our own.
    pub(crate) fn internal(text: impl Into<String>) -> Self {
        Self::new(abi::DIAT_E_INTERNAL, text)
    }

    fn new(status: diat_status, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { status, text }
    }

    /// The same with what it is about in front.
    pub(crate) fn about(self, what: &str) -> Self {
        let text = format!("{what}: {}", self.text);
        Self { text, ..self }
    }

    /// How loud it is in the log.
    pub(crate) fn level(&self) -> i32 {
        match self.status {
            abi::DIAT_CANCELLED => abi::DIAT_DEBUG,
            abi::DIAT_E_ARGUMENT | abi::DIAT_E_FORMAT => abi::DIAT_HOST_MISUSE,
            _ => abi::DIAT_ERROR,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::Cancelled => abi::DIAT_CANCELLED,
            Error::Argument(_) => abi::DIAT_E_ARGUMENT,
            Error::Format(_) => abi::DIAT_E_FORMAT,
            Error::Model(_) => abi::DIAT_E_MODEL,
            Error::Backend(_) => abi::DIAT_E_BACKEND,
            Error::Memory(_) => abi::DIAT_E_MEMORY,
            _ => abi::DIAT_E_INTERNAL,
        };
        Self::new(status, error.to_string())
    }
}
