//! What a host brings: its folders, its threads, its log.

#![expect(unsafe_code, reason = "the log is the host's function")]

use std::ffi::{CString, c_char, c_void};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use diat_effects::Level;
use diat_plugin_abi::{self as abi, diat_host};

use crate::callbacks;
use crate::failure::Failure;
use crate::memory;
use crate::message::one_line;

/// The host's log, as long as it may be used.
#[derive(Debug)]
pub(crate) struct HostLog {
    function: Option<unsafe extern "C" fn(*mut c_void, i32, *const c_char)>,
    context: *mut c_void,
    /// False once the host may have taken its log away: sessions that outlive an instance still hold this.
    open: RwLock<bool>,
}

// SAFETY: the host's log may be called on any thread, with the context it came with.
unsafe impl Send for HostLog {}
// SAFETY: as above, also at the same time.
unsafe impl Sync for HostLog {}

impl HostLog {
    fn new(host: &diat_host) -> Arc<Self> {
        Arc::new(Self {
            function: host.log,
            context: host.ctx,
            open: RwLock::new(true),
        })
    }

    /// What [`callbacks`] knows the log's function by.
    pub(crate) fn owner(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Gives the host one line.
    pub(crate) fn line(&self, level: i32, text: &str) {
        let Some(function) = self.function else {
            return;
        };
        // A line about a mistake of the log's own function would have to wait for itself.
        if callbacks::inside(self.owner()) {
            return;
        }
        let Ok(text) = CString::new(one_line(text)) else {
            return;
        };
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        if *open {
            callbacks::during(self.owner(), || {
                // SAFETY: the host lends function and context until `close` returns, which waits for the lock.
                unsafe { function(self.context, level, text.as_ptr()) };
            });
        }
    }

    /// Waits for lines under way; none comes after.
    pub(crate) fn close(&self) {
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = false;
    }
}

/// A level of the engine's as the ABI has it.
pub(crate) fn level(level: Level) -> i32 {
    match level {
        Level::Debug => abi::DIAT_DEBUG,
        Level::Info => abi::DIAT_INFO,
        Level::Warning => abi::DIAT_WARNING,
        Level::Error => abi::DIAT_ERROR,
    }
}

/// A host, copied.
#[derive(Debug)]
pub(crate) struct Host {
    /// Absolute.
    pub(crate) resource_dirs: Vec<PathBuf>,
    pub(crate) max_threads: usize,
}

/// The log of a host, for as long as the call, even where the rest of the host is unusable.
///
/// # Safety
/// `source` is null or a host that keeps the contract.
pub(crate) unsafe fn log(source: *const diat_host) -> Result<Arc<HostLog>, Failure> {
    // SAFETY: the caller's promise.
    let host = unsafe { memory::copy(source) }?;
    Ok(HostLog::new(&host))
}

/// # Safety
/// `source` is null or a host that keeps the contract.
pub(crate) unsafe fn read(source: *const diat_host) -> Result<Host, Failure> {
    // SAFETY: the caller's promise.
    let host = unsafe { memory::copy(source) }?;
    // SAFETY: by the contract a list that ends in null, or null.
    let folders = unsafe { memory::list(host.resource_dirs) };
    let resource_dirs = folders.into_iter().map(|folder| {
        // SAFETY: by the contract a string.
        let folder = unsafe { memory::text(folder, "a folder of resource_dirs") }?;
        std::path::absolute(&folder)
            .map_err(|error| Failure::argument(format!("resource_dirs: {folder:?}: {error}")))
    });
    Ok(Host {
        resource_dirs: resource_dirs.collect::<Result<_, _>>()?,
        max_threads: host.max_threads as usize,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_plugin_abi::Growable;
    use std::sync::atomic::{AtomicUsize, Ordering};

    unsafe extern "C" fn count(context: *mut c_void, _: i32, _: *const c_char) {
        // SAFETY: the test's own counter.
        let counter = unsafe { context.cast::<AtomicUsize>().as_ref() };
        counter.unwrap().fetch_add(1, Ordering::Relaxed);
    }

    #[test]
    fn after_it_was_closed_the_hosts_log_is_not_called() {
        let lines = AtomicUsize::new(0);
        let log = HostLog::new(&diat_host {
            ctx: (&raw const lines).cast_mut().cast::<c_void>(),
            log: Some(count),
            ..diat_host::EMPTY
        });
        log.line(abi::DIAT_INFO, "before");
        log.close();
        log.line(abi::DIAT_INFO, "after");
        assert_eq!(lines.load(Ordering::Relaxed), 1);
    }
}
