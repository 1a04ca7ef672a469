//! What a TIFF file holds beside its picture.

use super::super::density::{Density, Unit};
use super::super::image_resources;
use super::super::{Kept, Lost};
use super::directory::Directory;
use super::records::Exif;

pub(super) const XMP: u16 = 700;
const ICC: u16 = 34675;
pub(super) const IMAGE_RESOURCES: u16 = 34377;
pub(super) const IPTC: u16 = 33723;
const X_RESOLUTION: u16 = 282;
const Y_RESOLUTION: u16 = 283;
const RESOLUTION_UNIT: u16 = 296;
const EXTRA_SAMPLES: u16 = 338;
/// Value of [`EXTRA_SAMPLES`] where the colours are multiplied by alpha.
const ASSOCIATED: u64 = 1;

/// All of it.
#[derive(Debug, Default)]
pub(in crate::picture) struct Inside {
    pub(in crate::picture) kept: Kept,
    pub(in crate::picture) exif: Option<Vec<u8>>,
    pub(in crate::picture) icc: Option<Vec<u8>>,
    pub(in crate::picture) xmp: Option<Vec<u8>>,
    /// Whether the colours are multiplied by alpha.
    pub(in crate::picture) premultiplied: bool,
    pub(in crate::picture) lost: Vec<Lost>,
}

/// Whether a file is a camera's raw file, whose first picture is but a preview: DNG, or one of those that say so of that picture.
pub(in crate::picture) fn is_raw(bytes: &[u8]) -> bool {
    const NEW_SUBFILE_TYPE: u16 = 254;
    const REDUCED: u64 = 1;
    const SUB_DIRECTORIES: u16 = 330;
    const DNG_VERSION: u16 = 50706;
    // Canon's, which has its mark behind the offset of the first directory.
    if bytes.get(8..10) == Some(b"CR") && bytes.starts_with(b"II*\0") {
        return true;
    }
    let Some(directory) = Directory::first(bytes) else {
        return false;
    };
    let value = |tag| directory.value(bytes, tag);
    let is_preview = value(NEW_SUBFILE_TYPE).is_some_and(|kind| kind & REDUCED != 0);
    value(DNG_VERSION).is_some() || (is_preview && value(SUB_DIRECTORIES).is_some())
}

/// Reads it.
pub(in crate::picture) fn inside(bytes: &[u8]) -> Inside {
    let Some(directory) = Directory::first(bytes) else {
        return Inside::default();
    };
    let exif = Exif::of(bytes, &directory);
    let mut lost = Vec::new();
    let exif = exif.map(|exif| exif.record()).transpose();
    lost.extend(exif.is_err().then_some(Lost::Exif));
    lost.extend((directory.next != 0).then_some(Lost::Pages));
    // `image` gives neither where a value is longer than it expects, and does not say so.
    let value = |tag| directory.bytes(bytes, tag).map(<[u8]>::to_vec);
    Inside {
        icc: value(ICC),
        xmp: value(XMP),
        kept: Kept {
            density: density(bytes, &directory),
            resources: resources(bytes, &directory),
            ..Kept::default()
        },
        exif: exif.ok().flatten(),
        premultiplied: directory.value(bytes, EXTRA_SAMPLES) == Some(ASSOCIATED),
        lost,
    }
}

fn density(bytes: &[u8], directory: &Directory) -> Option<Density> {
    let unit = match directory.value(bytes, RESOLUTION_UNIT) {
        Some(1) => Unit::Ratio,
        Some(3) => Unit::Centimetre,
        _ => Unit::Inch,
    };
    let x = directory.fraction(bytes, X_RESOLUTION)?;
    let y = directory.fraction(bytes, Y_RESOLUTION)?;
    Density::new(x, y, unit)
}

/// IPTC has a tag of its own; in JPEG files it is one of the resources, and so it is here.
fn resources(bytes: &[u8], directory: &Directory) -> Option<Vec<u8>> {
    let all = directory.bytes(bytes, IMAGE_RESOURCES).unwrap_or_default();
    let mut resources = image_resources::without_thumbnail(all).unwrap_or_default();
    if image_resources::iptc(&resources).is_none()
        && let Some(record) = directory.bytes(bytes, IPTC)
    {
        resources.extend(image_resources::from_iptc(record));
    }
    Some(resources).filter(|resources| !resources.is_empty())
}
