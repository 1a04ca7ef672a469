//! The host's progress function.

#![expect(unsafe_code, reason = "the function is the host's")]

use std::ffi::CString;

use diat_plugin_abi::diat_job;

use crate::callbacks;

/// The host's progress function with its rules: never falling, never above 1, never called after it cancelled.
pub(crate) struct Progress<'a> {
    job: &'a diat_job,
    owner: usize,
    reached: f32,
    cancelled: bool,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(job: &'a diat_job, owner: usize) -> Self {
        Self {
            job,
            owner,
            reached: 0.0,
            cancelled: false,
        }
    }

    /// Tells the host; false if it wants to stop.
    pub(crate) fn go_on(&mut self, done: f32, stage: &str) -> bool {
        let Some(progress) = self.job.progress.filter(|_| !self.cancelled) else {
            return !self.cancelled;
        };
        self.reached = done.max(self.reached).min(1.0);
        let stage = CString::new(stage).unwrap_or_default();
        let answer = callbacks::during(self.owner, || {
            // SAFETY: on the thread that renders, with the context that came with the function.
            unsafe { progress(self.job.ctx, self.reached, stage.as_ptr()) }
        });
        self.cancelled = answer != 0;
        !self.cancelled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_plugin_abi::Growable;
    use std::ffi::{c_char, c_void};

    /// Keeps what it hears and cancels above a half.
    unsafe extern "C" fn hear(context: *mut c_void, done: f32, _: *const c_char) -> i32 {
        // SAFETY: the test's own list, which nobody else uses meanwhile.
        let heard = unsafe { context.cast::<Vec<f32>>().as_mut() };
        heard.unwrap().push(done);
        i32::from(done > 0.5)
    }

    #[test]
    fn what_a_host_hears_never_falls_nor_leaves_0_to_1_and_ends_when_it_cancels() {
        let mut heard: Vec<f32> = Vec::new();
        let job = diat_job {
            ctx: (&raw mut heard).cast::<c_void>(),
            progress: Some(hear),
            ..diat_job::EMPTY
        };
        let mut progress = Progress::new(&job, 1);
        for done in [-1.0, 0.25, f32::NAN, 0.125] {
            assert!(progress.go_on(done, "stage"));
        }
        for done in [7.0, 0.0, 1.0] {
            assert!(!progress.go_on(done, "stage"));
        }
        assert_eq!(heard, [0.0, 0.25, 0.25, 0.25, 1.0]);
    }
}
