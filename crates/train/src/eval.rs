//! What a trained effect is worth, measured on faces that it never saw.

pub mod bar;
pub mod cells;
mod error;
pub mod faces;
pub mod identity;
pub mod judge;
pub mod measure;
pub mod page;
pub mod paper;
pub mod pictures;
pub mod plugin;
pub mod quality;
pub mod report;
pub mod statistics;
pub mod tables;
pub mod text;

pub use error::Error;
