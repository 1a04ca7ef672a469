//! JPEG files. Their pixels, EXIF record and profile come through `image`; here is what it does not tell, and the writer.

mod coding;
mod end;
mod inks;
mod segments;
mod write;

pub(super) use coding::Coding;
pub(super) use end::has_end;
pub(super) use inks::{has_inks, read_inks};
pub(super) use segments::inside;
pub(super) use write::{longest_exif, write};
