//! What a trained effect is worth, measured on faces that it never saw.

pub mod cells;
pub mod paper;
pub mod quality;
pub mod statistics;
