//! Pictures with a profile: edited in their own colours, which they keep.

use image::{DynamicImage, Rgb, RgbImage};
use moxcms::ColorProfile;

use crate::support::{INSIDE, User, encode, exif, is_outside, metadata};

/// Colours of Display P3, some of them not in sRGB.
fn picture() -> DynamicImage {
    let side = crate::support::SIDE;
    let colours = [[255, 0, 0], [0, 255, 0], [30, 40, 50], [200, 170, 150]];
    RgbImage::from_fn(side, side, |x, y| {
        Rgb(colours[((x / 50 + y / 50) % 4) as usize])
    })
    .into()
}

/// The same bytes at every call: a profile holds the time at which it was made.
fn p3() -> Vec<u8> {
    let mut bytes = ColorProfile::new_display_p3().encode().unwrap();
    let date = [2026u16, 1, 1, 0, 0, 0];
    bytes[24..36].copy_from_slice(&date.map(u16::to_be_bytes).concat());
    bytes
}

/// sRGB's pure blue, which the painter paints, in Display P3: (0, 0, 0.959) by the two standards' primaries.
const BLUE: [u8; 3] = [0, 0, 245];

#[track_caller]
fn assert_near(found: &DynamicImage, expected: [u8; 3], off: u8) {
    let Rgb(found) = found.to_rgb8()[INSIDE];
    let near = found
        .iter()
        .zip(expected)
        .all(|(a, b)| a.abs_diff(b) <= off);
    assert!(near, "{found:?} {expected:?}");
}

#[test]
fn a_p3_png_comes_back_p3_with_the_edit_in_its_colours_and_all_else_untouched() {
    let user = User::new();
    let before = picture();
    user.write(
        "a.png",
        &encode("a.png", &before, Some(&exif(1)), Some(&p3())),
    );
    let ran = user
        .paint(&["a.png", "-o", "b.png"])
        .expect(0, &["1 edited"]);
    assert!(!ran.stderr.contains("profile"), "{ran:#?}");
    let after = user.open("b.png");
    assert_near(&after, BLUE, 1);
    assert_eq!(metadata(&user.read("b.png")), (Some(exif(1)), Some(p3())));
    let (before, after) = (before.to_rgb8(), after.to_rgb8());
    for (x, y, pixel) in before.enumerate_pixels() {
        assert!(!is_outside(x, y) || after[(x, y)] == *pixel, "({x}, {y})");
    }
    // The same numbers without the profile are sRGB's, whose blue is the painter's own.
    user.write("c.png", &encode("c.png", &picture(), None, None));
    user.paint(&["c.png", "-o", "d.png"])
        .expect(0, &["1 edited"]);
    assert_near(&user.open("d.png"), [0, 0, 255], 0);
}

#[test]
fn a_p3_jpeg_comes_back_p3_with_the_edit_in_its_colours() {
    let user = User::new();
    user.write("a.jpg", &encode("a.jpg", &picture(), None, Some(&p3())));
    user.paint(&["a.jpg", "-o", "b.jpg"])
        .expect(0, &["1 edited"]);
    // As a PNG it shows what the edit was before JPEG rounded it.
    user.paint(&["a.jpg", "-o", "b.png"])
        .expect(0, &["1 edited"]);
    for name in ["b.jpg", "b.png"] {
        assert_eq!(metadata(&user.read(name)).1, Some(p3()), "{name}");
    }
    assert_near(&user.open("b.png"), BLUE, 1);
    assert_near(&user.open("b.jpg"), BLUE, 6);
    let (before, after) = (user.open("a.jpg").to_rgb8(), user.open("b.png").to_rgb8());
    for (x, y, pixel) in before.enumerate_pixels() {
        assert!(!is_outside(x, y) || after[(x, y)] == *pixel, "({x}, {y})");
    }
}

#[test]
fn what_is_shown_is_in_the_pictures_colours_and_a_mask_is_plain() {
    let user = User::new();
    user.write("a.png", &encode("a.png", &picture(), None, Some(&p3())));
    user.write("plain.png", &encode("a.png", &picture(), None, None));
    let shown = |show: &str, from: &str, to: &str| {
        user.paint(&[from, "-o", to, "--show", show]).expect(0, &[]);
        user.open(to)
    };
    assert_near(&shown("transformed", "a.png", "t.png"), BLUE, 1);
    let result = shown("result", "a.png", "r.png").to_rgb8();
    let difference = shown("difference", "a.png", "d.png").to_rgb8();
    let own = picture().to_rgb8();
    for c in 0..3 {
        let moved = f64::from(result[INSIDE][c]) - f64::from(own[INSIDE][c]);
        let expected = 127.5 + moved / 2.0;
        assert!((f64::from(difference[INSIDE][c]) - expected).abs() <= 1.0);
    }
    let mask = shown("mask", "a.png", "m.png");
    assert_eq!(mask, shown("mask", "plain.png", "n.png"));
    assert_eq!(mask.to_luma16()[INSIDE].0, [65535]);
}

#[test]
fn a_grey_picture_with_a_profile_for_grey_is_edited_in_its_curve() {
    let user = User::new();
    let grey = DynamicImage::from(picture().to_luma8());
    let icc = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    user.write("a.png", &encode("a.png", &grey, None, Some(&icc)));
    let ran = user
        .paint(&["a.png", "-o", "b.png"])
        .expect(0, &["1 edited"]);
    assert!(!ran.stderr.contains("profile"), "{ran:#?}");
    assert_eq!(metadata(&user.read("b.png")).1, Some(icc));
    user.write("c.png", &encode("c.png", &grey, None, None));
    user.paint(&["c.png", "-o", "d.png"])
        .expect(0, &["1 edited"]);
    let (linear, plain) = (user.open("b.png").to_luma8(), user.open("d.png").to_luma8());
    // Blue is 0 and 1 in any curve.
    assert_eq!(linear[INSIDE], plain[INSIDE]);
    // The disc's soft edge is half way in sRGB's curve.
    let differs = linear.pixels().zip(plain.pixels()).filter(|(a, b)| a != b);
    assert!(differs.count() > 10);
}

#[test]
fn a_profile_that_cannot_be_used_is_told_and_kept() {
    let user = User::new();
    let mut icc = p3();
    icc.truncate(300);
    user.write("a.png", &encode("a.png", &picture(), None, Some(&icc)));
    let why = "the picture's colour profile is not used: it is damaged: it ends after 300 of";
    user.paint(&["a.png", "-o", "b.png"])
        .expect(0, &["1 edited", why]);
    assert_eq!(metadata(&user.read("b.png")).1, Some(icc));
}
