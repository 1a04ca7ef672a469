//! Batches made ahead of their use.

use super::{Batch, Batches, Error};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Makes the batches of the steps after the one that was asked for, on a thread of its own. It gives exactly what the [`Batches`] within gives:
/// a guess that turns out wrong costs time only. Dropping it waits for the batch in the making.
pub struct Prefetch {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    within: Arc<dyn Batches>,
    ahead: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lanes: Vec<Lane>,
    requests: u64,
    waited: Duration,
    stopped: bool,
}

/// The steps of one stage.
struct Lane {
    stage: String,
    count: usize,
    /// The step to make next.
    next: u64,
    ready: VecDeque<(u64, Result<Batch, Error>)>,
    /// The step in the making.
    making: Option<u64>,
    /// The last request that was for it.
    asked: u64,
}

/// A stage that so many requests passed by is over.
const STALE: u64 = 64;

impl fmt::Debug for Prefetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prefetch")
            .field("ahead", &self.shared.ahead)
            .field("waited", &self.waited())
            .finish_non_exhaustive()
    }
}

impl Prefetch {
    /// At most `ahead` batches (at least 1) of each stage are kept. Where the system lends no thread, batches are made when they are asked for.
    pub fn new(within: Arc<dyn Batches>, ahead: usize) -> Self {
        let shared = Arc::new(Shared {
            within,
            ahead: ahead.max(1),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let maker = shared.clone();
        let thread = thread::Builder::new()
            .name("batches".to_owned())
            .spawn(move || maker.make())
            .ok();
        Self { shared, thread }
    }

    /// How long [`Batches::batch`] kept its callers waiting, all together.
    pub fn waited(&self) -> Duration {
        self.shared.lock().waited
    }
}

impl Batches for Prefetch {
    fn batch(&self, stage: &str, step: u64, count: usize) -> Result<Batch, Error> {
        let start = Instant::now();
        let batch = match &self.thread {
            Some(thread) if !thread.is_finished() => self.shared.take(stage, step, count, thread),
            _ => self.shared.within.batch(stage, step, count),
        };
        self.shared.lock().waited += start.elapsed();
        batch
    }
}

impl Drop for Prefetch {
    fn drop(&mut self) {
        self.shared.lock().stopped = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic there has been seen by whoever waited for the batch.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(
        &self,
        stage: &str,
        step: u64,
        count: usize,
        thread: &JoinHandle<()>,
    ) -> Result<Batch, Error> {
        let mut state = self.lock();
        state.ask(stage, step, count);
        self.changed.notify_all();
        loop {
            if let Some(batch) = state.ready(stage, step, count) {
                self.changed.notify_all();
                return batch;
            }
            // A panic ended the thread, or another caller turned the stage elsewhere.
            if thread.is_finished() || !state.comes(stage, step, count) {
                drop(state);
                return self.within.batch(stage, step, count);
            }
            // The time limit is for a thread that a panic ended.
            let waited = self.changed.wait_timeout(state, Duration::from_millis(200));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// What the thread does.
    fn make(&self) {
        let mut state = self.lock();
        while !state.stopped {
            let Some((stage, step, count)) = state.begin(self.ahead) else {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            drop(state);
            let batch = self.within.batch(&stage, step, count);
            state = self.lock();
            state.end(&stage, step, count, batch);
            self.changed.notify_all();
        }
    }
}

impl State {
    fn lane(&mut self, stage: &str, count: usize) -> Option<&mut Lane> {
        let mut lanes = self.lanes.iter_mut();
        lanes.find(|lane| lane.stage == stage && lane.count == count)
    }

    /// Turns a stage to a step, if it is not there already.
    fn ask(&mut self, stage: &str, step: u64, count: usize) {
        self.requests += 1;
        let asked = self.requests;
        self.lanes
            .retain(|lane| asked - lane.asked < STALE || lane.making.is_some());
        let Some(lane) = self.lane(stage, count) else {
            self.lanes.push(Lane {
                stage: stage.to_owned(),
                count,
                next: step,
                ready: VecDeque::new(),
                making: None,
                asked,
            });
            return;
        };
        lane.asked = asked;
        while lane.ready.front().is_some_and(|(ready, _)| *ready != step) {
            lane.ready.pop_front();
        }
        if lane.ready.is_empty() {
            lane.next = step;
        }
    }

    fn ready(&mut self, stage: &str, step: u64, count: usize) -> Option<Result<Batch, Error>> {
        let lane = self.lane(stage, count)?;
        let (ready, _) = lane.ready.front()?;
        if *ready == step {
            lane.ready.pop_front().map(|(_, batch)| batch)
        } else {
            None
        }
    }

    /// Whether the thread is at this batch, or makes it next.
    fn comes(&mut self, stage: &str, step: u64, count: usize) -> bool {
        self.lane(stage, count)
            .is_some_and(|lane| lane.next == step)
    }

    /// The batch that is needed first: of the stage that was asked for last and has room.
    fn begin(&mut self, ahead: usize) -> Option<(String, u64, usize)> {
        let lanes = self
            .lanes
            .iter_mut()
            .filter(|lane| lane.ready.len() < ahead);
        // A stage that failed goes no further than its fault.
        let lanes = lanes.filter(|lane| lane.ready.iter().all(|(_, batch)| batch.is_ok()));
        let lane = lanes.min_by_key(|lane| (lane.ready.len(), u64::MAX - lane.asked))?;
        lane.making = Some(lane.next);
        Some((lane.stage.clone(), lane.next, lane.count))
    }

    fn end(&mut self, stage: &str, step: u64, count: usize, batch: Result<Batch, Error>) {
        let Some(lane) = self.lane(stage, count) else {
            return;
        };
        lane.making = None;
        // Somebody may have turned the stage elsewhere meanwhile.
        if lane.next == step {
            lane.ready.push_back((step, batch));
            lane.next = step + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array4;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Batches that hold their own step, after a while.
    struct Slow {
        takes: Duration,
        made: AtomicUsize,
        fails_at: u64,
    }

    impl Slow {
        fn new(milliseconds: u64) -> Self {
            Self {
                takes: Duration::from_millis(milliseconds),
                made: AtomicUsize::new(0),
                fails_at: u64::MAX,
            }
        }
    }

    impl Batches for Slow {
        fn batch(&self, stage: &str, step: u64, count: usize) -> Result<Batch, Error> {
            thread::sleep(self.takes);
            self.made.fetch_add(1, Ordering::Relaxed);
            if step == self.fails_at {
                let (path, why) = ("a.jpg".into(), "gone".to_owned());
                return Err(Error::Picture { path, why });
            }
            let value = step as f32 + 1000.0 * stage.len() as f32;
            Ok(Batch {
                source: Array4::from_elem((count, 3, 1, 1), value),
                guided: Array4::zeros((count, 3, 1, 1)),
                truth: None,
                known: vec![false; count],
            })
        }
    }

    #[test]
    fn it_gives_what_the_batches_within_give_in_any_order_of_asking() {
        let within = Arc::new(Slow::new(0));
        let ahead = Prefetch::new(within.clone(), 3);
        let mut asked = Vec::new();
        for step in 0..20 {
            asked.push(("d", step, 2));
            asked.push(("transfer", 2 * step, 3));
        }
        asked.extend([
            ("d", 5, 2),
            ("d", 5, 2),
            ("d", 900, 4),
            ("d", 4, 2),
            ("d", 6, 2),
            ("x", 0, 1),
        ]);
        for (stage, step, count) in asked {
            let (found, expected) = (
                ahead.batch(stage, step, count),
                within.batch(stage, step, count),
            );
            assert_eq!(found.unwrap(), expected.unwrap(), "{stage} {step}");
        }
    }

    #[test]
    fn callers_that_ask_for_different_steps_all_get_theirs() {
        let within = Arc::new(Slow::new(1));
        let ahead = Prefetch::new(within.clone(), 2);
        thread::scope(|scope| {
            for caller in 0..4 {
                let (ahead, within) = (&ahead, &within);
                scope.spawn(move || {
                    for step in (0..30).map(|step| 100 * caller + step) {
                        let (found, expected) =
                            (ahead.batch("t", step, 1), within.batch("t", step, 1));
                        assert_eq!(found.unwrap(), expected.unwrap());
                    }
                });
            }
        });
    }

    #[test]
    fn whoever_is_slower_than_the_batches_waits_only_for_the_first() {
        let ahead = Prefetch::new(Arc::new(Slow::new(10)), 2);
        for step in 0..10 {
            ahead.batch("t", step, 1).unwrap();
            thread::sleep(Duration::from_millis(60));
        }
        let waited = ahead.waited();
        assert!(waited >= Duration::from_millis(9), "{waited:?}");
        assert!(waited < Duration::from_millis(60), "{waited:?}");
    }

    #[test]
    fn it_stays_within_its_bound_and_ends_with_its_owner() {
        let within = Arc::new(Slow::new(1));
        let ahead = Prefetch::new(within.clone(), 2);
        ahead.batch("t", 0, 1).unwrap();
        thread::sleep(Duration::from_millis(100));
        assert_eq!(within.made.load(Ordering::Relaxed), 3);
        drop(ahead);
        assert_eq!(Arc::strong_count(&within), 1);
    }

    #[test]
    fn a_fault_comes_with_the_step_it_belongs_to_and_can_be_asked_again() {
        let within = Slow {
            fails_at: 3,
            ..Slow::new(0)
        };
        let ahead = Prefetch::new(Arc::new(within), 4);
        for step in 0..3 {
            ahead.batch("t", step, 1).unwrap();
        }
        for _ in 0..2 {
            let fault = ahead.batch("t", 3, 1).unwrap_err().to_string();
            assert_eq!(fault, "a.jpg: gone");
        }
        ahead.batch("t", 4, 1).unwrap();
    }
}
