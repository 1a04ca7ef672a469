//! Why a round was not taken.

use crate::{data, weights};

/// Why a training cannot start, go on, be saved or be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A loss or a weight became NaN or infinite; the round changed nothing.
    #[error(
        "{term} is not finite after round {round} of phase `{phase}`; the round was taken back. If it happens again, lower the learning rate \
         or the weight of what grows"
    )]
    NotFinite {
        /// The term, or `weights`.
        term: &'static str,
        /// The phase's name.
        phase: &'static str,
        /// The round.
        round: u64,
    },
    /// No batch.
    #[error(transparent)]
    Data(#[from] data::Error),
    /// Weights that cannot be read, written, or are another network's.
    #[error(transparent)]
    Weights(#[from] weights::Error),
    /// A phase that this training does not have.
    #[error("phase {phase} was asked for; this training has {count}, from 0 on")]
    NoPhase {
        /// What was asked for.
        phase: usize,
        /// How many there are.
        count: usize,
    },
    /// The recipe asks for a cycle with the reverse effect; two effects cannot be trained together yet.
    #[error("loss.cycle is {weight}: two effects cannot be trained together yet; set it to 0")]
    Cycle {
        /// The weight asked for.
        weight: f64,
    },
    /// The recipe wants what the batch does not have.
    #[error(
        "the recipe's {term} needs the truth of its pictures, which the data do not have; use data that have it, or set its weight to 0"
    )]
    NoTruth {
        /// The term.
        term: &'static str,
    },
}
