//! What turns gradients into steps: Adam and RMSProp by Burn's own arithmetic, with a state that belongs to names.
//!
//! Burn's own optimiser of modules keeps its state by random identities of parameters, which would not be the same in two
//! equal trainings; and its defaults are not the usual ones: here ε is 1e-8 outside the root, and RMSProp has no
//! momentum and is not centred, as in the paper's framework.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use burn::module::{Module, ModuleMapper, Param};
use burn::optim::{
    Adam, AdamConfig, AdamState, AdaptiveMomentumState, CenteredState, GradientsParams, Optimizer,
    RmsProp, RmsPropConfig, RmsPropState, SquareAvgState,
};
use burn::tensor::{Device, Tensor, TensorData};

use crate::recipe::{Optimiser, Solver as Method};
use crate::weights::{self, Error, Mismatch, Path, Values, Weights};

/// Added to the root of the mean square.
const EPSILON: f32 = 1e-8;

/// Steps of one network.
#[derive(Clone)]
pub struct Solver {
    rate: f64,
    rule: Rule,
}

/// The arithmetic and what it remembers of each tensor, in one row, by name.
#[derive(Clone)]
enum Rule {
    Adam(Adam, BTreeMap<String, AdamState<1>>),
    RmsProp(RmsProp, BTreeMap<String, RmsPropState<1>>),
}

impl Solver {
    /// Before the first step.
    pub fn new(optimiser: &Optimiser) -> Self {
        let rule = match optimiser.solver {
            Method::Adam { beta1, beta2 } => {
                let config = AdamConfig::new()
                    .with_beta_1(beta1 as f32)
                    .with_beta_2(beta2 as f32)
                    .with_epsilon(EPSILON);
                Rule::Adam(config.build(), BTreeMap::new())
            }
            Method::RmsProp { decay } => {
                let config = RmsPropConfig::new()
                    .with_alpha(decay as f32)
                    .with_momentum(0.0)
                    .with_epsilon(EPSILON);
                Rule::RmsProp(config.build(), BTreeMap::new())
            }
        };
        Self {
            rate: optimiser.rate,
            rule,
        }
    }

    /// The network one step down its gradients; a tensor without a gradient stays as it is, and so does its state.
    pub fn step<M: Module>(&mut self, module: M, gradients: GradientsParams) -> M {
        module.map(&mut Step {
            solver: self,
            gradients,
            path: Path::default(),
        })
    }

    /// Writes what is remembered to a safetensors file; the rate and the rule are the recipe's.
    pub fn save(&self, path: &FilePath) -> Result<(), Error> {
        weights::write(path, &self.state())
    }

    /// Reads what [`Solver::save`] wrote, for this network and on its device.
    pub fn load<M: Module>(&mut self, path: &FilePath, module: &M) -> Result<(), Error> {
        let state = weights::read(path)?;
        self.remember(&state, module)
            .map_err(|mismatch| Error::Mismatch {
                path: path.to_owned(),
                mismatch,
            })
    }

    fn stepped(&mut self, name: &str, value: Tensor<1>, gradient: Tensor<1>) -> Tensor<1> {
        match &mut self.rule {
            Rule::Adam(adam, states) => stepped(adam, states, self.rate, name, value, gradient),
            Rule::RmsProp(rms, states) => stepped(rms, states, self.rate, name, value, gradient),
        }
    }

    fn state(&self) -> Weights {
        let mut state = Weights::new();
        let mut keep = |name: &str, what: &str, values: Vec<f32>| {
            let shape = vec![values.len()];
            state.insert(format!("{name}/{what}"), Values { shape, values });
        };
        match &self.rule {
            Rule::Adam(_, states) => {
                for (name, AdamState { momentum }) in states {
                    keep(name, FIRST, values(&momentum.moment_1));
                    keep(name, SECOND, values(&momentum.moment_2));
                    keep(name, STEPS, split(momentum.time));
                }
            }
            Rule::RmsProp(_, states) => {
                for (name, RmsPropState { square_avg, .. }) in states {
                    keep(name, SQUARE, values(&square_avg.square_avg));
                }
            }
        }
        state
    }

