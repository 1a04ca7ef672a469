//! The detectors there are, behind one question: where may faces be?

use crate::candidate::Candidate;
use crate::network::open_network;
use crate::reduction::factor;
use crate::seeta::Seeta;
use crate::{Error, yunet};
use diat_image::{Pace, View, luma_at, rgb_at};
use diat_infer::{Device, Level, Network};
use diat_manifest::{Decoder, Detector, Manifest, Yunet};
use diat_places::Places;
use std::sync::Arc;

/// A detector that is ready to run.
pub(crate) struct Proposer {
    manifest: Arc<Manifest>,
    rules: Detector,
    engine: Engine,
}

enum Engine {
    Seeta(Seeta),
    Yunet(Yunet, Arc<Network>),
}

impl Proposer {
    /// Opens the detector that `manifest` describes.
    pub(crate) fn open(
        manifest: &Arc<Manifest>,
        rules: &Detector,
        places: &Places,
        device: Device,
        threads: usize,
        log: &dyn Fn(Level, &str),
    ) -> Result<Self, Error> {
        let engine = match &rules.decoder {
            Decoder::Seeta => Engine::Seeta(Seeta::read(manifest, rules.score)?),
            Decoder::Yunet(yunet) => {
                let network = open_network(manifest, places, device, threads, log)?;
                Engine::Yunet(yunet.clone(), network)
            }
        };
        Ok(Self {
            manifest: Arc::clone(manifest),
            rules: rules.clone(),
            engine,
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
        let factor = factor(width, height, &self.rules, smallest_eye_distance);
        let mut go_on = || !cancel();
        let mut pace = Pace::new(&mut go_on);
        let found = match &self.engine {
            Engine::Seeta(seeta) => {
                let picture = luma_at(view, factor, &mut pace).ok_or(Error::Cancelled)?;
                seeta.propose(&picture)
            }
            Engine::Yunet(yunet, network) => {
                let picture = rgb_at(view, factor, &mut pace).ok_or(Error::Cancelled)?;
                yunet::propose(network, &self.manifest, yunet, self.rules.score, &picture)?
            }
        };
        let enlarged = |candidate: Candidate| candidate.enlarged(factor, rect.x, rect.y);
        Ok(found.into_iter().map(enlarged).collect())
    }
}
