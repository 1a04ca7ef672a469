//! Files, averages and what is refused.

use crate::device::test_device;

use super::*;
use crate::nets::{Denoiser, Transfer};
use crate::recipe::Network;

fn transfer(width: usize, seed: u64) -> Transfer {
    let network = Network {
        size: 32,
        width,
        mask: true,
        mask_bias: 0.3,
        region: None,
    };
    Transfer::new(&network, seed, &test_device())
}

#[test]
fn a_file_holds_everything_and_nothing_random() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| dir.path().join(name));
    let first = transfer(4, 1);
    save(&a, &first).unwrap();
    // The same network made again has other parameter identities.
    save(&b, &transfer(4, 1)).unwrap();
    assert_eq!(fs::read(&a).unwrap(), fs::read(&b).unwrap());

    let loaded = load(&a, transfer(4, 2)).unwrap();
    assert_eq!(weights(&loaded), weights(&first));
    let tracked = Transfer::new(
        &Network {
            size: 32,
            width: 4,
            mask: true,
            mask_bias: 0.0,
            region: None,
        },
        3,
        &test_device().autodiff(),
    );
    let loaded = load(&a, tracked).unwrap();
    assert!(loaded.transform.last.weight.val().is_require_grad());
    assert!(loaded.transform.last.weight.val().device().is_autodiff());
    assert_eq!(weights(&loaded), weights(&first));
}

#[test]
fn another_network_s_weights_are_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("weights.safetensors");
    save(&path, &transfer(4, 1)).unwrap();
    let text = |error: Error| {
        error
            .to_string()
            .replace(&path.display().to_string(), "FILE")
    };

    let other = load(&path, transfer(8, 1)).unwrap_err();
    assert_eq!(
        text(other),
        "FILE: `mask.layers.0.conv.weight` has shape [2, 3, 4, 4] where [4, 3, 4, 4] is needed; the \
         file belongs to a network of another width or size"
    );
    let other = load(&path, Denoiser::new(4, 1, &test_device())).unwrap_err();
    assert_eq!(
        text(other),
        "FILE: weights are missing: `convs.0.bias`, `convs.0.weight`, `convs.1.bias` and 9 more; the \
         file belongs to another network"
    );
    let mut more = weights(&transfer(4, 1));
    more.insert(
        "extra".to_owned(),
        Values {
            shape: vec![1],
            values: vec![0.0],
        },
    );
    let unknown = with_weights(transfer(4, 1), &more).unwrap_err();
    assert_eq!(unknown, Mismatch::Unknown(vec!["extra".to_owned()]));

    fs::write(&path, b"no weights").unwrap();
    assert!(matches!(
        load(&path, transfer(4, 1)),
        Err(Error::Format { .. })
    ));
    fs::remove_file(&path).unwrap();
    assert!(matches!(
        load(&path, transfer(4, 1)),
        Err(Error::Read { .. })
    ));
}

#[test]
fn only_f32_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("half.safetensors");
    let half = TensorView::new(Dtype::F16, vec![1], &[0, 0]).unwrap();
    fs::write(&path, safetensors::serialize([("w", half)], None).unwrap()).unwrap();
    let error = read(&path).unwrap_err().to_string();
    assert!(error.ends_with("`w` is F16; only F32 is read"), "{error}");
}

#[test]
fn the_average_moves_and_leaves_both_networks_alone() {
    let (old, new) = (transfer(4, 1), transfer(4, 2).train());
    let (before, towards) = (weights(&old), weights(&new));
    let average = moved_average(old.clone(), &new, 0.75);
    for (name, average) in weights(&average) {
        let pairs = before[&name].values.iter().zip(&towards[&name].values);
        for (average, (old, new)) in average.values.iter().zip(pairs) {
            assert!((average - (0.75 * old + 0.25 * new)).abs() < 1e-6, "{name}");
        }
    }
    assert_eq!((weights(&old), weights(&new)), (before, towards));
    assert!(!average.transform.last.weight.val().device().is_autodiff());
}

#[test]
fn clipping_brings_every_weight_into_its_bounds() {
    let clipped = clipped(Denoiser::new(4, 1, &test_device().autodiff()), 0.031);
    let all = weights(&clipped);
    let largest = |v: &Values| v.values.iter().fold(0.0_f32, |m, w| m.max(w.abs()));
    assert!(all.values().all(|v| largest(v) <= 0.031));
    assert_eq!(largest(&all["convs.1.weight"]), 0.031);
    assert!(clipped.convs[0].weight.val().is_require_grad());
}

#[test]
fn a_value_that_is_no_number_is_found() {
    let transfer = transfer(4, 1);
    assert!(all_finite(&transfer));
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut all = weights(&transfer);
        all.get_mut("mask.layers.2.norm.variance").unwrap().values[1] = bad;
        assert!(!all_finite(&with_weights(transfer.clone(), &all).unwrap()));
    }
}
