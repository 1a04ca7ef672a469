//! What a manifest alone decides: ranges, order of channels, meaning of the mask, the kind, the judge.

use crate::stage::{
    MASK, Wish, drawn, face, failure, finish, negative, noise, open, picture, plugin, render,
    stage, try_render,
};
use diat_host::{FaceCode, Points, Status};
use diat_image::{Format, Layout, Picture, Similarity};
use diat_onnx::emit::{Builder, Value};
use diat_tests::{Painter, Resources, manifest};

const SIDE: usize = 64;
const MIDDLE: (i32, i32) = (100, 95);

fn one_face() -> (Similarity, Points) {
    face(SIDE, 40.0, 9.0, [100.0, 95.0])
}

fn input() -> Picture {
    // Smooth, so that a crop and its way back lose nothing.
    picture(200, 190, Layout::srgb(Format::RgbaF32), |x, y| {
        [
            0.2 + 0.002 * x as f32,
            0.7 - 0.002 * y as f32,
            0.3 + 0.001 * y as f32,
            1.0,
        ]
    })
}

/// A network of one expression, with a mask that is 1 everywhere.
fn network(make: impl FnOnce(&mut Builder, Value) -> Value) -> Vec<u8> {
    let mut net = Builder::new("expression");
    let image = net.input("image", &[3, SIDE, SIDE]);
    let transformed = make(&mut net, image);
    let mask = drawn(&mut net, image, SIDE, &|_, _| 1.0);
    finish(net, &[transformed, mask])
}

fn replaced(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?} is not in the manifest");
        text.replace(from, to)
    })
}

fn assert_near(found: [f32; 4], wanted: [f32; 3], what: &str) {
    for c in 0..3 {
        assert!(
            (found[c] - wanted[c]).abs() < 2e-3,
            "{what}: {found:?}, wanted {wanted:?}"
        );
    }
}

#[test]
fn the_network_gets_and_gives_the_range_and_order_that_the_manifest_says() {
    let resources = Resources::new();
    let at = |picture: &Picture| picture.view().rgba_f32(MIDDLE.0, MIDDLE.1);
    // The network halves its first channel's distance from black, by the range that it believes in.
    let halve = |scale: [f32; 3], shift: [f32; 3]| {
        network(|net, image| {
            let scale = net.constant("scale", &[1, 3, 1, 1], &scale);
            let shift = net.constant("shift", &[1, 3, 1, 1], &shift);
            let scaled = net.mul("scaled", image, scale);
            net.add("transformed", scaled, shift)
        })
    };
    let ranges = |from: &str, to: &str| {
        [
            ("colour = \"rgb\"\nrange = [-1.0, 1.0]", from.to_owned()),
            ("mask = \"mask\"\nrange = [-1.0, 1.0]", to.to_owned()),
        ]
    };
    let cases = [
        // −1..1 both ways: v/2 − 1/2.
        (
            "plain",
            "rgb",
            "[-1.0, 1.0]",
            "[-1.0, 1.0]",
            halve([0.5, 1.0, 1.0], [-0.5, 0.0, 0.0]),
        ),
        // 0..255 in, 0..1 out.
        (
            "bytes",
            "rgb",
            "[0.0, 255.0]",
            "[0.0, 1.0]",
            halve([0.5 / 255.0, 1.0 / 255.0, 1.0 / 255.0], [0.0; 3]),
        ),
        // Blue first: it is blue that is halved.
        (
            "blue-first",
            "bgr",
            "[0.0, 1.0]",
            "[0.0, 1.0]",
            halve([0.5, 1.0, 1.0], [0.0; 3]),
        ),
    ];
    for (id, order, before, after, network) in &cases {
        let changes = ranges(
            &format!("colour = \"{order}\"\nrange = {before}"),
            &format!("mask = \"mask\"\nrange = {after}"),
        );
        let changes = changes.each_ref().map(|(from, to)| (*from, to.as_str()));
        resources.add(id, &replaced(&manifest(id, SIDE), &changes), network);
    }
    let plugin = plugin(&resources, 0);
    let input = input();
    let [r, g, b, _] = at(&input);
    for (id, wanted) in [
        ("plain", [r / 2.0, g, b]),
        ("bytes", [r / 2.0, g, b]),
        ("blue-first", [r, g, b / 2.0]),
    ] {
        let out = render(
            &mut open(&plugin, id, &[one_face().1]),
            &input,
            &Wish::default(),
        );
        assert_near(at(&out), wanted, id);
    }
}

