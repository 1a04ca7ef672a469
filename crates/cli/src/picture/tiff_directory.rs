//! Directories of TIFF files and of EXIF records, which have the same form. Only what `image` does not tell.

/// One directory: its entries and where the next one is.
#[derive(Debug)]
pub(crate) struct Directory {
    /// Tag and value, the value being the number that stands in the entry.
    entries: Vec<(u16, u32)>,
    /// Offset of the number below.
    next_at: usize,
    /// Offset of the next directory; 0: there is none.
    pub(crate) next: u32,
}

impl Directory {
    /// The first one; none where the bytes are no TIFF, are BigTIFF or end too soon.
    pub(crate) fn first(bytes: &[u8]) -> Option<Self> {
        let little = little_endian(bytes)?;
        Self::at(bytes, number(bytes, 4, 4, little)?)
    }

    /// The one after this.
    pub(crate) fn following(&self, bytes: &[u8]) -> Option<Self> {
        if self.next == 0 {
            None
        } else {
            Self::at(bytes, self.next)
        }
    }

    /// The value of a tag, where it is a number of 16 or 32 bits.
    pub(crate) fn value(&self, tag: u16) -> Option<u32> {
        self.entries
            .iter()
            .find(|entry| entry.0 == tag)
            .map(|entry| entry.1)
    }

    /// Makes this the last directory.
    pub(crate) fn end_here(&self, bytes: &mut [u8]) {
        if let Some(next) = bytes.get_mut(self.next_at..self.next_at + 4) {
            next.fill(0);
        }
    }

    fn at(bytes: &[u8], offset: u32) -> Option<Self> {
        let little = little_endian(bytes)?;
        let offset = offset as usize;
        let count = number(bytes, offset, 2, little)? as usize;
        let next_at = offset + 2 + 12 * count;
        let entry = |index: usize| {
            let at = offset + 2 + 12 * index;
            let tag = number(bytes, at, 2, little)? as u16;
            let short = number(bytes, at + 2, 2, little)? == 3;
            Some((
                tag,
                number(bytes, at + 8, if short { 2 } else { 4 }, little)?,
            ))
        };
        Some(Self {
            entries: (0..count).map(entry).collect::<Option<_>>()?,
            next_at,
            next: number(bytes, next_at, 4, little)?,
        })
    }
}

fn little_endian(bytes: &[u8]) -> Option<bool> {
    match bytes.get(..4)? {
        b"II*\0" => Some(true),
        b"MM\0*" => Some(false),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize, size: usize, little: bool) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(size)?)?;
    let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
    Some(if little {
        bytes.iter().rev().fold(0, add)
    } else {
        bytes.iter().fold(0, add)
    })
}
