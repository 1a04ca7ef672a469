//! What a manifest says once it has been read and found sound.

use std::fmt;
use std::path::PathBuf;

use crate::weights::Weights;

/// One manifest, complete and checked: whoever holds one need not check any of it again.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Manifest {
    /// Name in the ABI and on the command line; equal to the file's name without `.toml`.
    pub id: String,
    /// What the network is for, with what only this kind has to say.
    pub kind: Kind,
    /// Version of this manifest and its weights together.
    pub version: Version,
    /// Oldest engine that understands the manifest, as (major, minor); never newer than [`crate::ENGINE`].
    pub engine: (u32, u32),
    /// Name for people, one line.
    pub label: String,
    /// Menu in which a host may file it, one line.
    pub category: String,
    /// What it does and to which faces, for people.
    pub help: String,
    /// The network's file.
    pub weights: Weights,
    /// Accelerators on which the network must not run.
    pub deny: Vec<Accelerator>,
    /// What the network must answer to the test pattern, where the manifest says so.
    pub golden: Option<Golden>,
    /// Where the weights come from.
    pub provenance: Provenance,
    /// What whoever publishes an edited picture should be told; effects and enhancers only.
    pub disclosure: Option<String>,
    /// The file the manifest was read from.
    pub file: PathBuf,
}

/// The five kinds of network.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Changes an attribute inside a learned mask.
    Effect(Effect),
    /// Restores detail of a face that was enlarged; no mask.
    Enhance(Edit),
    /// Scores an attribute of a face.
    Judge(Judge),
    /// Proposes boxes with faces.
    Detector(Detector),
    /// Gives five points and a confidence for a box.
    Landmarks(Landmarks),
}

/// What effects and enhancers share.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The picture tensor.
    pub input: Input,
    /// Name of the output tensor with the transformed crop, N×3×H×W.
    pub transformed: String,
    /// Values that black and white have in that output.
    pub range: [f64; 2],
    /// Where the five points lie in the crop.
    pub template: Template,
    /// Share of the crop's side over which the window falls from 1 to 0; 0 to 0.5.
    pub window: f64,
    /// Parameters beside the reserved ones, in the manifest's order.
    pub parameters: Vec<Parameter>,
    /// Faces outside these are left alone.
    pub limits: Limits,
    /// The network that tells whether there is anything to do.
    pub judge: Option<JudgeUse>,
    /// Finders of faces that this network wants instead of the default ones.
    pub face: FaceNetworks,
}

/// What an effect has beside [`Edit`].
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What it shares with enhancers.
    pub edit: Edit,
    /// Name of the output tensor with the mask, N×1×H×W, 0 to 1.
    pub mask: String,
    /// What 1 in the mask means.
    pub meaning: MaskMeaning,
    /// When the original's fine detail goes together with what was changed.
    pub gate: Gate,
    /// Noise like that of the picture around takes the place of the detail that goes.
    pub grain: bool,
}

/// A network that scores an attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Judge {
    /// The picture tensor.
    pub input: Input,
    /// Name of the output tensor with the score, N×1, 0 to 1.
    pub score: String,
    /// Where the five points lie in the crop.
    pub template: Template,
}

/// A network that gives five points for a square crop.
#[derive(Clone, Debug, PartialEq)]
pub struct Landmarks {
    /// The picture tensor; width and height are equal.
    pub input: Input,
    /// Name of the output tensor with the points, N×10: x and y of the five points in the order of [`Template`].
    pub points: String,
    /// Name of the output tensor with the confidence, N×1, 0 to 1.
    pub confidence: String,
    /// A point of the crop, in pixels, is the network's number times `scale` plus `offset`.
    pub scale: f64,
    /// See `scale`.
    pub offset: f64,
}

/// A network, or for `seeta` a cascade, that proposes boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Detector {
    /// How its answer is read.
    pub decoder: Decoder,
    /// Boxes that score less are dropped; the scale is the decoder's.
    pub score: f64,
    /// Side of the smallest face, in pixels of the picture the detector sees.
    pub smallest_face: u32,
    /// Pixels of the largest picture it is shown; larger ones are shrunk first.
    pub largest_picture: u32,
    /// How a box becomes the crop for the landmark network.
    pub crop: BoxToCrop,
}

/// How a detector's answer is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoder {
    /// The SeetaFace cascade; its file is no ONNX.
    Seeta,
    /// YuNet: dynamic picture size, four outputs a stride.
    Yunet(Yunet),
}

