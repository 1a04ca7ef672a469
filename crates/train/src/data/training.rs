//! Batches of the faces that networks learn from.

use super::chance::{Variation, margin, rows};
use super::crop::{Crop, Cutter};
use super::dataset::{Dataset, Face, Partition};
use super::glasses::Glasses;
use super::shrink::Shrink;
use super::{Batch, Batches, Error};
use crate::recipe::{Augment, PairSource, Pairs, Recipe, Task};
use diat_synth::SplitMix64;
use ndarray::{Array3, Array4, Axis};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Crops are kept decoded up to here; beyond, those that do not fit are decoded each time. A crop of 128² with its margin takes 62 kB, so that
/// sixty thousand fit.
const MEMORY: usize = 4 << 30;

/// The training faces of a data set, ready for a recipe.
#[derive(Debug)]
pub struct TrainingSet {
    seed: u64,
    augment: Augment,
    margin: usize,
    size: usize,
    source: Arc<Pool>,
    guided: Arc<Pool>,
    kind: Kind,
    used: Used,
}

#[derive(Debug)]
enum Kind {
    Transfer(Option<Pairs>),
    Hallucinate(Shrink),
}

/// What a training set was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Used {
    /// Faces to be changed.
    pub source: usize,
    /// Faces as they should become.
    pub guided: usize,
    /// Left out because the plug-in leaves such faces alone.
    pub refused: usize,
    /// Left out because an attribute is unknown.
    pub unknown: usize,
    /// Left out because their pictures cannot be read: name and why.
    pub unreadable: Vec<(String, String)>,
}

/// Source, truth, and the rows of which the truth is known.
type Paired = (Array4<f32>, Array4<f32>, Vec<bool>);

impl TrainingSet {
    /// Decodes and cuts the faces of partition 0 that the recipe's task needs, on all cores. Those whose pictures cannot be read are left
    /// out and named in [`TrainingSet::used`].
    ///
    /// # Errors
    /// An attribute that the set does not have, or a set with fewer faces than the recipe's largest batch.
    pub fn open(dataset: &Dataset, recipe: &Recipe) -> Result<Self, Error> {
        let sets = dataset.sets(&recipe.task, Partition::Training)?;
        let margin = margin(&recipe.augment, recipe.network.size);
        let cutter = Cutter::new(&recipe.network, &recipe.template, margin);
        let (kind, pairs) = match recipe.task {
            Task::Transfer { .. } => {
                let pairs = recipe.loss.pairs.clone();
                let of = pairs.as_ref().map(|pairs| pairs.of);
                (Kind::Transfer(pairs), of)
            }
            Task::Hallucinate { factor } => (Kind::Hallucinate(Shrink { factor }), None),
        };
        let counterfactual = pairs == Some(PairSource::Counterfactual);
        if counterfactual && dataset.card.is_none() {
            let folder = dataset.folder.clone();
            return Err(Error::NoCounterfactual { folder });
        }
        let left = AtomicUsize::new(MEMORY / cutter.bytes());
        let mut unreadable = Vec::new();
        let mut pool = |places: &[usize], pairs| {
            let faces = places.iter().map(|&place| &dataset.faces[place]);
            let (pool, missed) = Pool::read(faces.collect(), cutter, pairs, &left);
            unreadable.extend(missed);
            Arc::new(pool)
        };
        let source = pool(&sets.source, counterfactual);
        let guided = match recipe.task {
            Task::Hallucinate { .. } => source.clone(),
            Task::Transfer { .. } => pool(&sets.guided, false),
        };
        let used = Used {
            source: source.slots.len(),
            guided: guided.slots.len(),
            refused: sets.refused,
            unknown: sets.unknown,
            unreadable,
        };
        let needed = largest_batch(recipe);
        for (pool, is_source) in [(&source, true), (&guided, false)] {
            if pool.slots.len() < needed {
                return Err(Error::TooFew {
                    folder: dataset.folder.clone(),
                    what: described(&recipe.task, is_source),
                    found: pool.slots.len(),
                    needed,
                });
            }
        }
        Ok(Self {
            seed: recipe.run.seed,
            augment: recipe.augment,
            margin,
            size: recipe.network.size,
            source,
            guided,
            kind,
            used,
        })
    }

    /// What it was made of.
    pub fn used(&self) -> &Used {
        &self.used
    }

    /// A varied picture, its points' window, and what else a row needs.
    fn variation(&self, stage: &str, step: u64, set: &str, row: usize) -> Variation {
        let purpose = format!("{stage} {step} {set} {row}");
        let mut random = SplitMix64::stream(self.seed, &purpose);
        Variation::pick(&mut random, &self.augment, self.margin)
    }

    fn faces(&self, stage: &str, step: u64, set: &str, count: usize, of: &Pool) -> Vec<usize> {
        let purpose = format!("{stage} {set}");
        rows(self.seed, &purpose, step, count, of.slots.len())
    }

