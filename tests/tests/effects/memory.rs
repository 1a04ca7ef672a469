//! What a render remembers, and what it never reads.

use crate::stage::{
    MASK, Wish, face, failure, negative, noise, open, plugin, render, stage, try_render,
};
use diat_host::{Error, Points, Status};
use diat_image::{Format, Layout, Picture};
use diat_onnx::emit::Builder;
use diat_tests::{Painter, Resources, manifest};
use std::fs;

const SIDE: usize = 64;

fn negative_in(resources: &Resources) {
    resources.add(
        "negative",
        &manifest("negative", SIDE),
        &negative(SIDE, &|_, _| 1.0),
    );
}

fn points() -> Vec<Points> {
    vec![face(SIDE, 30.0, 10.0, [80.0, 70.0]).1]
}

fn input(seed: u64) -> Picture {
    noise(160, 140, Layout::srgb(Format::RgbaU8), seed)
}

#[test]
fn moving_strength_or_show_runs_no_network_and_is_right_all_the_same() {
    let resources = Resources::new();
    negative_in(&resources);
    let plugin = plugin(&resources, 0);
    let mut slider = open(&plugin, "negative", &points());
    let input = input(1);
    render(&mut slider, &input, &Wish::strength(0.3));
    assert!(stage(&mut slider, "network").is_some());
    for wish in [Wish::strength(0.8), Wish::show(MASK), Wish::strength(1.0)] {
        let moved = render(&mut slider, &input, &wish);
        for work in ["warp", "network", "detect", "landmarks"] {
            assert_eq!(
                stage(&mut slider, work),
                None,
                "{work} ran again for {wish:?}"
            );
        }
        assert!(stage(&mut slider, "composite").is_some());
        let report = slider.report().unwrap();
        assert_eq!(report.faces.len(), 1);
        assert_ne!(report.runtime, "", "what ran is still told");
        let fresh = render(&mut open(&plugin, "negative", &points()), &input, &wish);
        assert!(moved == fresh, "{wish:?}");
    }
}

#[test]
fn another_picture_or_other_points_are_looked_at_anew() {
    let resources = Resources::new();
    negative_in(&resources);
    let plugin = plugin(&resources, 0);
    let mut instance = open(&plugin, "negative", &points());
    render(&mut instance, &input(1), &Wish::default());

    let mut pixel = input(1);
    let before = pixel.view().rgba_f32(80, 70);
    pixel
        .view_mut()
        .set_rgba_f32(80, 70, [1.0 - before[0], before[1], before[2], before[3]]);
    let seen = render(&mut instance, &pixel, &Wish::default());
    assert!(
        stage(&mut instance, "network").is_some(),
        "one pixel of the picture"
    );
    assert!(
        seen == render(
            &mut open(&plugin, "negative", &points()),
            &pixel,
            &Wish::default()
        )
    );

    let mut moved = points();
    moved[0][2][0] += 0.01;
    instance.set_points(Some(&moved)).unwrap();
    let seen = render(&mut instance, &pixel, &Wish::default());
    assert!(
        stage(&mut instance, "network").is_some(),
        "a hundredth of a pixel of a point"
    );
    assert!(
        seen == render(
            &mut open(&plugin, "negative", &moved),
            &pixel,
            &Wish::default()
        )
    );
}

#[test]
fn a_parameter_reaches_the_network_and_is_not_remembered_over() {
    let resources = Resources::new();
    let mut net = Builder::new("level");
    let image = net.input("image", &[3, SIDE, SIDE]);
    let level = net.input("level", &[1, 1, 1]);
    let transformed = net.mul("transformed", image, level);
    let mask = crate::stage::drawn(&mut net, image, SIDE, &|_, _| 1.0);
    let network = crate::stage::finish(net, &[transformed, mask]);
    let parameter = r#"
[[parameter]]
id = "level"
label = "Level"
help = "Contrast: 1 leaves the picture as it is."
min = -1.0
max = 1.0
default = 0.25
input = "level"
"#;
    resources.add("level", &(manifest("level", SIDE) + parameter), &network);
    let plugin = plugin(&resources, 0);
    let own = crate::stage::info(&plugin, "level").params.last().unwrap();
    assert_eq!((own.id.as_str(), own.default), ("level", 0.25));
    let mut instance = open(&plugin, "level", &points());
    let input = input(2);
    for (level, anew) in [
        (None, true),
        (Some(0.25), false),
        (Some(0.5), true),
        (Some(9.0), true),
        (Some(1.0), false),
        (None, true),
    ] {
        let wish = Wish {
            extra: level.into_iter().collect(),
            ..Wish::default()
        };
        let out = render(&mut instance, &input, &wish);
        assert_eq!(stage(&mut instance, "network").is_some(), anew, "{level:?}");
        let clamped = level.unwrap_or(0.25).min(1.0);
        assert_eq!(out == input, clamped == 1.0, "{level:?}");
    }
}

