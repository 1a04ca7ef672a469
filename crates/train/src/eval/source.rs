//! Faces out of a data set.

use std::sync::Arc;

use super::Error;
use super::faces::Face;
use crate::data::{Dataset, Partition, decode};
use crate::recipe::Task;

/// The set's name for people: that of its folder.
#[must_use]
pub(super) fn name(data: &Dataset) -> String {
    let folder = std::path::absolute(&data.folder).unwrap_or_else(|_| data.folder.clone());
    let name = folder.file_name().unwrap_or(folder.as_os_str());
    name.to_string_lossy().into_owned()
}

/// CelebA's number of a partition.
#[must_use]
pub(super) fn number(partition: Partition) -> u8 {
    match partition {
        Partition::Training => 0,
        Partition::Validation => 1,
        Partition::Test => 2,
    }
}

/// Places of the faces that the task edits, at most `limit` of them.
///
/// # Errors
/// An attribute that the set does not have, or no such face.
pub(super) fn chosen(
    data: &Dataset,
    task: &Task,
    partition: Partition,
    limit: Option<usize>,
) -> Result<Vec<usize>, Error> {
    let mut chosen = data.sets(task, partition)?.source;
    chosen.truncate(limit.unwrap_or(usize::MAX));
    if chosen.is_empty() {
        let what = match task {
            Task::Transfer {
                attribute, from, ..
            } => (attribute.clone(), *from),
            Task::Hallucinate { .. } => ("face".to_owned(), true),
        };
        return Err(few(data, partition, what, 0, 1));
    }
    Ok(chosen)
}

/// Too few faces.
pub(super) fn few(
    data: &Dataset,
    partition: Partition,
    (attribute, value): (String, bool),
    found: usize,
    needed: usize,
) -> Error {
    Error::Faces {
        data: name(data),
        partition: number(partition),
        attribute,
        value,
        found,
        needed,
    }
}

/// A face with its picture, and its counterfactual where there is one.
///
/// # Errors
/// The picture cannot be read.
pub(super) fn face(data: &Dataset, place: usize, attribute: &str) -> Result<Face, Error> {
    let column = data.column(attribute)?;
    let face = &data.faces[place];
    let truth = face.counterfactual.as_deref().map(decode).transpose()?;
    Ok(Face {
        place,
        name: face.name.clone(),
        picture: Arc::new(decode(&face.path)?),
        points: face.points,
        has: face.attributes[column] == Some(true),
        truth: truth.map(Arc::new),
    })
}
