//! `--show`.

use image::{ColorType, DynamicImage};

use crate::support::{INSIDE, User, encode, exif, icc, is_outside, picture};

#[test]
fn a_mask_is_grey_of_16_bits_without_alpha_or_profile_and_finer_than_8_bits() {
    let user = User::new();
    let colour = DynamicImage::from(picture()).to_rgb8().into();
    user.write(
        "a.jpg",
        &encode("a.jpg", &colour, Some(&exif(1)), Some(&icc(b"RGB "))),
    );
    user.paint(&[
        "a.jpg",
        "-o",
        "mask.png",
        "--show",
        "mask",
        "--strength",
        "0.3",
    ])
    .expect(0, &[]);
    let mask = user.open("mask.png");
    assert_eq!(mask.color(), ColorType::L16);
    assert_eq!(
        crate::support::metadata(&user.read("mask.png")),
        (None, None)
    );
    let mask = mask.to_luma16();
    // Whatever the strength.
    assert_eq!(mask.get_pixel(INSIDE.0, INSIDE.1).0, [65535]);
    for (x, y, pixel) in mask.enumerate_pixels() {
        assert!(pixel.0 == [0] || !is_outside(x, y), "({x}, {y}): {pixel:?}");
    }
    assert!(
        mask.pixels().any(|pixel| pixel.0[0] % 257 != 0),
        "8 bits would have done"
    );
}

#[test]
fn a_mask_is_only_written_as_png() {
    let user = User::new();
    user.save("a.jpg", &DynamicImage::from(picture()).to_rgb8().into());
    user.save("in/b.jpg", &DynamicImage::from(picture()).to_rgb8().into());
    user.paint(&["a.jpg", "-o", "mask.jpg", "--show", "mask"])
        .expect(2, &["mask.jpg", "16-bit grey PNG", ".png"]);
    user.paint(&["in", "-o", "masks", "--show", "mask"])
        .expect(0, &[]);
    assert_eq!(user.names("masks"), ["b.png"]);
}

#[test]
fn the_difference_is_half_grey_where_nothing_changes() {
    let user = User::new();
    user.save("a.png", &DynamicImage::from(picture()).to_rgb8().into());
    user.paint(&["a.png", "-o", "b.png", "--show", "difference"])
        .expect(0, &[]);
    let found = user.open("b.png").to_rgb8();
    assert_eq!(found.get_pixel(5, 5).0, [128; 3]);
    assert_ne!(found.get_pixel(INSIDE.0, INSIDE.1).0, [128; 3]);
}
