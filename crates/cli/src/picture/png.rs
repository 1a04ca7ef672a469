//! PNG files. Their pixels, EXIF record, profile and XMP come through `image`; here is what it does not tell, and the writer.

mod chunk;
mod write;

pub(super) use chunk::{Chunk, inside};
pub(super) use write::write;
