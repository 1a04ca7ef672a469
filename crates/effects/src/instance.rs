//! One effect, ready to render.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use diat_image::{Pace, Points, Rect, Show, View, ViewMut, composite};
use diat_infer::{Device, Level};
use diat_manifest::Manifest;

use crate::answer::{Answer, Desk, Question};
use crate::fingerprint::fingerprint;
use crate::job::{Job, Outcome, Progress, Source, Values};
use crate::{Engine, Error, FaceReport, Report, faces};

/// Takes lines for the host's log, from any thread.
pub type Log = Arc<dyn Fn(Level, &str) + Send + Sync>;

/// Shares of a render that the progress tells of: the picture is there, faces are found, networks have run.
const COPIED: f32 = 0.02;
const FOUND: f32 = 0.3;
const ANSWERED: f32 = 0.7;

/// One effect with what it remembers of the last picture.
pub struct Instance {
    engine: Arc<Engine>,
    manifest: Arc<Manifest>,
    threads: usize,
    log: Log,
    points: Option<Vec<Points>>,
    answered: Option<(Question, Answer)>,
    report: Report,
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("effect", &self.manifest.id)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

impl Instance {
    /// Prepares an effect; reads no weights. `threads` 0 lets us decide.
    ///
    /// # Errors
    /// [`Error::Argument`] if there is no such effect.
    pub fn open(
        engine: &Arc<Engine>,
        effect_id: &str,
        threads: usize,
        log: Log,
    ) -> Result<Self, Error> {
        Ok(Self {
            engine: Arc::clone(engine),
            manifest: Arc::clone(engine.effect(effect_id)?),
            threads,
            log,
            points: None,
            answered: None,
            report: Report::default(),
        })
    }

    /// Five points per face from the host, in picture coordinates; None goes back to finding them. Limits refuse none of
    /// these faces.
    pub fn set_points(&mut self, points: Option<Vec<Points>>) {
        self.points = points;
    }

    /// Renders; on an error the output's pixels in the roi are unspecified.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn render(&mut self, job: Job<'_>, progress: &mut Progress<'_>) -> Result<Outcome, Error> {
        self.report = Report::default();
        let Job {
            input,
            mut output,
            roi,
            values,
        } = job;
        // From here on the output holds the input's pixels, wherever those are.
        if let Source::Separate(view) = &input {
            copy(&mut output, view, roi, progress)?;
        } else if !output.rect().contains(&roi) {
            return Err(Error::Argument("the roi is not inside the picture".into()));
        }
        if values.strength == 0.0 && values.show == Show::Result {
            return Ok(Outcome::Unchanged);
        }
        self.look(&input, &output, values, progress)?;
        self.composite(&mut output, roi, values, progress)
    }

    /// What the last render did.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Makes `self.answered` the answer for this picture.
    fn look(
        &mut self,
        input: &Source<'_>,
        output: &ViewMut<'_>,
        values: &Values,
        progress: &mut Progress<'_>,
    ) -> Result<(), Error> {
        let view = match input {
            Source::Separate(view) => *view,
            Source::InPlace => output.as_view(),
        };
        let start = Instant::now();
        let mut go_on = || progress(COPIED, "look");
        let fingerprint = fingerprint(&view, &mut Pace::new(&mut go_on));
        let fingerprint = fingerprint.ok_or(Error::Cancelled)?;
        self.report.took("look", start.elapsed().as_secs_f64());
        let mut faces = self.faces(&view, fingerprint, values.device, progress)?;
        faces::choose(&mut faces, values, view.rect());
        let question = Question {
            fingerprint,
            faces,
            device: values.device,
            extra: values.extra.clone(),
        };
        let known = self
            .answered
            .as_ref()
            .is_some_and(|(known, _)| *known == question);
        if !known {
            // Gone even if what follows fails: a half-made answer is none.
            self.answered = None;
            let mut desk = Desk {
                engine: &self.engine,
                manifest: &self.manifest,
                threads: self.threads,
                log: &*self.log,
                view,
                report: &mut self.report,
                go_on: &mut |done, stage| progress(FOUND + (ANSWERED - FOUND) * done, stage),
            };
            let answer = desk.answer(&question)?;
            self.answered = Some((question, answer));
        }
        if let Some((_, answer)) = &self.answered {
            self.report.faces.clone_from(&answer.faces);
            if let Some(ran) = &answer.ran {
                self.report.runtime.clone_from(&ran.runtime);
                self.report.device.clone_from(&ran.device);
                self.report.notes.clone_from(&ran.notes);
            }
        }
        Ok(())
    }

    /// The faces that the host gave, or those that are found, with their refusals.
    fn faces(
        &mut self,
        view: &View,
        fingerprint: u128,
        device: Device,
        progress: &mut Progress<'_>,
    ) -> Result<Vec<FaceReport>, Error> {
        if !progress(COPIED, "detect") {
            return Err(Error::Cancelled);
        }
        if let Some(points) = &self.points {
            return faces::given(points, view.rect());
        }
        let edit = self.manifest.edit();
        let edit =
            edit.ok_or_else(|| Error::Internal(format!("{} is no effect", self.manifest.id)))?;
        let start = Instant::now();
        let (threads, log) = (self.threads, &*self.log);
        let searcher = self.engine.searcher(&edit.face, device, threads, log)?;
        let opened = start.elapsed().as_secs_f64();
        let progress = RefCell::new(progress);
        let cancel = || !(*progress.borrow_mut())(COPIED, "detect");
        let smallest = edit.limits.smallest_eye_distance;
        let (found, new) = searcher.search(view, fingerprint, smallest, &cancel)?;
        if new {
            self.report.took("open", opened);
            self.report.took("detect", found.seconds_detect);
            self.report.took("landmarks", found.seconds_landmarks);
        }
        Ok(faces::found(&found.faces, &edit.limits))
    }

    fn composite(
        &mut self,
        output: &mut ViewMut<'_>,
        roi: Rect,
        values: &Values,
        progress: &mut Progress<'_>,
    ) -> Result<Outcome, Error> {
        let patches = self
            .answered
            .as_ref()
            .map_or(&[][..], |(_, answer)| &answer.patches);
        let start = Instant::now();
        let done = composite(
            output,
            roi,
            patches,
            values.strength as f32,
            values.show,
            threads(self.threads),
            &mut |done| progress(ANSWERED + (1.0 - ANSWERED) * done, "composite"),
        );
        self.report.took("composite", start.elapsed().as_secs_f64());
        match (done.cancelled, done.changed) {
            (true, _) => Err(Error::Cancelled),
            (false, true) => Ok(Outcome::Changed),
            (false, false) => Ok(Outcome::Unchanged),
        }
    }
}

/// Copies `roi` piece by piece, so that it can be stopped in between.
fn copy(
    output: &mut ViewMut<'_>,
    view: &View<'_>,
    roi: Rect,
    progress: &mut Progress<'_>,
) -> Result<(), Error> {
    let mut go_on = || progress(0.0, "copy");
    let mut pace = Pace::new(&mut go_on);
    for y in 0..roi.h {
        let row = Rect::new(roi.x, roi.y.saturating_add(y), roi.w, 1);
        output.copy_from(view, row)?;
        if !pace.after(roi.w as usize) {
            return Err(Error::Cancelled);
        }
    }
    Ok(())
}

/// The threads of our own work for a host's wish.
pub(crate) fn threads(wish: usize) -> usize {
    match wish {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        wish => wish,
    }
}
