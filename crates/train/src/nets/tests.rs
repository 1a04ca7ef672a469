//! The tables as printed, and every network against PyTorch's statement of it.

mod behaviour;
pub(crate) mod formula;
mod tables;
pub(crate) mod torch;

use crate::recipe::Network;

/// The paper's network at another width and size.
pub(crate) fn network(width: usize, size: usize) -> Network {
    Network {
        size,
        width,
        mask: true,
        mask_bias: 0.3,
        region: None,
    }
}
