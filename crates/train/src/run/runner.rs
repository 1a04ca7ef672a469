//! The loop over all rounds.

use std::path::Path;
use std::time::Instant;

use ndarray::{Array4, ArrayView3, Axis, Slice};

use super::checkpoint::{self, Checkpoint};
use super::events::{self, Events};
use super::grid::Grid;
use super::metrics::{Last, Line, Log};
use super::{About, Error, Folder, Stop, Trainee, files, report};
use crate::data::Batches;
use crate::eval::quality::{decibels, mean_square};
use crate::learn::Phase;
use crate::recipe::Recipe;

/// Rounds in a row that may be left out because of NaN or infinity.
const MOST_SKIPPED: u32 = 3;
/// Faces that are edited at once.
const EDITED_AT_ONCE: usize = 16;

/// What a training is fed with and looked at with.
pub struct Data<'a> {
    /// Batches for the rounds.
    pub batches: &'a dyn Batches,
    /// Seconds for which a round has waited for them in this process.
    pub waited: &'a dyn Fn() -> f64,
    /// Held-out faces of the grids, N×3×S×S in \[-1, 1\].
    pub shown: Array4<f32>,
    /// Their counterfactuals, where they are known.
    pub shown_truth: Option<Array4<f32>>,
    /// Held-out faces and their counterfactuals, which the final figures are measured on.
    pub measured: Option<[Array4<f32>; 2]>,
}

/// One training.
pub struct Job<'a> {
    /// Its folder.
    pub folder: &'a Folder,
    /// Its recipe.
    pub recipe: &'a Recipe,
    /// What it was begun with.
    pub about: &'a About,
    /// Where it goes on; [`Checkpoint::default`] at the beginning.
    pub from: Checkpoint,
    /// The networks, as they were at that place.
    pub trainee: &'a mut dyn Trainee,
    /// Pictures.
    pub data: Data<'a>,
    /// Whether somebody wants it to end.
    pub stop: &'a dyn Fn() -> bool,
    /// Who is told.
    pub observer: &'a mut dyn Observer,
}

/// Who is told how a training goes.
pub trait Observer {
    /// Before the first round: how many are done and how many there are.
    fn begin(&mut self, done: u64, rounds: u64);
    /// After each round.
    fn round(&mut self, done: u64, phase: &'static str);
    /// After each line of the log.
    fn tick(&mut self, tick: &Tick<'_>);
    /// Something out of the ordinary.
    fn say(&mut self, text: &str);
}

/// How far a training is.
#[derive(Clone, Debug)]
pub struct Tick<'a> {
    /// Rounds done.
    pub round: u64,
    /// Rounds in all.
    pub rounds: u64,
    /// The phase.
    pub phase: &'static str,
    /// Means of the terms since the last tick.
    pub terms: &'a std::collections::BTreeMap<String, f64>,
}

/// How a training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All rounds are done.
    Finished,
    /// Somebody wanted it; it can go on.
    Stopped {
        /// Rounds done and saved.
        round: u64,
    },
}

/// Trains from where the job says to the end, or until it is asked to stop; then saves and writes the report.
///
/// # Errors
/// NaN or infinity in more than three rounds in a row, a file that cannot be written, a device or data that fails. The last complete
/// checkpoint stays.
pub fn train(job: Job<'_>) -> Result<End, Error> {
    Runner::new(job)?.run()
}

struct Runner<'a> {
    job: Job<'a>,
    phases: Vec<Phase>,
    rounds: u64,
    state: Checkpoint,
    /// Rounds of the last complete checkpoint.
    saved: Option<u64>,
    metrics: Log,
    events: Events,
    began: Instant,
    seconds_before: f64,
    waited_before: f64,
}

impl<'a> Runner<'a> {
    fn new(job: Job<'a>) -> Result<Self, Error> {
        let phases = job.trainee.phases();
        let state = Checkpoint {
            recipe: job.about.recipe.clone(),
            data: job.about.data.clone(),
            ..job.from.clone()
        };
        Ok(Self {
            rounds: phases.iter().map(|phase| phase.rounds).sum(),
            metrics: Log::open(&job.folder.file("metrics.jsonl"), state.metrics)?,
            events: Events::open(&job.folder.file(events::FILE), state.events)?,
            began: Instant::now(),
            seconds_before: state.seconds,
            waited_before: state.waited,
            saved: Some(state.round).filter(|round| *round > 0),
            phases,
            state,
            job,
        })
    }

