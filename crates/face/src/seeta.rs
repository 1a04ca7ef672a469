//! The SeetaFace cascade, as the crate `rustface` runs it: upright faces, no network, no runtime.
//!
//! S. Wu, M. Kan, Z. He, S. Shan, X. Chen: Funnel-structured cascade for multi-view face detection with
//! alignment-awareness. Neurocomputing 221 (2017).

use crate::Error;
use crate::candidate::Candidate;
use diat_manifest::{Manifest, hex};
use ndarray::Array2;
use rustface::{ImageData, Model, create_detector_with_model, read_model};
use std::io::Cursor;

/// SHA-256 of `seeta_fd_frontal_v1.0.bin`, the one cascade there is. `rustface` trusts its file (it sizes memory by what it
/// reads and panics at what it does not know), so that no other bytes may reach it, whatever a manifest says.
const CASCADE: &str = "c4619d066ed35e84d9a8e842860b0dff567aba0cbb139881075538761db3ff5d";

/// Side of the cascade's window: nothing smaller is seen, and `rustface` is not to be shown pictures that are.
const WINDOW: usize = 40;

/// The cascade in memory. A detector of `rustface` cannot move between threads, so each search builds its own from the
/// model, which takes a fraction of a millisecond and lets searches run side by side.
pub(crate) struct Seeta {
    model: Model,
    score: f64,
}

impl Seeta {
    /// Reads the weights of `manifest`, checks them and only then lets `rustface` see them.
    pub(crate) fn read(manifest: &Manifest, score: f64) -> Result<Self, Error> {
        let file = || manifest.weights_file();
        let bytes = manifest.read_weights()?;
        let found = hex(&manifest.weights.sha256);
        if found != CASCADE {
            return Err(Error::Cascade {
                file: file(),
                found,
                allowed: CASCADE.to_owned(),
            });
        }
        let model = read_model(Cursor::new(bytes)).map_err(|cause| Error::CascadeDamaged {
            file: file(),
            cause,
        })?;
        Ok(Self { model, score })
    }

    /// Boxes with faces in an 8-bit grey picture of at most [`crate::reduction::MOST_PIXELS`] pixels, in its pixels.
    pub(crate) fn propose(&self, luma: &Array2<u8>) -> Vec<Candidate> {
        let (height, width) = luma.dim();
        let (Ok(w), Ok(h), Some(pixels)) = (width.try_into(), height.try_into(), luma.as_slice())
        else {
            return Vec::new();
        };
        if width.min(height) < WINDOW {
            return Vec::new();
        }
        let mut detector = create_detector_with_model(self.model.clone());
        detector.set_score_thresh(self.score.max(f64::MIN_POSITIVE));
        let mut faces: Vec<_> = detector
            .detect(&ImageData::new(pixels, w, h))
            .iter()
            .map(|face| {
                let bounds = face.bbox();
                Candidate {
                    bounds: [
                        f64::from(bounds.x()),
                        f64::from(bounds.y()),
                        f64::from(bounds.width()),
                        f64::from(bounds.height()),
                    ],
                    score: face.score(),
                    points: None,
                }
            })
            .collect();
        faces.sort_by(|a, b| b.score.total_cmp(&a.score));
        faces
    }
}
