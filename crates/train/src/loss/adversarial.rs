//! What D learns from real and made pictures, and what F learns from D. Scores are N×1, without a sigmoid.

use crate::recipe::Gan;
use burn::tensor::Tensor;
use burn::tensor::activation::{relu, softplus};

/// D's loss in this form.
pub fn discriminator(gan: Gan, real: Tensor<2>, made: Tensor<2>) -> Tensor<1> {
    match gan {
        Gan::Wgan => wasserstein::discriminator(real, made),
        Gan::Original => original::discriminator(real, made),
        Gan::Hinge => hinge::discriminator(real, made),
    }
}

/// F's loss in this form.
pub fn transfer(gan: Gan, made: Tensor<2>) -> Tensor<1> {
    match gan {
        Gan::Wgan => wasserstein::transfer(made),
        Gan::Original => original::transfer(made),
        Gan::Hinge => hinge::transfer(made),
    }
}

/// Eq. 7 and 8: scores are pushed apart, and D's weights are clipped to ±c after its steps (Eq. 6 needs a Lipschitz D).
pub mod wasserstein {
    use super::Tensor;

    /// Eq. 8: mean D(F(x)) − mean D(a), which D makes small.
    pub fn discriminator(real: Tensor<2>, made: Tensor<2>) -> Tensor<1> {
        made.mean() - real.mean()
    }

    /// Eq. 7: −mean D(F(x)).
    pub fn transfer(made: Tensor<2>) -> Tensor<1> {
        -made.mean()
    }
}

/// Eq. 5 with D = σ(score), written on the score so that nothing overflows.
pub mod original {
    use super::{Tensor, softplus};

    /// −mean log σ(D(a)) − mean log(1 − σ(D(F(x)))).
    pub fn discriminator(real: Tensor<2>, made: Tensor<2>) -> Tensor<1> {
        softplus(-real, 1.0).mean() + softplus(made, 1.0).mean()
    }

    /// −mean log σ(D(F(x))): not Eq. 5's log(1 − D(F(x))), whose gradient vanishes where D is sure, but the non-saturating
    /// form with the same fixed point.
    pub fn transfer(made: Tensor<2>) -> Tensor<1> {
        softplus(-made, 1.0).mean()
    }
}

/// Not in the paper: D stops pushing beyond ±1; D's weights are spectrally normalised.
pub mod hinge {
    use super::{Tensor, relu};

    /// mean max(0, 1 − D(a)) + mean max(0, 1 + D(F(x))).
    pub fn discriminator(real: Tensor<2>, made: Tensor<2>) -> Tensor<1> {
        relu(-real + 1.0).mean() + relu(made + 1.0).mean()
    }

    /// −mean D(F(x)).
    pub fn transfer(made: Tensor<2>) -> Tensor<1> {
        -made.mean()
    }
}

/// Eq. 18, the pre-training of D: (y − D(x))² with y = 1 for the guided and −1 for the source set, averaged over both.
pub fn regression(guided: Tensor<2>, source: Tensor<2>) -> Tensor<1> {
    let errors = Tensor::cat(vec![guided - 1.0, source + 1.0], 0);
    errors.square().mean()
}
