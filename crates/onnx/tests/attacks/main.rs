//! Files that lie. Each is one change away from a file that passes, and each is refused for that change: at the place
//! where it is, by a message that no other lie has.
#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests")]

mod bombs;
mod files;
mod forge;
mod graphs;
mod mutations;
mod nodes;
mod outside;
mod tensors;

use diat_onnx::{Lie, List, Refusal, gate};
use forge::Model;

/// What is tried, the file, where it must be refused, and why.
type Attack = (&'static str, Vec<u8>, &'static str, Lie);

fn refusal(bytes: &[u8], list: List) -> Refusal {
    gate(bytes, list).map_or_else(|refusal| refusal, |graph| panic!("let through: {graph:?}"))
}

fn check(attacks: Vec<Attack>) {
    let mut messages = std::collections::BTreeSet::new();
    for (name, bytes, place, lie) in attacks {
        let found = refusal(&bytes, List::Effect);
        assert_eq!(found.lie, lie, "{name}: {found}");
        assert!(found.place.contains(place), "{name}: {found}");
        assert!(
            messages.insert(found.to_string()),
            "{name}: not its own message: {found}"
        );
    }
}

fn owned(text: &str) -> String {
    text.to_owned()
}

#[test]
fn the_unchanged_file_passes() {
    let graph = gate(&Model::default().file(), List::Effect).unwrap();
    assert_eq!(
        (graph.nodes, graph.weights_bytes, graph.multiply_adds),
        (2, 432, 27 * 4 * 64)
    );
    assert_eq!(graph.operators, ["Conv", "Relu"]);
}