#[test]
fn a_picture_beyond_the_range_is_clamped_before_it_is_used() {
    let resources = Resources::new();
    let bright = network(|net, image| {
        let three = net.constant("three", &[1], &[3.0]);
        let scaled = net.mul("scaled", image, three);
        net.add("transformed", scaled, three)
    });
    resources.add("bright", &manifest("bright", SIDE), &bright);
    let plugin = plugin(&resources, 0);
    let out = render(
        &mut open(&plugin, "bright", &[one_face().1]),
        &input(),
        &Wish::default(),
    );
    // Floats would show what is beyond white.
    assert_near(out.view().rgba_f32(MIDDLE.0, MIDDLE.1), [1.0; 3], "white");
}

#[test]
fn a_mask_that_keeps_is_the_reverse_of_one_that_changes() {
    let resources = Resources::new();
    let disc = |x: usize, y: usize| f32::from((x as f32 - 31.5).hypot(y as f32 - 31.5) < 12.0);
    resources.add("change", &manifest("change", SIDE), &negative(SIDE, &disc));
    let keep = replaced(
        &manifest("keep", SIDE),
        &[("meaning = \"change\"", "meaning = \"keep\"")],
    );
    resources.add("keep", &keep, &negative(SIDE, &|x, y| 1.0 - disc(x, y)));
    let plugin = plugin(&resources, 0);
    let input = noise(200, 190, Layout::srgb(Format::RgbaU8), 1);
    let [change, keep] = ["change", "keep"].map(|id| {
        render(
            &mut open(&plugin, id, &[one_face().1]),
            &input,
            &Wish::default(),
        )
    });
    assert!(change == keep && change != input);
}

#[test]
fn an_enhancer_replaces_all_detail_inside_the_window() {
    let resources = Resources::new();
    let mut net = Builder::new("grey");
    let image = net.input("image", &[3, SIDE, SIDE]);
    let zero = net.constant("zero", &[1], &[0.0]);
    let colour = net.constant("colour", &[1, 3, 1, 1], &[0.5, 0.0, -0.5]);
    let black = net.mul("black", image, zero);
    let transformed = net.add("transformed", black, colour);
    let network = finish(net, &[transformed]);
    let text = replaced(
        &manifest("enhance", SIDE),
        &[
            ("kind = \"effect\"", "kind = \"enhance\""),
            ("mask = \"mask\"\n", ""),
            ("[mask]\nmeaning = \"change\"\n", ""),
            ("rule = \"gated-difference\"", "rule = \"replace\""),
            ("gate = { sigma = 1.0, a = 0.0235294, b = 0.0784314 }\n", ""),
        ],
    );
    resources.add("enhance", &text, &network);
    let plugin = plugin(&resources, 0);
    let input = noise(200, 190, Layout::srgb(Format::RgbaF32), 2);
    let mut instance = open(&plugin, "enhance", &[one_face().1]);
    let out = render(&mut instance, &input, &Wish::default());
    let mask = render(&mut instance, &input, &Wish::show(MASK));
    let mut whole = 0;
    for (x, y) in (0..190).flat_map(|y| (0..200).map(move |x| (x, y))) {
        let [before, after, m] = [&input, &out, &mask].map(|p| p.view().rgba_f32(x, y));
        whole += usize::from(m[0] == 1.0);
        for (c, t) in [0.75, 0.5, 0.25].into_iter().enumerate() {
            let want = before[c] + m[0] * (t - before[c]);
            assert!(
                (after[c] - want).abs() < 1e-5,
                "({x}, {y}): {after:?}, wanted {want}"
            );
        }
    }
    assert!(whole > 5_000, "{whole}");
}

/// A judge of brightness: the mean of red, green and blue, 0..1, through a steep sigmoid around a half.
pub(crate) fn judge(resources: &Resources, id: &str) {
    let mut net = Builder::new("brightness");
    let image = net.input("image", &[3, 32, 32]);
    let mean = net.global_average_pool("mean", image);
    let flat = net.flatten("flat", mean);
    let weights = net.weights("weights", &[1, 3], &[2.0; 3]);
    let sum = net.gemm("sum", flat, weights, None);
    let score = net.sigmoid("score", sum);
    let network = finish(net, &[score]);
    let half = |text: String| {
        // The same template in a crop of half the side.
        text.lines()
            .map(|line| match line.split_once(" = [") {
                Some((key, pair)) if key.contains('-') || key == "nose" => {
                    let pair = pair.trim_end_matches(']').split(", ");
                    let pair: Vec<f64> = pair
                        .map(|number| number.parse::<f64>().unwrap() / 2.0)
                        .collect();
                    format!("{key} = [{:?}, {:?}]\n", pair[0], pair[1])
                }
                _ => format!("{line}\n"),
            })
            .collect::<String>()
    };
    let text = half(manifest(id, SIDE));
    let cut = |text: &str, from: &str, to: &str| {
        let (start, end) = (text.find(from).unwrap(), text.find(to).unwrap());
        format!("{}{}", &text[..start], &text[end..])
    };
    let text = cut(&text, "[mask]", "[provenance]");
    let text = replaced(
        &text,
        &[
            ("kind = \"effect\"", "kind = \"judge\""),
            ("width = 64\nheight = 64", "width = 32\nheight = 32"),
            (
                "transformed = \"transformed\"\nmask = \"mask\"\nrange = [-1.0, 1.0]",
                "score = \"score\"",
            ),
        ],
    );
    resources.add(id, &text, &network);
}

