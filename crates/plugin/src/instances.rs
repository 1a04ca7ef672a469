//! Live instances. A handle is a number that is never a place in memory and never used twice, so that a null, foreign or closed one is
//! found out and not followed.

use std::collections::BTreeMap;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use diat_effects::{EffectInfo, Instance};
use diat_plugin_abi::diat_instance;

use crate::callbacks;
use crate::colours::Colours;
use crate::failure::Failure;
use crate::host::HostLog;
use crate::report::Stored;

static LIVE: Mutex<BTreeMap<usize, Arc<Slot>>> = Mutex::new(BTreeMap::new());

/// One open instance.
#[derive(Debug)]
pub(crate) struct Slot {
    handle: usize,
    pub(crate) log: Arc<HostLog>,
    pub(crate) effect: EffectInfo,
    /// A call failed inside the plug-in.
    broken: AtomicBool,
    /// None once closed.
    state: Mutex<Option<State>>,
}

/// What calls on an instance work on.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) instance: Instance,
    pub(crate) report: Stored,
    pub(crate) colours: Colours,
}

/// Makes a handle.
pub(crate) fn add(log: Arc<HostLog>, effect: EffectInfo, state: State) -> *mut diat_instance {
    // Odd, so that no pointer to anything aligned equals one.
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    let handle = NEXT.fetch_add(2, Ordering::Relaxed);
    let slot = Slot {
        handle,
        log,
        effect,
        broken: AtomicBool::new(false),
        state: Mutex::new(Some(state)),
    };
    live().insert(handle, Arc::new(slot));
    ptr::without_provenance_mut(handle)
}

/// The instance of a handle.
pub(crate) fn find(handle: *mut diat_instance) -> Result<Arc<Slot>, Failure> {
    if handle.is_null() {
        return Err(Failure::argument("the instance is null"));
    }
    let slot = live().get(&handle.addr()).cloned();
    slot.ok_or_else(|| {
        Failure::argument("there is no such instance: it was closed, or never opened")
    })
}

fn live() -> MutexGuard<'static, BTreeMap<usize, Arc<Slot>>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The state of an instance, for one call.
pub(crate) struct Working<'a>(MutexGuard<'a, Option<State>>);

impl Working<'_> {
    pub(crate) fn state(&mut self) -> Result<&mut State, Failure> {
        let closed = || Failure::argument("the instance was closed meanwhile");
        self.0.as_mut().ok_or_else(closed)
    }
}

impl Slot {
    /// The state, unless another call has it.
    pub(crate) fn work(&self) -> Result<Working<'_>, Failure> {
        match self.state.try_lock() {
            Ok(state) => Ok(Working(state)),
            Err(TryLockError::Poisoned(state)) => Ok(Working(state.into_inner())),
            Err(TryLockError::WouldBlock) => Err(Failure::argument(
                "another call on this instance is under way: one at a time",
            )),
        }
    }

    /// What [`callbacks`] knows this instance's callbacks by; logs have even numbers.
    pub(crate) fn owner(&self) -> usize {
        self.handle
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    pub(crate) fn break_it(&self) {
        self.broken.store(true, Ordering::Release);
    }

    /// Whether this thread may close it.
    pub(crate) fn may_close(&self) -> Result<(), Failure> {
        if callbacks::inside(self.owner()) || callbacks::inside(self.log.owner()) {
            return Err(Failure::argument(
                "an instance cannot be closed from inside one of its callbacks",
            ));
        }
        Ok(())
    }

    /// Takes the handle out of use, waits for a call under way, and lets everything go.
    pub(crate) fn close(&self) {
        live().remove(&self.handle);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        drop(state.take());
    }
}
