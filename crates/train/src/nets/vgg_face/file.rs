//! VGG-Face's weights in the files that go around.

use std::fs;
use std::path::Path;

use burn::module::Param;
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, PaddingConfig2d};
use burn::store::pytorch::PytorchReader;
use burn::store::pytorch_reader::DType;
use burn::tensor::{Device, Tensor, TensorData};

use super::BLOCKS;
use crate::weights::{self, Error, Mismatch, Values, Weights};

/// Side of the last map.
const LAST_SIDE: usize = 7;

pub(super) struct Layers {
    pub(super) convs: Vec<Conv2d>,
    pub(super) fc6: Linear,
    pub(super) fc7: Linear,
}

pub(super) fn read(path: &Path, device: &Device) -> Result<Layers, Error> {
    let tensors = match path.extension().is_some_and(|ext| ext == "safetensors") {
        true => weights::read(path)?,
        false => of_pytorch(path)?,
    };
    layers(tensors, device).map_err(|mismatch| Error::Mismatch {
        path: path.to_owned(),
        mismatch,
    })
}

fn of_pytorch(path: &Path) -> Result<Weights, Error> {
    // Asked first because the reader's own error does not tell a missing file from a bad one.
    fs::File::open(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })?;
    let format = |what: String| Error::Format {
        path: path.to_owned(),
        what,
    };
    let reader = PytorchReader::new(path).map_err(|error| format(error.to_string()))?;
    let floats = reader.into_tensors().into_iter();
    floats
        .filter(|(_, tensor)| tensor.dtype() == DType::F32)
        .map(|(name, tensor)| {
            let shape = tensor.shape().to_vec();
            let bytes = tensor.read().map_err(|error| format(error.to_string()))?;
            let numbers = bytes.as_chunks::<4>().0.iter();
            let values = numbers.map(|bytes| f32::from_ne_bytes(*bytes)).collect();
            Ok((name, Values { shape, values }))
        })
        .collect()
}

fn layers(tensors: Weights, device: &Device) -> Result<Layers, Mismatch> {
    let mut file = Named {
        naming: Naming::of(&tensors)?,
        tensors,
        device,
    };
    let mut channels = 3;
    let mut convs = Vec::new();
    for (block, count) in (1..).zip(BLOCKS) {
        for index in 1..=count {
            let conv = file.conv(block, index, channels)?;
            [channels, ..] = conv.weight.dims();
            convs.push(conv);
        }
    }
    let fc6 = file.linear(6, channels * LAST_SIDE * LAST_SIDE)?;
    let [_, units] = fc6.weight.dims();
    let fc7 = file.linear(7, units)?;
    Ok(Layers { convs, fc6, fc7 })
}

/// How the file calls its layers.
struct Naming {
    prefix: String,
    style: Style,
}

#[derive(Clone, Copy)]
enum Style {
    /// `conv1_1`, `fc6`.
    Plain,
    /// `conv_1_1`, `fc6`.
    Underscored,
    /// `features.0`, `classifier.0`.
    Sequential,
}

impl Naming {
    /// From the name of the first layer's weight.
    fn of(tensors: &Weights) -> Result<Self, Mismatch> {
        let styles = [Style::Plain, Style::Underscored, Style::Sequential];
        let found = styles.into_iter().find_map(|style| {
            let first = format!("{}.weight", style.conv(1, 1));
            let prefix = tensors.keys().find_map(|name| name.strip_suffix(&first))?;
            let whole = prefix.is_empty() || prefix.ends_with('.');
            whole.then(|| (prefix.to_owned(), style))
        });
        let (prefix, style) = found.ok_or_else(|| {
            let wanted = styles.map(|style| format!("{}.weight", style.conv(1, 1)));
            Mismatch::Missing(vec![wanted.join("` or `")])
        })?;
        Ok(Self { prefix, style })
    }
}

impl Style {
    fn conv(self, block: usize, index: usize) -> String {
        match self {
            Self::Plain => format!("conv{block}_{index}"),
            Self::Underscored => format!("conv_{block}_{index}"),
            Self::Sequential => {
                // Each convolution is followed by its ReLU, each block by its maximum.
                let before: usize = BLOCKS[..block - 1].iter().map(|count| 2 * count + 1).sum();
                format!("features.{}", before + 2 * (index - 1))
            }
        }
    }

    fn fully_connected(self, layer: usize) -> String {
        match self {
            Self::Plain | Self::Underscored => format!("fc{layer}"),
            // ReLU and dropout stand between.
            Self::Sequential => format!("classifier.{}", 3 * (layer - 6)),
        }
    }
}

struct Named<'a> {
    naming: Naming,
    tensors: Weights,
    device: &'a Device,
}

impl Named<'_> {
    fn conv(&mut self, block: usize, index: usize, inputs: usize) -> Result<Conv2d, Mismatch> {
        let name = self.naming.style.conv(block, index);
        let weight = self.take(&format!("{name}.weight"))?;
        let outputs = weight.shape.first().copied().unwrap_or_default();
        let weight = self.shaped(&name, "weight", weight, [outputs, inputs, 3, 3])?;
        let bias = self.bias(&name, outputs)?;
        Ok(Conv2d {
            weight: Param::from_tensor(weight),
            bias: Some(Param::from_tensor(bias)),
            stride: [1; 2],
            kernel_size: [3; 2],
            dilation: [1; 2],
            groups: 1,
            padding: PaddingConfig2d::Explicit(1, 1, 1, 1),
        })
    }

    fn linear(&mut self, layer: usize, inputs: usize) -> Result<Linear, Mismatch> {
        let name = self.naming.style.fully_connected(layer);
        let mut weight = self.take(&format!("{name}.weight"))?;
        let outputs = weight.shape.first().copied().unwrap_or_default();
        // Some files keep fc6 as the convolution over the last map that it is.
        if weight
            .shape
            .get(1..)
            .is_some_and(|rest| rest.iter().product::<usize>() == inputs)
        {
            weight.shape = vec![outputs, inputs];
        }
        let weight = self.shaped(&name, "weight", weight, [outputs, inputs])?;
        let bias = self.bias(&name, outputs)?;
        Ok(Linear {
            weight: Param::from_tensor(weight.transpose()),
            bias: Some(Param::from_tensor(bias)),
        })
    }

    fn bias(&mut self, name: &str, outputs: usize) -> Result<Tensor<1>, Mismatch> {
        let bias = self.take(&format!("{name}.bias"))?;
        self.shaped(name, "bias", bias, [outputs])
    }

    /// Out of the map, so that no more than one copy of a large tensor is held.
    fn take(&mut self, name: &str) -> Result<Values, Mismatch> {
        let name = format!("{}{name}", self.naming.prefix);
        self.tensors
            .remove(&name)
            .ok_or_else(|| Mismatch::Missing(vec![name]))
    }

    fn shaped<const D: usize>(
        &self,
        layer: &str,
        what: &str,
        found: Values,
        expected: [usize; D],
    ) -> Result<Tensor<D>, Mismatch> {
        if found.shape != expected {
            return Err(Mismatch::Shape {
                name: format!("{}{layer}.{what}", self.naming.prefix),
                found: found.shape,
                expected: expected.to_vec(),
            });
        }
        let data = TensorData::new(found.values, expected);
        Ok(Tensor::from_data(data, self.device))
    }
}
