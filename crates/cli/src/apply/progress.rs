//! What is said while the work goes on: a bar on a terminal, plain lines elsewhere.

use std::io::{self, IsTerminal};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::console;

/// Steps of the bar for one picture.
const STEPS: u64 = 100;

/// Where lines and shares go.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    is_quiet: bool,
    is_single: bool,
    /// What the plug-in's log said.
    heard: Mutex<Vec<String>>,
}

impl Progress {
    pub(crate) fn new(pictures: usize, is_quiet: bool) -> Self {
        let show = !is_quiet && io::stderr().is_terminal();
        Self {
            bar: show.then(|| bar(pictures as u64 * STEPS)),
            is_quiet,
            is_single: pictures == 1,
            heard: Mutex::default(),
        }
    }

    /// A message that is always given.
    pub(crate) fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| console::say(text)),
            None => console::say(text),
        }
    }

    /// A line of the plug-in's log.
    pub(crate) fn hear(&self, line: &str) {
        self.heard().push(line.to_owned());
        self.say(line);
    }

    /// Whether the log already had this note of a report's, by the name of whatever network.
    pub(crate) fn has_heard(&self, note: &str) -> bool {
        self.heard().iter().any(|line| line.ends_with(note))
    }

    fn heard(&self) -> MutexGuard<'_, Vec<String>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// That a picture is done, where there is no bar to show it.
    pub(crate) fn done(&self, text: &str) {
        if self.bar.is_none() && !self.is_quiet {
            console::say(text);
        }
    }

    /// A message that who wants quiet does not want.
    pub(crate) fn tell(&self, text: &str) {
        if !self.is_quiet {
            self.say(text);
        }
    }

    /// The share of one picture.
    pub(crate) fn picture(&self) -> Share<'_> {
        Share {
            progress: self,
            steps: 0,
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How far one picture is.
#[derive(Debug)]
pub(crate) struct Share<'a> {
    progress: &'a Progress,
    steps: u64,
}

impl Share<'_> {
    /// From 0 to 1; never goes back.
    pub(crate) fn set(&mut self, done: f32, stage: &str) {
        let Some(bar) = &self.progress.bar else {
            return;
        };
        let steps = (f64::from(done.clamp(0.0, 1.0)) * STEPS as f64) as u64;
        bar.inc(steps.saturating_sub(self.steps));
        self.steps = self.steps.max(steps);
        if self.progress.is_single {
            bar.set_message(stage.to_owned());
        }
    }
}

impl Drop for Share<'_> {
    /// However it ended, there is nothing left to do for this picture.
    fn drop(&mut self) {
        self.set(1.0, "");
    }
}

fn bar(steps: u64) -> ProgressBar {
    let bar = ProgressBar::new(steps);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3}%  {elapsed}  {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
