//! Ctrl-C, and what else asks a program to end: the first time for an orderly end, the second for one at once. Neither leaves half a
//! file behind.

use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Exit codes are those of shells: 128 and the signal's number. 0: nobody asked.
static CODE: AtomicU8 = AtomicU8::new(0);
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// From here on Ctrl-C is heard, on Unix SIGTERM and SIGHUP too. Where that cannot be had, they end the program as they always do.
pub(crate) fn watch() {
    system::watch();
}

/// Whether the user wants to stop.
pub(crate) fn asked() -> bool {
    exit_code().is_some()
}

/// The exit code of a program that was asked to end: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP.
pub(crate) fn exit_code() -> Option<u8> {
    Some(CODE.load(Ordering::SeqCst)).filter(|code| *code != 0)
}

fn ask(code: u8) {
    if CODE.swap(code, Ordering::SeqCst) != 0 {
        leave(code);
    }
}

#[cfg(unix)]
mod system {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    pub(super) fn watch() {
        let mut signals = vec![SIGINT, SIGTERM];
        if !is_ignored(SIGHUP) {
            signals.push(SIGHUP);
        }
        let Ok(mut signals) = Signals::new(signals) else {
            return;
        };
        std::thread::spawn(move || {
            for signal in signals.forever() {
                super::ask(u8::try_from(128 + signal).unwrap_or(u8::MAX));
            }
        });
    }

    /// Whether whoever started us wants us to outlive a signal, as `nohup` does with SIGHUP. Counts as so where the system does not
    /// tell.
    fn is_ignored(signal: i32) -> bool {
        let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
            return true;
        };
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_none_or(|mask| mask >> (signal - 1) & 1 == 1)
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn watch() {
        const INTERRUPTED: u8 = 130;
        let _ = ctrlc::set_handler(|| super::ask(INTERRUPTED));
    }
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
fn leave(code: u8) {
    for file in files().iter() {
        let _ = std::fs::remove_file(file);
    }
    process::exit(code.into());
}
