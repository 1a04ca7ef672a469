//! Faces for training and measuring: where they lie on disk, how they are cut, and how a batch of them is made.
//!
//! Points are in the coordinates of the whole project: pixel (i, j) covers \[i, i+1)×\[j, j+1), its centre is at +0.5. Lists hold them
//! so too: those of a detector need no half pixel, and whole numbers such as CelebA's cannot tell.
//!
//! Pictures of a batch are N×3×S×S, RGB in \[-1, 1\]. Everything random is a function of (seed, stage, step, row), so that a training
//! goes on from a step without any state of its data, and two trainings see the same.

mod chance;
mod check;
mod crop;
mod dataset;
pub mod drawn;
mod error;
#[cfg(test)]
mod fixture;
mod glasses;
mod list;
mod plain;
#[cfg(test)]
mod portraits;
mod prefetch;
mod shrink;
mod training;

pub use check::{Report, check, digest};
pub use crop::{Cutter, decode};
pub use dataset::{Dataset, Face, LIMITS, Layout, Partition, Sets};
pub use error::Error;
pub use glasses::Glasses;
pub use prefetch::Prefetch;
pub use shrink::Shrink;
pub use training::{HeldOut, TrainingSet, Unread, Used, held_out};

use ndarray::Array4;

/// One step's pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// What F changes: N×3×S×S, RGB in \[-1, 1\].
    pub source: Array4<f32>,
    /// What D takes for real: N×3×S×S, RGB in \[-1, 1\]. Its rows have nothing to do with the source's.
    pub guided: Array4<f32>,
    /// What F should make of the source, where that is known; shaped as the source.
    pub truth: Option<Array4<f32>>,
    /// For each row of the source whether its truth holds; in other rows the truth is the source itself. All false without a truth.
    pub known: Vec<bool>,
}

/// Where a training takes its pictures from.
pub trait Batches: Send + Sync {
    /// `count` pictures of each set for a step of a stage (any name): the same arguments give the same batch, whatever was asked before.
    ///
    /// # Errors
    /// A picture that could be read at the start no longer can.
    fn batch(&self, stage: &str, step: u64, count: usize) -> Result<Batch, Error>;
}
