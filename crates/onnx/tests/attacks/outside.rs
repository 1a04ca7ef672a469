//! Data that is not in the file.

use diat_onnx::{Lie, List};

use crate::forge::*;
use crate::{check, refusal};

/// A sub-graph with one initialiser.
fn hiding(tensor: Forge) -> Forge {
    Forge::default().with(5, tensor)
}

fn with_attribute(attribute: Forge) -> Vec<u8> {
    changed(|model| model.nodes[1] = node("Relu", &["y"], "out").with(5, attribute))
}

#[test]
fn refuses_data_outside_the_file_wherever_it_hides() {
    let attribute = |field, value| Forge::default().text(1, "a").with(field, value);
    let constant = node("Constant", &[], "c").with(5, attribute(5, external("e", "/etc/passwd")));
    let places: Vec<(&str, Vec<u8>)> = vec![
        (
            "initialiser",
            changed(|m| m.initialisers.push(external("e", "weights.bin"))),
        ),
        (
            "path upwards",
            changed(|m| m.initialisers.push(external("e", "../../etc/passwd"))),
        ),
        ("sparse values", {
            let sparse = Forge::default().with(1, external("e", "x"));
            changed(|m| m.graph_tail = Forge::default().with(15, sparse))
        }),
        ("sparse indices", {
            let sparse = Forge::default().with(2, external("e", "x"));
            changed(|m| m.graph_tail = Forge::default().with(15, sparse))
        }),
        (
            "Constant attribute",
            changed(|m| m.nodes.insert(0, constant)),
        ),
        (
            "list of tensors",
            with_attribute(attribute(10, external("e", "x"))),
        ),
        ("sparse attribute", {
            with_attribute(attribute(22, Forge::default().with(1, external("e", "x"))))
        }),
        (
            "sub-graph",
            with_attribute(attribute(6, hiding(external("e", "x")))),
        ),
        (
            "list of sub-graphs",
            with_attribute(attribute(11, hiding(external("e", "x")))),
        ),
        ("sub-graph of a sub-graph", {
            let inner = attribute(6, hiding(external("e", "x")));
            let outer = Forge::default().with(1, node("If", &["c"], "o").with(5, inner));
            with_attribute(attribute(6, outer))
        }),
        ("function", {
            let body = node("Constant", &[], "c").with(5, attribute(5, external("e", "x")));
            changed(|m| m.tail = Forge::default().with(25, Forge::default().with(7, body)))
        }),
        ("default of a function's attribute", {
            let function = Forge::default().with(11, attribute(5, external("e", "x")));
            changed(|m| m.tail = Forge::default().with(25, function))
        }),
        ("training_info", {
            let training = Forge::default().with(2, hiding(external("e", "x")));
            changed(|m| m.tail = Forge::default().with(20, training))
        }),
        ("training_info's initialisation", {
            let training = Forge::default().with(1, hiding(external("e", "x")));
            changed(|m| m.tail = Forge::default().with(20, training))
        }),
    ];
    for (place, bytes) in places {
        let found = refusal(&bytes, List::Effect);
        assert_eq!(found.lie, Lie::ExternalData, "{place}: {found}");
        assert_eq!(found.place, "tensor \"e\"", "{place}");
    }
}

#[test]
fn refuses_pointers_and_locations() {
    let marker = external("e", "*/_ORT_MEM_ADDR_/*");
    let moved = |location| floats("e", &[1], &[0.0]).int(14, location);
    check(vec![
        (
            "memory",
            changed(|m| m.initialisers.push(marker)),
            "tensor \"e\"",
            Lie::MemoryAddress,
        ),
        (
            "location without entries",
            changed(|m| m.initialisers.push(moved(1))),
            "tensor \"e\"",
            Lie::DataLocation { found: 1 },
        ),
        (
            "location that a 32-bit reader takes for 1",
            changed(|m| m.initialisers.push(moved(0x1_0000_0001))),
            "tensor \"e\"",
            Lie::DataLocation {
                found: 0x1_0000_0001,
            },
        ),
    ]);
}
