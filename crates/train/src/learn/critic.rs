//! D as it is used: spectrally normalised for the hinge form.

use crate::nets::{Discriminator, SpectralNorm};
use crate::recipe::{Gan, Recipe};
use burn::module::Module;
use burn::tensor::Device;

/// D's weights, and the estimates that go with them.
#[derive(Module, Debug)]
pub(super) struct Critic {
    network: Discriminator,
    spectral: Option<SpectralNorm>,
}

impl Critic {
    pub(super) fn new(recipe: &Recipe, device: &Device) -> Self {
        let seed = recipe.run.seed;
        let network = Discriminator::new(&recipe.network, seed, device);
        let normalised = recipe.loss.gan == Gan::Hinge;
        let spectral = normalised.then(|| SpectralNorm::new(&network, seed));
        Self { network, spectral }
    }

    /// D for a step of its own: the estimates go on by one iteration first, and gradients reach the weights.
    pub(super) fn advanced(&self) -> Discriminator {
        if let Some(spectral) = &self.spectral {
            spectral.advance(&self.network);
        }
        self.applied()
    }

    /// D for a step of F: its weights are held.
    pub(super) fn held(&self) -> Discriminator {
        self.applied().valid()
    }

    fn applied(&self) -> Discriminator {
        match &self.spectral {
            Some(spectral) => spectral.applied(&self.network),
            None => self.network.clone(),
        }
    }
}