    fn run(mut self) -> Result<End, Error> {
        self.job.observer.begin(self.state.round, self.rounds);
        let was_finished = self.rounds == self.state.round;
        while self.state.round < self.rounds {
            self.round()?;
            let round = self.state.round;
            if round == self.rounds {
                break;
            }
            if (self.job.stop)() {
                self.save()?;
                self.report("interrupted")?;
                return Ok(End::Stopped { round });
            }
            if self.is_due(self.job.recipe.run.checkpoint_every) {
                self.save()?;
            }
        }
        if !was_finished {
            self.finish()?;
        }
        self.report("finished")?;
        Ok(End::Finished)
    }

    /// The phase of a round, counted over all, and its number in it.
    fn place(&self, round: u64) -> Option<(usize, u64)> {
        let mut before = 0;
        for (index, phase) in self.phases.iter().enumerate() {
            if round < before + phase.rounds {
                return Some((index, round - before));
            }
            before += phase.rounds;
        }
        None
    }

    fn is_due(&self, every: usize) -> bool {
        self.state.round.is_multiple_of(every.max(1) as u64)
    }

    fn round(&mut self) -> Result<(), Error> {
        let Some((phase, round)) = self.place(self.state.round) else {
            return Ok(());
        };
        let result = self.job.trainee.round(phase, round, self.job.data.batches);
        let number = self.state.round + 1;
        match result {
            Ok(terms) => {
                self.state.sums.add(&terms);
                self.state.skipped_in_a_row = 0;
            }
            Err(Stop::NotFinite(term)) => self.skip(number, term)?,
            Err(Stop::Other(cause)) => {
                return Err(Error::Round {
                    folder: self.job.folder.path().to_owned(),
                    round: number,
                    cause,
                    last: self.saved,
                });
            }
        }
        self.state.round = number;
        let name = self.phases[phase].name;
        self.job.observer.round(number, name);
        // A line is about one phase; the very last one comes with the final figures.
        let ends_phase = round + 1 == self.phases[phase].rounds;
        let is_due = ends_phase || self.is_due(self.job.recipe.run.log_every);
        if is_due && number < self.rounds {
            self.log(name)?;
        }
        if self.is_due(self.job.recipe.run.grid_every) || number == self.rounds {
            self.grid()?;
        }
        Ok(())
    }

    fn skip(&mut self, round: u64, term: String) -> Result<(), Error> {
        self.state.skipped += 1;
        self.state.skipped_in_a_row += 1;
        let times = self.state.skipped_in_a_row;
        if times > MOST_SKIPPED {
            return Err(Error::NotFinite {
                folder: self.job.folder.path().to_owned(),
                round,
                term,
                times,
                last: self.saved,
            });
        }
        let text =
            format!("round {round}: {term}: left out ({times} of at most {MOST_SKIPPED} in a row)");
        self.job.observer.say(&text);
        Ok(())
    }

    /// A line of what the rounds since the last line were like.
    fn line(&mut self, phase: &str) -> Line {
        Line {
            round: self.state.round,
            phase: phase.to_owned(),
            seconds: self.seconds(),
            skipped: self.state.skipped,
            terms: self.state.sums.take_means(),
            last: None,
        }
    }

    fn log(&mut self, phase: &'static str) -> Result<(), Error> {
        let line = self.line(phase);
        self.metrics.line(&line)?;
        let terms = line.terms.iter();
        let tags: Vec<_> = terms
            .map(|(name, value)| (format!("{phase}/{name}"), *value))
            .collect();
        let scalars = tags.iter().map(|(tag, value)| (tag.as_str(), *value));
        self.events.scalars(line.round, scalars)?;
        self.job.observer.tick(&Tick {
            round: line.round,
            rounds: self.rounds,
            phase,
            terms: &line.terms,
        });
        Ok(())
    }

