//! The one place that prints: results to stdout, everything else to stderr, without colour.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use diat_train::run::{Observer, Tick};
use indicatif::{ProgressBar, ProgressStyle};

/// Why stdout did not take all that was printed.
static UNPRINTED: OnceLock<String> = OnceLock::new();

/// What the command was asked for.
pub(crate) fn print(text: &str) {
    let mut stdout = io::stdout().lock();
    let result = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match result {
        // Whoever closes the pipe has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = UNPRINTED.set(error.to_string());
        }
        _ => {}
    }
}

/// Why something that was printed is missing, if so: a full disk, most often.
pub(crate) fn unprinted() -> Option<&'static str> {
    UNPRINTED.get().map(String::as_str)
}

/// A message of one or more lines.
pub(crate) fn say(text: &str) {
    let mut stderr = io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(stderr, "diat-train: {line}");
    }
}

/// How far something is: a bar with the time that is left on a terminal, a line now and then elsewhere.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    began: Instant,
    done_before: u64,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self {
            bar: io::stderr().is_terminal().then(ProgressBar::no_length),
            began: Instant::now(),
            done_before: 0,
        }
    }

    /// Starts to count, with `done` of `all`.
    pub(crate) fn start(&mut self, done: u64, all: u64) {
        self.began = Instant::now();
        self.done_before = done;
        if let Some(bar) = &self.bar {
            let template = "{bar:32} {pos}/{len}  {elapsed} gone, {eta} left  {msg}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_length(all);
            bar.set_position(done);
            bar.reset_eta();
            bar.enable_steady_tick(Duration::from_millis(250));
        }
    }

    /// How many are done; nothing is printed for it but the bar.
    pub(crate) fn set(&self, done: u64, message: &'static str) {
        if let Some(bar) = &self.bar {
            bar.set_position(done);
            bar.set_message(message);
        }
    }

    /// A message above the bar.
    pub(crate) fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| say(text)),
            None => say(text),
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// The time that `all` will still take if the rest goes as what was done here; nothing before anything was.
    fn left(&self, done: u64, all: u64) -> String {
        let here = done.saturating_sub(self.done_before);
        if here == 0 {
            return String::new();
        }
        let each = self.began.elapsed().as_secs_f64() / here as f64;
        let left = Duration::from_secs((each * all.saturating_sub(done) as f64) as u64);
        format!(", {} left", indicatif::HumanDuration(left))
    }
}

impl Observer for Progress {
    fn begin(&mut self, done: u64, rounds: u64) {
        self.start(done, rounds);
    }

    fn round(&mut self, done: u64, phase: &'static str) {
        self.set(done, phase);
    }

    fn tick(&mut self, tick: &Tick<'_>) {
        if self.bar.is_none() {
            let terms: String = tick
                .terms
                .iter()
                .map(|(name, value)| format!("  {name} {value:.4}"))
                .collect();
            let left = self.left(tick.round, tick.rounds);
            let Tick {
                round,
                rounds,
                phase,
                ..
            } = tick;
            say(&format!("{round}/{rounds} {phase}{left}{terms}"));
        }
    }

    fn say(&mut self, text: &str) {
        Progress::say(self, text);
    }
}
