//! Values, gradients and running statistics against PyTorch, whose numbers by_torch.py wrote.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use serde_json::Value;

use super::formula::{filled, summary, tensor};
use super::network;
use crate::device::test_devices;
use crate::nets::{Denoiser, Discriminator, Judge, Transfer};
use crate::weights::{self, Weights};

/// What of a tensor's length may differ, in f32 through up to twenty layers.
const TOLERANCE: f64 = 2e-4;

pub(crate) fn by_torch() -> Value {
    serde_json::from_str(include_str!("by_torch.json")).unwrap()
}

/// One output, in one row.
type Output = (&'static str, Tensor<1>);

fn row<const D: usize>(tensor: Tensor<D>) -> Tensor<1> {
    let count = tensor.dims().iter().product::<usize>();
    tensor.reshape([count])
}

fn values(tensor: Tensor<1>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

#[track_caller]
fn compare(place: &str, ours: [f64; 2], torch: &Value) {
    let torch = [&torch[0], &torch[1]].map(|v| v.as_f64().unwrap_or_else(|| panic!("{place}")));
    let allowed = TOLERANCE * torch[1].max(1e-3);
    for (ours, torch) in ours.into_iter().zip(torch) {
        assert!(
            (ours - torch).abs() <= allowed,
            "{place}: {ours} for {torch}"
        );
    }
}

/// On every device of this build.
fn check<M: Module>(
    name: &str,
    size: usize,
    make: impl Fn(&Device) -> M,
    forward: impl Fn(&M, Tensor<4>) -> Vec<Output>,
) {
    for device in test_devices() {
        check_on(device, name, size, &make, &forward);
    }
}

/// Training on an autodiff device, then inference on the plain one with the weights of the formula again.
fn check_on<M: Module>(
    device: Device,
    name: &str,
    size: usize,
    make: impl Fn(&Device) -> M,
    forward: impl Fn(&M, Tensor<4>) -> Vec<Output>,
) {
    let torch = by_torch();

    let training = &torch["training"][name];
    let autodiff = device.clone().autodiff();
    let module = filled(make(&autodiff));
    let x = (tensor("x", [2, 3, size, size], &autodiff) * 2.0).require_grad();
    let outputs = forward(&module, x.clone());
    let mut loss: Tensor<1> = Tensor::zeros([1], &autodiff);
    for (output, value) in outputs {
        let probe = tensor(&format!("gradient {output}"), value.dims(), &autodiff);
        loss = loss + (value.clone() * probe).sum();
        let ours = summary(output, &values(value.inner()));
        compare(output, ours, &training["outputs"][output]);
    }
    let mut gradients = loss.backward();
    let of_x = x.grad_remove(&mut gradients).unwrap();
    compare("x", summary("x", &values(row(of_x))), &training["x"]);
    let gradients = gradients_of(&module, GradientsParams::from_grads(gradients, &module));
    let expected = training["gradients"].as_object().unwrap();
    assert_eq!(gradients.len(), expected.len());
    for (parameter, torch) in expected {
        let ours = summary(parameter, &gradients[parameter].values);
        compare(&format!("gradient of {parameter}"), ours, torch);
    }
    let after = weights::weights(&module);
    for (statistic, torch) in training["statistics"].as_object().unwrap() {
        compare(
            statistic,
            summary(statistic, &after[statistic].values),
            torch,
        );
    }

    let module = filled(make(&device));
    let x = tensor("x", [2, 3, size, size], &device) * 2.0;
    for (output, value) in forward(&module, x) {
        let ours = summary(output, &values(value));
        compare(output, ours, &torch["inference"][name]["outputs"][output]);
    }
}

/// By name, as if they were the weights.
fn gradients_of<M: Module>(module: &M, gradients: GradientsParams) -> Weights {
    struct Gradients(GradientsParams);
    impl burn::module::ModuleMapper for Gradients {
        fn map_float<const D: usize>(
            &mut self,
            param: burn::module::Param<Tensor<D>>,
        ) -> burn::module::Param<Tensor<D>> {
            match self.0.remove::<D>(param.id) {
                Some(gradient) => weights::replaced(param, |_| gradient),
                None => weights::replaced(param, |value| value * f32::NAN),
            }
        }
    }
    let mut all = weights::weights(&module.clone().map(&mut Gradients(gradients)));
    all.retain(|_, gradient| !gradient.values[0].is_nan());
    all
}

#[test]
fn transfer() {
    check(
        "transfer",
        64,
        |device| Transfer::new(&network(4, 64), 1, device),
        |transfer, x| {
            let edit = transfer.forward(x);
            vec![
                ("transformed", row(edit.transformed)),
                ("soft", row(edit.soft.unwrap())),
                ("cells", row(edit.cells.unwrap())),
                ("mask", row(edit.mask.unwrap())),
                ("result", row(edit.result)),
            ]
        },
    );
}

#[test]
fn discriminator() {
    check(
        "discriminator",
        64,
        |device| Discriminator::new(&network(4, 64), 1, device),
        |discriminator, x| {
            let judgement = discriminator.forward(x);
            vec![
                ("score", row(judgement.score)),
                ("conv3", row(judgement.conv3)),
                ("conv4", row(judgement.conv4)),
            ]
        },
    );
}

#[test]
fn denoiser() {
    check(
        "denoiser",
        32,
        |device| Denoiser::new(4, 1, device),
        |denoiser, x| vec![("residual", row(denoiser.forward(x)))],
    );
}

#[test]
fn judge() {
    check(
        "judge",
        32,
        |device| Judge::new(32, 1, device),
        |judge, x| {
            let features = judge.features(x);
            vec![
                ("logit", row(judge.logit(features.clone()))),
                ("features", row(features)),
            ]
        },
    );
}
