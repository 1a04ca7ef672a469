//! What the last render did.

use diat_face::{Code, Face};

/// One face of the last render.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceReport {
    /// The face.
    pub face: Face,
    /// What became of it.
    pub code: Code,
    /// The judge's score of the input, where the manifest names one.
    pub score_before: Option<f64>,
    /// The judge's score of the face edited at full strength, where the manifest names one and the face was edited.
    pub score_after: Option<f64>,
}

impl FaceReport {
    pub(crate) fn new(face: Face, code: Code) -> Self {
        Self {
            face,
            code,
            score_before: None,
            score_after: None,
        }
    }
}

/// What the last render did: every face, what ran, and how long each stage took.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Every face found or given.
    pub faces: Vec<FaceReport>,
    /// What ran the network ("ONNX Runtime 1.32.0", "tract"); empty if none ran.
    pub runtime: String,
    /// Where ("CPU", "CUDA:0"); empty if none ran.
    pub device: String,
    /// Why it ran there and not where it was asked to, and the like.
    pub notes: Vec<String>,
    /// Stage and seconds, in the order they ran; stages that did not run are absent. Stages: look (telling whether the picture
    /// is known), open (reading weights and building sessions), detect, landmarks, judge, warp, network, composite.
    pub stages: Vec<(&'static str, f64)>,
}

impl Report {
    /// Adds time to a stage.
    pub(crate) fn took(&mut self, stage: &'static str, seconds: f64) {
        match self.stages.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, total)) => *total += seconds,
            None => self.stages.push((stage, seconds)),
        }
    }
}
