//! The host's buffer for one line about a failure.

#![expect(unsafe_code, reason = "the buffer is the host's")]

use std::ffi::c_char;
use std::ptr;

/// A buffer of the host's, or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message {
    start: *mut c_char,
    size: usize,
}

impl Message {
    /// No buffer: nothing is written.
    pub(crate) const NONE: Self = Self {
        start: ptr::null_mut(),
        size: 0,
    };

    /// # Safety
    /// `start` is null, or `size` bytes there may be written until the call returns.
    pub(crate) unsafe fn new(start: *mut c_char, size: usize) -> Self {
        if start.is_null() || size == 0 {
            return Self::NONE;
        }
        Self { start, size }
    }

    /// Writes as much of one line as fits, cut between two characters, and a zero byte.
    pub(crate) fn write(self, text: &str) {
        if self.size == 0 {
            return;
        }
        let line = one_line(text);
        let len = line.floor_char_boundary(self.size - 1);
        let target = self.start.cast::<u8>();
        // SAFETY: `len` is less than the buffer's size, and the host's buffer does not overlap our string.
        unsafe { ptr::copy_nonoverlapping(line.as_ptr(), target, len) };
        // SAFETY: as above.
        let end = unsafe { target.add(len) };
        // SAFETY: as above.
        unsafe { end.write(0) };
    }
}

/// Text without line breaks or zero bytes.
pub(crate) fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\0'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, size: usize) -> Vec<u8> {
        let mut buffer = vec![b'#'; size + 4];
        // SAFETY: the buffer has `size` bytes and four more.
        let message = unsafe { Message::new(buffer.as_mut_ptr().cast(), size) };
        message.write(text);
        buffer
    }

    #[test]
    fn a_message_is_cut_between_characters_and_ends_in_zero() {
        assert_eq!(written("aüb", 8), b"a\xc3\xbcb\0#######");
        assert_eq!(written("aüb", 4), b"a\xc3\xbc\0####");
        assert_eq!(written("aüb", 3), b"a\0#####");
        assert_eq!(written("aüb", 1), b"\0####");
        assert_eq!(written("aüb", 0), b"####");
    }

    #[test]
    fn a_message_is_one_line() {
        assert_eq!(written("a\nb\0c", 8), b"a b c\0######");
    }
}
