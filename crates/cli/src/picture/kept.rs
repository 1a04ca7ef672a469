//! What a picture's file has besides pixels, EXIF, profile and XMP, so that a file written of it has it too.

use super::density::Density;
use super::tiff::Directory;
use super::{Format, Lost, image_resources, jpeg, png};

/// All of it. What only one format has a place for gets back into that format and no other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    /// Pixels to a length.
    pub(super) density: Option<Density>,
    /// Photoshop's image resources, among them IPTC; no thumbnail.
    pub(super) resources: Option<Vec<u8>>,
    /// Texts and colour of a PNG file.
    pub(super) chunks: Vec<png::Chunk>,
    /// Comments of a JPEG file.
    pub(super) comments: Vec<Vec<u8>>,
    /// How a JPEG file is coded.
    pub(super) coding: Option<jpeg::Coding>,
}

impl Kept {
    /// What of this a file of the format, which has this EXIF record, has no place for.
    pub(super) fn losses(&self, format: Format, exif: Option<&[u8]>) -> Vec<Lost> {
        let mut lost = Vec::new();
        if format == Format::Webp && !exif.is_some_and(has_density) {
            lost.extend(self.density.map(|_| Lost::Density));
        }
        if !format.has_image_resources() {
            let loss = |resources: &Vec<u8>| {
                if image_resources::iptc(resources).is_some() {
                    Lost::Iptc
                } else {
                    Lost::Resources
                }
            };
            lost.extend(self.resources.as_ref().map(loss));
        }
        if format != Format::Png {
            lost.extend(self.chunks.iter().filter_map(png::Chunk::loss));
        }
        if format != Format::Jpeg && !self.comments.is_empty() {
            lost.push(Lost::Comment);
        }
        lost
    }
}

fn has_density(exif: &[u8]) -> bool {
    const X_RESOLUTION: u16 = 0x011A;
    let directory = Directory::first(exif);
    directory.is_some_and(|directory| directory.fraction(exif, X_RESOLUTION).is_some())
}