#[test]
fn strength_0_is_the_identity_and_reads_no_weights() {
    let resources = Resources::new();
    // Its own network: one that another test has open would be shared, and no file looked for.
    Painter {
        radius: 5.25,
        ..Painter::default()
    }
    .add_to(&resources, "painter");
    fs::remove_file(resources.path().join("models/painter.onnx")).unwrap();
    let plugin = plugin(&resources, 0);
    for format in crate::stage::FORMATS {
        let input = noise(160, 140, Layout::srgb(format), 3);
        // Neither the effect's own weights nor, without points, those of detector and landmarks.
        for points in [points(), Vec::new()] {
            let mut instance = open(&plugin, "painter", &points);
            let (out, status) = try_render(&mut instance, &input, &Wish::strength(0.0)).unwrap();
            assert!(out == input);
            assert_eq!(status, Status::Unchanged);
            assert_eq!(instance.report().unwrap().stages, []);
        }
    }
    let mut instance = open(&plugin, "painter", &points());
    let (status, message) = failure(&mut instance, &input(3), &Wish::strength(0.01));
    assert_eq!(status, Status::Model, "{message}");
    assert!(message.contains("painter.onnx"), "{message}");
}

#[test]
fn with_points_no_detector_and_no_landmark_network_is_needed() {
    let resources = Resources::new();
    let face = "\n[face]\ndetector = \"no-such-detector\"\nlandmarks = \"no-such-network\"\n";
    let manifest = manifest("blind", SIDE) + face;
    resources.add(
        "blind",
        &manifest,
        &Painter {
            side: SIDE,
            ..Painter::default()
        }
        .network(),
    );
    let plugin = plugin(&resources, 0);
    let mut instance = open(&plugin, "blind", &points());
    assert!(render(&mut instance, &input(4), &Wish::default()) != input(4));
    let report = instance.report().unwrap();
    assert_eq!(report.faces[0].points, points()[0]);
    assert_eq!(
        (
            stage(&mut instance, "detect"),
            stage(&mut instance, "landmarks")
        ),
        (None, None)
    );
    instance.set_points(None).unwrap();
    let (status, message) = failure(&mut instance, &input(4), &Wish::default());
    assert_eq!(status, Status::Model, "{message}");
    assert!(message.contains("no-such-detector"), "{message}");
}

#[test]
fn a_render_that_was_cancelled_leaves_nothing_behind() {
    use crate::stage::{pixels, rect};
    use diat_host::{ImageMut, ImageRef, Input, RenderJob};
    let resources = Resources::new();
    negative_in(&resources);
    let plugin = plugin(&resources, 0);
    let input = input(5);
    let fresh = render(
        &mut open(&plugin, "negative", &points()),
        &input,
        &Wish::default(),
    );
    let mut stages = 0;
    for stop_at in 1.. {
        let mut instance = open(&plugin, "negative", &points());
        let mut bytes = vec![0; input.bytes().len()];
        let mut calls = 0;
        let done = instance.render(RenderJob {
            input: Input::Separate(
                ImageRef::packed(input.bytes(), rect(input.rect()), pixels(input.layout()))
                    .unwrap(),
            ),
            output: ImageMut::packed(&mut bytes, rect(input.rect()), pixels(input.layout()))
                .unwrap(),
            roi: rect(input.rect()),
            values: Wish::default().values(),
            time: None,
            progress: Some(&mut |_, _| {
                calls += 1;
                calls < stop_at
            }),
        });
        if done.is_ok() {
            assert!(bytes == fresh.bytes());
            break;
        }
        assert!(
            matches!(
                done,
                Err(Error::Failed {
                    status: Status::Cancelled,
                    ..
                })
            ),
            "{done:?}"
        );
        stages += 1;
        assert!(render(&mut instance, &input, &Wish::default()) == fresh);
    }
    assert!(stages >= 2, "{stages}");
}
