//! TensorBoard's file: records of length and checksums, each an `Event` message of TensorFlow's `event.proto` in protocol buffers'
//! wire format. The four messages that are needed are too few for a library.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Error;
use super::metrics::Log;

pub(super) const FILE: &str = "events.out.tfevents.0.diat";

/// The file.
#[derive(Debug)]
pub(super) struct Events {
    log: Log,
}

impl Events {
    pub(super) fn open(path: &Path, length: u64) -> Result<Self, Error> {
        let mut log = Log::open(path, length)?;
        if length == 0 {
            let version = field(3, b"brain.Event:2");
            log.append(&record(&event(0, &version)))?;
        }
        Ok(Self { log })
    }

    pub(super) fn scalars<'a>(
        &mut self,
        round: u64,
        scalars: impl Iterator<Item = (&'a str, f64)>,
    ) -> Result<(), Error> {
        let mut summary = Vec::new();
        for (tag, value) in scalars {
            let mut message = field(1, tag.as_bytes());
            message.push(key(2, FIXED32));
            message.extend((value as f32).to_le_bytes());
            summary.extend(field(1, &message));
        }
        self.summary(round, &summary)
    }

    /// A picture, RGB, as PNG.
    pub(super) fn picture(
        &mut self,
        round: u64,
        tag: &str,
        [width, height]: [u32; 2],
        png: &[u8],
    ) -> Result<(), Error> {
        const RGB: u64 = 3;
        let mut image = Vec::new();
        for (number, value) in [(1, height.into()), (2, width.into()), (3, RGB)] {
            image.push(key(number, VARINT));
            varint(value, &mut image);
        }
        image.extend(field(4, png));
        let mut message = field(1, tag.as_bytes());
        message.extend(field(4, &image));
        self.summary(round, &field(1, &message))
    }

    fn summary(&mut self, round: u64, summary: &[u8]) -> Result<(), Error> {
        self.log.append(&record(&event(round, &field(5, summary))))
    }

    pub(super) fn sync(&mut self) -> Result<u64, Error> {
        self.log.sync()
    }
}

const VARINT: u8 = 0;
const FIXED64: u8 = 1;
const BYTES: u8 = 2;
const FIXED32: u8 = 5;

fn key(number: u8, kind: u8) -> u8 {
    number << 3 | kind
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value > 0x7F {
        out.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![key(number, BYTES)];
    varint(bytes.len() as u64, &mut out);
    out.extend(bytes);
    out
}

fn event(step: u64, what: &[u8]) -> Vec<u8> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = now.map_or(0.0, |now| now.as_secs_f64());
    let mut out = vec![key(1, FIXED64)];
    out.extend(seconds.to_le_bytes());
    out.push(key(2, VARINT));
    varint(step, &mut out);
    out.extend(what);
    out
}

fn record(message: &[u8]) -> Vec<u8> {
    let length = (message.len() as u64).to_le_bytes();
    let mut out = length.to_vec();
    out.extend(masked_checksum(&length));
    out.extend(message);
    out.extend(masked_checksum(message));
    out
}

/// CRC-32C, turned and shifted so that a checksum of checksums stays one.
fn masked_checksum(bytes: &[u8]) -> [u8; 4] {
    let checksum = crc32c::crc32c(bytes).rotate_right(15);
    checksum.wrapping_add(0xA282_EAD8).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_what_tensorboard_writes() {
        // The first record of a file of TensorBoard's own writer: `brain.Event:2` at the time 0.
        let mut message = vec![0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0x1A, 13];
        message.extend(b"brain.Event:2");
        let record = record(&message);
        assert_eq!(
            record[..12],
            [24, 0, 0, 0, 0, 0, 0, 0, 0xA3, 0x7F, 0x4B, 0x22]
        );
        assert_eq!(record.len(), 12 + 24 + 4);
    }

    #[test]
    fn long_numbers_take_several_bytes() {
        let mut out = Vec::new();
        varint(300, &mut out);
        varint(127, &mut out);
        assert_eq!(out, [0xAC, 0x02, 0x7F]);
    }
}
