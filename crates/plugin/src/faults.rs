//! Panics on demand, for the tests of the trampoline; not in release builds.
//!
//! Opening the effect `diat-test-panic:FUNCTION` fails and makes the next call of FUNCTION on the same thread panic; with
//! `diat-test-panic-in-thread:FUNCTION` it panics because a thread that it started did.

use std::cell::RefCell;

use crate::failure::Failure;

thread_local! {
    static ARMED: RefCell<Option<Fault>> = const { RefCell::new(None) };
}

struct Fault {
    function: String,
    in_thread: bool,
}

/// Arms a fault, if that is what the id asks for.
pub(crate) fn arm(effect_id: &str) -> Result<(), Failure> {
    let (function, in_thread) = match (
        effect_id.strip_prefix("diat-test-panic:"),
        effect_id.strip_prefix("diat-test-panic-in-thread:"),
    ) {
        (Some(function), _) => (function, false),
        (None, Some(function)) => (function, true),
        (None, None) => return Ok(()),
    };
    let function = function.to_owned();
    ARMED.set(Some(Fault {
        function,
        in_thread,
    }));
    Err(Failure::unsupported("a panic is armed"))
}

/// Panics, if that was asked for.
#[expect(clippy::panic, reason = "that is what it is for")]
pub(crate) fn strike(function: &str) {
    let armed = ARMED.with_borrow_mut(|armed| armed.take_if(|fault| fault.function == function));
    match armed {
        None => {}
        Some(Fault {
            in_thread: false, ..
        }) => panic!("asked for\nby a test"),
        Some(Fault {
            in_thread: true, ..
        }) => {
            let thread =
                std::thread::spawn(|| -> () { panic!("asked for by a test, in a thread") });
            if let Err(panic) = thread.join() {
                std::panic::resume_unwind(panic);
            }
        }
    }
}
