//! Chunks of a PNG file.

use super::super::density::{Density, Unit};
use super::super::{Kept, Lost};

/// Keyword of the text that is an XMP packet.
const XMP: &[u8] = b"XML:com.adobe.xmp\0";
/// Keywords of texts that are EXIF records, as ImageMagick wrote them before PNG had a place for them: with a thumbnail of the face
/// as it was, and an orientation.
const EXIF: [&[u8]; 2] = [b"Raw profile type exif\0", b"Raw profile type APP1\0"];
/// The gamma of sRGB, in 100,000ths, which says nothing that is not assumed.
const SRGB_GAMMA: u32 = 45455;

/// One that is written into a PNG file as it came from one: a text, or what the colours are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::picture) struct Chunk {
    pub(super) name: [u8; 4],
    pub(super) content: Vec<u8>,
}

impl Chunk {
    /// What is lost without it; some say nothing that is not assumed.
    pub(in crate::picture) fn loss(&self) -> Option<Lost> {
        match &self.name {
            b"tEXt" | b"zTXt" | b"iTXt" => Some(Lost::Texts),
            b"gAMA" => {
                let gamma = self.content.as_slice().try_into().map(u32::from_be_bytes);
                let differs = |gamma: u32| gamma.abs_diff(SRGB_GAMMA) > 500;
                gamma.is_ok_and(differs).then_some(Lost::Gamma)
            }
            // Primaries and transfer of sRGB have the numbers 1 and 13.
            b"cICP" => (!self.content.starts_with(&[1, 13])).then_some(Lost::ColourSpace),
            _ => None,
        }
    }
}

/// What a file has that is kept, and what of it is not.
pub(in crate::picture) fn inside(bytes: &[u8]) -> (Kept, Vec<Lost>) {
    let mut kept = Kept::default();
    let mut lost = Vec::new();
    for (name, content) in chunks(bytes) {
        match &name {
            b"pHYs" => kept.density = density(content),
            b"tEXt" | b"zTXt" | b"iTXt" if EXIF.iter().any(|key| content.starts_with(key)) => {
                lost.push(Lost::Exif);
            }
            b"iTXt" if content.starts_with(XMP) => {}
            b"tEXt" | b"zTXt" | b"iTXt" | b"gAMA" | b"cHRM" | b"sRGB" | b"cICP" | b"mDCV"
            | b"cLLI" => {
                let content = content.to_vec();
                kept.chunks.push(Chunk { name, content });
            }
            b"caBX" => lost.push(Lost::Credentials),
            _ => {}
        }
    }
    (kept, lost)
}

/// Names and contents; they end where the file is no longer one.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (name, after) = after.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        let (content, after) = after.split_at_checked(length)?;
        // Behind it is its checksum, which the decoder looks at.
        rest = after.get(4..)?;
        Some((*name, content))
    })
}

fn density(content: &[u8]) -> Option<Density> {
    let (x, rest) = content.split_first_chunk::<4>()?;
    let (y, unit) = rest.split_first_chunk::<4>()?;
    let unit = if *unit.first()? == 1 {
        Unit::Metre
    } else {
        Unit::Ratio
    };
    let number = |bytes: &[u8; 4]| (u32::from_be_bytes(*bytes), 1);
    Density::new(number(x), number(y), unit)
}
