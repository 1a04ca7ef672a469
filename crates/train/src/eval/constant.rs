//! The mask that does not look at the picture, for comparison.

use diat_image::crop;
use ndarray::Array2;

use super::cells::{Overlap, best_constant, changing};
use super::evaluate::Request;
use super::faces::{Face, moved};
use super::plugin::Plugin;
use super::{Error, bar, source};
use crate::data::Partition;

/// Faces that it is fitted to, at most: more do not change which cells change most often.
const FITTED: usize = 300;

/// The best constant mask for a drawn set, fitted to partition 0 and counted on the chosen faces; both are moved alike. None for
/// photographs, which have no counterfactual.
///
/// # Errors
/// A picture cannot be read.
pub fn overlap(
    request: &Request<'_>,
    plugin: &Plugin,
    attribute: &str,
    chosen: &[usize],
) -> Result<Option<Overlap>, Error> {
    if request.data.card.is_none() {
        return Ok(None);
    }
    let fitted = source::chosen(
        request.data,
        &request.task,
        Partition::Training,
        Some(FITTED),
    )?;
    let maps = |places: &[usize]| -> Result<Vec<Array2<bool>>, Error> {
        let faces = places
            .iter()
            .map(|place| source::face(request.data, *place, attribute));
        let map = |face: Result<Face, Error>| map(&face?, plugin, request);
        faces.filter_map(|face| map(face).transpose()).collect()
    };
    let Some(best) = best_constant(&maps(&fitted)?, bar::MARKED) else {
        return Ok(None);
    };
    let mut overlap = Overlap::default();
    for map in maps(chosen)? {
        overlap.add(&best.view(), &map.view());
    }
    Ok(Some(overlap))
}

/// The cells that truly change in the effect's crop of a face.
fn map(face: &Face, plugin: &Plugin, request: &Request<'_>) -> Result<Option<Array2<bool>>, Error> {
    let (template, size) = plugin.frame()?;
    let points = moved(face, &template, size, request.shift, request.seed);
    let at = template.map(|[x, y]| diat_image::Point { x, y });
    let to_crop = points.and_then(|points| diat_face::align(&points, &at));
    let (Some(to_crop), Some(truth)) = (to_crop, &face.truth) else {
        return Ok(None);
    };
    let [input, truth] =
        [&face.picture, truth].map(|picture| crop(&picture.view(), &to_crop, size, size));
    Ok(Some(changing(&input.view(), &truth.view())))
}