/// What the YuNet decoder needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Yunet {
    /// Name of the picture tensor, N×3×H×W with H and W multiples of the largest stride.
    pub input: String,
    /// Order of its channels.
    pub colour: Colour,
    /// Values that black and white have in it.
    pub range: [f64; 2],
    /// Cell sizes, smallest first.
    pub strides: Vec<u32>,
    /// Of two boxes that overlap by more than this share of their union the better one stays.
    pub overlap: f64,
    /// Names of the class outputs, followed by the stride: `cls_` stands for `cls_8`, `cls_16`, ...
    pub class: String,
    /// The same for the object outputs.
    pub object: String,
    /// The same for the boxes.
    pub boxes: String,
    /// The same for the five points.
    pub points: String,
}

/// A picture tensor of fixed size, N×3×H×W.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Name of the tensor.
    pub name: String,
    /// Pixels across, 16 to 1024.
    pub width: usize,
    /// Pixels down, 16 to 1024.
    pub height: usize,
    /// Order of the channels.
    pub colour: Colour,
    /// Values that black and white have in the tensor.
    pub range: [f64; 2],
}

/// Order of a tensor's channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Red first.
    Rgb,
    /// Blue first.
    Bgr,
}

/// Five points as `[x, y]` in pixels of a crop, where pixel (i, j) covers [i, i+1)×[j, j+1): image-left eye, image-right eye,
/// nose, image-left and image-right corner of the mouth.
pub type Template = [[f64; 2]; 5];

/// What a mask's 1 means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskMeaning {
    /// 1 takes the transformed picture.
    Change,
    /// 1 keeps the original.
    Keep,
}

/// The detail gate smoothstep(a, b, mean over colours of |Gaussian_sigma(T − xc)|), colours from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gate {
    /// Standard deviation of the Gaussian, in crop pixels.
    pub sigma: f64,
    /// Up to this mean difference the original's detail stays.
    pub a: f64,
    /// From this mean difference on it goes.
    pub b: f64,
}

/// A parameter that drives a scalar input (N×1×1×1) of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Name in the ABI and on the command line.
    pub id: String,
    /// Name for people.
    pub label: String,
    /// What it does.
    pub help: String,
    /// Unit of its value; empty where it has none.
    pub unit: String,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Value where the host gives none.
    pub default: f64,
    /// Value that does nothing, where there is one.
    pub neutral: Option<f64>,
    /// Name of the input tensor.
    pub input: String,
}

/// Faces outside these limits are left alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Between the eyes, in pixels of the picture.
    pub smallest_eye_distance: f64,
    /// Left or right, in degrees.
    pub largest_yaw: f64,
    /// Of the landmark network, 0 to 1.
    pub lowest_confidence: f64,
}

/// A judge and the scores for which there is something to do.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgeUse {
    /// Id of a manifest of kind `judge`.
    pub id: String,
    /// Both ends belong to it; outside, the face is left alone.
    pub range: [f64; 2],
}

/// Networks that find faces, where a manifest names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaceNetworks {
    /// Id of a manifest of kind `detector`.
    pub detector: Option<String>,
    /// Id of a manifest of kind `landmarks`.
    pub landmarks: Option<String>,
}

/// From a detector's box to the square crop that the landmark network sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxToCrop {
    /// The crop's side over the box's longer one.
    pub scale: f64,
    /// The crop's centre lies below the box's by this share of the box's longer side.
    pub down: f64,
}

/// A device on which a network may be forbidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Accelerator {
    /// NVIDIA's.
    Cuda,
}

/// What a network answers to the deterministic test pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Golden {
    /// For each output tensor evenly spaced samples of its values.
    pub outputs: Vec<(String, Vec<f32>)>,
    /// Effects: whether the mask exceeds 0.5 at the centres of the 4×4 cells, row by row, highest bit first.
    pub map: Option<Vec<u8>>,
    /// Largest difference allowed in `outputs`.
    pub tolerance: f64,
}

/// Where weights come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Who or what made them, from where they can be had.
    pub source: String,
    /// What they were trained on.
    pub data: String,
    /// Their licence as an SPDX expression.
    pub licence: String,
    /// Who holds the rights.
    pub author: String,
    /// What else a user should know.
    pub notes: String,
}

/// A version as three numbers, ordered as such.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Rises when users must change something.
    pub major: u32,
    /// Rises when something is added.
    pub minor: u32,
    /// Rises when something is mended.
    pub patch: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}
