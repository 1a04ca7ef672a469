//! A progress function that remembers its calls.

#![expect(
    unsafe_code,
    reason = "the library calls with the pointer it was given"
)]

use std::ffi::{CStr, c_char, c_void};
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use diat_plugin_abi::diat_job;

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) done: f32,
    /// None for null.
    pub(crate) stage: Option<Vec<u8>>,
    pub(crate) thread: ThreadId,
}

/// Remembers calls, and answers all from the given one on, counted from 0, with "stop"; it lives as long as the process.
pub(crate) struct Recorder {
    cancel_from: Option<usize>,
    calls: Mutex<Vec<Call>>,
}

impl Recorder {
    pub(crate) fn new(cancel_from: Option<usize>) -> &'static Self {
        Box::leak(Box::new(Self {
            cancel_from,
            calls: Mutex::default(),
        }))
    }

    pub(crate) fn calls(&self) -> MutexGuard<'_, Vec<Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes it the job's.
    pub(crate) fn listen_to(&'static self, job: &mut diat_job) {
        job.ctx = ptr::from_ref(self).cast_mut().cast::<c_void>();
        job.progress = Some(hear);
    }

    fn hear(&self, call: Call) -> bool {
        let mut calls = self.calls();
        calls.push(call);
        self.cancel_from.is_some_and(|from| calls.len() > from)
    }
}

unsafe extern "C" fn hear(context: *mut c_void, done: f32, stage: *const c_char) -> i32 {
    let stage = (!stage.is_null()).then(|| {
        // SAFETY: by the contract a string; if it does not end, this process is there to end.
        unsafe { CStr::from_ptr(stage) }.to_bytes().to_vec()
    });
    let call = Call {
        done,
        stage,
        thread: thread::current().id(),
    };
    // SAFETY: the context is a recorder that is never freed.
    let recorder = unsafe { context.cast::<Recorder>().as_ref() };
    // Any number but 0 says stop, also one whose last byte is 0.
    if recorder.is_some_and(|recorder| recorder.hear(call)) {
        256
    } else {
        0
    }
}
