//! The networks of section III, and the judge that measures them.
//!
//! All take and give N×C×H×W, f32; pictures are RGB in \[-1, 1\]. Weights start as a function of (seed, name) alone, so that
//! every device starts alike, and a clone of a network shares nothing with it that a step could change.
//!
//! Where the paper prints one size, 128, any multiple of 32 is taken; where it prints one width, 64, any multiple of 4 is.
//! Layers are numbered from 0 in paths of weights, so that `encoder.0` is the paper's conv 1.

mod conv;
mod denoiser;
mod depth_to_width;
mod discriminator;
mod flex;
mod initial;
mod judge;
mod layer;
mod mask;
mod norm;
mod oval;
mod spectral;
mod transfer;
mod transform;
mod vgg_face;

pub use denoiser::Denoiser;
pub use depth_to_width::depth_to_width;
pub use discriminator::{Discriminator, Judgement};
pub use judge::{Judge, Residual};
pub use layer::ConvNorm;
pub use mask::{MASK_CELL, Mask, Masked, gaussian};
pub use norm::{BatchNorm, EPSILON, Statistics};
pub use oval::soft_oval;
pub use spectral::SpectralNorm;
pub use transfer::{Edit, Transfer};
pub use transform::{Stage, Transform};
pub use vgg_face::{Order, VggFace};

/// Channels of a layer that is printed with `printed` where the width is not the paper's 64.
fn scaled(printed: usize, width: usize) -> usize {
    (printed * width).div_ceil(64)
}

#[cfg(test)]
pub(crate) mod tests;
