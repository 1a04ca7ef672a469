//! TOML text to checked types: what a manifest may say is settled here and nowhere else.
//!
//! [`Manifest::read`] checks one file, [`Catalogue::scan`] all files of the resource folders, [`Manifest::read_weights`] the
//! weights, [`write_digest`] writes what no person should have to. What follows is `manifests/README.md`, for those who write
//! manifests; its tables are made by [`reference()`].
//!
#![doc = include_str!("../../../manifests/README.md")]

mod build;
mod catalogue;
mod digest;
mod fault;
mod guard;
mod manifest;
mod node;
mod parse;
mod reader;
mod reference;
mod rules;
mod schema;
mod shape;
#[cfg(test)]
mod tests;
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
