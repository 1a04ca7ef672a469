//! Pixels: formats, strides, colour, similarity warps and blends. No file access, no `unsafe`.
//!
//! Conventions, the same everywhere: pixel (i, j) covers [i, i+1)×[j, j+1), its centre is at +0.5; y grows downwards;
//! points come image-left first; shrinking filters by area, enlarging is Catmull-Rom, and outside the picture the
//! border is replicated.
//!
//! A [`View`] is somebody else's memory, checked once; a [`Picture`] owns its own. [`crop`] brings a face into a
//! network's frame, [`composite`] takes the network's answer back at the picture's own resolution.

mod colour;
mod colour_space;
mod composite;
mod contents;
mod crop;
mod curve;
mod gate;
mod geometry;
mod grain;
mod h273;
mod layout;
mod line;
mod lookup;
mod pace;
mod patch;
mod picture;
mod plane;
mod profile;
mod reduce;
mod sample;
mod shrunk;
mod transfer;
mod view;
mod window;

pub use colour_space::{ColourSpace, Encoding};
pub use composite::{Composite, Show, composite};
pub use crop::{crop, crop_at, crop_in_parallel};
pub use curve::CurveFault;
pub use gate::gate;
pub use geometry::{Point, Points, Similarity};
pub use grain::Grain;
pub use h273::{H273Error, h273};
pub use layout::{Alpha, Format, Layout, Rect, Transfer};
pub use pace::Pace;
pub use patch::Patch;
pub use picture::Picture;
pub use profile::{LARGEST_PROFILE, ProfileError, profile};
pub use reduce::{luma, luma_rows, rgb, rgb_rows, shrunk_size};
pub use view::{View, ViewError, ViewMut};
pub use window::window;
