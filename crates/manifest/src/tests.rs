//! Promises of the whole crate, from text to manifest. `tests/good/` holds a manifest of each kind with every key it may have.

mod bombs;
mod digests;
mod faults;
mod good;
mod scan;
mod shipped;
mod twins;

use std::path::Path;

use crate::{Fault, Manifest};

const GOOD: [(&str, &str); 6] = [
    (
        "full-effect",
        include_str!("../tests/good/full-effect.toml"),
    ),
    (
        "full-enhance",
        include_str!("../tests/good/full-enhance.toml"),
    ),
    ("full-judge", include_str!("../tests/good/full-judge.toml")),
    (
        "full-landmarks",
        include_str!("../tests/good/full-landmarks.toml"),
    ),
    ("full-seeta", include_str!("../tests/good/full-seeta.toml")),
    ("full-yunet", include_str!("../tests/good/full-yunet.toml")),
];

fn text(id: &str) -> &'static str {
    GOOD.iter().find(|(good, _)| *good == id).unwrap().1
}

fn parse(id: &str, text: &str) -> Result<Manifest, Vec<Fault>> {
    Manifest::parse(text, Path::new(&format!("manifests/{id}.toml")))
}

fn good(id: &str) -> Manifest {
    parse(id, text(id)).unwrap()
}

/// Line, from 1, of the first line that begins so.
fn line_of(text: &str, start: &str) -> u32 {
    let line = text.lines().position(|line| line.starts_with(start));
    u32::try_from(line.unwrap_or_else(|| panic!("no line begins with {start}")) + 1).unwrap()
}
