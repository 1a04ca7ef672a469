//! Named checks of any library that claims the ABI: what `diat validate` runs.
//!
//! A library under examination may do anything to the process it is in. [`Check::run`] is meant for a process that was started for one
//! check; what ends it is then an outcome like any other. Nothing here knows what an effect does: the checks draw a rough face and
//! give its points by `diat.faces/1` where the library takes them, so that none has to be found.

mod bench;
mod callbacks;
mod calls;
mod canvas;
mod check;
mod descriptors;
mod door;
mod elf;
mod equality;
mod extensions;
mod host;
mod kept;
mod listing;
mod look;
mod manners;
mod memory;
mod messages;
mod mistakes;
mod opening;
mod outcome;
mod pictures;
mod process;
mod progress;
mod random;
mod scene;
mod values;
mod versions;

pub use check::{Check, Needs};
pub use outcome::{Finding, Outcome};

pub(crate) use outcome::{Verdict, ensure};

use std::path::PathBuf;

/// What is examined, and how.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The library's file.
    pub library: PathBuf,
    /// Folders with `manifests/` and `models/` that the library is given.
    pub resource_dirs: Vec<PathBuf>,
    /// The effect to render with; none: the first that is listed.
    pub effect: Option<String>,
    /// Pictures, points, sizes and rubbish depend on it, and on nothing else.
    pub seed: u64,
}
