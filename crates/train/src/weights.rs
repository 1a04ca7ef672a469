//! Named tensors of a network: to and from a safetensors file, averaged, clipped, checked.
//!
//! A name is the path of fields and indices, such as `transform.encoder.0.layer.conv.weight`; running statistics are among
//! them. Nothing random is in a file (Burn's own identities of parameters are left out): equal networks give equal bytes.

mod error;
mod walk;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path as FilePath;

use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

pub use error::{Error, Mismatch};
pub(crate) use walk::{Path, changed, seen};

/// Tensors by name, in alphabetical order.
pub type Weights = BTreeMap<String, Values>;

/// One tensor, here.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// Its shape, outermost first.
    pub shape: Vec<usize>,
    /// Its values, the last dimension running fastest.
    pub values: Vec<f32>,
}

/// All tensors of a network, brought here.
pub fn weights(module: &impl Module) -> Weights {
    let tensors = seen(module).into_iter();
    tensors
        .map(|(name, (shape, tensor))| {
            let values = tensor.into_data().convert::<f32>().iter::<f32>().collect();
            (name, Values { shape, values })
        })
        .collect()
}

/// The network with these values on the device it is on; every tensor of it must be named, with its shape, and no other.
pub fn with_weights<M: Module>(module: M, weights: &Weights) -> Result<M, Mismatch> {
    let own = seen(&module);
    let missing = own.keys().filter(|name| !weights.contains_key(*name));
    let missing: Vec<String> = missing.cloned().collect();
    if !missing.is_empty() {
        return Err(Mismatch::Missing(missing));
    }
    let unknown = weights.keys().filter(|name| !own.contains_key(*name));
    let unknown: Vec<String> = unknown.cloned().collect();
    if !unknown.is_empty() {
        return Err(Mismatch::Unknown(unknown));
    }
    for (name, (shape, _)) in &own {
        let found = weights.get(name).map(|tensor| &tensor.shape);
        if let Some(found) = found.filter(|found| *found != shape) {
            return Err(Mismatch::Shape {
                name: name.clone(),
                found: found.clone(),
                expected: shape.clone(),
            });
        }
    }
    Ok(changed(module, |name, tensor| {
        let Some(value) = weights.get(name) else {
            return tensor;
        };
        let data = TensorData::new(value.values.clone(), [value.values.len()]);
        Tensor::from_data(data, &tensor.device())
    }))
}

/// Writes a safetensors file and waits until it is on the disk.
pub fn write(path: &FilePath, weights: &Weights) -> Result<(), Error> {
    let bytes = weights.iter().map(|(name, tensor)| {
        let bytes: Vec<u8> = tensor.values.iter().flat_map(|v| v.to_le_bytes()).collect();
        (name, &tensor.shape, bytes)
    });
    let bytes: Vec<_> = bytes.collect();
    let views = bytes.iter().map(|(name, shape, bytes)| {
        Ok((*name, TensorView::new(Dtype::F32, (*shape).clone(), bytes)?))
    });
    let views = views.collect::<Result<Vec<_>, _>>();
    let file = views.and_then(|views| safetensors::serialize(views, None));
    let file = file.map_err(|error| Error::Format {
        path: path.to_owned(),
        what: error.to_string(),
    })?;
    let written = File::create(path).and_then(|mut out| {
        out.write_all(&file)?;
        out.sync_all()
    });
    written.map_err(|source| Error::Write {
        path: path.to_owned(),
        source,
    })
}

/// Reads a safetensors file of f32 tensors.
pub fn read(path: &FilePath) -> Result<Weights, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })?;
    let format = |what: String| Error::Format {
        path: path.to_owned(),
        what,
    };
    let file = SafeTensors::deserialize(&bytes).map_err(|error| format(error.to_string()))?;
    file.tensors()
        .into_iter()
        .map(|(name, view)| {
            if view.dtype() != Dtype::F32 {
                let found = view.dtype();
                return Err(format(format!("`{name}` is {found:?}; only F32 is read")));
            }
            let values = view.data().as_chunks::<4>().0.iter();
            let tensor = Values {
                shape: view.shape().to_vec(),
                values: values.map(|bytes| f32::from_le_bytes(*bytes)).collect(),
            };
            Ok((name, tensor))
        })
        .collect()
}

/// [`write()`] of [`weights()`].
pub fn save(path: &FilePath, module: &impl Module) -> Result<(), Error> {
    write(path, &weights(module))
}

/// [`with_weights()`] of [`read()`].
pub fn load<M: Module>(path: &FilePath, module: M) -> Result<M, Error> {
    with_weights(module, &read(path)?).map_err(|mismatch| Error::Mismatch {
        path: path.to_owned(),
        mismatch,
    })
}

/// `average`·`decay` + `module`·(1 − `decay`), tensor by tensor, running statistics too; on `average`'s device, which is that of
/// `module` without autodiff. Both are the same kind of network.
pub fn moved_average<M: Module>(average: M, module: &M, decay: f64) -> M {
    let mut new = seen(module);
    changed(average, |name, old| match new.remove(name) {
        Some((_, new)) => old * decay + new * (1.0 - decay),
        None => old,
    })
}

/// Every weight brought into \[−c, c\]: Wasserstein's D, section III-B.
pub fn clipped<M: Module>(module: M, c: f64) -> M {
    changed(module, |_, tensor| tensor.clamp(-c, c))
}

/// True if no tensor holds a NaN or an infinity (nor values so large that their sum is one).
pub fn all_finite(module: &impl Module) -> bool {
    let sums = seen(module).into_values().map(|(_, tensor)| tensor.sum());
    let sums: Vec<Tensor<1>> = sums.collect();
    sums.is_empty() || Tensor::cat(sums, 0).sum().into_scalar::<f32>().is_finite()
}

/// The parameter with another value, as much tracked as before.
pub(crate) fn replaced<const D: usize>(
    param: Param<Tensor<D>>,
    change: impl FnOnce(Tensor<D>) -> Tensor<D>,
) -> Param<Tensor<D>> {
    param.map(|old| {
        let tracked = old.is_require_grad();
        let autodiff = old.is_autodiff();
        let new = change(old.without_autodiff());
        let new = if autodiff {
            Tensor::from_inner(new)
        } else {
            new
        };
        new.set_require_grad(tracked)
    })
}

#[cfg(test)]
mod tests;
