//! The report of the last render as the ABI has it.

#![expect(
    unsafe_code,
    reason = "the report points into itself; it is sent between threads as one"
)]

use std::ffi::CString;
use std::fmt;

use diat_effects::{FaceReport, Report};
use diat_plugin_abi::{Growable, diat_face, diat_report, diat_stage};

/// A report and all it points to.
pub(crate) struct Stored {
    report: Box<diat_report>,
    _faces: Pointed<diat_face>,
    _stages: Pointed<diat_stage>,
    _texts: Vec<CString>,
}

/// Things and a list of pointers to them; neither moves when this does.
struct Pointed<T> {
    _things: Box<[T]>,
    pointers: Box<[*const T]>,
}

// SAFETY: all pointers lead to what the struct itself owns on the heap and never changes.
unsafe impl Send for Stored {}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stored").field(&self.report).finish()
    }
}

impl<T> Pointed<T> {
    fn new(things: impl Iterator<Item = T>) -> Self {
        let things: Box<[T]> = things.collect();
        let pointers = things.iter().map(std::ptr::from_ref).collect();
        Self {
            _things: things,
            pointers,
        }
    }
}

impl Stored {
    pub(crate) fn new(report: &Report) -> Self {
        let mut texts = Vec::new();
        let mut text = |text: &str| {
            let text = CString::new(text.replace('\0', " ")).unwrap_or_default();
            let start = text.as_ptr();
            texts.push(text);
            start
        };
        let faces = Pointed::new(report.faces.iter().map(face));
        let stages = Pointed::new(report.stages.iter().map(|(name, seconds)| diat_stage {
            name: text(name),
            seconds: *seconds,
            ..diat_stage::EMPTY
        }));
        let report = diat_report {
            n_faces: faces.pointers.len() as u32,
            faces: faces.pointers.as_ptr(),
            runtime: text(&report.runtime),
            device: text(&report.device),
            notes: text(&report.notes.join("\n")),
            n_stages: stages.pointers.len() as u32,
            stages: stages.pointers.as_ptr(),
            ..diat_report::EMPTY
        };
        Self {
            report: Box::new(report),
            _faces: faces,
            _stages: stages,
            _texts: texts,
        }
    }

    /// Good until this is dropped.
    pub(crate) fn as_ptr(&self) -> *const diat_report {
        &raw const *self.report
    }
}

fn face(of: &FaceReport) -> diat_face {
    let [x, y, w, h] = of.face.bounds;
    let mut points = [0.0; 10];
    for (pair, point) in points.chunks_exact_mut(2).zip(&of.face.points) {
        pair.copy_from_slice(&[point.x, point.y]);
    }
    diat_face {
        code: of.code as u32,
        x,
        y,
        w,
        h,
        points,
        confidence: of.face.confidence,
        score_before: of.score_before.unwrap_or(f64::NAN),
        score_after: of.score_after.unwrap_or(f64::NAN),
        ..diat_face::EMPTY
    }
}