    fn empty(&self, count: usize) -> Array4<f32> {
        Array4::zeros((count, 3, self.size, self.size))
    }

    fn plain(
        &self,
        stage: &str,
        step: u64,
        set: &str,
        count: usize,
        of: &Pool,
    ) -> Result<Array4<f32>, Error> {
        let mut pictures = self.empty(count);
        for (row, face) in self
            .faces(stage, step, set, count, of)
            .into_iter()
            .enumerate()
        {
            let variation = self.variation(stage, step, set, row);
            let mut picture = of.slots[face].crop(of.cutter)?.part(variation.window);
            variation.colour(&mut picture);
            pictures.index_axis_mut(Axis(0), row).assign(&picture);
        }
        Ok(pictures)
    }

    /// Source and truth: the first rows are pairs.
    fn paired(&self, stage: &str, step: u64, count: usize, pairs: &Pairs) -> Result<Paired, Error> {
        let known = ((pairs.share * count as f64).round() as usize).min(count);
        let mut source = self.plain(stage, step, "source", count, &self.source)?;
        let mut truth = source.clone();
        let (of, set) = match pairs.of {
            PairSource::DrawnGlasses => (&self.guided, "pairs"),
            PairSource::Counterfactual => (&self.source, "source"),
        };
        let faces = self.faces(stage, step, set, count, of);
        for (row, face) in faces.into_iter().enumerate().take(known) {
            let variation = self.variation(stage, step, set, row);
            let slot = &of.slots[face];
            let (mut before, mut after) = match pairs.of {
                PairSource::DrawnGlasses => {
                    let purpose = format!("{stage} {step} glasses {row}");
                    let mut random = SplitMix64::stream(self.seed, &purpose);
                    let crop = slot.crop(of.cutter)?;
                    let bare = crop.part(variation.window);
                    let points = crop.points(variation.window);
                    (
                        Glasses::pick(&mut random, &points).put_on(&bare, &points),
                        bare,
                    )
                }
                PairSource::Counterfactual => {
                    let parts = (slot.crop(of.cutter)?, slot.counterfactual(of.cutter)?);
                    (
                        parts.0.part(variation.window),
                        parts.1.part(variation.window),
                    )
                }
            };
            variation.colour(&mut before);
            variation.colour(&mut after);
            source.index_axis_mut(Axis(0), row).assign(&before);
            truth.index_axis_mut(Axis(0), row).assign(&after);
        }
        Ok((source, truth, (0..count).map(|row| row < known).collect()))
    }
}

impl Batches for TrainingSet {
    fn batch(&self, stage: &str, step: u64, count: usize) -> Result<Batch, Error> {
        let guided = self.plain(stage, step, "guided", count, &self.guided)?;
        match &self.kind {
            Kind::Transfer(None) => Ok(Batch {
                source: self.plain(stage, step, "source", count, &self.source)?,
                guided,
                truth: None,
                known: vec![false; count],
            }),
            Kind::Transfer(Some(pairs)) => {
                let (source, truth, known) = self.paired(stage, step, count, pairs)?;
                Ok(Batch {
                    source,
                    guided,
                    truth: Some(truth),
                    known,
                })
            }
            Kind::Hallucinate(shrink) => {
                let truth = self.plain(stage, step, "source", count, &self.source)?;
                let mut source = truth.clone();
                for mut picture in source.outer_iter_mut() {
                    let shrunk = shrink.and_enlarge(&picture.to_owned());
                    picture.assign(&shrunk);
                }
                Ok(Batch {
                    source,
                    guided,
                    truth: Some(truth),
                    known: vec![true; count],
                })
            }
        }
    }
}

/// The faces of one set.
#[derive(Debug)]
struct Pool {
    cutter: Cutter,
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    face: Face,
    kept: Option<Crop>,
    pair: Option<Crop>,
}

impl Pool {
    /// Reads all of them, so that one that cannot be read is known at once, and keeps as many as `left` allows.
    fn read(
        faces: Vec<&Face>,
        cutter: Cutter,
        pairs: bool,
        left: &AtomicUsize,
    ) -> (Self, Vec<(String, String)>) {
        let slot = |face: &&Face| -> Result<Slot, Error> {
            let face = *face;
            let crop = cutter.cut(face, &face.path)?;
            let pair = match &face.counterfactual {
                Some(path) if pairs => Some(cutter.cut(face, path)?),
                _ => None,
            };
            let takes = 1 + usize::from(pair.is_some());
            let room = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(takes)
            });
            Ok(Slot {
                face: face.clone(),
                kept: room.is_ok().then_some(crop),
                pair: pair.filter(|_| room.is_ok()),
            })
        };
        let read: Vec<_> = faces.par_iter().map(slot).collect();
        let (mut slots, mut missed) = (Vec::new(), Vec::new());
        for (slot, face) in read.into_iter().zip(faces) {
            match slot {
                Ok(slot) => slots.push(slot),
                Err(error) => missed.push((face.name.clone(), error.to_string())),
            }
        }
        (Self { cutter, slots }, missed)
    }
}

