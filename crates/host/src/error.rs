//! What can go wrong on the host's side of the door.

use std::path::PathBuf;

use diat_plugin_abi::{self as abi, diat_status};

/// What a call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// Done.
    Ok,
    /// Done, and the output equals the input.
    Unchanged,
    /// The progress callback asked to stop.
    Cancelled,
    /// A mistake of the host's.
    Argument,
    /// Pixels that cannot be worked on.
    Format,
    /// Allowed, but not by this version of the plug-in.
    Unsupported,
    /// Not enough memory.
    Memory,
    /// Weights missing or damaged.
    Model,
    /// No device could run the network.
    Backend,
    /// A mistake of the plug-in's; the instance can only be dropped.
    Internal,
    /// A number that this host does not know.
    Other(i32),
}

impl From<diat_status> for Status {
    fn from(number: diat_status) -> Self {
        match number {
            abi::DIAT_OK => Self::Ok,
            abi::DIAT_UNCHANGED => Self::Unchanged,
            abi::DIAT_CANCELLED => Self::Cancelled,
            abi::DIAT_E_ARGUMENT => Self::Argument,
            abi::DIAT_E_FORMAT => Self::Format,
            abi::DIAT_E_UNSUPPORTED => Self::Unsupported,
            abi::DIAT_E_MEMORY => Self::Memory,
            abi::DIAT_E_MODEL => Self::Model,
            abi::DIAT_E_BACKEND => Self::Backend,
            abi::DIAT_E_INTERNAL => Self::Internal,
            other => Self::Other(other),
        }
    }
}

impl Status {
    /// Whether the output is valid.
    pub fn is_success(self) -> bool {
        match self {
            Self::Ok | Self::Unchanged => true,
            Self::Other(number) => number >= 0,
            _ => false,
        }
    }
}

/// Why there is no plug-in, no instance or no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The library cannot be loaded.
    #[error("{}: cannot be loaded as a plug-in: {reason}", path.display())]
    Library {
        /// The library's file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The library is not where it should be.
    #[error("the plug-in's library is not installed: expected it in {}", folder.display())]
    NotInstalled {
        /// Where it was looked for last.
        folder: PathBuf,
    },
    /// The entry function did not accept this host.
    #[error("the plug-in refuses this host: {reason}")]
    Refused {
        /// What it wrote to the log meanwhile.
        reason: String,
    },
    /// The library lacks what every version has.
    #[error("the plug-in's table lacks `{0}`")]
    Incomplete(&'static str),
    /// Something the caller gave cannot be handed over; the plug-in was not called.
    #[error("{0}")]
    Argument(String),
    /// The plug-in answered with a failure.
    #[error("{message}")]
    Failed {
        /// Which one.
        status: Status,
        /// In its own words.
        message: String,
    },
}

impl Error {
    /// Turns the number and the text of a call into a result.
    pub(crate) fn check(number: diat_status, message: String) -> Result<Status, Self> {
        let status = Status::from(number);
        if status.is_success() {
            return Ok(status);
        }
        let message = if message.is_empty() {
            format!("the plug-in answered {status:?} without a word")
        } else {
            message
        };
        Err(Self::Failed { status, message })
    }

    /// The plug-in's status, if it was the plug-in that failed.
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Failed { status, .. } => Some(*status),
            _ => None,
        }
    }
}
