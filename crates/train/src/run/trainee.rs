//! What a runner needs to know of what it trains.

use std::path::Path;

use ndarray::Array4;

use crate::data::Batches;
use crate::learn::{Phase, Terms};

pub(super) type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Why a round came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// A loss or weight became NaN or infinite; the networks are as they were before the round.
    #[error("{0}")]
    NotFinite(String),
    /// Anything else; it would come again.
    #[error(transparent)]
    Other(#[from] AnyError),
}

/// F on some faces.
#[derive(Clone, Debug, PartialEq)]
pub struct Edited {
    /// F(x): N×3×S×S in \[-1, 1\].
    pub result: Array4<f32>,
    /// T(x), the same shape.
    pub transformed: Array4<f32>,
    /// M(x): N×1×S×S in \[0, 1\]; none where F has no mask.
    pub mask: Option<Array4<f32>>,
}

/// Networks in training. All state is in them and in what `save` writes: rounds get their chance from their number.
pub trait Trainee {
    /// In their order.
    fn phases(&self) -> Vec<Phase>;

    /// One round, counted from 0 in each phase.
    ///
    /// # Errors
    /// See [`Stop`].
    fn round(&mut self, phase: usize, round: u64, data: &dyn Batches) -> Result<Terms, Stop>;

    /// Writes everything that later rounds rest on as files of an empty folder: equal state, equal bytes.
    ///
    /// # Errors
    /// The file that cannot be written.
    fn save(&self, folder: &Path) -> Result<(), AnyError>;

    /// Takes the state that `save` wrote.
    ///
    /// # Errors
    /// The file that cannot be read, or is of other networks.
    fn load(&mut self, folder: &Path) -> Result<(), AnyError>;

    /// What would be exported now, on faces N×3×S×S in \[-1, 1\].
    ///
    /// # Errors
    /// The device fails.
    fn edit(&self, faces: &Array4<f32>) -> Result<Edited, AnyError>;
}
