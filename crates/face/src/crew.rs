//! Work in units, on several threads.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Answers of the units 0 to `count`, in their order; none if the caller wanted to stop. At most `threads` threads work, the
/// calling one among them; `cancel` is asked on the calling one, before each of its units. Every thread brings its own `memory`.
pub(crate) fn share_out<T: Send, M>(
    threads: usize,
    count: usize,
    cancel: &dyn Fn() -> bool,
    memory: impl Fn() -> M + Sync,
    work: impl Fn(&mut M, usize) -> T + Sync,
) -> Option<Vec<T>> {
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let run = |stop: &dyn Fn() -> bool| {
        let mut memory = memory();
        let mut done = Vec::new();
        loop {
            if stop() {
                stopped.store(true, Ordering::Relaxed);
                return done;
            }
            let unit = next.fetch_add(1, Ordering::Relaxed);
            if unit >= count {
                return done;
            }
            done.push((unit, work(&mut memory, unit)));
        }
    };
    let mut done = thread::scope(|scope| {
        let run = &run;
        let stopped = &stopped;
        let helpers: Vec<_> = (1..threads.min(count))
            // A system that lends no thread has the work done on those there are.
            .map_while(|_| {
                let helper = move || run(&|| stopped.load(Ordering::Relaxed));
                thread::Builder::new().spawn_scoped(scope, helper).ok()
            })
            .collect();
        let mut done = run(cancel);
        for helper in helpers {
            match helper.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    if stopped.into_inner() {
        return None;
    }
    done.sort_by_key(|(unit, _)| *unit);
    Some(done.into_iter().map(|(_, answer)| answer).collect())
}
