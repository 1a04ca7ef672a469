//! A host of the diat C ABI: loads a library, describes its effects, renders, and reads the report, without `unsafe` for the caller.
//!
//! It knows nothing of the plug-in behind the door. Everything it reads it reads by `size`, so that older and newer libraries
//! work; whatever comes back is copied.
//!
//! ```no_run
//! use diat_host::{Format, HostOptions, ImageMut, Input, Pixels, Plugin, Rect, RenderJob};
//!
//! # fn main() -> Result<(), diat_host::Error> {
//! let plugin = Plugin::load("target/release/libdiat_plugin.so".as_ref(), HostOptions::default())?;
//! let mut instance = plugin.open("eyeglasses-off")?;
//! let mut bytes = vec![0; 4 * 640 * 480];
//! let rect = Rect { x: 0, y: 0, w: 640, h: 480 };
//! let status = instance.render(RenderJob {
//!     input: Input::InPlace,
//!     output: ImageMut::packed(&mut bytes, rect, Pixels::srgb(Format::RgbaU8))?,
//!     roi: rect,
//!     values: vec![0.5], // strength; the others take their defaults
//!     time: None,
//!     progress: Some(&mut |done, stage| {
//!         println!("{stage} {done:.2}");
//!         true
//!     }),
//! })?;
//! # let _ = status;
//! # Ok(())
//! # }
//! ```

mod callbacks;
mod effects;
mod error;
mod image;
mod instance;
mod load;
mod options;
mod plugin;
mod read;
mod report;
pub mod validate;

pub use effects::{Choice, EffectInfo, ParamInfo};
pub use error::{Error, Status};
pub use image::{Alpha, Format, ImageMut, ImageRef, Pixels, Rect};
pub use instance::{Input, Instance, Progress, RenderJob};
pub use options::{HostOptions, Level, Log};
pub use plugin::{Plugin, PluginInfo};
pub use report::{Face, FaceCode, Report, Stage};

/// Five points of a face in picture coordinates, as (x, y): image-left eye, image-right eye, nose, image-left and image-right mouth
/// corner.
pub type Points = [[f64; 2]; 5];
