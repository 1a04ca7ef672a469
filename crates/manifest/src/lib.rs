//! One effect, enhancer, judge, detector or landmark network as a TOML file.

mod catalogue;
mod fault;
mod types;
mod weights;

use std::path::Path;

pub use catalogue::{Catalogue, Folder, Shadowed};
pub use fault::Fault;
pub use types::*;
pub use weights::Weights;

/// This engine's version, as (major, minor): manifests that ask for a newer one are refused.
pub const ENGINE: (u32, u32) = (0, 1);

impl Manifest {
    /// Checks a manifest's text; `file` is named in faults, and its stem must be the id.
    ///
    /// # Errors
    /// Every fault of the text at once, by line.
    pub fn parse(text: &str, file: &Path) -> Result<Manifest, Vec<Fault>> {
        let _ = (text, file);
        Err(Vec::new())
    }

    /// As [`Manifest::parse`], for a manifest whose size, digest and golden vector are yet to be written: faults of these are
    /// passed over, and what is missing reads as zeros.
    ///
    /// # Errors
    /// Every other fault.
    pub fn parse_draft(text: &str, file: &Path) -> Result<Manifest, Vec<Fault>> {
        let _ = (text, file);
        Err(Vec::new())
    }

    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// Every fault of the file at once.
    pub fn read(file: &Path) -> Result<Manifest, Vec<Fault>> {
        let _ = file;
        Err(Vec::new())
    }
}

/// The manifest's text with its weights' size and SHA-256 and, where given, its golden vector written in; comments and
/// everything else stay as they are.
///
/// # Errors
/// A fault where the text is no TOML.
pub fn write_digest(
    text: &str,
    size: u64,
    sha256: &[u8; 32],
    golden: Option<&Golden>,
) -> Result<String, Fault> {
    let _ = (size, sha256, golden);
    Ok(text.to_owned())
}
