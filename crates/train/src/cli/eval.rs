//! `diat-train eval`: what an effect is worth.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use diat_places::Places;
use diat_train::data::{Dataset, Partition, digest};
use diat_train::device::{self, Choice};
use diat_train::eval::report::Training;
use diat_train::eval::{Place, Request, evaluate, subject, text};
use diat_train::recipe::Task;

use super::console::{self, Progress};
use super::failure::{Failure, failed, usage};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "DIR gets report.json, report.txt and report.html, the judge, and every picture before and after in edits/, which \
    evaluation/identity.py reads for Table VI.\n\n\
    Examples:\n  \
    diat-train eval R --data celeba --out report\n  \
    diat-train eval R --data celeba --out report --beside .:mouth-open --identity identity.json --card models/mouth-open.md\n  \
    diat-train eval E:mouth-open --attribute Mouth_Slightly_Open --from no --data celeba --out report"
)]
pub(crate) struct Eval {
    /// Folder of a training, or resource folder with one effect, or FOLDER:ID
    subject: String,
    /// Data set with faces that the training did not see
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, value_name = "DEVICE", default_value_t, help = device::HELP)]
    device: Choice,
    /// Attribute that the effect changes; a training's recipe says it
    #[arg(long, value_name = "COLUMN", requires = "from")]
    attribute: Option<String>,
    /// Whether the faces to be edited have the attribute
    #[arg(long, value_enum, requires = "attribute")]
    from: Option<Answer>,
    /// Another effect for the same task, in the same tables
    #[arg(long, value_name = "FOLDER:ID")]
    beside: Vec<String>,
    /// The reverse effect, for the round trip
    #[arg(long, value_name = "FOLDER:ID")]
    reverse: Option<String>,
    /// Hallucination trained with the reconstruction term alone, for Table VII
    #[arg(long, value_name = "FOLDER:ID")]
    unet: Option<String>,
    /// Judge that an earlier evaluation wrote; without one, one is trained
    #[arg(long, value_name = "FILE")]
    judge: Option<PathBuf>,
    /// Steps for which a judge is trained
    #[arg(long, value_name = "N", default_value_t = 400)]
    judge_steps: u64,
    /// JSON of evaluation/identity.py
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Model card to write
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
    /// Partition that is measured: 2 is the test set
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=2))]
    partition: u8,
    /// Measure at most so many faces
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// How far faces are moved in the crop, in pixels of 128; without it drawn faces as far as the training moved them, others not at all
    #[arg(long, value_name = "PIXELS")]
    shift: Option<f64>,
    /// Another number trains another judge and moves faces otherwise
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Faces shown on the page, for each effect
    #[arg(long, value_name = "N", default_value_t = 24)]
    shown: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Answer {
    Yes,
    No,
}

impl Eval {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let device = self.device.open().map_err(usage)?;
        let places = Places::from_environment();
        let data = Dataset::open(&self.data, None).map_err(failed)?;
        let subject = self.subject(&places)?;
        let moves = data.card.as_ref().map_or(0.0, |_| subject.shift);
        let request = Request {
            subject: subject.place,
            task: subject.task,
            training: subject.training,
            beside: self.beside.iter().map(|name| Place::named(name)).collect(),
            reverse: self.reverse.as_deref().map(Place::named),
            unet: self.unet.as_deref().map(Place::named),
            digest: digest(&data).map_err(failed)?,
            data: &data,
            partition: Partition::ALL[usize::from(self.partition)],
            limit: self.limit,
            judge: self.judge,
            judge_steps: self.judge_steps,
            identity: self.identity,
            shift: self.shift.unwrap_or(moves),
            seed: self.seed,
            strips: self.shown,
            out: self.out,
            card: self.card,
        };
        let mut told = Told::new();
        let report = evaluate(&request, &device, &places, &mut |what, done, all| {
            told.hear(what, done, all);
        });
        told.finish();
        console::print(&text::text(&report.map_err(failed)?));
        let page = request.out.join("report.html");
        console::say(&format!("{}: the same with pictures", page.display()));
        Ok(ExitCode::SUCCESS)
    }

    fn subject(&self, places: &Places) -> Result<Subject, Failure> {
        let run = Path::new(&self.subject);
        if run.join("run.json").exists() {
            let exported =
                subject::of_run(run, &self.out.join("effect"), places).map_err(failed)?;
            return Ok(Subject {
                place: exported.place,
                task: exported.task,
                training: Some(exported.training),
                shift: exported.shift,
            });
        }
        let (Some(attribute), Some(from)) = (&self.attribute, self.from) else {
            return Err(Failure::Usage(format!(
                "{}: is no folder of a training; --attribute and --from have to say what the effect does",
                self.subject
            )));
        };
        Ok(Subject {
            place: Place::named(&self.subject),
            task: Task::Transfer {
                attribute: attribute.clone(),
                from: matches!(from, Answer::Yes),
                only: Vec::new(),
            },
            training: None,
            shift: 0.0,
        })
    }
}

/// The effect, its task, how it was trained, and how far its training moved faces.
struct Subject {
    place: Place,
    task: Task,
    training: Option<Training>,
    shift: f64,
}

/// What is done at the moment.
pub(crate) struct Told {
    progress: Progress,
    what: String,
}

impl Told {
    pub(crate) fn new() -> Self {
        Self {
            progress: Progress::new(),
            what: String::new(),
        }
    }

    pub(crate) fn hear(&mut self, what: &str, done: u64, all: u64) {
        if what != self.what {
            what.clone_into(&mut self.what);
            self.progress.start(done, all);
            self.progress.say(&format!("{what}: {all}"));
        }
        self.progress.set(done, "");
    }

    pub(crate) fn finish(&self) {
        self.progress.finish();
    }
}
