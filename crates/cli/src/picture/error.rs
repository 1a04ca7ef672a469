//! Why a picture was not read or written.

use std::io;
use std::path::PathBuf;

use image::ImageError;

use super::Format;

/// Why a picture was not read or written. Each message names the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PictureError {
    /// The file system would not give it.
    #[error("{}: cannot be read: {cause}", file.display())]
    Unreadable { file: PathBuf, cause: io::Error },
    /// It is something else.
    #[error("{}: is no PNG, JPEG, WebP or TIFF picture; convert it first", .0.display())]
    NoPicture(PathBuf),
    /// It is something else, and is known.
    #[error("{}: is {what}", file.display())]
    Foreign { file: PathBuf, what: &'static str },
    /// The user wants to stop.
    #[error("interrupted")]
    Interrupted,
    /// It cannot be decoded.
    #[error("{}: cannot be read as {}: {cause}", file.display(), format.name())]
    Undecodable {
        file: PathBuf,
        format: Format,
        cause: ImageError,
    },
    /// It would not fit into memory.
    #[error(
        "{}: {width}×{height} pixels take {} MiB; at most {} MiB are allowed: shrink it first",
        file.display(), needed >> 20, allowed >> 20
    )]
    TooLarge {
        file: PathBuf,
        width: u64,
        height: u64,
        needed: u64,
        allowed: u64,
    },
    /// It cannot be encoded.
    #[error("{}: cannot be written as {}: {cause}", file.display(), format.name())]
    Unencodable {
        file: PathBuf,
        format: Format,
        cause: ImageError,
    },
}
