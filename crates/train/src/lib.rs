//! The trainer of diat's effects: *Deep Identity-aware Transfer of Facial Attributes* (arXiv 1610.05586) in Burn, from
//! CelebA's files to an ONNX file and a manifest that the plug-in runs.
//!
//! Tensors are N×C×H×W, f32; pictures are RGB in \[-1, 1\]. A [`recipe::Recipe`] holds every number of a training.

pub mod bench;
pub mod data;
pub mod device;
pub mod eval;
pub mod export;
pub mod learn;
pub mod loss;
pub mod nets;
pub mod recipe;
pub mod run;
pub mod solver;
pub mod tensor;
pub mod weights;
