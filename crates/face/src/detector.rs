//! The detectors there are, behind one question: where may faces be?

use crate::candidate::Candidate;
use crate::crew::share_out;
use crate::network::open_network;
use crate::reduction::{reduction, whole_factor};
use crate::seeta::Seeta;
use crate::shrink::shrink;
use crate::{Error, yunet};
use diat_image::{View, luma_rows, rgb_rows, shrunk_size};
use diat_infer::{Device, Level, Network};
use diat_manifest::{Decoder, Detector, Manifest, Yunet};
use diat_places::Places;
use ndarray::{Array, Array2, Axis, Dimension, IntoDimension, RemoveAxis, Slice};
use std::ops::Range;
use std::sync::Arc;
use std::thread::available_parallelism;

/// Pixels of the picture that are read between two questions whether to stop: some milliseconds' work.
const READ_AT_ONCE: usize = 1 << 19;

/// A narrower picture is not shrunk by less than a whole factor: no face is in it.
const SMALLEST_SHRUNK: usize = 6;

/// A detector that is ready to run.
pub(crate) struct Proposer {
    manifest: Arc<Manifest>,
    rules: Detector,
    engine: Engine,
    threads: usize,
}

enum Engine {
    Seeta(Seeta),
    Yunet(Yunet, Arc<Network>),
}

impl Proposer {
    /// Opens the detector that `manifest` describes. `threads` is what the host allows, 0 for as many as there are cores.
    pub(crate) fn open(
        manifest: &Arc<Manifest>,
        rules: &Detector,
        places: &Places,
        device: Device,
        threads: usize,
        log: &dyn Fn(Level, &str),
    ) -> Result<Self, Error> {
        let engine = match &rules.decoder {
            Decoder::Seeta => Engine::Seeta(Seeta::open(manifest, rules.score)?),
            Decoder::Yunet(yunet) => {
                let network = open_network(manifest, places, device, threads, log)?;
                Engine::Yunet(yunet.clone(), network)
            }
        };
        Ok(Self {
            manifest: Arc::clone(manifest),
            rules: rules.clone(),
            engine,
            threads: match threads {
                0 => available_parallelism().map_or(1, usize::from),
                allowed => allowed,
            },
        })
    }

    /// Its manifest's id.
    pub(crate) fn id(&self) -> &str {
        &self.manifest.id
    }

    /// What the detector's manifest says.
    pub(crate) fn rules(&self) -> &Detector {
        &self.rules
    }

    /// Boxes in which faces may be, in picture coordinates, the surest first.
    pub(crate) fn propose(
        &self,
        view: &View,
        smallest_eye_distance: f64,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<Candidate>, Error> {
        let rect = view.rect();
        let (width, height) = rect.size();
        let reduction = reduction(width, height, &self.rules, smallest_eye_distance);
        let (factor, found) = match &self.engine {
            Engine::Seeta(seeta) => {
                let (picture, factor) = self.grey(view, reduction, cancel)?;
                let found = seeta.propose(&picture, self.threads, cancel)?;
                (factor, found)
            }
            Engine::Yunet(yunet, network) => {
                let factor = whole_factor(reduction);
                let (width, height) = shrunk_size(view, factor);
                let band = width * factor * factor;
                let rows = |rows| rgb_rows(view, factor, rows);
                let picture = self.in_bands((3, height, width), Axis(1), band, cancel, rows)?;
                if cancel() {
                    return Err(Error::Cancelled);
                }
                let score = self.rules.score;
                let found = yunet::propose(network, &self.manifest, yunet, score, &picture)?;
                (factor as f64, found)
            }
        };
        let enlarged = |candidate: Candidate| candidate.enlarged(factor, rect.x, rect.y);
        Ok(found.into_iter().map(enlarged).collect())
    }

    /// The picture in grey, shrunk by `reduction`, and by how much that was: first by a whole factor as it is read, then the rest.
    fn grey(
        &self,
        view: &View,
        reduction: f64,
        cancel: &dyn Fn() -> bool,
    ) -> Result<(Array2<u8>, f64), Error> {
        let factor = (reduction as usize).max(1);
        let (width, height) = shrunk_size(view, factor);
        let read = |rows| luma_rows(view, factor, rows);
        let whole = (height, width);
        let band = width * factor * factor;
        let read = self.in_bands(whole, Axis(0), band, cancel, read)?;
        let rest = factor as f64 / reduction;
        let smaller = [height, width].map(|side| (side as f64 * rest) as usize);
        if rest >= 1.0 || smaller.contains(&0) || width.min(height) < SMALLEST_SHRUNK {
            return Ok((read, factor as f64));
        }
        let [down, across] = smaller;
        let rows = |rows| shrink(read.view(), (down, across), rows);
        let shrunk = self.in_bands((down, across), Axis(0), width, cancel, rows)?;
        Ok((shrunk, (factor * width) as f64 / across as f64))
    }

    /// A picture of this `shape`, put together from bands of its rows, which lie along `axis` and each stand for some `pixels`
    /// that are read.
    fn in_bands<D: Dimension + RemoveAxis>(
        &self,
        shape: impl IntoDimension<Dim = D>,
        axis: Axis,
        pixels: usize,
        cancel: &dyn Fn() -> bool,
        rows: impl Fn(Range<usize>) -> Array<u8, D> + Sync,
    ) -> Result<Array<u8, D>, Error> {
        let mut whole = Array::zeros(shape);
        let height = whole.len_of(axis);
        let band = (READ_AT_ONCE / pixels.max(1)).max(1);
        let part = |unit: usize| unit * band..height.min((unit + 1) * band);
        let work = |(): &mut (), unit: usize| rows(part(unit));
        let units = height.div_ceil(band);
        let bands = share_out(self.threads, units, cancel, || (), work).ok_or(Error::Cancelled)?;
        for (unit, band) in bands.iter().enumerate() {
            whole
                .slice_axis_mut(axis, Slice::from(part(unit)))
                .assign(band);
        }
        Ok(whole)
    }
}