    fn remember<M: Module>(&mut self, state: &Weights, module: &M) -> Result<(), Mismatch> {
        let own = weights::seen(module);
        let mut found = Found { state, taken: 0 };
        match &mut self.rule {
            Rule::Adam(_, states) => {
                states.clear();
                for (name, (_, tensor)) in &own {
                    let (size, device) = (tensor.dims()[0], tensor.device());
                    let Some(first) = found.optional(name, FIRST, size)? else {
                        continue;
                    };
                    let second = found.required(name, SECOND, size)?;
                    let time = joined(found.required(name, STEPS, 2)?);
                    let momentum = AdaptiveMomentumState::new(
                        time,
                        tensor_of(first, &device),
                        tensor_of(second, &device),
                    );
                    states.insert(name.clone(), AdamState::new(momentum));
                }
            }
            Rule::RmsProp(_, states) => {
                states.clear();
                for (name, (_, tensor)) in &own {
                    let (size, device) = (tensor.dims()[0], tensor.device());
                    if let Some(square) = found.optional(name, SQUARE, size)? {
                        let square = tensor_of(square, &device);
                        let centred = CenteredState::new(None, square.clone());
                        let state = RmsPropState::new(SquareAvgState::new(square), centred, None);
                        states.insert(name.clone(), state);
                    }
                }
            }
        }
        found.nothing_else(&own.into_keys().collect::<Vec<_>>())
    }
}

const FIRST: &str = "first-moment";
const SECOND: &str = "second-moment";
const STEPS: &str = "steps";
const SQUARE: &str = "mean-square";

fn stepped<O: Optimizer>(
    optimizer: &O,
    states: &mut BTreeMap<String, O::State<1>>,
    rate: f64,
    name: &str,
    value: Tensor<1>,
    gradient: Tensor<1>,
) -> Tensor<1> {
    let (value, state) = optimizer.step(rate, value, gradient, states.remove(name));
    if let Some(state) = state {
        states.insert(name.to_owned(), state);
    }
    value
}

struct Step<'a> {
    solver: &'a mut Solver,
    gradients: GradientsParams,
    path: Path,
}

impl ModuleMapper for Step<'_> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.leave();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(gradient) = self.gradients.remove::<D>(param.id) else {
            return param;
        };
        let name = self.path.name();
        weights::replaced(param, |value| {
            let shape = value.dims();
            let size = [shape.iter().product::<usize>()];
            let (value, gradient) = (value.reshape(size), gradient.reshape(size));
            self.solver.stepped(&name, value, gradient).reshape(shape)
        })
    }
}

/// A state that is being read.
struct Found<'a> {
    state: &'a Weights,
    taken: usize,
}

impl<'a> Found<'a> {
    fn optional(
        &mut self,
        name: &str,
        what: &str,
        size: usize,
    ) -> Result<Option<&'a [f32]>, Mismatch> {
        let name = format!("{name}/{what}");
        let Some(tensor) = self.state.get(&name) else {
            return Ok(None);
        };
        if tensor.shape != [size] {
            return Err(Mismatch::Shape {
                name,
                found: tensor.shape.clone(),
                expected: vec![size],
            });
        }
        self.taken += 1;
        Ok(Some(&tensor.values))
    }

    fn required(&mut self, name: &str, what: &str, size: usize) -> Result<&'a [f32], Mismatch> {
        self.optional(name, what, size)?
            .ok_or_else(|| Mismatch::Missing(vec![format!("{name}/{what}")]))
    }

    fn nothing_else(&self, own: &[String]) -> Result<(), Mismatch> {
        if self.taken == self.state.len() {
            return Ok(());
        }
        let known = |name: &String| {
            name.rsplit_once('/')
                .is_some_and(|(tensor, _)| own.iter().any(|own| own == tensor))
        };
        let unknown: Vec<String> = self.state.keys().filter(|n| !known(n)).cloned().collect();
        // Else every name is a tensor's, but of another rule's state.
        let unknown = match unknown.is_empty() {
            true => self.state.keys().cloned().collect(),
            false => unknown,
        };
        Err(Mismatch::Unknown(unknown))
    }
}

fn values(tensor: &Tensor<1>) -> Vec<f32> {
    tensor.to_data().convert::<f32>().iter::<f32>().collect()
}

fn tensor_of(values: &[f32], device: &Device) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), device)
}

/// A count as two numbers that f32 holds exactly.
fn split(count: usize) -> Vec<f32> {
    vec![(count / COUNT_BASE) as f32, (count % COUNT_BASE) as f32]
}

fn joined(parts: &[f32]) -> usize {
    parts
        .iter()
        .fold(0, |count, part| count * COUNT_BASE + *part as usize)
}

const COUNT_BASE: usize = 1 << 20;

#[cfg(test)]
mod tests;
