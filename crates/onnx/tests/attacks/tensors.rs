//! Initialisers.

use diat_onnx::{Lie, List};

use crate::forge::*;
use crate::{check, owned, refusal};

#[test]
fn refuses_tensors_that_are_not_what_they_say() {
    let with = |tensor| changed(|model: &mut Model| model.initialisers.push(tensor));
    let broken = |index: usize, value: f32| {
        let mut values = vec![0.5; 108];
        values[index] = value;
        changed(move |m: &mut Model| m.initialisers[0] = floats("w", &[4, 3, 3, 3], &values))
    };
    let half = |bits: u16| {
        let raw: Vec<u8> = [0x3c00, bits]
            .into_iter()
            .flat_map(u16::to_le_bytes)
            .collect();
        with(tensor("h", 10, &[2], &raw))
    };
    let size = |dims: &[i64], needed: &str, found| Lie::TensorSize {
        dims: dims.to_vec(),
        needed: owned(needed),
        found,
    };
    let overflow = [i64::MAX, i64::MAX, 4];
    let both = floats("e", &[1], &[0.0]).float(4, 0.0);
    check(vec![
        (
            "too short",
            with(floats("e", &[3], &[0.0; 2])),
            "\"e\"",
            size(&[3], "12", 8),
        ),
        (
            "too long",
            with(floats("e", &[1], &[0.0; 2])),
            "\"e\"",
            size(&[1], "4", 8),
        ),
        (
            "no data",
            with(Forge::default().int(1, 1_000_000).int(2, 1).text(8, "e")),
            "\"e\"",
            size(&[1_000_000], "4000000", 0),
        ),
        (
            "dims that overflow",
            with(tensor("e", 1, &overflow, &[])),
            "\"e\"",
            size(&overflow, &i128::MAX.to_string(), 0),
        ),
        (
            "negative dimension",
            with(tensor("e", 1, &[-1], &[0; 4])),
            "\"e\"",
            Lie::NegativeDimension { found: -1 },
        ),
        (
            "too many dimensions",
            with(tensor("e", 1, &[1; 9], &[0; 4])),
            "TensorProto",
            Lie::TooMany {
                kind: "TensorProto",
                field: 1,
                allowed: 8,
            },
        ),
        (
            "texts",
            with(tensor("e", 8, &[1], &[])),
            "\"e\"",
            Lie::StringTensor,
        ),
        (
            "doubles",
            with(tensor("e", 11, &[1], &[0; 8])),
            "\"e\"",
            Lie::ElementType { found: 11 },
        ),
        (
            "bytes",
            with(tensor("e", 3, &[1], &[0])),
            "\"e\"",
            Lie::ElementType { found: 3 },
        ),
        ("two stores", with(both), "\"e\"", Lie::TensorStorage),
        (
            "segment",
            with(floats("e", &[1], &[0.0]).with(3, Forge::default())),
            "\"e\"",
            Lie::Segment,
        ),
        (
            "no name",
            with(floats("", &[1], &[0.0])),
            "\"\"",
            Lie::NoName,
        ),
        (
            "infinite weight",
            broken(107, f32::INFINITY),
            "\"w\"",
            Lie::NotFinite {
                index: 107,
                found: f32::INFINITY,
            },
        ),
        (
            "infinite f16",
            half(0xfc00),
            "\"h\"",
            Lie::NotFinite {
                index: 1,
                found: f32::NEG_INFINITY,
            },
        ),
        (
            "name of an input",
            with(floats("image", &[1], &[0.0])),
            "\"image\"",
            Lie::DuplicateName {
                name: owned("image"),
            },
        ),
        (
            "name twice",
            with(floats("w", &[1], &[0.0])),
            "\"w\"",
            Lie::DuplicateName { name: owned("w") },
        ),
    ]);
    // NaN differs from itself.
    for bytes in [broken(7, f32::NAN), half(0x7e00)] {
        let found = refusal(&bytes, List::Effect).lie;
        assert!(
            matches!(found, Lie::NotFinite { found, .. } if found.is_nan()),
            "{found}"
        );
    }
}
