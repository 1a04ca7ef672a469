//! Memory of which every byte around is known, or forbidden.

#![expect(
    unsafe_code,
    reason = "pages are asked for and forbidden, and structs are cut to pieces"
)]

use std::ptr;

use diat_plugin_abi::Growable;

use super::Finding;
use super::random::Random;

/// What bytes hold that nobody should touch.
pub(crate) const CANARY: u8 = 0xa5;

/// What lies around a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// At least a page of canaries on both sides, the first byte so many bytes after the start of a page.
    Roomy(usize),
    /// The first byte right behind a page that nobody may touch.
    AtStart,
    /// The last byte right before such a page.
    AtEnd,
}

/// A buffer. All its bytes, and those around that may be touched, start as canaries.
#[derive(Debug)]
pub(crate) struct Memory {
    base: *mut u8,
    total: usize,
    /// Bytes at both ends that may not be touched.
    forbidden: usize,
    first: usize,
    len: usize,
}

impl Memory {
    /// Whether this system can forbid memory.
    pub(crate) const CAN_FORBID: bool = cfg!(unix);

    pub(crate) fn new(len: usize, place: Place) -> Result<Self, Finding> {
        let page = system::page();
        let none = || Finding::skipped("the system gives no memory");
        let body = len
            .checked_next_multiple_of(page)
            .ok_or_else(none)?
            .max(page)
            + page;
        let total = body + 2 * page;
        let base = system::reserve(total).ok_or_else(none)?;
        let first = match place {
            Place::Roomy(shift) => page + shift.min(page),
            Place::AtStart => page,
            Place::AtEnd => page + body - len,
        };
        let forbidden = if matches!(place, Place::Roomy(_)) {
            0
        } else {
            page
        };
        let memory = Self {
            base,
            total,
            forbidden,
            first,
            len,
        };
        // SAFETY: all of it is ours and nothing is forbidden yet.
        unsafe { ptr::write_bytes(base, CANARY, total) };
        if forbidden > 0 {
            let ends = [base, base.wrapping_add(total - page)];
            if !ends.into_iter().all(|end| system::forbid(end, page)) {
                return Err(Finding::skipped("the system cannot forbid memory"));
            }
        }
        Ok(memory)
    }

    /// The first `size` bytes of a struct, with `size` in it, as its writer would have laid them out; what follows them up to a
    /// forbidden page, fewer than 8 bytes, is rubbish. A `size` beyond the struct goes on with rubbish.
    pub(crate) fn of_struct<T: Growable>(
        value: &T,
        size: u32,
        random: &mut Random,
    ) -> Result<Self, Finding> {
        let len = (size as usize).max(4).next_multiple_of(8);
        let mut memory = Self::new(len, Place::AtEnd)?;
        for byte in memory.bytes_mut() {
            *byte = random.next() as u8 | 1;
        }
        let known = len.min(size_of::<T>()).min((size as usize).max(4));
        // SAFETY: the struct has at least so many bytes, and so has the buffer.
        unsafe {
            ptr::copy_nonoverlapping(ptr::from_ref(value).cast::<u8>(), memory.start(), known)
        };
        // SAFETY: a size fits into the buffer, which starts at a multiple of 8.
        unsafe { memory.start().cast::<u32>().write(size) };
        Ok(memory)
    }

    /// The first byte.
    pub(crate) fn start(&self) -> *mut u8 {
        self.base.wrapping_add(self.first)
    }

    /// Its bytes, as they are between two calls of the library.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the buffer is ours, and the library runs only in between.
        unsafe { std::slice::from_raw_parts(self.start(), self.len) }
    }

    /// As [`bytes`](Self::bytes), to be filled.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts_mut(self.start(), self.len) }
    }

    /// From here on writing to the buffer ends the process, where the system can do that.
    pub(crate) fn seal(&self) {
        let page = system::page();
        system::make_read_only(self.base.wrapping_add(page), self.total - 2 * page);
    }

    /// Where a canary around the buffer is gone: bytes from the buffer's first.
    pub(crate) fn stray(&self) -> Option<isize> {
        let len = self.total - 2 * self.forbidden;
        let start = self.base.wrapping_add(self.forbidden);
        // SAFETY: what is not forbidden may be read.
        let bytes = unsafe { std::slice::from_raw_parts(start, len) };
        let first = self.first - self.forbidden;
        let outside = |place: &usize| *place < first || *place >= first + self.len;
        let gone = (0..len)
            .filter(outside)
            .find(|&place| bytes[place] != CANARY);
        gone.map(|place| place as isize - first as isize)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        system::release(self.base, self.total);
    }
}

#[cfg(unix)]
mod system {
    use std::ffi::c_void;
    use std::ptr;

    pub(super) fn page() -> usize {
        // SAFETY: any number may be asked for.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        usize::try_from(page).unwrap_or(4096)
    }

    pub(super) fn reserve(len: usize) -> Option<*mut u8> {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let kind = libc::MAP_PRIVATE | libc::MAP_ANON;
        // SAFETY: new memory wherever the system likes.
        let base = unsafe { libc::mmap(ptr::null_mut(), len, access, kind, -1, 0) };
        (base != libc::MAP_FAILED).then(|| base.cast::<u8>())
    }

    pub(super) fn forbid(start: *mut u8, len: usize) -> bool {
        // SAFETY: pages of ours, which nobody touches from here on but by mistake.
        unsafe { libc::mprotect(start.cast::<c_void>(), len, libc::PROT_NONE) == 0 }
    }

    pub(super) fn make_read_only(start: *mut u8, len: usize) {
        // SAFETY: pages of ours; where it fails the caller's comparison of bytes remains.
        let _ = unsafe { libc::mprotect(start.cast::<c_void>(), len, libc::PROT_READ) };
    }

    pub(super) fn release(start: *mut u8, len: usize) {
        // SAFETY: as it was reserved.
        let _ = unsafe { libc::munmap(start.cast::<c_void>(), len) };
    }
}

#[cfg(not(unix))]
mod system {
    use std::ptr;

    pub(super) const fn page() -> usize {
        4096
    }

    pub(super) fn reserve(len: usize) -> Option<*mut u8> {
        Some(Box::leak(vec![0; len].into_boxed_slice()).as_mut_ptr())
    }

    pub(super) const fn forbid(_: *mut u8, _: usize) -> bool {
        false
    }

    pub(super) const fn make_read_only(_: *mut u8, _: usize) {}

    pub(super) fn release(start: *mut u8, len: usize) {
        // SAFETY: as it was reserved.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(start, len)) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_written_outside_is_found() {
        let mut memory = Memory::new(100, Place::Roomy(3)).unwrap();
        memory.bytes_mut().fill(0);
        assert_eq!(memory.stray(), None);
        // SAFETY: the canaries are ours.
        unsafe { memory.start().wrapping_add(100).write(1) };
        assert_eq!(memory.stray(), Some(100));
        // SAFETY: as above.
        unsafe { memory.start().wrapping_sub(1).write(1) };
        assert_eq!(memory.stray(), Some(-1));
    }
}
