//! The panic hook: what panics inside our calls is told to the host's log, by the trampoline, and never printed.

use std::cell::{Cell, RefCell};
use std::panic::{self, PanicHookInfo};
use std::sync::{Mutex, Once, PoisonError};

use crate::own_file;

thread_local! {
    /// How many of our calls this thread is inside of.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What panicked last on a thread that no call runs on: a worker's, whose panic reaches the call without its text.
static ELSEWHERE: Mutex<Option<String>> = Mutex::new(None);

/// Runs `body` with panics of this thread remembered instead of printed.
pub(crate) fn remembered<R>(body: impl FnOnce() -> R) -> R {
    install();
    DEPTH.set(DEPTH.get() + 1);
    // The body catches every panic, so the next line is reached.
    let result = body();
    DEPTH.set(DEPTH.get() - 1);
    result
}

/// Where and with what words the last panic happened.
pub(crate) fn take() -> String {
    let here = LAST.take();
    let elsewhere = ELSEWHERE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    match (here, elsewhere) {
        (Some(here), Some(elsewhere)) => format!("{here}; on another thread: {elsewhere}"),
        (Some(text), None) | (None, Some(text)) => text,
        (None, None) => "a panic without a word".into(),
    }
}

/// A library has a standard library of its own and so a hook of its own. Linked into a program it shares the program's, which then
/// goes on for threads that are not inside our calls.
fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = own_file::is_program().then(panic::take_hook);
        panic::set_hook(Box::new(move |panic| {
            let inside = DEPTH.try_with(Cell::get).is_ok_and(|depth| depth > 0);
            match (&previous, inside) {
                (_, true) => {
                    let text = words(panic);
                    let _ = LAST.try_with(|last| last.replace(Some(text)));
                }
                (Some(previous), false) => previous(panic),
                (None, false) => {
                    let text = words(panic);
                    *ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
                }
            }
        }));
    });
}

fn words(panic: &PanicHookInfo<'_>) -> String {
    let text = panic.payload_as_str().unwrap_or("a panic without a word");
    match panic.location() {
        Some(place) => format!("{text} ({}:{})", place.file(), place.line()),
        None => text.to_owned(),
    }
}
