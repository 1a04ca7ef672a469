//! TIFF files, and EXIF records, which have the same form. Pixels come through `image`; here are what stands beside them, and
//! the writer.

mod directory;
mod inks;
mod inside;
mod records;
mod write;

pub(super) use directory::Directory;
pub(super) use inks::{has_inks, read_inks};
pub(super) use inside::{inside, is_raw};
pub(super) use write::write;
