//! From a picture to its faces.

use crate::candidate::Candidate;
use crate::detector::Proposer;
use crate::distinct::distinct;
use crate::frame::{Frame, from_box, from_points};
use crate::landmarks::Locator;
use crate::{Error, Face};
use diat_image::View;
use diat_infer::{Device, Level};
use diat_manifest::{Catalogue, Kind, Manifest};
use diat_places::Places;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

/// The detector that is used where nobody names one.
pub const DEFAULT_DETECTOR: &str = "seeta";
/// The landmark network that is used where nobody names one.
pub const DEFAULT_LANDMARKS: &str = "landmarks";

/// A detector and a landmark network, ready to run. May be shared between threads.
pub struct Finder {
    detector: Proposer,
    landmarks: Locator,
}

impl fmt::Debug for Finder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finder")
            .field("detector", &self.detector.id())
            .field("landmarks", &self.landmarks.id())
            .finish()
    }
}

/// The faces of a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Each face once, the largest first. Those that the landmark network is not sure of are among them: limits are the
    /// effect's business ([`crate::refusal`]).
    pub faces: Vec<Face>,
    /// What the detector took, shrinking included.
    pub seconds_detect: f64,
    /// What the landmark network took, crops included.
    pub seconds_landmarks: f64,
}

impl Finder {
    /// Opens the networks with these ids: those named here, else those in the user's `config.toml`, else
    /// [`DEFAULT_DETECTOR`] and [`DEFAULT_LANDMARKS`]. Networks that this process has open already are shared.
    ///
    /// # Errors
    /// A manifest or its weights cannot be used, or no device runs the network.
    pub fn new(
        catalogue: &Catalogue,
        detector: Option<&str>,
        landmarks: Option<&str>,
        places: &Places,
        device: Device,
        threads: usize,
        log: &dyn Fn(Level, &str),
    ) -> Result<Self, Error> {
        let config = places.config()?;
        let detector = detector.or(config.detector.as_deref());
        let landmarks = landmarks.or(config.landmarks.as_deref());
        let manifest = lookup(catalogue, detector.unwrap_or(DEFAULT_DETECTOR), "detector")?;
        let detector = match &manifest.kind {
            Kind::Detector(rules) => Proposer::open(manifest, rules, places, device, threads, log)?,
            _ => return Err(wrong_kind(manifest, "detector")),
        };
        let manifest = lookup(
            catalogue,
            landmarks.unwrap_or(DEFAULT_LANDMARKS),
            "landmarks",
        )?;
        let landmarks = match &manifest.kind {
            Kind::Landmarks(rules) => Locator::open(manifest, rules, places, device, threads, log)?,
            _ => return Err(wrong_kind(manifest, "landmarks")),
        };
        Ok(Self {
            detector,
            landmarks,
        })
    }

    /// Finds the faces of a picture. Those whose eyes are nearer to each other than `smallest_eye_distance` (pixels of the
    /// picture) need not be found, which lets large pictures be searched faster. The same picture gives the same faces,
    /// bit for bit, with any number of threads. `cancel` is asked every few milliseconds of the search and between the runs of a
    /// network.
    ///
    /// # Errors
    /// [`Error::Cancelled`], or no device is left that runs the networks.
    pub fn find(
        &self,
        view: &View,
        smallest_eye_distance: f64,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Found, Error> {
        if cancel() {
            return Err(Error::Cancelled);
        }
        let start = Instant::now();
        let candidates = self.detector.propose(view, smallest_eye_distance, cancel)?;
        let seconds_detect = start.elapsed().as_secs_f64();
        if cancel() {
            return Err(Error::Cancelled);
        }
        let start = Instant::now();
        let faces = self.locate(view, &candidates, cancel)?;
        Ok(Found {
            faces: distinct(faces),
            seconds_detect,
            seconds_landmarks: start.elapsed().as_secs_f64(),
        })
    }

    /// Looks at each candidate twice: in the frame that the detector gives, then, turned upright, in the frame that the
    /// points found there give. The second look is what makes rolled faces as exact as upright ones; a face must convince
    /// in both, because a frame laid around imagined points makes anything look more like a face.
    fn locate(
        &self,
        view: &View,
        candidates: &[Candidate],
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<Face>, Error> {
        let side = self.landmarks.side();
        let rule = &self.detector.rules().crop;
        let (candidates, frames): (Vec<_>, Vec<_>) = candidates
            .iter()
            .filter_map(|candidate| {
                let points = candidate.points.as_ref();
                let frame = points.and_then(|points| from_points(points, side));
                let frame = frame.or_else(|| from_box(&candidate.bounds, rule, side))?;
                Some((candidate, frame))
            })
            .unzip();
        let first = self.landmarks.locate(view, &frames, cancel)?;
        let frames: Vec<Frame> = first
            .iter()
            .zip(&frames)
            .map(|(located, frame)| from_points(&located.points, side).unwrap_or(*frame))
            .collect();
        let second = self.landmarks.locate(view, &frames, cancel)?;
        let looks = first.iter().zip(second).zip(candidates);
        Ok(looks
            .map(|((first, second), candidate)| Face {
                bounds: candidate.bounds,
                points: second.points,
                confidence: first.confidence.min(second.confidence),
            })
            .collect())
    }
}

fn lookup<'a>(
    catalogue: &'a Catalogue,
    id: &str,
    wanted: &'static str,
) -> Result<&'a Arc<Manifest>, Error> {
    catalogue.get(id).ok_or_else(|| Error::Missing {
        wanted,
        id: id.to_owned(),
        found: catalogue
            .manifests
            .iter()
            .filter(|manifest| manifest.kind.name() == wanted)
            .map(|manifest| manifest.id.clone())
            .collect(),
    })
}

fn wrong_kind(manifest: &Manifest, wanted: &'static str) -> Error {
    Error::Kind {
        file: manifest.file.clone(),
        id: manifest.id.clone(),
        found: manifest.kind.name(),
        wanted,
    }
}
