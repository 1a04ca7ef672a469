//! A host that remembers what it is told.

#![expect(
    unsafe_code,
    reason = "the library calls with the pointers it was given"
)]

use std::ffi::{CStr, CString, c_char, c_void};
use std::path::PathBuf;
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use diat_plugin_abi::{self as abi, Growable, diat_host};

use super::Finding;
use crate::options::c_string;

/// A line of the log as it came.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) level: i32,
    pub(crate) text: Vec<u8>,
}

/// A host; it lives as long as the process, so that a library that keeps it too long is seen and not followed.
pub(crate) struct Host {
    folders: &'static [*const c_char],
    lines: Mutex<Vec<Line>>,
}

// SAFETY: the folders are never written.
unsafe impl Sync for Host {}

impl Host {
    pub(crate) fn new(resource_dirs: &[PathBuf]) -> Result<&'static Self, Finding> {
        let failed = |text| Finding::skipped(text);
        let mut folders: Vec<*const c_char> = Vec::new();
        for folder in resource_dirs {
            let folder = folder
                .to_str()
                .ok_or_else(|| failed(format!("{}: the path is not UTF-8", folder.display())))?;
            let folder: CString = c_string(folder).map_err(|error| failed(error.to_string()))?;
            folders.push(folder.into_raw());
        }
        folders.push(ptr::null());
        Ok(Box::leak(Box::new(Self {
            folders: Vec::leak(folders),
            lines: Mutex::default(),
        })))
    }

    /// As the library sees it.
    pub(crate) fn raw(&'static self) -> diat_host {
        diat_host {
            abi_minor: abi::DIAT_ABI_MINOR,
            name: c"diat validate".as_ptr(),
            version: c"1".as_ptr(),
            resource_dirs: self.folders.as_ptr(),
            max_threads: 2,
            ctx: ptr::from_ref(self).cast_mut().cast::<c_void>(),
            log: Some(log),
            ..diat_host::EMPTY
        }
    }

    /// What was logged so far.
    pub(crate) fn lines(&self) -> MutexGuard<'_, Vec<Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many of the lines tell of a mistake of the host's.
    pub(crate) fn misuses(&self) -> usize {
        self.lines()
            .iter()
            .filter(|line| line.level == abi::DIAT_HOST_MISUSE)
            .count()
    }

    /// The last line, for a message.
    pub(crate) fn last_line(&self) -> String {
        let last = self
            .lines()
            .last()
            .map(|line| String::from_utf8_lossy(&line.text).into_owned());
        last.unwrap_or_else(|| "it does not say why".to_owned())
    }
}

unsafe extern "C" fn log(context: *mut c_void, level: i32, text: *const c_char) {
    let text = if text.is_null() {
        b"\xff(null)".to_vec()
    } else {
        // SAFETY: by the contract a string; if it does not end, this process is there to end.
        unsafe { CStr::from_ptr(text) }.to_bytes().to_vec()
    };
    // SAFETY: the context is a host that is never freed.
    if let Some(host) = unsafe { context.cast::<Host>().as_ref() } {
        host.lines().push(Line { level, text });
    }
}
