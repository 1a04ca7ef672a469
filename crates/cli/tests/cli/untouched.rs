//! Pictures in which there is nothing to do.

use image::DynamicImage;

use crate::support::{User, encode, exif, icc, picture};

#[test]
fn a_picture_without_a_face_is_copied_counted_and_named_with_the_reason() {
    let user = User::new();
    let bytes = encode(
        "a.jpg",
        &DynamicImage::from(picture()).to_rgb8().into(),
        Some(&exif(6)),
        Some(&icc(b"RGB ")),
    );
    user.write("in/a.jpg", &bytes);
    user.with_resources(&["apply", "painter", "in/a.jpg", "-o", "b.jpg"])
        .expect(
            0,
            &[
                "in/a.jpg",
                "untouched: no face found",
                "0 edited, 1 untouched, 0 failed",
            ],
        );
    assert_eq!(user.read("b.jpg"), bytes);
}

#[test]
fn in_another_lossless_format_it_has_the_same_pixels() {
    let user = User::new();
    user.save("a.png", &picture().into());
    for out in ["b.webp", "b.tif"] {
        user.with_resources(&["apply", "painter", "a.png", "-o", out])
            .expect(0, &["1 untouched"]);
        assert_eq!(user.open(out).to_rgba8(), picture(), "{out}");
    }
}

#[test]
fn a_face_that_is_too_small_is_named_as_such() {
    let user = User::new();
    let manifest = diat_tests::manifest("choosy", 64);
    let manifest = manifest.replace(
        "smallest-eye-distance = 2.0",
        "smallest-eye-distance = 500.0",
    );
    let network = diat_tests::Painter::default().network();
    user.resources.add("choosy", &manifest, &network);
    // Whoever gives points wants the face edited, so that this one has to be found.
    let portrait = diat_tests::root().join("tests/data/portrait.png");
    user.write("a.png", &std::fs::read(portrait).unwrap());
    user.with_resources(&["apply", "choosy", "a.png", "-o", "b.png"])
        .expect(0, &["untouched: face too small"]);
    assert_eq!(user.read("b.png"), user.read("a.png"));
}

#[test]
fn strength_0_is_named_as_the_reason() {
    let user = User::new();
    user.save("a.png", &picture().into());
    user.paint(&["a.png", "-o", "b.png", "--strength", "0"])
        .expect(0, &["a.png", "untouched: strength is 0"]);
}

#[test]
fn an_effect_that_changes_no_pixel_leaves_every_pixel() {
    let user = User::new();
    user.save("a.png", &picture().into());
    let points = crate::support::POINTS;
    let ran = user.with_resources(&[
        "apply", "identity", "a.png", "-o", "b.webp", "--points", points,
    ]);
    ran.expect(0, &[]);
    assert_eq!(user.open("b.webp").to_rgba8(), picture());
}

#[test]
fn quiet_still_names_it() {
    let user = User::new();
    user.save("a.png", &picture().into());
    let ran = user.with_resources(&["apply", "painter", "a.png", "-o", "b.png", "--quiet"]);
    let ran = ran.expect(0, &["untouched: no face found"]);
    assert!(!ran.stderr.contains("edited"), "{ran:?}");
    assert_eq!(user.paint(&["a.png", "-o", "b.png", "--quiet"]).stderr, "");
}
