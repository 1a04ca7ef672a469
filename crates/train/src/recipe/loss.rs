//! The terms of Eq. 15 and 16, and those beyond the paper; a term whose weight is 0 is not computed.

use serde::{Deserialize, Serialize};

/// Which terms, with which weights. Sums, averages and sources stand with each term's function in [`crate::loss`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Loss {
    /// Form of the adversarial term.
    pub gan: Gan,
    /// Weight of the adversarial term in F's objective; 0 leaves D out altogether (DIAT-1).
    pub adversarial: f64,
    /// Adaptive perceptual loss, Eq. 9-10.
    #[serde(default)]
    pub perceptual: Option<Perceptual>,
    /// Identity loss, Eq. 11.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// Attribute ratio, Eq. 14.
    #[serde(default)]
    pub ratio: Option<Ratio>,
    /// Perceptual regularisation, Eq. 12-13, or what takes its place.
    #[serde(default)]
    pub smoothness: Option<Smoothness>,
    /// β of Eq. 19-20: sum of squares between F(x) and the truth; hallucination only.
    #[serde(default)]
    pub reconstruction: f64,
    /// Mean of |T(x) − x|.
    #[serde(default)]
    pub l1: f64,
    /// Terms for the rows whose truth is known.
    #[serde(default)]
    pub pairs: Option<Pairs>,
    /// Mean square of the differences between neighbouring cells of the size/4 map before it is made binary.
    #[serde(default)]
    pub map_smoothness: f64,
    /// Mean square of the differences between neighbouring pixels of T(x) − x.
    #[serde(default)]
    pub change_smoothness: f64,
    /// D sees only this part of the face, softly.
    #[serde(default)]
    pub oval: Option<Oval>,
    /// Weight on the mean of the mask outside `network.region`.
    #[serde(default)]
    pub outside: f64,
    /// Cycle with the reverse effect, trained together: mean |F′(F(x)) − x| in both directions.
    #[serde(default)]
    pub cycle: f64,
}

/// Form of the adversarial term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gan {
    /// Eq. 7-8, D's weights clipped.
    Wgan,
    /// Eq. 5 on logits; F's form is the non-saturating one.
    Original,
    /// Hinge with spectral normalisation of D; not in the paper.
    Hinge,
}

/// Eq. 9-10.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Perceptual {
    /// λ.
    pub weight: f64,
    /// T(x) as in Eq. 10, or F(x) as in Eq. 9.
    pub of: Of,
    /// Divides by the mean square of the features of x.
    pub relative: bool,
    /// Whose features.
    pub on: Perceiver,
}

/// What is compared with x.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Of {
    /// T(x).
    T,
    /// F(x).
    F,
}

/// The network whose features are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Perceiver {
    /// D's conv 3 and 4, which change as D learns.
    Discriminator,
    /// VGG-Face, fixed (DIAT-1); the path of its weights.
    VggFace(std::path::PathBuf),
    /// The judge's second residual block, fixed (DIAT-1 without VGG-Face); trained on this training's own sets for that many steps first.
    Judge(usize),
}

/// Eq. 11.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Identity {
    /// λ.
    pub weight: f64,
    /// VGG-Face in PyTorch's or safetensors' format; without it the term is left out, which the log and the card say.
    #[serde(default)]
    pub vgg_face: Option<std::path::PathBuf>,
}

/// Eq. 14 as γ′·(mean M − p)².
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Ratio {
    /// γ′; the paper's γ = 0.01 with a sum over 32² is 1.05e4.
    pub weight: f64,
    /// p, the share of the map that is expected to be 1.
    pub share: f64,
    /// Squared hinge outside 0.85·p..1.15·p instead.
    pub band: bool,
}

/// What keeps F(x) free of noise; taken in steps of its own by Algorithm 1, added to F's objective by `alternate`:
/// `[loss.smoothness.denoiser]` or `[loss.smoothness.tv]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Smoothness {
    /// Eq. 13 with DN.
    Denoiser {
        /// Weight where it is added.
        weight: f64,
        /// t for 3·128² elements on [-1, 1]; scales with their number.
        threshold: f64,
    },
    /// Total variation, the ablation of §IV-F.
    Tv {
        /// Weight of the mean |difference| of neighbours.
        weight: f64,
    },
}

/// Terms for rows whose truth is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pairs {
    /// Where the truth comes from.
    pub of: PairSource,
    /// Share of the source batch made of pairs.
    pub share: f64,
    /// Weight of mean |F(x) − truth|.
    pub result: f64,
    /// Weight of mean |T(x) − truth|.
    pub transformed: f64,
}

/// Where a known truth comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PairSource {
    /// Glasses are drawn onto bare faces of the guided set.
    DrawnGlasses,
    /// The data set's own counterfactuals (drawn faces only).
    Counterfactual,
}

/// A soft oval in pixels at a size of 128: 1 inside, falling to 0 over `rim` pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Oval {
    /// x, y.
    pub centre: [f64; 2],
    /// Half axes, x and y.
    pub half_axes: [f64; 2],
    /// Width of the soft rim, inside the oval.
    pub rim: f64,
}
