//! Runs any network that the gate of `diat-onnx` let through, and says what really ran it.
//!
//! The only crate that touches `ort`. Its API is one global per process: the first [`open`] decides between ONNX
//! Runtime (by absolute path, if [`Places`] has one that loads) and tract, for the life of the process. Devices can
//! change while the process lives: one that fails, or misses the network's golden vector, is dropped for the next.
//!
//! [`Places`]: diat_places::Places

mod cache;
mod cuda;
mod device;
mod error;
pub mod golden;
mod load;
mod network;
mod session;
mod spec;

pub use cache::{ReadError, open};
pub use device::{Accelerator, Device, ParseDeviceError};
pub use error::Error;
pub use golden::Golden;
pub use load::{Choice, Runtime, choose, runtime};
pub use network::{Network, Ran, Seconds};
pub use spec::{Port, Spec};

/// How much a message of the log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever looks for a fault.
    Debug,
    /// Normal course.
    Info,
    /// Something was not as asked for, and the work went on.
    Warning,
    /// The work did not go on.
    Error,
}
