//! Finds faces and their five points, and aligns them.
//!
//! A detector proposes boxes, a landmark network finds five points in each and says how sure it is; both are manifests like
//! any other. [`Finder`] does both, [`refusal`] tells which faces an effect must leave alone, [`align`] leads from the
//! picture to a network's template.

mod candidate;
mod code;
mod crew;
mod detector;
mod distinct;
mod error;
mod finder;
mod frame;
mod landmarks;
mod network;
mod pose;
mod reduction;
mod seeta;
mod shrink;
mod yunet;

pub use code::{Code, refusal};
pub use error::Error;
pub use finder::{DEFAULT_DETECTOR, DEFAULT_LANDMARKS, Finder, Found};
pub use network::{input_tensor, measure_golden, open_network, spec};
pub use pose::{align, eye_distance, yaw_degrees};
pub use seeta::Damage;

use diat_image::Points;

/// A face as a detector and a landmark network found it, or as a host gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// x, y, width, height of the detector's box, in picture coordinates; it may reach beyond the picture.
    pub bounds: [f64; 4],
    /// In picture coordinates; they may lie outside of the picture.
    pub points: Points,
    /// How sure the landmark network is that this is a face, 0..1.
    pub confidence: f64,
}
