//! A batch on the device.

use super::Error;
use crate::data::{Batch, Batches};
use crate::tensor::to_tensor;
use burn::tensor::{Device, Tensor};

/// As [`Batch`].
pub(super) struct Pictures {
    pub(super) source: Tensor<4>,
    pub(super) guided: Tensor<4>,
    truth: Option<Tensor<4>>,
    pub(super) known: Vec<bool>,
}

impl Pictures {
    /// `count` of each set for a step of a stage.
    pub(super) fn new(
        data: &dyn Batches,
        (stage, step, count): (&str, u64, usize),
        device: &Device,
    ) -> Result<Self, Error> {
        let batch: Batch = data.batch(stage, step, count)?;
        Ok(Self {
            source: to_tensor(&batch.source, device),
            guided: to_tensor(&batch.guided, device),
            truth: batch.truth.map(|truth| to_tensor(&truth, device)),
            known: batch.known,
        })
    }

    /// Both sets: the source's rows first.
    pub(super) fn both(&self) -> Tensor<4> {
        Tensor::cat(vec![self.source.clone(), self.guided.clone()], 0)
    }

    /// The truth, for a term that needs it.
    pub(super) fn truth(&self, term: &'static str) -> Result<Tensor<4>, Error> {
        self.truth.clone().ok_or(Error::NoTruth { term })
    }
}
