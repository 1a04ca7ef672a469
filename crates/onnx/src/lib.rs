//! The ONNX subset that diat writes ([`emit`]) and accepts ([`gate`]).
//!
//! Both sides live in one crate so that what is written is what is let through: [`emit::Builder::finish`] hands its
//! own bytes to [`gate`] before it gives them away. No runtime is linked here; the gate reads the whole file with a
//! strict reader of its own and refuses everything it was not told about, so that a runtime never sees it.

pub mod emit;
mod gate;
mod message;
mod operators;
mod refusal;
mod shape;
mod weights;
mod wire;

pub use gate::{Dim, Graph, List, TensorInfo, gate};
pub use refusal::{Lie, Refusal};
