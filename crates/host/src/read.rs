//! Reads what the plug-in shows: by `size`, null as absence, everything copied.

#![expect(unsafe_code, reason = "memory of the plug-in's is read by pointer")]

use std::ffi::{CStr, c_char};
use std::ptr;

use diat_plugin_abi::Growable;

/// A copy of a struct with zeros for what its writer did not know; none for null.
///
/// # Safety
/// `source` is null or a struct of the ABI that is as long as it says.
pub(crate) unsafe fn copy<T: Growable>(source: *const T) -> Option<T> {
    if source.is_null() {
        return None;
    }
    // SAFETY: every such struct starts with its size, a u32.
    let size = unsafe { source.cast::<u32>().read() };
    let mut copy = T::ZERO;
    let target = (&raw mut copy).cast::<u8>();
    // SAFETY: `whole` is no more than either side has, and all of our structs' bit patterns that a writer may write are valid.
    unsafe { ptr::copy_nonoverlapping(source.cast::<u8>(), target, T::whole(size)) };
    Some(copy)
}

/// A string, empty for null; what is no UTF-8 is replaced.
///
/// # Safety
/// `text` is null or ends in a zero byte.
pub(crate) unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: not null, so it ends in a zero byte.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_string_lossy().into_owned()
}

/// The pointers of a list that ends in null; none for null.
///
/// # Safety
/// `first` is null or the first of such a list.
pub(crate) unsafe fn list<T>(first: *const *const T) -> Vec<*const T> {
    let mut pointers = Vec::new();
    if first.is_null() {
        return pointers;
    }
    loop {
        // SAFETY: the list has not ended yet.
        let place = unsafe { first.add(pointers.len()) };
        // SAFETY: as above.
        let pointer = unsafe { place.read() };
        if pointer.is_null() {
            return pointers;
        }
        pointers.push(pointer);
    }
}

/// The `count` pointers of a counted list; none for null.
///
/// # Safety
/// `first` is null or the first of `count` pointers.
pub(crate) unsafe fn counted<T>(first: *const *const T, count: u32) -> Vec<*const T> {
    if first.is_null() {
        return Vec::new();
    }
    // SAFETY: the caller's promise.
    let pointers = unsafe { std::slice::from_raw_parts(first, count as usize) };
    pointers.to_vec()
}
