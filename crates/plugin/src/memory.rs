//! Reads what a host hands over: null checked, by `size`, copied.

#![expect(unsafe_code, reason = "the host's memory is read by pointer")]

use std::ffi::{CStr, c_char};
use std::mem::offset_of;
use std::ptr;

use diat_plugin_abi::{Growable, diat_host, diat_image, diat_job};

use crate::failure::Failure;

/// Structs that a host writes.
pub(crate) trait Written: Growable {
    /// For messages.
    const NAME: &'static str;
    /// Bytes without which nothing can be done.
    const LEAST: usize;
}

impl Written for diat_host {
    const NAME: &'static str = "diat_host";
    const LEAST: usize = offset_of!(diat_host, name);
}

impl Written for diat_job {
    const NAME: &'static str = "diat_job";
    const LEAST: usize = offset_of!(diat_job, time);
}

impl Written for diat_image {
    const NAME: &'static str = "diat_image";
    const LEAST: usize = offset_of!(diat_image, alpha);
}

/// A copy of a struct with zeros for what its writer did not know.
///
/// # Safety
/// `source` is null or a struct of the ABI that is as long as it says.
pub(crate) unsafe fn copy<T: Written>(source: *const T) -> Result<T, Failure> {
    if source.is_null() {
        return Err(Failure::argument(format!("the {} is null", T::NAME)));
    }
    // SAFETY: every such struct starts with its size, a u32.
    let size = unsafe { source.cast::<u32>().read_unaligned() };
    let whole = T::whole(size);
    if whole < T::LEAST {
        return Err(Failure::argument(format!(
            "the {}'s size is {size}: at least {} are needed",
            T::NAME,
            T::LEAST
        )));
    }
    let mut copy = T::ZERO;
    let target = (&raw mut copy).cast::<u8>();
    // SAFETY: `whole` is no more than either side has, and any bits are valid in these structs' fields.
    unsafe { ptr::copy_nonoverlapping(source.cast::<u8>(), target, whole) };
    Ok(copy)
}

/// A string of the host's; `what` names it in the message.
///
/// # Safety
/// `text` is null or ends in a zero byte.
pub(crate) unsafe fn text(text: *const c_char, what: &str) -> Result<String, Failure> {
    if text.is_null() {
        return Err(Failure::argument(format!("{what} is null")));
    }
    // SAFETY: not null, so it ends in a zero byte.
    let text = unsafe { CStr::from_ptr(text) };
    match text.to_str() {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(Failure::argument(format!("{what} is not UTF-8: {text:?}"))),
    }
}

/// The pointers of a list that ends in null; none for null.
///
/// # Safety
/// `first` is null or the first of such a list.
pub(crate) unsafe fn list(first: *const *const c_char) -> Vec<*const c_char> {
    let mut pointers = Vec::new();
    if first.is_null() {
        return pointers;
    }
    loop {
        // SAFETY: the list has not ended yet.
        let place = unsafe { first.add(pointers.len()) };
        // SAFETY: as above.
        let pointer = unsafe { place.read_unaligned() };
        if pointer.is_null() {
            return pointers;
        }
        pointers.push(pointer);
    }
}

/// A copy of `count` numbers; `what` names them in the message.
///
/// # Safety
/// `first` is null or the first of so many numbers.
pub(crate) unsafe fn numbers(
    first: *const f64,
    count: usize,
    what: &str,
) -> Result<Vec<f64>, Failure> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if first.is_null() || !first.is_aligned() {
        return Err(Failure::argument(format!(
            "{what} point to {first:?}: {count} numbers should be there"
        )));
    }
    // SAFETY: the caller's promise; not null and aligned.
    let numbers = unsafe { std::slice::from_raw_parts(first, count) };
    Ok(numbers.to_vec())
}
