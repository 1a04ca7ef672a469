//! The segments before the first scan of a JPEG file.

use super::super::density::{Density, Unit};
use super::super::image_resources;
use super::super::xmp;
use super::super::{Kept, Lost};
use super::coding::Coding;

/// Before an XMP packet.
pub(super) const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// Before a piece of the part of an XMP packet that did not fit into one segment.
pub(super) const XMP_EXTENSION: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// Before image resources, which IPTC is one of.
pub(super) const IMAGE_RESOURCES: &[u8] = b"Photoshop 3.0\0";

const START_OF_SCAN: u8 = 0xDA;
const APPLICATION_0: u8 = 0xE0;
const APPLICATION_15: u8 = 0xEF;
const COMMENT: u8 = 0xFE;

/// One segment: the second byte of its marker, and what it holds.
pub(super) type Segment<'a> = (u8, &'a [u8]);

/// What a file holds beside its picture, EXIF record and profile.
#[derive(Debug, Default)]
pub(in crate::picture) struct Inside {
    pub(in crate::picture) kept: Kept,
    pub(in crate::picture) xmp: Option<Vec<u8>>,
    pub(in crate::picture) lost: Vec<Lost>,
}

/// Those up to the first scan; it ends early where the file is no longer one.
pub(super) fn segments(bytes: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    let mut at = 2;
    std::iter::from_fn(move || {
        // Fill bytes may stand before a marker.
        while bytes.get(at..at + 2)? == [0xFF, 0xFF] {
            at += 1;
        }
        let [0xFF, marker, high, low] = *bytes.get(at..at + 4)? else {
            return None;
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let content = bytes.get(at + 4..at + 2 + length)?;
        at += 2 + length;
        (marker != START_OF_SCAN).then_some((marker, content))
    })
}

/// The number of channels that the frame header names.
pub(super) fn channels(bytes: &[u8]) -> Option<u8> {
    let mut frames = segments(bytes).filter(|segment| is_frame(segment.0));
    frames.next()?.1.get(5).copied()
}

/// Whether Adobe's segment is there: then inks are stored as what they leave of the light.
pub(super) fn is_adobe(bytes: &[u8]) -> bool {
    segments(bytes).any(|(marker, content)| marker == 0xEE && content.starts_with(b"Adobe"))
}

/// Start of a frame; three numbers in between mean other tables.
pub(super) fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

/// Reads it.
pub(in crate::picture) fn inside(bytes: &[u8]) -> Inside {
    let mut inside = Inside {
        kept: Kept {
            coding: Coding::of(bytes),
            ..Kept::default()
        },
        ..Inside::default()
    };
    let mut packet = None;
    let mut pieces = Vec::new();
    let mut resources = Vec::new();
    for (marker, content) in segments(bytes) {
        match marker {
            APPLICATION_0 if content.starts_with(b"JFIF\0") => {
                inside.kept.density = density(content);
            }
            COMMENT => inside.kept.comments.push(content.to_vec()),
            APPLICATION_0..=APPLICATION_15 => {
                if let Some(content) = content.strip_prefix(XMP) {
                    packet.get_or_insert(content);
                } else if let Some(piece) = content.strip_prefix(XMP_EXTENSION) {
                    pieces.push(piece);
                } else if let Some(content) = content.strip_prefix(IMAGE_RESOURCES) {
                    resources.extend_from_slice(content);
                } else {
                    inside.lost.extend(loss(content));
                }
            }
            _ => {}
        }
    }
    inside.kept.resources = image_resources::without_thumbnail(&resources);
    let (packet, whole) = xmp::joined(packet, &pieces);
    inside.xmp = packet;
    inside.lost.extend((!whole).then_some(Lost::XmpExtension));
    inside
}

/// What is lost with an application's segment that is not kept. Some are nobody's loss: they are written anew or hold a thumbnail.
fn loss(content: &[u8]) -> Option<Lost> {
    const KNOWN: [&[u8]; 6] = [
        b"Exif\0",
        b"ICC_PROFILE\0",
        b"JFXX\0",
        b"Adobe",
        b"Ducky",
        b"AVI1",
    ];
    if KNOWN.iter().any(|known| content.starts_with(known)) {
        None
    } else if content.starts_with(b"MPF\0") || content.starts_with(b"urn:iso:std:iso:ts:21496") {
        Some(Lost::Companions)
    } else if content.starts_with(b"JP") {
        Some(Lost::Credentials)
    } else {
        Some(Lost::Segments)
    }
}

fn density(content: &[u8]) -> Option<Density> {
    let [unit, x1, x0, y1, y0] = *content.get(7..12)? else {
        return None;
    };
    let number = |high, low| (u32::from(u16::from_be_bytes([high, low])), 1);
    let unit = match unit {
        0 => Unit::Ratio,
        1 => Unit::Inch,
        2 => Unit::Centimetre,
        _ => return None,
    };
    Density::new(number(x1, x0), number(y1, y0), unit)
}
