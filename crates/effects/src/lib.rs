//! A manifest, a network and a picture in; a changed picture and a report out.
//!
//! [`Engine`] knows which effects there are and where things lie, [`Instance`] renders one of them. One render: find the
//! faces (or take the points the host gave), refuse those that the manifest's limits refuse, ask its judge whether there is
//! anything to do, warp each face to the manifest's template, run the network, composite at the picture's own resolution.

mod answer;
mod engine;
mod error;
mod faces;
mod fingerprint;
mod instance;
mod job;
mod judge;
mod report;

pub use engine::{EffectInfo, Engine, ParameterInfo};
pub use error::Error;
pub use instance::{Instance, Log};
pub use job::{Choice, Job, Outcome, Progress, Source, Values};
pub use report::{FaceReport, Report};

pub use diat_face::{Code, Face};
pub use diat_image::{
    Alpha, Encoding, Format, H273Error, LARGEST_PROFILE, Layout, Point, Points, ProfileError, Rect,
    Show, Transfer, View, ViewError, ViewMut, h273, profile,
};
pub use diat_infer::{Device, Level};
