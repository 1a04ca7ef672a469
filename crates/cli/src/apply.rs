//! `diat apply`: the reason for all the rest.

mod batch;
mod edit;
mod inputs;
mod plan;
mod progress;
mod settings;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::available_parallelism;

use diat_host::{EffectInfo, Points};
use diat_places::Places;

use crate::door::{self, Door};
use crate::failure::{Failure, SOME_FAILED};
use crate::interrupt;
use crate::output;
use crate::record::Edit;
use batch::Batch;
use progress::Progress;
use settings::Settings;

pub(crate) use edit::render_pixels;

/// More at once would rather fill the memory than save time.
const MOST_JOBS_BY_DEFAULT: usize = 4;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Names: OUT is a folder if it ends in a slash, is one already, or if there are several \
    pictures (or a folder, or a pattern); it is made if need be, and pictures keep their names in it. The format \
    follows from the ending of the name. An earlier output is replaced; an input never, unless --overwrite says so.\n\n\
    Kept: alpha, grey, 8 or 16 bits or floats, EXIF and XMP (without their thumbnails) and ICC profile as far \
    as the format has them; what is lost is said. Pictures are turned upright for the effect and turned back for the same format; \
    in another format, and in TIFF, they stay upright and the orientation becomes 1. A picture in which there is \
    nothing to do is copied as it is, and named.\n\n\
    Examples:\n  \
    diat apply eyeglasses-off portrait.jpg -o without.jpg\n  \
    diat apply mouth-open holiday/ 'more/*.tif' -o smiling/ --strength 0.7\n  \
    diat apply eyeglasses-off group.png -o mask.png --show mask --faces nearest --at 0.3,0.5"
)]
pub(crate) struct Apply {
    /// Effect to apply; `diat effects` lists them
    effect: String,
    /// Pictures (PNG, JPEG, WebP, TIFF), folders of pictures, or patterns such as 'a*.jpg'
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// File or folder to write
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// How much of the change is made, 0 to 1
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    strength: Option<String>,
    /// Faces to edit: all, largest, or nearest to --at
    #[arg(long, value_name = "WHICH")]
    faces: Option<String>,
    /// Point for --faces nearest, as shares of width and height: 0.5,0.5 is the middle
    #[arg(long, value_name = "X,Y", value_parser = settings::point)]
    at: Option<[f64; 2]>,
    /// Five points of a face in pixels of the upright picture instead of looking for faces: the eye at the left of the
    /// picture, the other eye, nose, the left corner of the mouth, the right one (may be repeated)
    #[arg(long, value_name = "\"X,Y X,Y X,Y X,Y X,Y\"", value_parser = settings::points)]
    points: Vec<Points>,
    /// What to write: result, mask (16-bit grey PNG, upright), transformed or difference
    #[arg(long, value_name = "WHAT")]
    show: Option<String>,
    /// A parameter of the effect's own; `diat info EFFECT` lists them (may be repeated)
    #[arg(long, value_name = "ID=VALUE", value_parser = settings::assignment)]
    set: Vec<(String, String)>,
    /// Enlarge the picture so many times before the effect
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=16))]
    scale: u32,
    /// Where the network runs: auto, cpu, cuda:0 to cuda:7
    #[arg(long)]
    device: Option<String>,
    /// Pictures to work on at the same time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Leave out the record of the edit (effect, version, weights, strength) that a changed picture carries in its XMP;
    /// `diat info PICTURE` tells what it says
    #[arg(long)]
    no_record: bool,
    /// Allow a picture to be replaced by its own result
    #[arg(long)]
    overwrite: bool,
    /// Name only pictures that failed or stay untouched
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    door: Door,
}

impl Apply {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let inputs = inputs::expand(&self.inputs)?;
        let is_mask = self.show.as_deref() == Some("mask");
        let plan = plan::plan(&inputs, &self.output, is_mask, self.overwrite)?;
        let cores = available_parallelism().map_or(1, usize::from);
        let wish = self
            .jobs
            .map_or(cores.min(MOST_JOBS_BY_DEFAULT), usize::from);
        let jobs = wish.clamp(1, plan.tasks.len().max(1));
        let threads = if jobs == 1 { 0 } else { (cores / jobs).max(1) };

        let progress = Arc::new(Progress::new(plan.tasks.len(), self.quiet));
        let log = Arc::clone(&progress);
        let plugin = self.door.open(threads, move |line| log.hear(line))?;
        let effect = door::effect(&plugin, &self.effect)?;
        let mut settings = Settings::new(&self, effect, plan.tasks.len())?;
        settings.record = self.record(effect, &settings)?;
        if settings
            .record
            .as_ref()
            .is_some_and(|edit| edit.weights.is_empty())
        {
            progress.say(&format!(
                "{}: no manifest of it is known here, so that the record in changed pictures names no weights",
                effect.id
            ));
        }
        plan.make_folder()?;
        interrupt::watch();
        let left = output::clear_beside(plan.tasks.iter().map(|task| task.output.as_path()));
        if left > 0 {
            progress.tell(&format!(
                "unfinished files of a run that was killed: {left} removed"
            ));
        }

        let batch = Batch {
            plugin: &plugin,
            effect,
            settings: &settings,
            progress: &progress,
        };
        let mut count = batch.run(&plan.tasks, jobs);
        for problem in &inputs.problems {
            progress.say(problem);
            count.failed += 1;
        }
        progress.finish();
        count.tell(&progress);
        let failed = if count.failed > 0 { SOME_FAILED } else { 0 };
        Ok(ExitCode::from(interrupt::exit_code().unwrap_or(failed)))
    }

    /// What changed pictures shall say; a mask is no changed picture.
    fn record(&self, effect: &EffectInfo, settings: &Settings) -> Result<Option<Edit>, Failure> {
        if self.no_record || settings.is_mask {
            return Ok(None);
        }
        let catalogue = self.door.catalogue(&Places::from_environment())?;
        let manifest = door::manifest(&catalogue, effect);
        Ok(Some(Edit::new(effect, &settings.values, manifest)))
    }
}
