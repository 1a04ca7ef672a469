//! The trampoline: every call of the ABI runs in [`call`], and nothing else catches panics or writes messages.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use diat_plugin_abi::{diat_instance, diat_status};

use crate::failure::Failure;
use crate::host::HostLog;
use crate::instances::{self, Slot};
use crate::message::Message;
use crate::panics;

/// What a call has learned about where its complaints go.
#[derive(Debug)]
pub(crate) struct Context {
    function: &'static str,
    /// The host's buffer for one line.
    pub(crate) message: Message,
    /// The host's log.
    pub(crate) log: Option<Arc<HostLog>>,
    /// The log is the host's again when the call returns.
    pub(crate) ends_log: bool,
    slot: Option<Arc<Slot>>,
}

impl Context {
    /// Finds the instance that the call is about and lets only the good ones pass.
    pub(crate) fn attach(&mut self, handle: *mut diat_instance) -> Result<Arc<Slot>, Failure> {
        let slot = self.attach_to_close(handle)?;
        if slot.is_broken() {
            return Err(Failure::internal(
                "an earlier call on this instance failed inside the plug-in: close it",
            ));
        }
        Ok(slot)
    }

    /// As [`attach`](Self::attach), for the one call that broken instances take.
    pub(crate) fn attach_to_close(
        &mut self,
        handle: *mut diat_instance,
    ) -> Result<Arc<Slot>, Failure> {
        let slot = instances::find(handle)?;
        self.log = Some(slot.log.clone());
        self.slot = Some(slot.clone());
        #[cfg(debug_assertions)]
        crate::faults::strike(self.function);
        Ok(slot)
    }

    /// Gives the host's log one line.
    pub(crate) fn tell(&self, level: i32, text: &str) {
        if let Some(log) = &self.log {
            log.line(level, text);
        }
    }
}

/// What a function of the ABI gives back where it failed.
pub(crate) trait Answer {
    fn failed(failure: &Failure) -> Self;
}

impl Answer for diat_status {
    fn failed(failure: &Failure) -> Self {
        failure.status
    }
}

impl<T> Answer for *const T {
    fn failed(_: &Failure) -> Self {
        std::ptr::null()
    }
}

impl Answer for () {
    fn failed(_: &Failure) {}
}

/// Runs the body of a function of the ABI. A failure is written to the host's buffer and log; a panic is one, and the instance it happened
/// in is not used again.
pub(crate) fn call<T: Answer>(
    function: &'static str,
    body: impl FnOnce(&mut Context) -> Result<T, Failure>,
) -> T {
    panics::remembered(|| {
        let mut context = Context {
            function,
            message: Message::NONE,
            log: None,
            ends_log: false,
            slot: None,
        };
        let result = catch_unwind(AssertUnwindSafe(|| body(&mut context))).unwrap_or_else(|_| {
            if let Some(slot) = &context.slot {
                slot.break_it();
            }
            Err(Failure::internal(format!(
                "a mistake of the plug-in's: {}",
                panics::take()
            )))
        });
        match &result {
            Ok(_) => context.message.write(""),
            Err(failure) => {
                context.message.write(&failure.text);
                let line = format!("{}: {}", context.function, failure.text);
                context.tell(failure.level(), &line);
            }
        }
        if let Some(log) = context.log.filter(|_| context.ends_log) {
            log.close();
        }
        result.unwrap_or_else(|failure| T::failed(&failure))
    })
}
