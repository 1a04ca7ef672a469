//! What the last render did, copied.

#![expect(
    unsafe_code,
    reason = "a report is memory of the plug-in's, valid until its next render"
)]

use diat_plugin_abi::{self as abi, diat_face, diat_report, diat_stage};

use crate::{Points, read};

/// What the last render did: every face, what ran, and how long each stage took.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// Every face found or given.
    pub faces: Vec<Face>,
    /// What ran the network; empty if none ran.
    pub runtime: String,
    /// Where; empty if none ran.
    pub device: String,
    /// Why it ran there and not where it was asked to, and the like.
    pub notes: Vec<String>,
    /// In the order in which they ran.
    pub stages: Vec<Stage>,
}

/// One face of the last render.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Face {
    /// x, y, width, height in picture coordinates.
    pub bounds: [f64; 4],
    /// In picture coordinates.
    pub points: Points,
    /// 0..1.
    pub confidence: f64,
    /// What became of it.
    pub code: FaceCode,
    /// 0..1, where the effect has a judge.
    pub score_before: Option<f64>,
    /// 0..1, where the effect has a judge and the face was edited.
    pub score_after: Option<f64>,
}

/// What became of a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaceCode {
    /// Edited.
    Edited,
    /// The attribute is not as the effect wants it.
    NothingToDo,
    /// Eyes too near to each other.
    TooSmall,
    /// Turned too far to the left or right.
    Turned,
    /// May not be a face.
    LowConfidence,
    /// The parameter `faces` chose others.
    NotChosen,
    /// A number that this host does not know.
    Other(u32),
}

/// What one stage took.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Stage {
    /// detect, landmarks, warp, network, grain, composite, ...
    pub name: String,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    /// Copies a report.
    ///
    /// # Safety
    /// `source` is null or a report that is still valid.
    pub(crate) unsafe fn read(source: *const diat_report) -> Option<Self> {
        // SAFETY: the caller's promise.
        let report = unsafe { read::copy(source) }?;
        // SAFETY: by the contract so many pointers.
        let faces = unsafe { read::counted(report.faces, report.n_faces) };
        // SAFETY: by the contract so many pointers.
        let stages = unsafe { read::counted(report.stages, report.n_stages) };
        // SAFETY: by the contract strings.
        let text = |text| unsafe { read::text(text) };
        Some(Self {
            faces: faces.into_iter().filter_map(face).collect(),
            runtime: text(report.runtime),
            device: text(report.device),
            notes: text(report.notes).lines().map(str::to_owned).collect(),
            stages: stages.into_iter().filter_map(stage).collect(),
        })
    }
}

fn face(source: *const diat_face) -> Option<Face> {
    // SAFETY: only called with pointers of a report that is still valid.
    let face = unsafe { read::copy(source) }?;
    let number = |score: f64| Some(score).filter(|score| !score.is_nan());
    let mut points = [[0.0; 2]; 5];
    for (point, pair) in points.iter_mut().zip(face.points.chunks_exact(2)) {
        *point = [pair[0], pair[1]];
    }
    Some(Face {
        bounds: [face.x, face.y, face.w, face.h],
        points,
        confidence: face.confidence,
        code: match face.code {
            abi::DIAT_FACE_EDITED => FaceCode::Edited,
            abi::DIAT_FACE_NOTHING_TO_DO => FaceCode::NothingToDo,
            abi::DIAT_FACE_TOO_SMALL => FaceCode::TooSmall,
            abi::DIAT_FACE_TURNED => FaceCode::Turned,
            abi::DIAT_FACE_LOW_CONFIDENCE => FaceCode::LowConfidence,
            abi::DIAT_FACE_NOT_CHOSEN => FaceCode::NotChosen,
            other => FaceCode::Other(other),
        },
        score_before: number(face.score_before),
        score_after: number(face.score_after),
    })
}

fn stage(source: *const diat_stage) -> Option<Stage> {
    // SAFETY: only called with pointers of a report that is still valid.
    let stage = unsafe { read::copy(source) }?;
    Some(Stage {
        // SAFETY: by the contract a string.
        name: unsafe { read::text(stage.name) },
        seconds: stage.seconds,
    })
}
