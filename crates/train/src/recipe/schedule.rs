//! In which order, how often, how fast.

use serde::{Deserialize, Serialize};

/// DN is trained first, Eq. 12.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Denoiser {
    /// Channels; 64 in Table IV.
    pub width: usize,
    /// Standard deviation of the noise in grey levels of 255; 15 in the paper.
    pub noise: f64,
    /// How it is trained.
    pub phase: Phase,
}

/// A plain supervised training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Phase {
    /// Steps; 0 leaves the phase out.
    pub steps: usize,
    /// Pictures a step, of each set.
    pub batch: usize,
    /// Solver and rate.
    pub optimiser: Optimiser,
}

/// §III-C, before Algorithm 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pretrain {
    /// T as an autoencoder on both sets, Eq. 17.
    pub transform: Phase,
    /// Mean |x − T(x)| instead of Eq. 17's sum of squares.
    pub l1: bool,
    /// D by Eq. 18.
    pub discriminator: Phase,
}

/// The adversarial training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Schedule {
    /// Which loop.
    pub algorithm: Algorithm,
    /// Rounds of the loop: of Algorithm 1, or pairs of one D step and one F step.
    pub rounds: usize,
    /// Pictures of each set a step; 50 in the paper.
    pub batch: usize,
    /// For T and M.
    pub transfer: Optimiser,
    /// For D.
    pub discriminator: Optimiser,
    /// c: D's weights are clipped to ±c (`wgan` only).
    #[serde(default)]
    pub clip: Option<f64>,
}

/// The loop: `algorithm = "alternate"`, or `[schedule.algorithm.paper]` with its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Algorithm {
    /// Algorithm 1: one mini-batch for `d-steps` steps of D, clip, `t-steps` steps of F, `n-steps` steps of Eq. 13.
    Paper {
        /// 12 in the paper.
        d_steps: usize,
        /// 12 in the paper.
        t_steps: usize,
        /// 6 in the paper.
        n_steps: usize,
    },
    /// One step of D and one of F in turn, a fresh batch each.
    Alternate,
}

/// Solver and rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Optimiser {
    /// Which.
    pub solver: Solver,
    /// Learning rate.
    pub rate: f64,
}

/// The solvers that were used: `solver = { adam = { beta1 = 0.5, beta2 = 0.99 } }`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Solver {
    /// Adam.
    Adam {
        /// β₁.
        beta1: f64,
        /// β₂.
        beta2: f64,
    },
    /// RMSProp without momentum, not centred.
    RmsProp {
        /// Decay of the mean square.
        decay: f64,
    },
}

/// How pictures are varied, the same for both sets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Augment {
    /// Shift of the crop in both directions, pixels at a size of 128, at most.
    pub shift: f64,
    /// Mirrored in half of the cases.
    pub flip: bool,
    /// Brightness: added, at most, in units of [-1, 1].
    pub light: f64,
    /// Contrast and each colour's gain: 1 ± this, at most.
    pub colour: f64,
}

/// Differentiable variation of what D sees; all 0 is none. Not applied where D's features serve Eq. 9.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Adaptation {
    /// Brightness ± this.
    pub brightness: f64,
    /// Saturation × 1 ± this.
    pub saturation: f64,
    /// Contrast × 1 ± this.
    pub contrast: f64,
    /// Side of a square that is cut out, pixels at a size of 128.
    pub cut_out: f64,
    /// Share of the pictures with a square cut out.
    pub cut_out_share: f64,
}

/// Moving average of weights.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Average {
    /// Share that stays each round.
    pub decay: f64,
}

/// Seed, checkpoints, logs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Run {
    /// Everything random comes from it and the step.
    pub seed: u64,
    /// Rounds between checkpoints.
    pub checkpoint_every: usize,
    /// Rounds between lines of `metrics.jsonl`.
    pub log_every: usize,
    /// Rounds between grids of held-out faces.
    pub grid_every: usize,
}

impl Adaptation {
    /// True if D sees the pictures as they are.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
