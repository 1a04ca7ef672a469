//! Opens a library and finds its entry.

#![expect(
    unsafe_code,
    reason = "loading a library runs its initialisers, and a symbol has no type"
)]

use std::path::Path;

use diat_plugin_abi::{DIAT_ENTRY, diat_plugin_v1_fn};
use libloading::Library;

use crate::Error;

/// The entry of the library in `path`, which stays loaded until the process ends.
pub(crate) fn entry(path: &Path) -> Result<diat_plugin_v1_fn, Error> {
    let failed = |reason: String| Error::Library {
        path: path.to_owned(),
        reason,
    };
    // Without a slash in it the system would search for the name.
    let path = path
        .canonicalize()
        .map_err(|error| failed(error.to_string()))?;
    let library = open(&path).map_err(|error| failed(error.to_string()))?;
    // By the contract the library is never unloaded, and descriptors live on: nobody may drop the handle.
    let library = Box::leak(Box::new(library));
    // SAFETY: the symbol's name holds the ABI's major, which fixes its type.
    let entry = unsafe { library.get::<diat_plugin_v1_fn>(DIAT_ENTRY) };
    match entry {
        Ok(entry) => Ok(*entry),
        Err(error) => Err(failed(format!("it is no diat plug-in: {error}"))),
    }
}

#[cfg(unix)]
fn open(path: &Path) -> Result<Library, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    // SAFETY: the caller chose to run this library's code.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) };
    library.map(Into::into)
}

#[cfg(not(unix))]
fn open(path: &Path) -> Result<Library, libloading::Error> {
    // SAFETY: the caller chose to run this library's code.
    unsafe { Library::new(path) }
}
