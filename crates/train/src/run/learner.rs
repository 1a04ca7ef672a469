//! The learner as what a runner trains.

use std::path::Path;

use burn::module::Module;
use ndarray::Array4;

use super::trainee::AnyError;
use super::{Edited, Stop, Trainee};
use crate::data::Batches;
use crate::learn::{Error, Learner, Phase, Terms};
use crate::tensor::{to_array, to_tensor};

impl Trainee for Learner {
    fn phases(&self) -> Vec<Phase> {
        Learner::phases(self)
    }

    fn round(&mut self, phase: usize, round: u64, data: &dyn Batches) -> Result<Terms, Stop> {
        Learner::round(self, phase, round, data).map_err(|error| match error {
            Error::NotFinite { term, .. } => Stop::NotFinite(format!("{term} not finite")),
            other => Stop::Other(other.into()),
        })
    }

    fn save(&self, folder: &Path) -> Result<(), AnyError> {
        Ok(Learner::save(self, folder)?)
    }

    fn load(&mut self, folder: &Path) -> Result<(), AnyError> {
        Ok(Learner::load(self, folder)?)
    }

    fn edit(&self, faces: &Array4<f32>) -> Result<Edited, AnyError> {
        let transfer = self.transfer();
        let device = transfer
            .devices()
            .into_iter()
            .next()
            .ok_or("F has no weights")?;
        let edit = transfer.forward(to_tensor(faces, &device));
        Ok(Edited {
            result: to_array(edit.result),
            transformed: to_array(edit.transformed),
            mask: edit.mask.map(to_array),
        })
    }
}