impl Slot {
    fn crop(&self, cutter: Cutter) -> Result<Cow<'_, Crop>, Error> {
        self.kept_or(self.kept.as_ref(), cutter, &self.face.path)
    }

    fn counterfactual(&self, cutter: Cutter) -> Result<Cow<'_, Crop>, Error> {
        let path = self.face.counterfactual.as_ref().unwrap_or(&self.face.path);
        self.kept_or(self.pair.as_ref(), cutter, path)
    }

    fn kept_or<'a>(
        &self,
        kept: Option<&'a Crop>,
        cutter: Cutter,
        path: &Path,
    ) -> Result<Cow<'a, Crop>, Error> {
        match kept {
            Some(crop) => Ok(Cow::Borrowed(crop)),
            None => cutter.cut(&self.face, path).map(Cow::Owned),
        }
    }
}

/// The most faces of a set that a step asks for.
fn largest_batch(recipe: &Recipe) -> usize {
    let phases = [&recipe.pretrain.transform, &recipe.pretrain.discriminator];
    let denoiser = recipe.denoiser.as_ref().map(|denoiser| &denoiser.phase);
    let phases = phases
        .into_iter()
        .chain(denoiser)
        .filter(|phase| phase.steps > 0);
    let phases = phases.map(|phase| phase.batch);
    phases.chain([recipe.schedule.batch, 1]).max().unwrap_or(1)
}

fn described(task: &Task, is_source: bool) -> String {
    let partition = Partition::Training;
    match task {
        Task::Hallucinate { .. } => format!("in {partition}"),
        Task::Transfer {
            attribute,
            from,
            only,
        } => {
            let mut words = vec![format!("{attribute} = {}", *from == is_source)];
            words.extend(only.iter().map(|(name, value)| format!("{name} = {value}")));
            format!("in {partition} with {}", words.join(" and "))
        }
    }
}

/// A face that no network learnt from, exactly as the plug-in cuts it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldOut {
    /// The face.
    pub face: Face,
    /// Whether it is to be changed; for hallucination all are.
    pub source: bool,
    /// 3×S×S, RGB in \[-1, 1\]; for hallucination already shrunk and enlarged.
    pub crop: Array3<f32>,
    /// What the network should make of it, where that is known: the counterfactual's crop, or the crop before it was shrunk.
    pub truth: Option<Array3<f32>>,
}

/// A picture that cannot be read: its name, and why.
pub type Unread = (String, String);

/// The faces of a partition that the recipe's task asks for, sources first, and those whose pictures cannot be read (name and why).
///
/// # Errors
/// An attribute that the set does not have.
pub fn held_out(
    dataset: &Dataset,
    recipe: &Recipe,
    partition: Partition,
) -> Result<(Vec<HeldOut>, Vec<Unread>), Error> {
    let sets = dataset.sets(&recipe.task, partition)?;
    let cutter = Cutter::new(&recipe.network, &recipe.template, 0);
    let hallucinated = match recipe.task {
        Task::Hallucinate { factor } => Some(Shrink { factor }),
        Task::Transfer { .. } => None,
    };
    let guided: &[usize] = if hallucinated.is_some() {
        &[]
    } else {
        &sets.guided
    };
    let wanted: Vec<(usize, bool)> = sets
        .source
        .iter()
        .map(|&place| (place, true))
        .chain(guided.iter().map(|&place| (place, false)))
        .collect();
    let cut = |&(place, source): &(usize, bool)| {
        let face = &dataset.faces[place];
        let named = |error: Error| (face.name.clone(), error.to_string());
        let crop = cutter.exact(face, &face.path).map_err(named)?;
        let (crop, truth) = match (&hallucinated, &face.counterfactual) {
            (Some(shrink), _) => (shrink.and_enlarge(&crop), Some(crop)),
            (None, Some(path)) => (crop, Some(cutter.exact(face, path).map_err(named)?)),
            (None, None) => (crop, None),
        };
        Ok(HeldOut {
            face: face.clone(),
            source,
            crop,
            truth,
        })
    };
    let cut: Vec<Result<HeldOut, (String, String)>> = wanted.par_iter().map(cut).collect();
    let (mut faces, mut missed) = (Vec::new(), Vec::new());
    for one in cut {
        match one {
            Ok(face) => faces.push(face),
            Err(fault) => missed.push(fault),
        }
    }
    Ok((faces, missed))
}

#[cfg(test)]
mod tests;
