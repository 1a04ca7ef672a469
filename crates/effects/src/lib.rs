//! A manifest, a network and a picture in; a changed picture and a report out.
//!
//! [`Engine`] knows which effects there are and where things lie, [`Instance`] renders one of them. One render: find the
//! faces (or take the points the host gave), refuse those that the manifest's limits refuse, warp each to the manifest's
//! template, run the network, composite at the picture's own resolution.

mod engine;
mod error;
mod instance;
mod job;
mod report;

pub use engine::{EffectInfo, Engine, ParameterInfo};
pub use error::Error;
pub use instance::{Instance, Level, Log};
pub use job::{Choice, Device, Job, Outcome, Progress, Source, Values};
pub use report::{Code, Face, FaceReport, Report};

pub use diat_image::{
    Alpha, Format, Layout, Point, Points, Rect, Show, Transfer, View, ViewError, ViewMut,
};
