//! Why the gate let a file not through: one variant per lie.

/// Why a file is refused. Each message names the place, what was found and what is allowed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Longer than any file the gate reads.
    #[error("the file has {found} bytes; at most {allowed} are read")]
    TooLarge {
        /// Bytes found.
        found: usize,
        /// Bytes allowed.
        allowed: usize,
    },
}
