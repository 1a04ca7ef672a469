//! What a trained effect is worth, measured on faces that it never saw.

pub mod ablate;
pub mod ablation;
mod ablation_page;
pub mod bar;
pub mod card;
pub mod cells;
pub mod constant;
mod error;
mod evaluate;
pub mod faces;
mod hallucinate;
pub mod identity;
pub mod judge;
mod judging;
pub mod measure;
pub mod page;
pub mod paper;
pub mod pictures;
pub mod plugin;
pub mod quality;
pub mod report;
pub mod round_trip;
mod source;
pub mod statistics;
pub mod subject;
pub mod tables;
pub mod text;

pub use error::Error;
pub use evaluate::{Place, Progress, Request, evaluate};
