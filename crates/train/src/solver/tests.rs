//! Steps against PyTorch's, and a state that goes through a file.

use burn::module::{Module, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};

use super::*;
use crate::device::test_devices;
use crate::nets::tests::formula::tensor;
use crate::nets::tests::torch::by_torch;
use crate::weights::weights;

const ADAM: Method = Method::Adam {
    beta1: 0.5,
    beta2: 0.99,
};
const RMS_PROP: Method = Method::RmsProp { decay: 0.9 };

/// A network that is one weight, and one that never gets a gradient.
#[derive(Module, Debug)]
struct Two {
    weight: Param<Tensor<2>>,
    idle: Param<Tensor<1>>,
}

fn two(device: &Device) -> Two {
    let device = &device.clone().autodiff();
    Two {
        weight: Param::from_tensor(tensor("value", [2, 3], device)),
        idle: Param::from_tensor(tensor("idle", [2], device)),
    }
}

fn solver(solver: Method) -> Solver {
    Solver::new(&Optimiser { solver, rate: 0.01 })
}

/// Each of these on every device of this build.
fn each_with<T: Copy>(those: [T; 2]) -> impl Iterator<Item = (Device, T)> {
    let devices = test_devices().into_iter();
    devices.flat_map(move |device| those.map(|one| (device.clone(), one)))
}

fn stepped(solver: &mut Solver, two: Two, step: i32) -> Two {
    let device = two.weight.val().device();
    let gradient: Tensor<2> = tensor(&format!("gradient {step}"), [2, 3], &device);
    let scale = 10_f64.powi(step % 3 - 1);
    let loss = (two.weight.val() * gradient * scale).sum();
    let gradients = GradientsParams::from_grads(loss.backward(), &two);
    solver.step(two, gradients)
}

#[test]
fn five_steps_are_pytorch_s() {
    let torch = by_torch();
    let rules = [("adam", ADAM), ("rms-prop", RMS_PROP)];
    for (device, (name, method)) in each_with(rules) {
        let mut solver = solver(method);
        let two = (0..5).fold(two(&device), |two, step| stepped(&mut solver, two, step));
        let after = weights(&two);
        let expected = torch[name].as_array().unwrap();
        for (ours, torch) in after["weight"].values.iter().zip(expected) {
            let torch = torch.as_f64().unwrap();
            assert!(
                (f64::from(*ours) - torch).abs() < 2e-6,
                "{name}: {ours} for {torch}"
            );
        }
        assert_eq!(after["idle"], weights(&self::two(&device))["idle"]);
        assert!(two.weight.val().is_require_grad());
    }
}

#[test]
fn a_state_from_a_file_goes_on_to_the_same_bits() {
    let dir = tempfile::tempdir().unwrap();
    for (device, method) in each_with([ADAM, RMS_PROP]) {
        let [path, again] = ["a", "b"].map(|name| dir.path().join(name));
        let mut whole = solver(method);
        let three = (0..3).fold(two(&device), |two, step| stepped(&mut whole, two, step));
        whole.save(&path).unwrap();

        let mut resumed = solver(method);
        resumed.load(&path, &three).unwrap();
        resumed.save(&again).unwrap();
        assert_eq!(
            std::fs::read(&path).unwrap(),
            std::fs::read(&again).unwrap()
        );
        let [whole, resumed] = [whole, resumed].map(|mut solver| {
            weights(&(3..6).fold(three.clone(), |two, step| stepped(&mut solver, two, step)))
        });
        assert_eq!(whole, resumed);
    }
}

#[test]
fn a_state_of_another_network_or_rule_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state");
    let mut adam = solver(ADAM);
    let two = stepped(&mut adam, two(&Device::flex()), 0);
    adam.save(&path).unwrap();
    let refused = solver(RMS_PROP).load(&path, &two).unwrap_err().to_string();
    assert!(
        refused.contains("does not have: `weight/first-moment`"),
        "{refused}"
    );

    let denoiser = crate::nets::Denoiser::new(4, 1, &Device::flex());
    let refused = solver(ADAM).load(&path, &denoiser).unwrap_err().to_string();
    assert!(refused.contains("`weight/first-moment`"), "{refused}");
}

#[test]
fn a_count_survives_its_two_halves() {
    for count in [0, 1, COUNT_BASE - 1, COUNT_BASE, 123_456_789] {
        assert_eq!(joined(&split(count)), count);
    }
}
