//! How long the steps of a training take. `crates/train/bench/` puts PyTorch's beside them.

use std::time::Instant;

use burn::tensor::Device;
use diat_synth::SplitMix64;
use ndarray::Array4;
use serde::Serialize;

use crate::data::{self, Batch, Batches};
use crate::learn::{Error, Learner};
use crate::recipe::{Algorithm, Recipe};

/// One kind of step, taken several times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Which.
    pub step: Step,
    /// Pictures that go into it, those of both sets where it takes both.
    pub pictures: usize,
    /// Seconds of each time.
    pub seconds: Vec<f64>,
    /// Seconds of all processors together, of each time; where others use them too, this says more. Empty where the system does
    /// not tell.
    pub processor: Vec<f64>,
}

/// Kinds of steps; the last three begin with F(x) without gradients, as a round does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// DN, Eq. 12.
    Denoiser,
    /// T's pre-training, Eq. 17.
    Transform,
    /// D's pre-training, Eq. 18.
    Discriminator,
    /// A step of D, Eq. 16.
    D,
    /// A step of F, Eq. 15 or 20.
    F,
    /// A step of D and one of F.
    Round,
}

impl Step {
    const ALL: [Self; 6] = [
        Self::Denoiser,
        Self::Transform,
        Self::Discriminator,
        Self::D,
        Self::F,
        Self::Round,
    ];

    /// The recipe whose rounds are such steps, and the name of the phase that has them.
    fn of(self, recipe: &Recipe) -> (Recipe, &'static str) {
        let mut recipe = recipe.clone();
        let phase = match self {
            Self::Denoiser => "denoiser",
            Self::Transform => "transform",
            Self::Discriminator => "discriminator",
            Self::D | Self::F | Self::Round => "adversarial",
        };
        let counts = match self {
            Self::D => Some((1, 0)),
            Self::F => Some((0, 1)),
            _ => None,
        };
        recipe.schedule.algorithm = match counts {
            Some((d_steps, t_steps)) => Algorithm::Paper {
                d_steps,
                t_steps,
                n_steps: 0,
            },
            None => Algorithm::Alternate,
        };
        // A phase without rounds is left out of a training; here it is asked for by name.
        recipe.pretrain.transform.steps = 1;
        recipe.pretrain.discriminator.steps = 1;
        (recipe, phase)
    }

    /// One set, or both.
    fn sets(self) -> usize {
        match self {
            Self::F => 1,
            _ => 2,
        }
    }
}

impl std::fmt::Display for Step {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Denoiser => "DN, Eq. 12",
            Self::Transform => "T, Eq. 17",
            Self::Discriminator => "D, Eq. 18",
            Self::D => "D, Eq. 16",
            Self::F => "F, Eq. 15",
            Self::Round => "D and F",
        })
    }
}

impl Row {
    /// Seconds of a step: the median.
    pub fn median(&self) -> f64 {
        let mut seconds = self.seconds.clone();
        seconds.sort_by(f64::total_cmp);
        seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// Pictures a second at the median.
    pub fn pictures_per_second(&self) -> f64 {
        self.pictures as f64 / self.median()
    }
}

/// Steps of a kind that are not counted.
const WARM_UP: u64 = 2;

/// Takes `count` steps of each kind that the recipe has, on noise that lies in memory, so that the device alone is measured.
/// `device` is one without autodiff. `tell` hears of each row as it comes.
///
/// # Errors
/// What a training with the recipe would fail with.
pub fn measure(
    recipe: &Recipe,
    device: &Device,
    count: u64,
    tell: &mut dyn FnMut(&Row),
) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for step in Step::ALL {
        let (recipe, name) = step.of(recipe);
        let mut learner = Learner::new(&recipe, device)?;
        let phases = learner.phases();
        let phase = phases.iter().position(|phase| phase.name == name);
        let Some((index, phase)) = phase.and_then(|index| Some((index, phases.get(index)?))) else {
            continue;
        };
        let noise = Noise::new(recipe.network.size, phase.batch);
        let (mut seconds, mut processor) = (Vec::new(), Vec::new());
        for round in 0..WARM_UP + count {
            let (start, used) = (Instant::now(), processor_seconds());
            // It ends with its terms read: the device has done it.
            learner.round(index, round, &noise)?;
            if round >= WARM_UP {
                seconds.push(start.elapsed().as_secs_f64());
                let used = used.and_then(|used| Some(processor_seconds()? - used));
                processor.extend(used);
            }
        }
        let pictures = step.sets() * phase.batch;
        let row = Row {
            step,
            pictures,
            seconds,
            processor,
        };
        tell(&row);
        rows.push(row);
    }
    Ok(rows)
}

/// What this process has taken of all processors so far, as Linux tells: in hundredths.
fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program is in brackets and may hold anything; of what follows, fields 12 and 13 are user and system time.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: Option<f64> = ticks.map(|field| field.parse::<f64>().ok()).sum();
    Some(ticks? / 100.0)
}

/// The same pictures for every step.
struct Noise(Batch);

impl Noise {
    fn new(size: usize, count: usize) -> Self {
        let pictures = |purpose| {
            let mut random = SplitMix64::stream(1, purpose);
            Array4::from_shape_simple_fn((count, 3, size, size), || random.range(-1.0, 1.0) as f32)
        };
        Self(Batch {
            source: pictures("source"),
            guided: pictures("guided"),
            truth: Some(pictures("truth")),
            known: vec![true; count],
        })
    }
}

impl Batches for Noise {
    fn batch(&self, _: &str, _: u64, _: usize) -> Result<Batch, data::Error> {
        Ok(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, Step};

    #[test]
    fn the_middle_time_counts() {
        let row = Row {
            step: Step::Round,
            pictures: 6,
            seconds: vec![9.0, 1.0, 2.0],
            processor: Vec::new(),
        };
        assert_eq!((row.median(), row.pictures_per_second()), (2.0, 3.0));
    }
}
