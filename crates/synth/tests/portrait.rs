//! The committed portrait can be made again.

use diat_synth::{Attribute, FaceStyle, Scene, draw};
use std::path::Path;

/// `cargo run --profile ci -p diat-synth --example draw -- --seed 195 --glasses true --mouth-open false tests/data/portrait.png`
#[test]
fn the_committed_portrait_is_what_the_example_draws() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/portrait.png");
    let committed = image::open(path).unwrap().into_rgba8();
    let style = FaceStyle::from_seed(195)
        .with(Attribute::Eyeglasses, true)
        .with(Attribute::MouthSlightlyOpen, false);
    let drawn = draw(&Scene::portrait(style, 640, 800)).unwrap();
    assert_eq!(committed.dimensions(), (640, 800));
    let worst = committed
        .as_raw()
        .iter()
        .zip(drawn.picture.bytes())
        .map(|(a, b)| a.abs_diff(*b))
        .max();
    assert!(worst <= Some(1), "off by {worst:?} of 255");
}
