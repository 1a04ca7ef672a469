//! What the last render did.

use diat_image::Points;

/// A face as found or given.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// x, y, width, height in picture coordinates.
    pub bounds: [f64; 4],
    /// Its five points in picture coordinates.
    pub points: Points,
    /// 0..1, how sure the landmark network is.
    pub confidence: f64,
}

/// What became of a face; the numbers are the ABI's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Code {
    /// Edited.
    Edited = 0,
    /// The judge sees nothing to do.
    NothingToDo = 1,
    /// Eyes too near to each other.
    TooSmall = 2,
    /// Turned too far.
    Turned = 3,
    /// The landmark network is not sure.
    LowConfidence = 4,
    /// The parameter `faces` chose others.
    NotChosen = 5,
}

/// One face of the last render.
#[derive(Clone, Debug)]
pub struct FaceReport {
    /// The face.
    pub face: Face,
    /// What became of it.
    pub code: Code,
    /// The judge's score of the input, where the manifest names one.
    pub score_before: Option<f64>,
    /// The judge's score of the edited crop at full strength, where the manifest names one and the face was edited.
    pub score_after: Option<f64>,
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
    /// Stage and seconds, in the order they ran; stages that did not run are absent. Stages: detect, landmarks, warp,
    /// network, composite.
    pub stages: Vec<(&'static str, f64)>,
}
