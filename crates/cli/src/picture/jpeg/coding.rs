//! How finely a JPEG file is coded, so that it is written as finely again.

use jpeg_encoder::SamplingFactor;

use super::segments::{is_frame, segments};

/// Quantisation tables and sampling of a JPEG file. Written with them again, a block that was not edited comes to the same numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::picture) struct Coding {
    /// In natural order.
    pub(super) luma: [u16; 64],
    /// In natural order; where the two chroma channels differ, the finer step of either.
    pub(super) chroma: [u16; 64],
    /// How much more finely luma is sampled than chroma.
    pub(super) sampling: SamplingFactor,
    /// Whether it is stored in several scans of growing detail.
    pub(super) progressive: bool,
}

/// Natural index of each coefficient in the order of storage (ITU-T T.81, figure A.6).
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

const TABLES: u8 = 0xDB;
const PROGRESSIVE: u8 = 0xC2;

/// Of a frame: how often it is sampled across and down, and the number of its table.
struct Channel {
    across: u8,
    down: u8,
    table: u8,
}

impl Coding {
    /// Of a file with one channel or three; of others there is none.
    pub(in crate::picture) fn of(bytes: &[u8]) -> Option<Self> {
        let mut tables: [Option<[u16; 64]>; 4] = [None; 4];
        let mut frame = None;
        for (marker, content) in segments(bytes) {
            if marker == TABLES {
                read_tables(content, &mut tables);
            } else if is_frame(marker) {
                frame = Some((marker == PROGRESSIVE, channels(content)?));
            }
        }
        let (progressive, channels) = frame?;
        let table = |channel: &Channel| *tables.get(usize::from(channel.table))?;
        let (luma, chroma, sampling) = match channels.as_slice() {
            [grey] => (table(grey)?, table(grey)?, SamplingFactor::F_1_1),
            [y, cb, cr] => {
                let (blue, red) = (table(cb)?, table(cr)?);
                let finer = std::array::from_fn(|index| blue[index].min(red[index]));
                (table(y)?, finer, sampling(y, cb, cr))
            }
            _ => return None,
        };
        Some(Self {
            luma,
            chroma,
            sampling,
            progressive,
        })
    }
}

/// The encoder knows chroma that is sampled alike and by a whole factor more coarsely than luma; else it is stored in full.
fn sampling(y: &Channel, cb: &Channel, cr: &Channel) -> SamplingFactor {
    let full = SamplingFactor::F_1_1;
    let whole = |fine: u8, coarse: u8| fine.checked_rem(coarse) == Some(0);
    if (cb.across, cb.down) != (cr.across, cr.down)
        || !whole(y.across, cb.across)
        || !whole(y.down, cb.down)
    {
        return full;
    }
    SamplingFactor::from_factors(y.across / cb.across, y.down / cb.down).unwrap_or(full)
}

fn channels(frame: &[u8]) -> Option<Vec<Channel>> {
    let count = usize::from(*frame.get(5)?);
    let channels = frame.get(6..6 + 3 * count)?.as_chunks::<3>().0.iter();
    let channel = |[_, sampling, table]: &[u8; 3]| Channel {
        across: sampling >> 4,
        down: sampling & 15,
        table: *table,
    };
    Some(channels.map(channel).collect())
}

/// A segment holds one table or several, each of 8 or 16 bits. One that ends too soon gives none.
fn read_tables(mut content: &[u8], tables: &mut [Option<[u16; 64]>; 4]) {
    while let [head, rest @ ..] = content {
        let size = if head >> 4 == 0 { 1 } else { 2 };
        let Some((numbers, next)) = rest.split_at_checked(64 * size) else {
            return;
        };
        let mut table = [0; 64];
        for (number, natural) in numbers.chunks_exact(size).zip(ZIGZAG) {
            table[natural] = number
                .iter()
                .fold(0, |sum, byte| sum << 8 | u16::from(*byte));
        }
        if let Some(place) = tables.get_mut(usize::from(head & 15)) {
            *place = Some(table);
        }
        content = next;
    }
}