#[test]
fn a_judge_tells_what_there_is_to_do_and_what_was_done() {
    let resources = Resources::new();
    judge(&resources, "brightness");
    let black = Painter {
        colour: [0.0; 3],
        centre: [32.0, 32.0],
        radius: 25.0,
        ..Painter::default()
    };
    let text = manifest("blacken", SIDE) + "\n[judge]\nid = \"brightness\"\nrange = [0.5, 1.0]\n";
    resources.add("blacken", &text, &black.network());
    let plugin = plugin(&resources, 0);
    let plain = |grey: f32| {
        picture(200, 190, Layout::srgb(Format::RgbaU8), |_, _| {
            [grey, grey, grey, 1.0]
        })
    };
    let sigmoid = |grey: f64| 1.0 / (1.0 + (-6.0 * (2.0 * grey - 1.0)).exp());

    let mut instance = open(&plugin, "blacken", &[one_face().1]);
    let bright = plain(0.8);
    assert!(render(&mut instance, &bright, &Wish::strength(0.5)) != bright);
    let face = &instance.report().unwrap().faces[0];
    assert_eq!(face.code, FaceCode::Edited);
    let before = face.score_before.unwrap();
    assert!((before - sigmoid(0.8)).abs() < 1e-3, "{before}");
    // Full strength: a black disc of radius 25 in a crop of side 64 leaves a good half of the light; half strength would leave more.
    let share = 1.0 - std::f64::consts::PI * 25.0 * 25.0 / (64.0 * 64.0);
    let after = face.score_after.unwrap();
    assert!(
        (after - sigmoid(0.8 * share)).abs() < 0.02,
        "{after}, wanted {}",
        sigmoid(0.8 * share)
    );

    let dark = plain(0.3);
    let (out, status) = try_render(&mut instance, &dark, &Wish::default()).unwrap();
    assert!(out == dark && status == Status::Unchanged);
    let face = &instance.report().unwrap().faces[0];
    assert_eq!((face.code, face.score_after), (FaceCode::NothingToDo, None));
    assert!((face.score_before.unwrap() - sigmoid(0.3)).abs() < 2e-3);
    assert_eq!(stage(&mut instance, "network"), None, "ran for nothing");
}

#[test]
fn a_judge_that_is_not_there_is_named() {
    let resources = Resources::new();
    let text = manifest("lonely", SIDE) + "\n[judge]\nid = \"nobody\"\nrange = [0.5, 1.0]\n";
    resources.add("lonely", &text, &Painter::default().network());
    let plugin = plugin(&resources, 0);
    let mut instance = open(&plugin, "lonely", &[one_face().1]);
    let (status, message) = failure(&mut instance, &input(), &Wish::default());
    assert_eq!(status, Status::Model, "{message}");
    assert!(
        message.contains("nobody") && message.contains("lonely.toml"),
        "{message}"
    );
}

#[test]
fn a_network_whose_answer_is_no_number_fails_and_says_which() {
    let resources = Resources::new();
    let overflow = network(|net, image| {
        let huge = net.constant("huge", &[1], &[3e38]);
        let much = net.mul("much", image, huge);
        net.mul("transformed", much, huge)
    });
    resources.add("overflow", &manifest("overflow", SIDE), &overflow);
    let plugin = plugin(&resources, 0);
    let mut instance = open(&plugin, "overflow", &[one_face().1]);
    let (status, message) = failure(&mut instance, &input(), &Wish::default());
    assert_eq!(status, Status::Backend, "{message}");
    assert!(
        message.contains("overflow") && message.contains("transformed"),
        "{message}"
    );
}

#[test]
fn weights_that_are_not_those_of_the_manifest_do_not_run() {
    let resources = Resources::new();
    // A network of its own: one that another test has open would be shared, and no file looked at.
    let own = Painter {
        radius: 5.75,
        ..Painter::default()
    };
    own.add_to(&resources, "painter");
    let mut other = Painter::default().network();
    let plugin = plugin(&resources, 0);
    let mut instance = open(&plugin, "painter", &[one_face().1]);
    for _ in 0..2 {
        resources.write("models/painter.onnx", &other);
        let (status, message) = failure(&mut instance, &input(), &Wish::default());
        assert_eq!(status, Status::Model, "{message}");
        assert!(message.contains("painter.onnx"), "{message}");
        other.truncate(100);
    }
    // Put right, the same instance works.
    resources.write("models/painter.onnx", &own.network());
    assert!(render(&mut instance, &input(), &Wish::default()) != input());
}
