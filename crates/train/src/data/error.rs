//! Why there are no pictures.

use std::io;
use std::path::{Path, PathBuf};

/// Why a data set cannot be written, read or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A drawn set is to be written where something else lies.
    #[error(
        "{}: {found} is there already, and is no part of the set that is to be written ({wanted}); name another folder or remove this one",
        folder.display()
    )]
    Occupied {
        /// The folder.
        folder: PathBuf,
        /// What lies in it.
        found: String,
        /// The set that was to be written.
        wanted: String,
    },
    /// A number of faces or a size that no set can have.
    #[error("{what} is {found}; allowed: {allowed}")]
    Range {
        /// Which number.
        what: &'static str,
        /// What was given.
        found: usize,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A face cannot be drawn.
    #[error("face {name} cannot be drawn: {source}")]
    Draw {
        /// Its file's name.
        name: String,
        /// Why.
        source: diat_synth::SceneError,
    },
    /// A folder that is no data set.
    #[error(
        "{}: no data set: {missing} is not there; a set in CelebA's layout has img_celeba/ with list_landmarks_celeba.txt or img_align_celeba/ with \
         list_landmarks_align_celeba.txt, and list_attr_celeba.txt and list_eval_partition.txt; a plain one has with/ and without/",
        folder.display()
    )]
    Layout {
        /// The folder.
        folder: PathBuf,
        /// What was looked for.
        missing: &'static str,
    },
    /// A line of a list that cannot be what it says.
    #[error("{}:{line}: {found:?} is no {wanted}", file.display())]
    Line {
        /// The list.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What stands there.
        found: String,
        /// What should.
        wanted: String,
    },
    /// A list with another number of lines than it says.
    #[error(
        "{}:1: says {said} pictures, but {found} lines follow the names of its columns; take the list and the pictures from one place",
        file.display()
    )]
    Length {
        /// The list.
        file: PathBuf,
        /// The number in its first line.
        said: usize,
        /// Lines there are.
        found: usize,
    },
    /// A picture that one list has and another has not.
    #[error(
        "{} has no line for {name:?}, which {}:{line} has; take both lists from one place",
        file.display(),
        other.display()
    )]
    Unlisted {
        /// The list without it.
        file: PathBuf,
        /// The picture.
        name: String,
        /// The list with it.
        other: PathBuf,
        /// Where, counted from 1.
        line: usize,
    },
    /// A column that the list of attributes does not have.
    #[error("{}: no attribute {name:?}; there are: {}", file.display(), found.join(", "))]
    Attribute {
        /// The list, or the folder of a plain set.
        file: PathBuf,
        /// The attribute that was asked for.
        name: String,
        /// Those there are.
        found: Vec<String>,
    },
    /// A set without enough pictures.
    #[error(
        "{}: {found} usable faces {what}, but {needed} are needed: no batch may have a face twice; add faces or make the batches smaller",
        folder.display()
    )]
    TooFew {
        /// The data set.
        folder: PathBuf,
        /// Which faces: partition and attribute.
        what: String,
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// A picture that cannot be read, or whose points are no face.
    #[error("{}: {why}", path.display())]
    Picture {
        /// Its file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The set has no counterfactuals.
    #[error("{}: pairs of kind `counterfactual` need the folder img_counterfactual; only drawn sets have it", folder.display())]
    NoCounterfactual {
        /// The data set.
        folder: PathBuf,
    },
    /// Faces cannot be looked for in a plain set.
    #[error(transparent)]
    Finder(#[from] diat_face::Error),
}

impl Error {
    /// For `map_err`.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
