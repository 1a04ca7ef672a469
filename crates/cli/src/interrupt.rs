//! Ctrl-C: the first asks for an orderly end, the second gets one at once. Neither leaves half a file behind.

use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::failure::INTERRUPTED;

static ASKED: AtomicBool = AtomicBool::new(false);
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// From here on Ctrl-C is heard. Where that cannot be had, Ctrl-C ends the program as it always does.
pub(crate) fn watch() {
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            leave();
        }
    });
}

/// Whether the user wants to stop.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// A file that is being written; it is forgotten when this is dropped.
#[derive(Debug)]
pub(crate) struct Unfinished(PathBuf);

impl Unfinished {
    pub(crate) fn new(file: &Path) -> Self {
        files().push(file.to_owned());
        Self(file.to_owned())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        files().retain(|file| *file != self.0);
    }
}

fn files() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(
    clippy::exit,
    reason = "threads that do not stop when asked are not waited for"
)]
fn leave() {
    for file in files().iter() {
        let _ = std::fs::remove_file(file);
    }
    process::exit(INTERRUPTED.into());
}
