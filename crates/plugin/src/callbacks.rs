//! Which host's functions this thread is inside of, so that a host that calls back is answered and not waited for.

use std::cell::RefCell;

thread_local! {
    static INSIDE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Calls a function of the host's on behalf of `owner`, a number of the caller's choice.
pub(crate) fn during<R>(owner: usize, function: impl FnOnce() -> R) -> R {
    INSIDE.with_borrow_mut(|inside| inside.push(owner));
    // The host's functions do not unwind, so the next line is reached.
    let result = function();
    INSIDE.with_borrow_mut(|inside| inside.pop());
    result
}

/// Whether this thread is inside a function of the host's on behalf of `owner`.
pub(crate) fn inside(owner: usize) -> bool {
    INSIDE.with_borrow(|inside| inside.contains(&owner))
}
