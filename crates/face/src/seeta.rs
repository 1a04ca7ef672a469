//! The SeetaFace cascade: upright faces, no network, no runtime.
//!
//! S. Wu, M. Kan, Z. He, S. Shan, X. Chen: Funnel-structured cascade for multi-view face detection with
//! alignment-awareness. Neurocomputing 221 (2017).
//!
//! Boosted classifiers look at every window of a pyramid of the picture; what each lets through is merged and handed to perceptrons,
//! which judge it again and move the window over the face, stage after stage.

mod boosted;
mod codes;
mod file;
mod perceptron;
mod pyramid;
mod resample;
mod spot;
mod surf;

pub use file::Damage;

use crate::Error;
use crate::candidate::Candidate;
use crate::crew::share_out;
use diat_manifest::Manifest;
use file::{ANSWERS, Cascade, Model};
use ndarray::Array2;
use perceptron::{Memory, Perceptron};
use pyramid::bands;
use resample::Source;
use spot::{Spot, merge};
use surf::Surf;

/// Side of the cascade's window: nothing smaller is seen.
const WINDOW: usize = 40;

/// Two windows that overlap by more than this are one between stages, and at the end.
const SAME_WINDOW: f32 = 0.8;
const SAME_FACE: f32 = 0.3;

/// Windows that perceptrons judge between two questions whether to stop.
const UNIT: usize = 16;

/// The cascade in memory.
pub(crate) struct Seeta {
    cascade: Cascade,
    score: f64,
}

impl Seeta {
    /// Reads and checks the weights of `manifest`; of what it finds, boxes that score at least `score` count.
    pub(crate) fn open(manifest: &Manifest, score: f64) -> Result<Self, Error> {
        let bytes = manifest.read_weights()?;
        let cascade = Cascade::read(&bytes).map_err(|damage| Error::Cascade {
            file: manifest.weights_file(),
            damage,
        })?;
        Ok(Self { cascade, score })
    }

    /// Boxes with faces in an 8-bit grey picture, in its pixels, the surest first; the same ones with any number of `threads`.
    pub(crate) fn propose(
        &self,
        luma: &Array2<u8>,
        threads: usize,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<Candidate>, Error> {
        let (height, width) = luma.dim();
        let Some(pixels) = luma.as_slice().filter(|_| width.min(height) >= WINDOW) else {
            return Ok(Vec::new());
        };
        let search = Search {
            cascade: &self.cascade,
            picture: Source {
                pixels,
                stride: width,
                left: 0,
                top: 0,
                width,
                height,
            },
            threads,
            cancel,
        };
        let mut spots = search.run().ok_or(Error::Cancelled)?;
        spots.retain(|spot| spot.score >= self.score);
        spots.sort_by(|a, b| b.score.total_cmp(&a.score));
        let candidate = |spot: &Spot| Candidate {
            bounds: [spot.x, spot.y, spot.side, spot.side].map(|v| v as f64),
            score: spot.score,
            points: None,
        };
        Ok(spots.iter().map(candidate).collect())
    }
}

/// One search of one picture. Nothing comes back where the caller wanted to stop.
struct Search<'a> {
    cascade: &'a Cascade,
    picture: Source<'a>,
    threads: usize,
    cancel: &'a dyn Fn() -> bool,
}

impl Search<'_> {
    fn run(&self) -> Option<Vec<Spot>> {
        let mut found = self.first_level()?;
        let (last, levels) = self.cascade.levels.split_last()?;
        for level in levels {
            found = level
                .iter()
                .map(|model| self.judge(model, &found))
                .collect::<Option<_>>()?;
        }
        let model = last.first()?;
        Some(merge(self.judge(model, &found)?, SAME_FACE))
    }

    /// What each boosted classifier lets through, merged.
    fn first_level(&self) -> Option<Vec<Vec<Spot>>> {
        let bands = bands(self.picture.width, self.picture.height);
        // Not `self`: the question whether to stop stays on its thread.
        let (cascade, picture) = (self.cascade, &self.picture);
        let search = |(): &mut (), unit: usize| bands[unit].search(cascade, picture);
        let parts = share_out(self.threads, bands.len(), self.cancel, || (), search)?;
        let mut found = vec![Vec::new(); self.cascade.first.len()];
        for part in parts {
            for (all, more) in found.iter_mut().zip(part) {
                all.extend(more);
            }
        }
        let merged = |spots| merge(spots, SAME_WINDOW);
        Some(found.into_iter().map(merged).collect())
    }

    /// What is left after the stages of a model, merged between them.
    fn judge(&self, model: &Model, found: &[Vec<Spot>]) -> Option<Vec<Spot>> {
        let sources = model.sources.iter().flat_map(|source| &found[*source]);
        let mut spots: Vec<Spot> = sources.copied().collect();
        for (index, stage) in model.stages.iter().enumerate() {
            if index > 0 {
                spots = merge(spots, SAME_WINDOW);
            }
            spots = self.stage(stage, &spots)?;
        }
        Some(spots)
    }

    fn stage(&self, stage: &Perceptron, spots: &[Spot]) -> Option<Vec<Spot>> {
        let units: Vec<&[Spot]> = spots.chunks(UNIT).collect();
        let picture = &self.picture;
        let judge = |memory: &mut (Surf, Memory), unit: usize| -> Vec<Spot> {
            let (surf, memory) = memory;
            let judged = units[unit].iter();
            judged
                .filter_map(|spot| judge(stage, picture, spot, surf, memory))
                .collect()
        };
        let left = share_out(
            self.threads,
            units.len(),
            self.cancel,
            Default::default,
            judge,
        )?;
        Some(left.into_iter().flatten().collect())
    }
}

/// The window of a spot moved over the face in it, if a perceptron sees one.
fn judge(
    stage: &Perceptron,
    picture: &Source,
    spot: &Spot,
    surf: &mut Surf,
    memory: &mut Memory,
) -> Option<Spot> {
    let beside = spot.x >= picture.width as i64 || spot.x + spot.side <= 0;
    let below = spot.y >= picture.height as i64 || spot.y + spot.side <= 0;
    if beside || below || spot.side < 2 {
        return None;
    }
    let window = Source {
        left: spot.x,
        top: spot.y,
        width: spot.side as usize,
        height: spot.side as usize,
        ..*picture
    };
    let mut pixels = [0; WINDOW * WINDOW];
    window.resample(WINDOW, WINDOW, 0..WINDOW, &mut pixels);
    surf.take(&pixels);
    let answers = stage.judge(surf, memory)?;
    Some(moved(spot, answers))
}

/// The window moved and resized as a perceptron says, in 32-bit floats as the cascade's authors do. A window that reached beyond
/// the left or upper border is moved from there: the perceptrons were trained so.
fn moved(spot: &Spot, answers: [f32; ANSWERS]) -> Spot {
    let [score, right, down, growth] = answers;
    let share = |answer: f32| answer * 2.0 - 1.0;
    let side = spot.side as f32;
    let new = (share(growth) * side + side + 0.5).floor();
    let along = |start: i64, answer: f32| {
        let start = start.max(0) as f32;
        (share(answer) * side + start + (side - new) * 0.5 + 0.5).floor() as i64
    };
    Spot {
        x: along(spot.x, right),
        y: along(spot.y, down),
        side: new as i64,
        score: f64::from(score),
    }
}

#[cfg(test)]
mod tests;
