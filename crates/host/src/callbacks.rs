//! The functions that the plug-in calls. No panic of the caller's closures passes through them into the plug-in.

#![expect(
    unsafe_code,
    reason = "the plug-in calls with the pointers it was given"
)]

use std::any::Any;
use std::ffi::{c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::instance::Progress;
use crate::options::HostSide;
use crate::read;

/// `diat_host.log`.
pub(crate) unsafe extern "C" fn log(context: *mut c_void, level: i32, text: *const c_char) {
    // SAFETY: the plug-in gives back our `ctx`, a `HostSide` that outlives every instance.
    let side = unsafe { context.cast::<HostSide>().as_ref() };
    // SAFETY: by the contract a string, or at worst null.
    let text = unsafe { read::text(text) };
    // A log that panics has nobody to tell; the line is lost and the program goes on.
    let _ = catch_unwind(AssertUnwindSafe(|| {
        if let Some(side) = side {
            side.line(level, &text);
        }
    }));
}

/// What `diat_job.ctx` points to during a render.
pub(crate) struct ProgressSide<'a, 'b> {
    closure: &'a mut Progress<'b>,
    /// What the closure threw; thrown on when the render is over.
    pub(crate) panic: Option<Box<dyn Any + Send>>,
}

impl<'a, 'b> ProgressSide<'a, 'b> {
    pub(crate) fn new(closure: &'a mut Progress<'b>) -> Self {
        Self {
            closure,
            panic: None,
        }
    }
}

/// `diat_job.progress`.
pub(crate) unsafe extern "C" fn progress(
    context: *mut c_void,
    done: f32,
    stage: *const c_char,
) -> i32 {
    // SAFETY: the plug-in gives back our `ctx`, on the thread that renders, while nobody else uses it.
    let side = unsafe { context.cast::<ProgressSide<'_, '_>>().as_mut() };
    let Some(side) = side else {
        return 0;
    };
    if side.panic.is_some() {
        return 1;
    }
    // SAFETY: by the contract a string, or at worst null.
    let stage = unsafe { read::text(stage) };
    match catch_unwind(AssertUnwindSafe(|| (side.closure)(done, &stage))) {
        Ok(go_on) => i32::from(!go_on),
        Err(panic) => {
            side.panic = Some(panic);
            1
        }
    }
}
