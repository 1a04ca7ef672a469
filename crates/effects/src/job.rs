//! What a host asks for in one render.

use diat_image::{Rect, Show, View, ViewMut};
use diat_infer::Device;

/// Where the input's pixels are.
#[derive(Debug)]
pub enum Source<'a> {
    /// In memory of their own, which does not overlap the output's. Must cover the whole picture.
    Separate(View<'a>),
    /// In the output, which is then edited in place. The output must cover the whole picture.
    InPlace,
}

/// One render.
#[derive(Debug)]
pub struct Job<'a> {
    /// The picture.
    pub input: Source<'a>,
    /// Where the result goes; same layout as the input.
    pub output: ViewMut<'a>,
    /// Exactly these pixels of the output are written, all of them.
    pub roi: Rect,
    /// The parameters.
    pub values: &'a Values,
}

/// Called on the thread that renders with a share that grows from 0 to 1 and the stage's name; false cancels.
pub type Progress<'a> = dyn FnMut(f32, &str) -> bool + 'a;

/// Which faces are edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Choice {
    /// Every accepted face.
    #[default]
    All,
    /// The accepted face with the greatest distance between the eyes.
    Largest,
    /// The accepted face whose points' mean is nearest to (at-x, at-y).
    Nearest,
}

/// The parameters of one render: the reserved ones, then the manifest's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// 0..1; 0 leaves the picture as it is.
    pub strength: f64,
    /// What to write.
    pub show: Show,
    /// Which faces.
    pub faces: Choice,
    /// For [`Choice::Nearest`], 0..1 of the picture's width.
    pub at_x: f64,
    /// For [`Choice::Nearest`], 0..1 of the picture's height.
    pub at_y: f64,
    /// Where the network is to run.
    pub device: Device,
    /// The manifest's own parameters in its order; missing ones take their default.
    pub extra: Vec<f64>,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            strength: 1.0,
            show: Show::Result,
            faces: Choice::All,
            at_x: 0.5,
            at_y: 0.5,
            device: Device::Auto,
            extra: Vec::new(),
        }
    }
}

/// What a render came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The output differs from the input.
    Changed,
    /// The output equals the input.
    Unchanged,
}
