//! Many pictures, some at the same time.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use diat_host::{EffectInfo, Instance, Plugin, Status};

use super::edit::{EditError, Edited, edit};
use super::plan::Task;
use super::progress::Progress;
use super::settings::Settings;
use crate::interrupt;
use crate::picture::Lost;
use crate::words::{Outcome, ran};

/// Names given in a line about several files; the others are counted.
const MOST_NAMES: usize = 3;

/// All that the workers share.
pub(crate) struct Batch<'a> {
    pub(crate) plugin: &'a Plugin,
    pub(crate) effect: &'a EffectInfo,
    pub(crate) settings: &'a Settings,
    pub(crate) progress: &'a Progress,
}

/// What became of the pictures.
#[derive(Debug, Default)]
pub(crate) struct Count {
    edited: usize,
    untouched: usize,
    pub(crate) failed: usize,
    /// Files by what they lost.
    lost: BTreeMap<Lost, Vec<String>>,
    ran: Vec<String>,
    notes: Vec<String>,
}

impl Batch<'_> {
    /// Works on all tasks; one that fails keeps none from the others, unless what failed is the same for all.
    pub(crate) fn run(&self, tasks: &[Task], jobs: usize) -> Count {
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        let count = Mutex::new(Count::default());
        thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|| self.work(tasks, &next, &stop, &count));
            }
        });
        let mut count = count.into_inner().unwrap_or_else(PoisonError::into_inner);
        let left = tasks.len() - (count.edited + count.untouched + count.failed);
        if left > 0 {
            self.progress.say(&format!(
                "{left} of {} pictures were not worked on",
                tasks.len()
            ));
            count.failed += left;
        }
        count
    }

    fn work(&self, tasks: &[Task], next: &AtomicUsize, stop: &AtomicBool, count: &Mutex<Count>) {
        let mut instance = None;
        while !stop.load(Ordering::SeqCst) && !interrupt::asked() {
            let Some(task) = tasks.get(next.fetch_add(1, Ordering::SeqCst)) else {
                return;
            };
            let mut share = self.progress.picture();
            // A file may bring a decoder to its knees; the others shall not suffer for it.
            let result = catch_unwind(AssertUnwindSafe(|| {
                self.edit(task, &mut instance, &mut |done, stage| {
                    share.set(done, stage);
                    !interrupt::asked()
                })
            }));
            let result = result.unwrap_or_else(|_| {
                instance = None;
                Err(EditError::Defect(task.input.clone()))
            });
            match result.as_ref().map_err(EditError::status) {
                // What is missing or damaged is missing for every picture.
                Err(Some(Status::Model)) => stop.store(true, Ordering::SeqCst),
                // By the contract such an instance can only be closed.
                Err(Some(Status::Internal)) => instance = None,
                _ => {}
            }
            let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
            self.record(&mut count, task, result);
        }
    }

    fn edit(
        &self,
        task: &Task,
        instance: &mut Option<Instance>,
        go_on: &mut dyn FnMut(f32, &str) -> bool,
    ) -> Result<Edited, EditError> {
        let instance = match instance {
            Some(instance) => instance,
            None => {
                let opened = self.plugin.open(&self.effect.id);
                instance.insert(opened.map_err(|error| EditError::Plugin {
                    file: task.input.clone(),
                    error,
                })?)
            }
        };
        edit(task, instance, self.effect, self.settings, go_on)
    }

    fn record(&self, count: &mut Count, task: &Task, result: Result<Edited, EditError>) {
        let names = format!("{} -> {}", task.input.display(), task.output.display());
        let edited = match result {
            Ok(edited) => edited,
            // Said once, at the end.
            Err(EditError::Interrupted) => return,
            Err(error) => {
                count.failed += 1;
                self.progress.say(&error.to_string());
                return;
            }
        };
        match &edited.outcome {
            Outcome::Edited(rest) => {
                count.edited += 1;
                match rest {
                    Some(rest) => self.progress.tell(&format!("{names}: {rest}")),
                    None => self.progress.done(&names),
                }
            }
            Outcome::Untouched(why) => {
                count.untouched += 1;
                self.progress.say(&format!("{names}: untouched: {why}"));
            }
        }
        count.add(&task.input, edited);
    }
}

impl Count {
    fn add(&mut self, file: &Path, edited: Edited) {
        for lost in edited.lost {
            self.lost
                .entry(lost)
                .or_default()
                .push(file.display().to_string());
        }
        let Some(report) = edited.report else {
            return;
        };
        let new = |list: &[String], text: &String| !list.contains(text);
        self.ran
            .extend(ran(&report).filter(|text| new(&self.ran, text)));
        for note in report.notes {
            if new(&self.notes, &note) {
                self.notes.push(note);
            }
        }
    }

    /// What was lost, what ran, and how many there were.
    pub(crate) fn tell(&self, progress: &Progress) {
        for (lost, files) in &self.lost {
            let (first, others) = files.split_at(files.len().min(MOST_NAMES));
            let more = match others.len() {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            progress.tell(&format!("not kept: {lost}: {}{more}", first.join(", ")));
        }
        for note in self.notes.iter().filter(|note| !progress.has_heard(note)) {
            progress.tell(note);
        }
        let ran = match self.ran.as_slice() {
            [] => String::new(),
            ran => format!("; {}", ran.join(", ")),
        };
        progress.tell(&format!(
            "{} edited, {} untouched, {} failed{ran}",
            self.edited, self.untouched, self.failed
        ));
    }
}
