//! One effect, ready to render.

use crate::engine::Engine;
use crate::error::Error;
use crate::job::{Job, Outcome, Progress};
use crate::report::Report;
use diat_image::Points;
use std::sync::Arc;

/// How loud a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// For developers.
    Debug,
    /// Good to know.
    Info,
    /// Something is not as asked for.
    Warning,
    /// Something failed.
    Error,
}

/// Takes lines for the host's log, from any thread.
pub type Log = Arc<dyn Fn(Level, &str) + Send + Sync>;

/// One effect with its caches.
#[derive(Debug)]
pub struct Instance {
    report: Report,
}

impl Instance {
    /// Prepares an effect; reads no weights. `threads` 0 lets us decide.
    ///
    /// # Errors
    /// [`Error::Argument`] if there is no such effect.
    pub fn open(
        _engine: &Arc<Engine>,
        effect_id: &str,
        _threads: usize,
        _log: Log,
    ) -> Result<Self, Error> {
        Err(Error::Argument(format!("there is no effect {effect_id}")))
    }

    /// Five points per face from the host, in picture coordinates; None goes back to finding them.
    pub fn set_points(&mut self, _points: Option<Vec<Points>>) {}

    /// Renders; on an error the output's pixels are unspecified.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn render(
        &mut self,
        _job: Job<'_>,
        _progress: &mut Progress<'_>,
    ) -> Result<Outcome, Error> {
        Err(Error::Internal("not there yet".into()))
    }

    /// What the last render did.
    pub fn report(&self) -> &Report {
        &self.report
    }
}
