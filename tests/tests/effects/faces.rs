//! Which faces are edited: none, found ones, given ones, chosen ones.

use crate::stage::{
    DIFFERENCE, FORMATS, MASK, TRANSFORMED, Wish, face, failure, noise, open, picture, plugin,
    render, stage, try_render,
};
use diat_host::{FaceCode, Points, Status};
use diat_image::{Format, Layout, Picture};
use diat_synth::{FaceStyle, Scene, draw};
use diat_tests::{Painter, Resources, manifest};

/// The painter with other limits.
fn painter_with(resources: &Resources, id: &str, from: &str, to: &str) {
    let text = manifest(id, 64);
    assert!(text.contains(from), "{from}");
    resources.add(id, &text.replace(from, to), &Painter::default().network());
}

fn portrait(seed: u64) -> Picture {
    draw(&Scene::portrait(FaceStyle::from_seed(seed), 320, 400))
        .unwrap()
        .picture
}

#[test]
fn a_picture_without_a_face_comes_back_as_it_was() {
    let resources = Resources::new();
    Painter::default().add_to(&resources, "painter");
    let plugin = plugin(&resources, 0);
    for format in FORMATS {
        let layout = Layout::srgb(format);
        let input = noise(200, 150, layout, 1);
        let mut instance = open(&plugin, "painter", &[]);
        let (out, status) = try_render(&mut instance, &input, &Wish::default()).unwrap();
        assert!(out == input);
        assert_eq!(status, Status::Unchanged);
        assert_eq!(instance.report().unwrap().faces, []);
        assert_eq!(stage(&mut instance, "network"), None);
        let (out, status) = try_render(&mut instance, &input, &Wish::show(TRANSFORMED)).unwrap();
        assert!(out == input && status == Status::Unchanged);
        for (show, value) in [(MASK, 0.0), (DIFFERENCE, 0.5)] {
            let want = picture(200, 150, layout, |x, y| {
                [value, value, value, input.view().rgba_f32(x, y)[3]]
            });
            assert!(
                render(&mut instance, &input, &Wish::show(show)) == want,
                "{format:?} {show}"
            );
        }
    }
}

#[test]
fn a_drawn_face_is_found_and_edited_and_found_once_for_all_effects() {
    let resources = Resources::new();
    Painter::default().add_to(&resources, "painter");
    Painter {
        colour: [1.0, 0.0, 0.0],
        ..Painter::default()
    }
    .add_to(&resources, "reddener");
    let plugin = plugin(&resources, 0);
    let input = portrait(7);
    let mut first = open(&plugin, "painter", &[]);
    let out = render(&mut first, &input, &Wish::default());
    assert!(out != input);
    assert!(stage(&mut first, "detect").is_some() && stage(&mut first, "landmarks").is_some());
    let report = first.report().unwrap();
    assert_eq!(
        report
            .faces
            .iter()
            .map(|face| face.code)
            .collect::<Vec<_>>(),
        [FaceCode::Edited]
    );

    let mut second = open(&plugin, "reddener", &[]);
    render(&mut second, &input, &Wish::default());
    assert_eq!(
        (
            stage(&mut second, "detect"),
            stage(&mut second, "landmarks")
        ),
        (None, None)
    );
    assert!(stage(&mut second, "network").is_some());
    assert_eq!(
        second.report().unwrap().faces[0].points,
        report.faces[0].points
    );

    // The points it found, given, are the same edit.
    let mut given = open(&plugin, "painter", &[report.faces[0].points]);
    assert!(render(&mut given, &input, &Wish::default()) == out);
}

#[test]
fn a_face_beyond_the_manifests_limits_is_reported_with_its_code_and_left_alone() {
    let resources = Resources::new();
    let certain = ("lowest-confidence = 0.0", "lowest-confidence = 1.0");
    painter_with(&resources, "certain-only", certain.0, certain.1);
    let large = (
        "smallest-eye-distance = 2.0",
        "smallest-eye-distance = 150.0",
    );
    painter_with(&resources, "large-only", large.0, large.1);
    let plugin = plugin(&resources, 0);
    let input = portrait(7);
    for (id, code) in [
        ("certain-only", FaceCode::LowConfidence),
        ("large-only", FaceCode::TooSmall),
    ] {
        let mut instance = open(&plugin, id, &[]);
        let (out, status) = try_render(&mut instance, &input, &Wish::default()).unwrap();
        assert!(out == input && status == Status::Unchanged, "{id}");
        // A detector need not even find what is too small.
        let faces = instance.report().unwrap().faces;
        assert!(code == FaceCode::TooSmall || faces.len() == 1, "{id}");
        assert!(
            faces.iter().all(|face| face.code == code),
            "{id}: {faces:?}"
        );
        assert_eq!(stage(&mut instance, "network"), None, "{id}");
    }
}

/// A portrait whose image-left half is drawn out and whose other half is pressed together, around the middle of the face: to
/// the eye, and by its points, a head that is turned by about 14 degrees.
fn turned(seed: u64) -> Picture {
    let straight = portrait(seed);
    let middle = 160.0;
    picture(320, 400, straight.layout(), |x, y| {
        let off = f64::from(x) + 0.5 - middle;
        let from = middle + off / if off < 0.0 { 1.3 } else { 0.7 };
        straight.view().rgba_f32(from.floor() as i32, y)
    })
}

