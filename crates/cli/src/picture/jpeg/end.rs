//! Whether a JPEG file is all there. Decoders go on without complaint where one ends too early, and fill with grey what is missing.

/// Marker of the end.
const END: u8 = 0xD9;

/// Whether the picture's data is followed by its end. Files within the file, as the thumbnail in EXIF, have ends of their own, which do
/// not count, nor does what follows the end.
pub(in crate::picture) fn has_end(bytes: &[u8]) -> bool {
    // Behind the start of the picture.
    let mut rest = bytes.get(2..).unwrap_or_default();
    loop {
        let Some(marker) = next_marker(&mut rest) else {
            return false;
        };
        if marker == END {
            return true;
        }
        let Some(length) = rest.first_chunk().copied().map(u16::from_be_bytes) else {
            return false;
        };
        let Some(behind) = rest.get(usize::from(length)..) else {
            return false;
        };
        rest = behind;
    }
}

/// The next marker that does not belong to coded data; `rest` is then what follows it.
fn next_marker(rest: &mut &[u8]) -> Option<u8> {
    loop {
        let at = rest.iter().position(|byte| *byte == 0xFF)?;
        *rest = &rest[at + 1..];
        match *rest.first()? {
            // A byte of data that happens to be 0xFF, or a restart.
            0x00 | 0xD0..=0xD7 => *rest = &rest[1..],
            // Fill.
            0xFF => {}
            marker => {
                *rest = &rest[1..];
                return Some(marker);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Start, a segment with an end in it, scan data with a stuffed byte and a restart, a table, more data, the end.
    const WHOLE: &[u8] = b"\xFF\xD8\xFF\xE1\x00\x06\xFF\xD8\xFF\xD9\xFF\xDA\x00\x02ab\xFF\x00\xFF\xD0c\xFF\xC4\x00\x03xd\xFF\xFF\xD9";

    #[test]
    fn the_end_is_found_and_nothing_else_passes_for_it() {
        assert!(has_end(WHOLE));
        assert!(has_end(&[WHOLE, b"and more"].concat()));
        for length in 0..WHOLE.len() {
            assert!(!has_end(&WHOLE[..length]), "{length}");
        }
    }
}
