//! Ctrl-C, and what else asks a program to end: the first time it saves and leaves, the second time it leaves at once, and what it
//! was writing does not count.

use std::process;
use std::sync::atomic::{AtomicU8, Ordering};

/// Exit codes are those of shells: 128 and the signal's number. 0: nobody asked.
static CODE: AtomicU8 = AtomicU8::new(0);

/// From here on Ctrl-C is heard, on Unix SIGTERM too. Where that cannot be had, they end the program as they always do.
pub(crate) fn watch() {
    system::watch();
}

/// Whether the user wants to stop.
pub(crate) fn asked() -> bool {
    exit_code().is_some()
}

/// The exit code of a program that was asked to end: 130 after Ctrl-C, 143 after SIGTERM.
pub(crate) fn exit_code() -> Option<u8> {
    Some(CODE.load(Ordering::SeqCst)).filter(|code| *code != 0)
}

#[expect(
    clippy::exit,
    reason = "who asks twice does not want to wait for a round"
)]
fn ask(code: u8) {
    if CODE.swap(code, Ordering::SeqCst) != 0 {
        process::exit(code.into());
    }
}

#[cfg(unix)]
mod system {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    pub(super) fn watch() {
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
            return;
        };
        std::thread::spawn(move || {
            for signal in signals.forever() {
                super::ask(u8::try_from(128 + signal).unwrap_or(u8::MAX));
            }
        });
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn watch() {
        const INTERRUPTED: u8 = 130;
        let _ = ctrlc::set_handler(|| super::ask(INTERRUPTED));
    }
}
