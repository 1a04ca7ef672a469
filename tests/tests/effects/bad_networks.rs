//! Networks that answer nonsense, pictures that are no numbers, and weights that change under the plug-in's hands.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use diat_host::{Points, Status};
use diat_image::{Format, Layout, Picture};
use diat_onnx::emit::{Builder, Value};
use diat_tests::{Painter, Resources, manifest};

use crate::stage::{
    Wish, drawn, face, failure, finish, negative, noise, open, plugin, render, try_render,
};

const SIDE: usize = 64;
const MIDDLE: (i32, i32) = (100, 95);

fn points() -> [Points; 1] {
    [face(SIDE, 40.0, 9.0, [100.0, 95.0]).1]
}

fn input(format: Format, seed: u64) -> Picture {
    noise(200, 190, Layout::srgb(format), seed)
}

/// Not a number wherever the picture's colour is above black: infinity less infinity.
fn no_number(net: &mut Builder, image: Value, like: Value) -> Value {
    let huge = net.constant("huge", &[1], &[3e38]);
    let much = net.mul("much", image, huge);
    let infinite = net.mul("infinite", much, huge);
    let nothing = net.sub("nothing", infinite, infinite);
    let weights = net.weights("three.weights", &[1, 3, 1, 1], &[1.0; 3]);
    let grey = net.conv("three", nothing, weights, None, Default::default());
    net.add("no-number", like, grey)
}

#[test]
fn no_number_of_a_network_reaches_a_pixel() {
    let resources = Resources::new();
    for id in ["transformed", "mask"] {
        let mut net = Builder::new(id);
        let image = net.input("image", &[3, SIDE, SIDE]);
        let mask = drawn(&mut net, image, SIDE, &|_, _| 1.0);
        let zero = net.constant("zero", &[1], &[0.0]);
        let network = if id == "mask" {
            let transformed = net.add("transformed", image, zero);
            let broken = no_number(&mut net, image, mask);
            finish(net, &[transformed, broken])
        } else {
            let broken = no_number(&mut net, image, image);
            finish(net, &[broken, mask])
        };
        let text = manifest(id, SIDE);
        let text = match id {
            "mask" => text.replace("mask = \"mask\"", "mask = \"no-number\""),
            _ => text.replace(
                "transformed = \"transformed\"",
                "transformed = \"no-number\"",
            ),
        };
        resources.add(id, &text, &network);
    }
    let plugin = plugin(&resources, 0);
    for id in ["transformed", "mask"] {
        for format in crate::stage::FORMATS {
            let mut instance = open(&plugin, id, &points());
            let (status, message) = failure(&mut instance, &input(format, 1), &Wish::default());
            // Another device may know better, so that it is not the model that is refused.
            assert_eq!(status, Status::Backend, "{message}");
            for part in [id, "no-number", "NaN"] {
                assert!(message.contains(part), "{part:?} is not in {message:?}");
            }
        }
    }
}

#[test]
fn pixels_that_are_no_numbers_stay_what_they_are_and_spoil_no_others() {
    let resources = Resources::new();
    let all = |_, _| 1.0;
    resources.add(
        "negative",
        &manifest("negative", SIDE),
        &negative(SIDE, &all),
    );
    let plugin = plugin(&resources, 0);
    let bad = [
        (MIDDLE, [f32::NAN, 0.5, f32::INFINITY, 1.0]),
        (
            (MIDDLE.0 + 9, MIDDLE.1),
            [f32::NEG_INFINITY, f32::NAN, 0.1, f32::NAN],
        ),
        ((2, 3), [f32::NAN; 4]),
    ];
    for alpha in [
        diat_image::Alpha::Straight,
        diat_image::Alpha::Premultiplied,
    ] {
        let layout = Layout {
            alpha,
            ..Layout::srgb(Format::RgbaF32)
        };
        let mut picture = noise(200, 190, layout, 3);
        for ((x, y), pixel) in bad {
            picture.view_mut().set_rgba_f32(x, y, pixel);
        }
        let mut instance = open(&plugin, "negative", &points());
        let (out, status) = try_render(&mut instance, &picture, &Wish::default()).unwrap();
        assert_eq!(status, Status::Ok);
        for (x, y) in (0..190).flat_map(|y| (0..200).map(move |x| (x, y))) {
            let is_bad = bad.iter().any(|(place, _)| *place == (x, y));
            let found = out.view().rgba_f32(x, y);
            let is_finite = found.iter().all(|sample| sample.is_finite());
            assert!(is_bad || is_finite, "({x}, {y}): {found:?}");
        }
        let far = |picture: &Picture| picture.view().rgba_f32(2, 3).map(f32::to_bits);
        assert_eq!(far(&out), far(&picture), "outside the mask");
    }
}

#[test]
fn the_bytes_that_were_checked_are_the_bytes_that_run_however_the_file_changes() {
    let resources = Resources::new();
    let models = resources.path().join("models");
    let red = Painter {
        colour: [1.0, 0.0, 0.0],
        centre: [32.0, 32.0],
        ..Painter::default()
    };
    let ids: Vec<_> = (0..24).map(|index| format!("painter-{index}")).collect();
    for (index, id) in ids.iter().enumerate() {
        // Each its own: a network that is open already is not read again.
        let blue = Painter {
            colour: [0.0, 0.0, 1.0],
            radius: 6.0 + 0.01 * index as f64,
            ..red
        };
        blue.add_to(&resources, id);
    }
    let plugin = plugin(&resources, 0);
    let middle = |picture: &Picture| picture.view().rgba_f32(MIDDLE.0, MIDDLE.1);
    let blue = [0.0, 0.0, 1.0];
    for id in &ids {
        let file = models.join(format!("{id}.onnx"));
        let good = fs::read(&file).unwrap();
        let put = |bytes: &[u8]| {
            fs::write(models.join("next"), bytes).unwrap();
            fs::rename(models.join("next"), &file).unwrap();
        };
        let opened = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // Of the same size, so that only the digest tells.
                let other = red.network();
                assert_eq!(other.len(), good.len());
                for _ in 0..200 {
                    put(&other);
                    put(&good);
                    if opened.load(Ordering::SeqCst) {
                        break;
                    }
                }
            });
            let mut instance = open(&plugin, id, &points());
            let seen = loop {
                match try_render(&mut instance, &input(Format::RgbaU8, 1), &Wish::default()) {
                    Ok((picture, _)) => break picture,
                    Err(error) => {
                        let text = error.to_string();
                        assert!(text.contains(&format!("{id}.onnx")), "{text}");
                    }
                }
            };
            opened.store(true, Ordering::SeqCst);
            assert_eq!(middle(&seen)[..3], blue, "{id}");
        });
        // Once it is open the file does not count.
        put(&red.network());
        let mut instance = open(&plugin, id, &points());
        let seen = render(&mut instance, &input(Format::RgbaU8, 2), &Wish::default());
        assert_eq!(middle(&seen)[..3], blue, "{id}");
    }
}
