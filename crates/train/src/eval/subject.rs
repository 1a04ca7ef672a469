//! What is evaluated, where it is a training.

use std::path::Path;

use diat_places::Places;

use super::report::Training;
use super::{Error, Place};
use crate::export::{Precision, Trained, write_transfer};
use crate::recipe::{Perceiver, Recipe, Task};

/// A training whose effect was exported to be measured.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The effect.
    pub place: Place,
    /// What it was trained to do.
    pub task: Task,
    /// How.
    pub training: Training,
    /// How far faces were moved in the crop, in pixels at a size of 128.
    pub shift: f64,
}

/// Exports a training's newest checkpoint into the resource folder `out`, with f16 weights as they are shipped.
///
/// # Errors
/// There is no training, or it cannot be exported.
pub fn of_run(run: &Path, out: &Path, places: &Places) -> Result<Exported, Error> {
    let trained = Trained::read(run)?;
    let recipe = &trained.recipe;
    let data_digest = trained.origin.data.clone();
    write_transfer(
        &trained.transfer,
        recipe,
        trained.origin,
        Precision::F16,
        out,
        places,
    )?;
    Ok(Exported {
        place: Place {
            folder: out.to_owned(),
            id: Some(recipe.id.clone()),
        },
        task: recipe.task.clone(),
        training: Training {
            id: recipe.id.clone(),
            version: recipe.version.clone(),
            label: recipe.label.clone(),
            help: recipe.help.clone(),
            disclosure: recipe.disclosure.clone(),
            licence: recipe.licence.clone(),
            seed: recipe.run.seed,
            remarks: remarks(recipe),
            rounds: trained.round,
            data: data_digest,
            recipe: recipe
                .to_toml()
                .map_err(|error| Error::Asked(error.to_string()))?,
        },
        shift: recipe.augment.shift,
    })
}

/// What of the paper was left out or replaced for want of VGG-Face.
fn remarks(recipe: &Recipe) -> Vec<String> {
    let mut remarks = Vec::new();
    if recipe
        .loss
        .identity
        .as_ref()
        .is_none_or(|identity| identity.vgg_face.is_none())
    {
        remarks
            .push("Without the identity loss (Eq. 11): no VGG-Face weights were given.".to_owned());
    }
    let perceiver = recipe
        .loss
        .perceptual
        .as_ref()
        .map(|perceptual| &perceptual.on);
    if let Some(Perceiver::Judge(_)) = perceiver {
        remarks.push("The perceptual loss is on a judge's second residual block.".to_owned());
    }
    remarks
}
