//! Batch normalisation with running statistics that belong to one network.
//!
//! Burn's own keeps its running statistics in a state that all clones share, holds the last update back in a map by thread
//! until the next one, and so saves statistics that are one step old: two networks would disturb each other, and a resumed
//! training would not end in the bytes of an undisturbed one. Its variance is also the biased one. The arithmetic is Burn's but on
//! the pure-Rust device in training.

mod trained;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use burn::module::{
    Content, Devices, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor,
    Param, ParamId,
};
use burn::tensor::module::{batch_norm, batch_norm_train};
use burn::tensor::{Device, Tensor};

use trained::trained;

/// ε under the root, PyTorch's.
pub const EPSILON: f64 = 1e-5;

/// Share of the batch's statistics in the running ones, PyTorch's.
const MOMENTUM: f64 = 0.1;

/// (x − mean) / √(variance + [`EPSILON`]) · gamma + beta, per channel.
///
/// Where x and the weights are on an autodiff device, mean and variance are those of the batch (over N, H and W; the biased variance), and the running
/// ones move towards them by a tenth, the variance by its unbiased estimate as in PyTorch. Otherwise the
/// running ones are used, so that the result for a picture does not depend on its neighbours in the batch.
#[derive(Module, Debug)]
pub struct BatchNorm {
    /// One factor a channel, 1 at the start.
    pub gamma: Param<Tensor<1>>,
    /// One summand a channel, 0 at the start.
    pub beta: Param<Tensor<1>>,
    /// Running mean, 0 at the start.
    pub mean: Statistics,
    /// Running variance, 1 at the start.
    pub variance: Statistics,
}

impl BatchNorm {
    /// For so many channels.
    pub fn new(channels: usize, device: &Device) -> Self {
        Self {
            gamma: Param::from_tensor(Tensor::ones([channels], device)),
            beta: Param::from_tensor(Tensor::zeros([channels], device)),
            mean: Statistics::new(Tensor::zeros([channels], device)),
            variance: Statistics::new(Tensor::ones([channels], device)),
        }
    }

    /// N×C×H×W to the same.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let (gamma, beta) = (self.gamma.val(), self.beta.val());
        if !(x.device().is_autodiff() && gamma.device().is_autodiff()) {
            return batch_norm(
                x,
                gamma,
                beta,
                self.mean.get(),
                self.variance.get(),
                EPSILON,
            );
        }
        let [count, _, height, width] = x.dims();
        let samples = (count * height * width) as f64;
        let batch =
            trained(&x, &gamma, &beta).unwrap_or_else(|| batch_norm_train(x, gamma, beta, EPSILON));
        self.mean.approach(batch.mean, 1.0);
        // One sample has no unbiased estimate; its variance is 0 either way.
        self.variance
            .approach(batch.variance, samples / (samples - 1.0).max(1.0));
        batch.output
    }
}

/// A vector that a forward pass may update and no gradient reaches; saved with the weights. A clone has its own.
#[derive(Debug)]
pub struct Statistics {
    id: ParamId,
    value: Mutex<Tensor<1>>,
}

impl Statistics {
    /// Starts as `value`.
    pub fn new(value: Tensor<1>) -> Self {
        Self {
            id: ParamId::new(),
            value: Mutex::new(value.detach()),
        }
    }

    /// The present value.
    pub fn get(&self) -> Tensor<1> {
        self.lock().clone()
    }

    /// Replaces the value.
    pub fn set(&self, value: Tensor<1>) {
        *self.lock() = value.detach();
    }

    fn approach(&self, batch: Tensor<1>, factor: f64) {
        let running = self.get() * (1.0 - MOMENTUM);
        self.set(running + batch.detach() * (MOMENTUM * factor));
    }

    /// A value is only ever replaced whole, so that a poisoned lock holds a good one.
    fn lock(&self) -> MutexGuard<'_, Tensor<1>> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mapped(self, map: impl FnOnce(Tensor<1>) -> Tensor<1>) -> Self {
        let value = map(self.get());
        self.set(value);
        self
    }
}

impl Clone for Statistics {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            value: Mutex::new(self.get()),
        }
    }
}

impl Module for Statistics {
    fn collect_devices(&self, mut devices: Devices) -> Devices {
        let device = self.get().device();
        if !devices.contains(&device) {
            devices.push(device);
        }
        devices
    }

    fn fork(self, device: &Device) -> Self {
        self.to_device(device)
    }

    fn to_device(self, device: &Device) -> Self {
        self.mapped(|value| value.to_device(device))
    }

    fn train(self) -> Self {
        self.mapped(Tensor::from_inner)
    }

    fn valid(&self) -> Self {
        Self {
            id: self.id,
            value: Mutex::new(self.get().without_autodiff()),
        }
    }

    fn materialize(self) -> Self {
        self
    }

    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        visitor.visit_float(&Param::initialized(self.id, self.get()));
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        let id = self.id;
        self.mapped(|value| {
            let param = mapper.map_float(Param::initialized(id, value));
            param.into_value().set_require_grad(false)
        })
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Statistics {{shape: {:?}}}", self.get().dims())
    }
}

impl ModuleDisplayDefault for Statistics {
    fn content(&self, content: Content) -> Option<Content> {
        content.add_formatted(&self.to_string()).optional()
    }
}

impl ModuleDisplay for Statistics {}
