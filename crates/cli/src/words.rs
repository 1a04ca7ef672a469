//! What became of faces, in words.

use diat_host::{FaceCode, Report, Status};

/// What a render did to one picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// At least one face was edited; the rest, if any, in words.
    Edited(Option<String>),
    /// Nothing was edited, and why.
    Untouched(String),
}

impl Outcome {
    /// From what the plug-in answered.
    pub(crate) fn new(status: Status, report: Option<&Report>) -> Self {
        let unchanged = status == Status::Unchanged;
        let Some(report) = report else {
            return if unchanged {
                Self::Untouched("the plug-in changed nothing and does not say why".to_owned())
            } else {
                Self::Edited(None)
            };
        };
        let is_edited = |code: &FaceCode| *code == FaceCode::Edited;
        let (edited, others): (Vec<FaceCode>, Vec<FaceCode>) = report
            .faces
            .iter()
            .map(|face| face.code)
            .partition(is_edited);
        if report.faces.is_empty() {
            return Self::Untouched("no face found".to_owned());
        }
        if edited.is_empty() {
            return Self::Untouched(reasons(&others));
        }
        if unchanged {
            return Self::Untouched("the effect changed no pixel".to_owned());
        }
        let all = report.faces.len();
        let rest = || {
            format!(
                "{} of {all} faces edited; {}",
                edited.len(),
                reasons(&others)
            )
        };
        Self::Edited((!others.is_empty()).then(rest))
    }
}

/// The codes of faces that were not edited, each with its number where there are several.
fn reasons(codes: &[FaceCode]) -> String {
    let mut counted: Vec<(FaceCode, usize)> = Vec::new();
    for code in codes {
        match counted.iter_mut().find(|entry| entry.0 == *code) {
            Some(entry) => entry.1 += 1,
            None => counted.push((*code, 1)),
        }
    }
    let text = |&(code, count): &(FaceCode, usize)| {
        if codes.len() == 1 {
            code_in_words(code)
        } else {
            format!("{count}× {}", code_in_words(code))
        }
    };
    counted.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// One code.
pub(crate) fn code_in_words(code: FaceCode) -> String {
    match code {
        FaceCode::Edited => "edited".to_owned(),
        FaceCode::NothingToDo => "nothing to do".to_owned(),
        FaceCode::TooSmall => "face too small".to_owned(),
        FaceCode::Turned => "face turned too far".to_owned(),
        FaceCode::LowConfidence => "not surely a face".to_owned(),
        FaceCode::NotChosen => "face not chosen".to_owned(),
        FaceCode::Other(number) => format!("reason {number}, which this version does not know"),
        _ => "a reason that this version does not know".to_owned(),
    }
}

/// What ran: `ONNX Runtime 1.32.0 · CPU`; none where no network ran.
pub(crate) fn ran(report: &Report) -> Option<String> {
    let parts = [report.runtime.as_str(), report.device.as_str()];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    (!said.is_empty()).then(|| said.join(" · "))
}
