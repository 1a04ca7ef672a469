//! The tensors of a network by name, on their device.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;

use super::replaced;

/// Every tensor's shape and values in one row, without autodiff.
pub(crate) fn seen(module: &impl Module) -> BTreeMap<String, (Vec<usize>, Tensor<1>)> {
    let mut seen = Seen::default();
    module.visit(&mut seen);
    seen.tensors
}

/// The network with each tensor, in one row and without autodiff, replaced by what `change` makes of it and its name.
pub(crate) fn changed<M: Module>(module: M, change: impl FnMut(&str, Tensor<1>) -> Tensor<1>) -> M {
    module.map(&mut Changed {
        path: Path::default(),
        change,
    })
}

/// Where a walk is.
#[derive(Default)]
pub(crate) struct Path(Vec<String>);

impl Path {
    pub(crate) fn enter(&mut self, name: &str) {
        self.0.push(name.to_owned());
    }

    pub(crate) fn leave(&mut self) {
        self.0.pop();
    }

    pub(crate) fn name(&self) -> String {
        self.0.join(".")
    }
}

#[derive(Default)]
struct Seen {
    path: Path,
    tensors: BTreeMap<String, (Vec<usize>, Tensor<1>)>,
}

impl ModuleVisitor for Seen {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.leave();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val().without_autodiff();
        let shape = tensor.dims();
        let row = tensor.reshape([shape.iter().product::<usize>()]);
        self.tensors.insert(self.path.name(), (shape.to_vec(), row));
    }
}

struct Changed<F> {
    path: Path,
    change: F,
}

impl<F: FnMut(&str, Tensor<1>) -> Tensor<1>> ModuleMapper for Changed<F> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.leave();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = self.path.name();
        replaced(param, |old| {
            let shape = old.dims();
            let row = old.reshape([shape.iter().product::<usize>()]);
            (self.change)(&name, row).reshape(shape)
        })
    }
}
