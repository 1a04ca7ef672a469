//! Directories of TIFF files and of EXIF records. Only what `tiff` does not tell of files without a picture.

/// How numbers lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    little: bool,
    /// BigTIFF, whose offsets and counts have 64 bits.
    big: bool,
}

/// One directory: its entries and where the next one is.
#[derive(Debug)]
pub(in crate::picture) struct Directory {
    layout: Layout,
    entries: Vec<Entry>,
    /// Offset of the number below.
    next_at: usize,
    /// Offset of the next directory; 0: there is none.
    pub(in crate::picture) next: u64,
}

/// One entry: a tag, the number of its type, and where its value lies.
#[derive(Clone, Copy, Debug)]
struct Entry {
    tag: u16,
    kind: u16,
    start: usize,
    length: usize,
}

/// An entry with its value, numbers in native order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) tag: u16,
    pub(super) kind: u16,
    pub(super) value: Vec<u8>,
}

impl Directory {
    /// The first one; none where the bytes are no TIFF or end too soon.
    pub(in crate::picture) fn first(bytes: &[u8]) -> Option<Self> {
        let layout = Layout::of(bytes)?;
        let (at, size) = if layout.big { (8, 8) } else { (4, 4) };
        Self::at(bytes, layout.number(bytes, at, size)?)
    }

    /// The one after this.
    pub(in crate::picture) fn following(&self, bytes: &[u8]) -> Option<Self> {
        self.of_offset(bytes, self.next)
    }

    /// The one to which a tag points.
    pub(super) fn below(&self, bytes: &[u8], tag: u16) -> Option<Self> {
        self.of_offset(bytes, self.value(bytes, tag)?)
    }

    /// The first number of a tag's value, where it has whole ones.
    pub(in crate::picture) fn value(&self, bytes: &[u8], tag: u16) -> Option<u64> {
        let entry = self.entry(tag)?;
        let size = match entry.kind {
            1 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return None,
        };
        self.layout.number(bytes, entry.start, size)
    }

    /// A tag's two numbers that make a fraction.
    pub(in crate::picture) fn fraction(&self, bytes: &[u8], tag: u16) -> Option<(u32, u32)> {
        let entry = self.entry(tag).filter(|entry| entry.kind == 5)?;
        let number = |at| u32::try_from(self.layout.number(bytes, at, 4)?).ok();
        Some((number(entry.start)?, number(entry.start + 4)?))
    }

    /// A tag's value as it lies in the file.
    pub(super) fn bytes<'a>(&self, bytes: &'a [u8], tag: u16) -> Option<&'a [u8]> {
        let entry = self.entry(tag)?;
        bytes.get(entry.start..entry.start.checked_add(entry.length)?)
    }

    /// The entries that can be read and whose tags are wanted.
    pub(super) fn fields(&self, bytes: &[u8], wanted: impl Fn(u16) -> bool) -> Vec<Field> {
        let field = |entry: &Entry| {
            let end = entry.start.checked_add(entry.length)?;
            let mut value = bytes.get(entry.start..end)?.to_vec();
            if self.layout.little != cfg!(target_endian = "little") {
                let size = number_size(entry.kind)?;
                value.chunks_exact_mut(size).for_each(<[u8]>::reverse);
            }
            Some(Field {
                tag: entry.tag,
                kind: entry.kind,
                value,
            })
        };
        let entries = self.entries.iter().filter(|entry| wanted(entry.tag));
        entries.filter_map(field).collect()
    }

    /// Makes this the last directory.
    pub(in crate::picture) fn end_here(&self, bytes: &mut [u8]) {
        let size = self.layout.offset_size();
        if let Some(next) = bytes.get_mut(self.next_at..self.next_at + size) {
            next.fill(0);
        }
    }

    fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    fn of_offset(&self, bytes: &[u8], offset: u64) -> Option<Self> {
        if offset == 0 {
            None
        } else {
            Self::at(bytes, offset)
        }
    }

    fn at(bytes: &[u8], offset: u64) -> Option<Self> {
        let layout = Layout::of(bytes)?;
        let offset = usize::try_from(offset).ok()?;
        let count_size = if layout.big { 8 } else { 2 };
        let first = offset.checked_add(count_size)?;
        let count = usize::try_from(layout.number(bytes, offset, count_size)?).ok()?;
        let size = 4 + 2 * layout.offset_size();
        let next_at = first.checked_add(count.checked_mul(size)?)?;
        let next = layout.number(bytes, next_at, layout.offset_size())?;
        let entries = (0..count).map(|index| layout.entry(bytes, first + size * index));
        Some(Self {
            layout,
            entries: entries.collect::<Option<_>>()?,
            next_at,
            next,
        })
    }
}

impl Layout {
    fn of(bytes: &[u8]) -> Option<Self> {
        let (little, big) = match bytes.get(..4)? {
            b"II*\0" => (true, false),
            b"MM\0*" => (false, false),
            b"II+\0" => (true, true),
            b"MM\0+" => (false, true),
            _ => return None,
        };
        Some(Self { little, big })
    }

    const fn offset_size(self) -> usize {
        if self.big { 8 } else { 4 }
    }

    /// The entry whose bytes start here: tag, type, how many values, then these or where they are.
    fn entry(self, bytes: &[u8], at: usize) -> Option<Entry> {
        let offset_size = self.offset_size();
        let kind = self.number(bytes, at + 2, 2)? as u16;
        let count = usize::try_from(self.number(bytes, at + 4, offset_size)?).ok()?;
        let length = value_size(kind).saturating_mul(count);
        let place = at + 4 + offset_size;
        Some(Entry {
            tag: self.number(bytes, at, 2)? as u16,
            kind,
            length,
            start: if length <= offset_size {
                place
            } else {
                usize::try_from(self.number(bytes, place, offset_size)?).ok()?
            },
        })
    }

    fn number(self, bytes: &[u8], at: usize, size: usize) -> Option<u64> {
        let bytes = bytes.get(at..at.checked_add(size)?)?;
        let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(if self.little {
            bytes.iter().rev().fold(0, add)
        } else {
            bytes.iter().fold(0, add)
        })
    }
}

/// Bytes of one value of a type; of an unknown one as many as a byte.
fn value_size(kind: u16) -> usize {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 1,
    }
}

/// Bytes of what is turned round from one order to the other; none of types that are not known.
fn number_size(kind: u16) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        5 | 10 => Some(4),
        3 | 4 | 8 | 9 | 11..=13 | 16..=18 => Some(value_size(kind)),
        _ => None,
    }
}