#[test]
fn a_face_turned_further_than_the_manifest_allows_is_left_alone() {
    let resources = Resources::new();
    let frontal = ("largest-yaw = 80.0", "largest-yaw = 7.0");
    painter_with(&resources, "frontal-only", frontal.0, frontal.1);
    Painter::default().add_to(&resources, "painter");
    let plugin = plugin(&resources, 0);
    for (input, code) in [
        (portrait(7), FaceCode::Edited),
        (turned(7), FaceCode::Turned),
    ] {
        let mut instance = open(&plugin, "frontal-only", &[]);
        let out = render(&mut instance, &input, &Wish::default());
        let faces = instance.report().unwrap().faces;
        assert_eq!(
            faces.iter().map(|face| face.code).collect::<Vec<_>>(),
            [code]
        );
        assert_eq!(out != input, code == FaceCode::Edited);
        // It is the limit of this manifest and nothing else that keeps the turned face off.
        assert!(render(&mut open(&plugin, "painter", &[]), &input, &Wish::default()) != input);
    }
}

fn three() -> [Points; 3] {
    [
        ([60.0, 60.0], 20.0),
        ([190.0, 70.0], 34.0),
        ([310.0, 90.0], 26.0),
    ]
    .map(|(middle, eyes)| face(64, eyes, 5.0, middle).1)
}

#[test]
fn the_host_chooses_all_the_largest_or_the_nearest() {
    let resources = Resources::new();
    Painter::default().add_to(&resources, "painter");
    let plugin = plugin(&resources, 0);
    let input = noise(380, 180, Layout::srgb(Format::RgbaU8), 2);
    let all = Wish::default();
    let largest = Wish {
        faces: 1.0,
        ..Wish::default()
    };
    let nearest = |x: f64, y: f64| Wish {
        faces: 2.0,
        at: [x / 380.0, y / 180.0],
        ..Wish::default()
    };
    for (wish, chosen) in [
        (all, &[0, 1, 2][..]),
        (largest, &[1]),
        (nearest(40.0, 170.0), &[0]),
        (nearest(320.0, 10.0), &[2]),
    ] {
        let mut instance = open(&plugin, "painter", &three());
        let out = render(&mut instance, &input, &wish);
        let codes: Vec<_> = instance
            .report()
            .unwrap()
            .faces
            .iter()
            .map(|face| face.code)
            .collect();
        let want: Vec<_> = (0..3)
            .map(|i| {
                if chosen.contains(&i) {
                    FaceCode::Edited
                } else {
                    FaceCode::NotChosen
                }
            })
            .collect();
        assert_eq!(codes, want);
        let points: Vec<Points> = chosen.iter().map(|&i| three()[i]).collect();
        assert!(
            render(
                &mut open(&plugin, "painter", &points),
                &input,
                &Wish::default()
            ) == out
        );
    }
}

#[test]
fn where_faces_overlap_the_larger_m_wins() {
    let resources = Resources::new();
    // Under the window alone, m differs from pixel to pixel and from face to face.
    let network = crate::stage::negative(64, &|_, _| 1.0);
    resources.add("negative", &manifest("negative", 64), &network);
    let plugin = plugin(&resources, 0);
    let input = noise(260, 200, Layout::srgb(Format::RgbaF32), 3);
    let one = face(64, 30.0, 25.0, [100.0, 90.0]).1;
    let other = face(64, 38.0, -12.0, [150.0, 110.0]).1;
    let shown = |points: &[Points], show: f64| {
        render(
            &mut open(&plugin, "negative", points),
            &input,
            &Wish::show(show),
        )
    };
    let (mask_one, mask_other) = (shown(&[one], MASK), shown(&[other], MASK));
    let (out_one, out_other) = (shown(&[one], 0.0), shown(&[other], 0.0));
    let (mask, out) = (shown(&[one, other], MASK), shown(&[one, other], 0.0));
    let mut both = 0;
    for (x, y) in (0..200).flat_map(|y| (0..260).map(move |x| (x, y))) {
        let at = |picture: &Picture| picture.view().rgba_f32(x, y);
        let (m, n) = (at(&mask_one)[0], at(&mask_other)[0]);
        both += usize::from(m > 0.0 && n > 0.0 && m != n);
        assert_eq!(at(&mask)[0], m.max(n), "({x}, {y})");
        assert_eq!(
            at(&out),
            at(if m >= n { &out_one } else { &out_other }),
            "({x}, {y})"
        );
    }
    assert!(both > 1000, "{both}");
}

#[test]
fn points_that_are_no_face_are_refused_and_name_the_face() {
    let resources = Resources::new();
    Painter::default().add_to(&resources, "painter");
    let plugin = plugin(&resources, 0);
    let input = noise(100, 80, Layout::srgb(Format::RgbaU8), 4);
    let good = three()[0];
    for bad in [[[30.0, 30.0]; 5], good.map(|[x, y]| [x * 1e6, y * 1e6])] {
        let mut instance = open(&plugin, "painter", &[good, bad]);
        let (status, message) = failure(&mut instance, &input, &Wish::default());
        assert_eq!(status, Status::Argument, "{message}");
        assert!(message.contains("face 1"), "{message}");
    }
}
