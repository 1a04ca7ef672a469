//! F, Eq. 1.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::mask::Mask;
use super::transform::Transform;
use crate::recipe::Network;

/// The transfer network F(x) = M(x) ∘ T(x) + (1 − M(x)) ∘ x, Eq. 1; without M it is T (hallucination, section III-D, and an
/// ablation of section IV-F).
#[derive(Module, Debug)]
pub struct Transfer {
    /// T.
    pub transform: Transform,
    /// M.
    pub mask: Option<Mask>,
}

/// What F gives for N×3×S×S.
pub struct Edit {
    /// T(x), N×3×S×S in \[-1, 1\].
    pub transformed: Tensor<4>,
    /// M's map before it is made binary, N×1×S/4×S/4 in (0, 1).
    pub soft: Option<Tensor<4>>,
    /// M's binary map, N×1×S/4×S/4, with the straight-through gradient of Eq. 4; not yet times the region.
    pub cells: Option<Tensor<4>>,
    /// M(x), N×1×S×S in \[0, 1\], times the region if the recipe names one.
    pub mask: Option<Tensor<4>>,
    /// F(x), N×3×S×S in \[-1, 1\]; exactly x where the mask is 0.
    pub result: Tensor<4>,
}

impl Transfer {
    /// The network before its first step. `network.width` is a multiple of 4; on an autodiff device its weights are tracked.
    pub fn new(network: &Network, seed: u64, device: &Device) -> Self {
        Self {
            transform: Transform::new(network.width, seed, device),
            mask: network.mask.then(|| Mask::new(network, seed, device)),
        }
    }

    /// F(x) and all that led to it; x is N×3×S×S in \[-1, 1\], S a multiple of 32.
    pub fn forward(&self, x: Tensor<4>) -> Edit {
        let transformed = self.transform.forward(x.clone());
        let Some(mask) = &self.mask else {
            return Edit {
                result: transformed.clone(),
                transformed,
                soft: None,
                cells: None,
                mask: None,
            };
        };
        let masked = mask.forward(x.clone());
        let inside = masked.mask.clone() * transformed.clone();
        let outside = (masked.mask.clone().neg() + 1.0) * x;
        Edit {
            transformed,
            soft: Some(masked.soft),
            cells: Some(masked.cells),
            mask: Some(masked.mask),
            result: inside + outside,
        }
    }
}
