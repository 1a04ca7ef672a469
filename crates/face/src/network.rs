//! From a manifest to the network it describes.

use crate::Error;
use diat_infer::{Device, Golden, Level, Network, Port, Spec, open};
use diat_manifest::{Accelerator, Colour, Decoder, Kind, Manifest};
use diat_onnx::List;
use diat_places::Places;
use ndarray::{Array3, Array4, Axis};
use std::sync::Arc;

/// What `infer` is told of the network that a manifest of any kind describes.
pub fn spec(manifest: &Manifest) -> Spec {
    let narrow = |range: [f64; 2]| range.map(|v| v as f32);
    let picture = |input: &diat_manifest::Input| {
        Port::picture(&input.name, 3, input.height, input.width).range(narrow(input.range))
    };
    let transformed = |edit: &diat_manifest::Edit| {
        Port::picture(&edit.transformed, 3, edit.input.height, edit.input.width)
    };
    let (list, image, outputs) = match &manifest.kind {
        Kind::Effect(effect) => {
            let input = &effect.edit.input;
            let mask = Port::picture(&effect.mask, 1, input.height, input.width);
            let outputs = vec![transformed(&effect.edit), mask];
            (List::Effect, Some(picture(input)), outputs)
        }
        Kind::Enhance(edit) => (
            List::Effect,
            Some(picture(&edit.input)),
            vec![transformed(edit)],
        ),
        Kind::Judge(judge) => {
            let score = Port::vector(&judge.score, 1);
            (List::Effect, Some(picture(&judge.input)), vec![score])
        }
        Kind::Landmarks(landmarks) => {
            let points = Port::vector(&landmarks.points, 10);
            let confidence = Port::vector(&landmarks.confidence, 1);
            let outputs = vec![points, confidence];
            (List::Effect, Some(picture(&landmarks.input)), outputs)
        }
        Kind::Detector(detector) => {
            let image = match &detector.decoder {
                Decoder::Seeta => None,
                Decoder::Yunet(yunet) => {
                    Some(Port::dynamic_picture(&yunet.input, 3).range(narrow(yunet.range)))
                }
            };
            let outputs = manifest.output_names();
            let outputs = outputs.iter().map(|name| Port::any(name)).collect();
            (List::Detector, image, outputs)
        }
    };
    let parameters = manifest.edit().map_or(&[][..], |edit| &edit.parameters);
    let scalar = |parameter: &diat_manifest::Parameter| {
        Port::picture(&parameter.input, 1, 1, 1).range(narrow([parameter.min, parameter.max]))
    };
    Spec {
        id: manifest.id.clone(),
        list,
        inputs: image
            .into_iter()
            .chain(parameters.iter().map(scalar))
            .collect(),
        outputs,
        golden: golden(manifest),
        denied: manifest.deny.iter().filter_map(denied).collect(),
    }
}

fn golden(manifest: &Manifest) -> Option<Golden> {
    let mask = match &manifest.kind {
        Kind::Effect(effect) => Some(&effect.mask),
        _ => None,
    };
    manifest.golden.as_ref().map(|golden| Golden {
        outputs: golden.outputs.clone(),
        map: mask.cloned().zip(golden.map.clone()),
        tolerance: golden.tolerance,
    })
}

fn denied(accelerator: &Accelerator) -> Option<diat_infer::Accelerator> {
    match accelerator {
        Accelerator::Cuda => Some(diat_infer::Accelerator::Cuda),
        _ => None,
    }
}

/// Opens the network of a manifest, or takes the one that this process has open already. Arguments as for
/// [`diat_infer::open`].
///
/// # Errors
/// [`Error::Network`], naming the manifest.
pub fn open_network(
    manifest: &Manifest,
    places: &Places,
    device: Device,
    threads: usize,
    log: &dyn Fn(Level, &str),
) -> Result<Arc<Network>, Error> {
    let read = || manifest.read_weights().map_err(Into::into);
    let digest = &manifest.weights.sha256;
    open(places, &spec(manifest), digest, &read, device, threads, log)
        .map_err(|source| network_error(manifest, source))
}

/// What the network of a manifest answers to the test pattern on the processor, for its `[golden]`; nothing for a cascade. A
/// tolerance that stands in the manifest stays.
///
/// # Errors
/// The gate's reason, a tensor that the manifest describes otherwise, or no device that runs it.
pub fn measure_golden(
    manifest: &Manifest,
    bytes: &[u8],
    places: &Places,
) -> Result<Option<diat_manifest::Golden>, diat_infer::Error> {
    let map = match &manifest.kind {
        Kind::Detector(detector) if detector.decoder == Decoder::Seeta => return Ok(None),
        Kind::Effect(effect) => Some(effect.mask.as_str()),
        _ => None,
    };
    let mut spec = spec(manifest);
    let tolerance = spec.golden.take().map(|golden| golden.tolerance);
    let read = || Ok(bytes.to_vec());
    let digest = diat_manifest::sha256(bytes);
    let network = open(places, &spec, &digest, &read, Device::Cpu, 0, &|_, _| ())?;
    let golden = network.measure_golden(map)?;
    Ok(Some(diat_manifest::Golden {
        outputs: golden.outputs,
        map: golden.map.map(|(_, cells)| cells),
        tolerance: tolerance.unwrap_or(golden.tolerance),
    }))
}

pub(crate) fn network_error(manifest: &Manifest, source: diat_infer::Error) -> Error {
    Error::Network {
        file: manifest.file.clone(),
        source: Box::new(source),
    }
}

/// Crops (3×H×W, red first, 0..1, all of one size) as a network's picture tensor N×3×H×W: channels in its order, values in
/// its range.
pub fn input_tensor(crops: &[Array3<f32>], colour: Colour, range: [f64; 2]) -> Array4<f32> {
    let (_, height, width) = crops.first().map_or((3, 0, 0), Array3::dim);
    let low = range[0] as f32;
    let span = (range[1] - range[0]) as f32;
    let mut tensor = Array4::zeros((crops.len(), 3, height, width));
    for (crop, mut item) in crops.iter().zip(tensor.outer_iter_mut()) {
        for (channel, mut plane) in item.axis_iter_mut(Axis(0)).enumerate() {
            let source = match colour {
                Colour::Rgb => channel,
                Colour::Bgr => 2 - channel,
            };
            plane.zip_mut_with(&crop.index_axis(Axis(0), source), |to, from| {
                *to = low + span * from;
            });
        }
    }
    tensor
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crop(seed: f32) -> Array3<f32> {
        Array3::from_shape_fn((3, 2, 4), |(c, y, x)| {
            (seed + c as f32 * 0.25 + y as f32 * 0.1 + x as f32 * 0.01).fract()
        })
    }

    #[test]
    fn red_comes_first_or_last_and_values_fill_the_range() {
        let crops = [crop(0.0), crop(0.3)];
        let rgb = input_tensor(&crops, Colour::Rgb, [-1.0, 1.0]);
        let bgr = input_tensor(&crops, Colour::Bgr, [0.0, 255.0]);
        assert_eq!(rgb.dim(), (2, 3, 2, 4));
        for ((n, c, y, x), value) in rgb.indexed_iter() {
            let plain = crops[n][(c, y, x)];
            assert_eq!(*value, plain * 2.0 - 1.0);
            assert_eq!(bgr[(n, 2 - c, y, x)], plain * 255.0);
        }
    }
}
