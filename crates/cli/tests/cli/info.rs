//! `info`.

use image::DynamicImage;

use crate::support::{User, encode, exif, icc, picture};

#[test]
fn an_effect_tells_licence_provenance_disclosure_and_parameters() {
    let user = User::new();
    let ran = user.diat(&["info", "eyeglasses-off"]).expect(0, &[]);
    for part in [
        "licence",
        "source",
        "data",
        "disclosure",
        "sha-256",
        "limits",
        "strength",
        "0 to 1",
    ] {
        assert!(ran.stdout.contains(part), "{part:?} is not in {ran:?}");
    }
    let ran = user.diat(&["info", "seeta"]).expect(0, &[]);
    assert!(ran.stdout.contains("detector"), "{ran:?}");
}

#[test]
fn a_picture_tells_size_depth_orientation_and_profile() {
    let user = User::new();
    let colour = DynamicImage::from(picture()).to_rgb8().into();
    user.write(
        "a.jpg",
        &encode("a.jpg", &colour, Some(&exif(6)), Some(&icc(b"RGB "))),
    );
    let ran = user.diat(&["info", "a.jpg"]).expect(0, &[]);
    for part in [
        "JPEG",
        "200×200",
        "8 bits",
        "6, turned upright",
        "200 bytes",
        "0 found",
    ] {
        assert!(ran.stdout.contains(part), "{part:?} is not in {ran:?}");
    }
}

#[test]
fn a_face_is_told_with_points_that_apply_takes() {
    let user = User::new();
    let portrait = diat_tests::root().join("tests/data/portrait.png");
    let portrait = portrait.to_str().unwrap();
    let ran = user.diat(&["info", portrait]).expect(0, &[]);
    assert!(ran.stdout.contains("1 found"), "{ran:?}");
    let points = ran
        .stdout
        .split("--points \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    user.diat(&["apply", "eyeglasses-off", portrait, "-o", "found.png"])
        .expect(0, &["1 edited"]);
    user.diat(&[
        "apply",
        "eyeglasses-off",
        portrait,
        "-o",
        "given.png",
        "--points",
        points,
    ])
    .expect(0, &["1 edited"]);
    // The points are told to a tenth of a pixel.
    let (found, given) = (
        user.open("found.png").to_rgb8(),
        user.open("given.png").to_rgb8(),
    );
    let largest = found
        .iter()
        .zip(given.iter())
        .map(|(a, b)| a.abs_diff(*b))
        .max();
    assert!(largest < Some(40), "{largest:?}");
}

#[test]
fn what_is_neither_is_wrong_use() {
    let user = User::new();
    user.diat(&["info", "nothing"])
        .expect(2, &["nothing", "eyeglasses-off", "picture"]);
    user.write("a.txt", b"text");
    user.diat(&["info", "a.txt"])
        .expect(1, &["a.txt: is no PNG"]);
}
