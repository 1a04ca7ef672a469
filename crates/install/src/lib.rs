//! Installs ONNX Runtime into the user's data folder, and takes it away again.
//!
//! What is installed is settled here, by digest: [`RUNTIMES`] names the wheels. They are fetched with the user's own pip,
//! so that its settings (index, proxy, certificates) hold and no registry is named in our code, and only their libraries are
//! unpacked. A runtime is one folder in `runtime/` of the data folder; it is put together under another name and gets its own
//! by one rename, so that whoever looks finds the old runtime or the new one, never half of one.
//!
//! The crate loads nothing: whether a library works here is for the caller to say ([`Install::check`]). The plug-in does not
//! link it.

mod downloads;
mod error;
mod folder;
mod install;
mod pins;
mod pip;
mod space;
mod unpack;

pub use downloads::Downloads;
pub use error::Error;
pub use folder::{Installed, installed};
pub use install::{Install, Outcome, Removed, remove};
pub use pins::{Kind, Library, Pin, RUNTIMES, Wheel, pinned};
pub use pip::{Pip, PipProgress};

/// What is going on, for whoever waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Another process installs or fetches; this one goes on when it is done.
    Waiting,
    /// A wheel lies in the cache with the right digest.
    Cached(&'a Wheel),
    /// pip fetches a wheel, the `number`th of `count` that have to be fetched.
    Fetching {
        /// The wheel.
        wheel: &'a Wheel,
        /// From 1.
        number: usize,
        /// How many are fetched.
        count: usize,
    },
    /// A line of pip's own, a warning or an error.
    Pip(&'a str),
    /// Libraries are unpacked.
    Unpacking {
        /// Bytes written.
        done: u64,
        /// Bytes to write.
        total: u64,
    },
    /// Everything is unpacked; the library is asked whether it works here.
    Checking,
    /// The new runtime is in its place.
    Placed,
    /// An old runtime is out of its place and is deleted.
    Deleting(&'a Installed),
}
