//! One effect, enhancer, judge, detector or landmark network as a TOML file.

mod build;
mod catalogue;
mod digest;
mod fault;
mod guard;
mod parse;
mod reader;
mod reference;
mod schema;
mod shape;
mod types;
mod weights;

pub use catalogue::{Catalogue, Folder, Shadowed};
pub use digest::write_digest;
pub use fault::Fault;
pub use reference::reference;
pub use types::*;
pub use weights::{Weights, hex, sha256};

/// This engine's version, as (major, minor): manifests that ask for a newer one are refused.
pub const ENGINE: (u32, u32) = (0, 1);
