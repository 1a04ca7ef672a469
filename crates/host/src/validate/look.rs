//! What a library shows, read without believing it: a null, a bad string or a short struct is something to report.

#![expect(unsafe_code, reason = "memory of the library's is read by pointer")]

use std::ffi::{CStr, c_char};
use std::fmt;

use diat_plugin_abi::{Growable, diat_effect, diat_param, diat_plugin};

use crate::read;

/// A descriptor of an effect with those of its parameters.
pub(crate) struct Described {
    pub(crate) effect: diat_effect,
    pub(crate) params: Vec<diat_param>,
}

/// Why a string is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadText {
    Null,
    NotUtf8,
}

impl fmt::Display for BadText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::NotUtf8 => "not UTF-8",
        })
    }
}

/// A copy of a struct with zeros for what its writer did not know; none for null.
pub(crate) fn copy<T: Growable>(source: *const T) -> Option<T> {
    // SAFETY: null, or the library's own struct; if it lies about it, this process is there to end.
    unsafe { read::copy(source) }
}

/// The pointers of a list that ends in null.
pub(crate) fn list<T>(first: *const *const T) -> Vec<*const T> {
    // SAFETY: null, or the library's own list; if it never ends, this process is there to end.
    unsafe { read::list(first) }
}

/// So many pointers.
pub(crate) fn counted<T>(first: *const *const T, count: u32) -> Vec<*const T> {
    // SAFETY: null, or so many pointers of the library's; if they are fewer, this process is there to end.
    unsafe { read::counted(first, count) }
}

/// A string.
pub(crate) fn text(text: *const c_char) -> Result<String, BadText> {
    if text.is_null() {
        return Err(BadText::Null);
    }
    // SAFETY: not null, so by the contract it ends; if it does not, this process is there to end.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str()
        .map(str::to_owned)
        .map_err(|_| BadText::NotUtf8)
}

/// A string for a message.
pub(crate) fn words(source: *const c_char) -> String {
    text(source).unwrap_or_else(|bad| format!("({bad})"))
}

/// All descriptors of a table.
pub(crate) fn effects(table: &diat_plugin) -> Vec<Described> {
    let described = |effect: diat_effect| Described {
        effect,
        params: list(effect.params).into_iter().filter_map(copy).collect(),
    };
    list(table.effects)
        .into_iter()
        .filter_map(copy)
        .map(described)
        .collect()
}
