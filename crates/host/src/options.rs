//! What the host brings to every call.

use std::ffi::{CString, c_char, c_void};
use std::fmt;
use std::path::PathBuf;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

use diat_plugin_abi::{self as abi, Growable, diat_host};

use crate::{Error, callbacks};

/// How loud a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// For developers.
    Debug,
    /// Good to know.
    Info,
    /// Something is not as asked for.
    Warning,
    /// Something failed.
    Error,
    /// The host made a mistake.
    HostMisuse,
}

/// Takes lines of the log, from any thread.
pub type Log = Arc<dyn Fn(Level, &str) + Send + Sync>;

/// What the plug-in is told about the program that loads it.
#[derive(Clone, Default)]
pub struct HostOptions {
    /// Of the program.
    pub name: String,
    /// Of the program.
    pub version: String,
    /// Folders with `manifests/` and `models/`, searched first and in this order.
    pub resource_dirs: Vec<PathBuf>,
    /// That one render may use; 0 lets the plug-in decide.
    pub max_threads: u32,
    /// Takes the plug-in's lines.
    pub log: Option<Log>,
}

impl fmt::Debug for HostOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostOptions")
            .field("name", &self.name)
            .field("version", &self.version)
            .field("resource_dirs", &self.resource_dirs)
            .field("max_threads", &self.max_threads)
            .finish_non_exhaustive()
    }
}

/// The options as the plug-in sees them; where this lies in memory is the callbacks' `ctx`, so it never moves.
pub(crate) struct HostSide {
    name: CString,
    version: CString,
    resource_dirs: Vec<CString>,
    max_threads: u32,
    log: Option<Log>,
    /// Lines heard during a call that has no buffer for a message.
    heard: Mutex<Option<Vec<String>>>,
}

impl HostSide {
    pub(crate) fn new(options: HostOptions) -> Result<Arc<Self>, Error> {
        let resource_dirs = options.resource_dirs.iter().map(|folder| {
            let text = folder.to_str().ok_or_else(|| {
                Error::Argument(format!("{}: the path is not UTF-8", folder.display()))
            })?;
            c_string(text)
        });
        Ok(Arc::new(Self {
            name: c_string(&options.name)?,
            version: c_string(&options.version)?,
            resource_dirs: resource_dirs.collect::<Result<_, _>>()?,
            max_threads: options.max_threads,
            log: options.log,
            heard: Mutex::new(None),
        }))
    }

    /// Calls `body` with the struct of the ABI, which is good for that long.
    pub(crate) fn with<R>(&self, body: impl FnOnce(&diat_host) -> R) -> R {
        let folders: Vec<*const c_char> = self
            .resource_dirs
            .iter()
            .map(|folder| folder.as_ptr())
            .chain([ptr::null()])
            .collect();
        let context: *const Self = self;
        body(&diat_host {
            abi_minor: abi::DIAT_ABI_MINOR,
            name: self.name.as_ptr(),
            version: self.version.as_ptr(),
            resource_dirs: folders.as_ptr(),
            max_threads: self.max_threads,
            ctx: context.cast_mut().cast::<c_void>(),
            log: Some(callbacks::log),
            ..diat_host::EMPTY
        })
    }

    /// Calls `body` and gives what was logged meanwhile.
    pub(crate) fn listen<R>(&self, body: impl FnOnce() -> R) -> (R, Vec<String>) {
        let heard = || self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        *heard() = Some(Vec::new());
        let result = body();
        (result, heard().take().unwrap_or_default())
    }

    /// Takes a line from the plug-in.
    pub(crate) fn line(&self, level: i32, text: &str) {
        if let Some(lines) = &mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner) {
            lines.push(text.to_owned());
        }
        if let Some(log) = &self.log {
            log(level_of(level), text);
        }
    }
}

fn level_of(number: i32) -> Level {
    match number {
        abi::DIAT_DEBUG => Level::Debug,
        abi::DIAT_INFO => Level::Info,
        abi::DIAT_WARNING => Level::Warning,
        abi::DIAT_HOST_MISUSE => Level::HostMisuse,
        _ => Level::Error,
    }
}

pub(crate) fn c_string(text: &str) -> Result<CString, Error> {
    CString::new(text)
        .map_err(|_| Error::Argument(format!("{text:?}: text with a zero byte in it")))
}
