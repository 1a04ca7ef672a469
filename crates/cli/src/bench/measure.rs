//! The clocks.

use std::time::Instant;

use diat_face::open_network;
use diat_host::{EffectInfo, FaceCode, Plugin, Report};
use diat_infer::Device;
use diat_manifest::Manifest;
use diat_places::Places;

use super::encoded;
use super::figures::Bare;
use crate::apply::render_pixels;
use crate::failure::Failure;
use crate::picture::{self, PictureFile};

/// Seconds of every run, by stage.
#[derive(Debug, Default)]
pub(super) struct Stages {
    /// In the order in which they ran.
    pub(super) stages: Vec<(String, Vec<f64>)>,
    /// The plug-in's render as a whole.
    pub(super) render: Vec<f64>,
    /// The first run, which also loads the weights.
    pub(super) first: f64,
    /// Faces that were edited.
    pub(super) faces: usize,
    pub(super) size: (u32, u32),
    pub(super) depth: &'static str,
    pub(super) runtime: String,
    pub(super) device: String,
    pub(super) notes: Vec<String>,
}

/// Decodes, renders and encodes `runs` times, and once before that.
pub(super) fn stages(
    file: &PictureFile,
    plugin: &Plugin,
    effect: &EffectInfo,
    values: &[f64],
    runs: usize,
) -> Result<Stages, Failure> {
    let failed = |text: String| Failure::Failed(format!("{}: {text}", file.path.display()));
    let mut instance = plugin.open(&effect.id)?;
    let mut stages = Stages::default();
    for run in 0..=runs {
        let start = Instant::now();
        let mut picture =
            picture::decode(file).map_err(|error| Failure::Failed(error.to_string()))?;
        let decode = start.elapsed().as_secs_f64();
        stages.size = (picture.width, picture.height);
        stages.depth = picture.depth.name();
        // A corner of every run's picture is its own, or faces and answers would be remembered.
        mark(&mut picture.pixels, run);
        let before = Instant::now();
        render_pixels(
            &mut picture,
            &mut instance,
            effect,
            values.to_vec(),
            &mut |_, _| true,
        )
        .map_err(|error| failed(error.to_string()))?;
        let render = before.elapsed().as_secs_f64();
        let report = instance
            .report()
            .ok_or_else(|| failed("the plug-in does not report what its stages took".to_owned()))?;
        let before = Instant::now();
        encoded(picture, file.format)?;
        let encode = before.elapsed().as_secs_f64();
        if run == 0 {
            stages.first = start.elapsed().as_secs_f64();
            stages.describe(&report);
        } else {
            stages.add("decode", decode);
            for stage in &report.stages {
                stages.add(&stage.name, stage.seconds);
            }
            stages.add("encode", encode);
            stages.render.push(render);
        }
    }
    Ok(stages)
}

impl Stages {
    fn describe(&mut self, report: &Report) {
        let edited = report
            .faces
            .iter()
            .filter(|face| face.code == FaceCode::Edited);
        self.faces = edited.count();
        self.runtime.clone_from(&report.runtime);
        self.device.clone_from(&report.device);
        self.notes.clone_from(&report.notes);
    }

    fn add(&mut self, name: &str, seconds: f64) {
        match self.stages.iter_mut().find(|stage| stage.0 == name) {
            Some(stage) => stage.1.push(seconds),
            None => self.stages.push((name.to_owned(), vec![seconds])),
        }
    }
}

/// Writes a number into the first samples of the first pixels.
fn mark(pixels: &mut [u8], number: usize) {
    for (byte, mark) in pixels.iter_mut().zip((number as u16).to_le_bytes()) {
        *byte = mark;
    }
}

/// The network alone, in one loop.
pub(super) fn bare(
    manifest: &Manifest,
    places: &Places,
    device: Device,
    runs: usize,
) -> Result<Bare, Box<dyn std::error::Error>> {
    let network = open_network(manifest, places, device, 0, &|_, _| ())?;
    network.time_bare(1)?;
    let seconds = network.time_bare(runs)?;
    let ran = network.ran();
    Ok(Bare {
        seconds,
        runtime: ran.runtime,
        device: ran.device,
    })
}