    fn grid(&mut self) -> Result<(), Error> {
        let data = &self.job.data;
        if data.shown.is_empty() {
            return Ok(());
        }
        let edited = self.job.trainee.edit(&data.shown).map_err(Error::Edit)?;
        let round = self.state.round;
        let file = self.job.folder.file(&format!("grids/{round:06}.png"));
        let grid = Grid::new(&data.shown, &edited, data.shown_truth.as_ref())
            .map_err(|error| Error::io(&file, "written")(std::io::Error::other(error)))?;
        files::put(&file, &grid.png)?;
        self.events
            .picture(round, "held-out faces", grid.size, &grid.png)
    }

    /// The last line, and the set that nothing comes after.
    fn finish(&mut self) -> Result<(), Error> {
        let phase = self.phases.iter().rfind(|phase| phase.rounds > 0);
        let mut line = self.line(phase.map_or("", |phase| phase.name));
        let measured = self.measure()?;
        let seconds = line.seconds.max(f64::MIN_POSITIVE);
        line.last = Some(Last {
            waiting: (self.waited() / seconds).clamp(0.0, 1.0),
            psnr: measured.map(|(edited, _, _)| edited),
            psnr_unedited: measured.map(|(_, unedited, _)| unedited),
            faces: measured.map(|(_, _, faces)| faces),
        });
        self.metrics.line(&line)?;
        let figures = [
            ("final/psnr", measured.map(|measured| measured.0)),
            ("final/psnr-unedited", measured.map(|measured| measured.1)),
        ];
        let figures = figures
            .into_iter()
            .filter_map(|(tag, value)| value.map(|value| (tag, value)));
        self.events.scalars(line.round, figures)?;
        self.save()
    }

    /// Mean PSNR of the edited and of the unedited faces against the counterfactuals, and their number.
    fn measure(&mut self) -> Result<Option<(f64, f64, usize)>, Error> {
        let Some([faces, truth]) = &self.job.data.measured else {
            return Ok(None);
        };
        let count = faces.dim().0;
        let (mut edited, mut unedited) = (0.0, 0.0);
        for start in (0..count).step_by(EDITED_AT_ONCE) {
            let rows = Slice::from(start..(start + EDITED_AT_ONCE).min(count));
            let some = faces.slice_axis(Axis(0), rows).to_owned();
            let result = self.job.trainee.edit(&some).map_err(Error::Edit)?.result;
            let truth = truth.slice_axis(Axis(0), rows);
            for (row, truth) in truth.axis_iter(Axis(0)).enumerate() {
                edited += psnr(&result.index_axis(Axis(0), row), &truth);
                unedited += psnr(&some.index_axis(Axis(0), row), &truth);
            }
        }
        let mean = |sum: f64| sum / count as f64;
        Ok((count > 0).then(|| (mean(edited), mean(unedited), count)))
    }

    fn save(&mut self) -> Result<(), Error> {
        self.state.metrics = self.metrics.sync()?;
        self.state.events = self.events.sync()?;
        self.state.seconds = self.seconds();
        self.state.waited = self.waited();
        let trainee = &*self.job.trainee;
        let save = |folder: &Path| trainee.save(folder);
        checkpoint::write(self.job.folder, self.state.clone(), save).map_err(|cause| {
            Error::Save {
                folder: self.job.folder.path().to_owned(),
                round: self.state.round,
                cause,
                last: self.saved,
            }
        })?;
        self.saved = Some(self.state.round);
        checkpoint::prune(self.job.folder)
    }

    fn report(&self, end: &str) -> Result<(), Error> {
        let phases: Vec<_> = self
            .phases
            .iter()
            .map(|phase| (phase.name, phase.rounds))
            .collect();
        report::write(
            self.job.folder,
            self.job.recipe,
            self.job.about,
            &phases,
            end,
        )
    }

    fn seconds(&self) -> f64 {
        self.seconds_before + self.began.elapsed().as_secs_f64()
    }

    fn waited(&self) -> f64 {
        self.waited_before + (self.job.data.waited)()
    }
}

/// Of two pictures on \[-1, 1\], in dB.
fn psnr(a: &ArrayView3<'_, f32>, b: &ArrayView3<'_, f32>) -> f64 {
    // Differences are twice those on 0..1.
    decibels(mean_square(a, b) / 4.0)
}
