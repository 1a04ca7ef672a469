//! One training from its first round to its report, in a folder of its own: logs, checkpoints, grids, going on after an end of any
//! kind.
//!
//! ```text
//! R/recipe.toml                    the recipe with every option filled in
//! R/data.json, R/run.json          the data's digest; device, seed, version of this program
//! R/metrics.jsonl                  one JSON a line; the last one has the final figures
//! R/events.out.tfevents.0.diat     the same for TensorBoard
//! R/grids/NNNNNN.png               held-out faces after so many rounds
//! R/checkpoints/NNNNNN/            a complete set: what the learner saves, and `complete.json`, written last
//! R/report.html                    curves and grids on one page
//! ```

mod checkpoint;
mod error;
mod events;
mod files;
mod folder;
mod grid;
mod learner;
mod metrics;
mod report;
mod runner;
#[cfg(test)]
mod tests;
mod trainee;

pub use checkpoint::{Checkpoint, Found};
pub use error::Error;
pub use folder::{About, Folder};
pub use runner::{Data, End, Job, Observer, Tick, train};
pub use trainee::{Edited, Stop, Trainee};
