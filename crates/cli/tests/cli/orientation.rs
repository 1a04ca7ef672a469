//! Photographs that the camera stored turned.

use image::DynamicImage;
use image::metadata::Orientation;

use crate::support::{POINTS, User, encode, exif, metadata, picture};

/// What is stored so that it is upright when turned by the orientation.
fn stored(upright: &DynamicImage, orientation: Orientation) -> DynamicImage {
    let back = match orientation {
        Orientation::Rotate90 => Orientation::Rotate270,
        Orientation::Rotate270 => Orientation::Rotate90,
        other => other,
    };
    let mut picture = upright.clone();
    picture.apply_orientation(back);
    picture
}

fn upright() -> DynamicImage {
    // Not square, so that a turn shows in the size too; the face of POINTS is still in it.
    DynamicImage::from(picture()).to_rgb8().into()
}

fn cropped() -> DynamicImage {
    upright().crop_imm(0, 0, 200, 190)
}

fn painted(user: &User, upright: &DynamicImage) -> DynamicImage {
    user.save("upright.png", upright);
    user.paint(&["upright.png", "-o", "painted.png"])
        .expect(0, &["1 edited"]);
    user.open("painted.png")
}

#[test]
fn the_effect_sees_the_picture_upright_and_the_file_stays_turned_with_its_tag() {
    let user = User::new();
    let expected = painted(&user, &cropped());
    for number in 1..=8 {
        let orientation = Orientation::from_exif(number).unwrap();
        for ending in ["png", "webp"] {
            let (input, output) = (
                format!("{number}.{ending}"),
                format!("out{number}.{ending}"),
            );
            let exif = exif(number);
            user.write(
                &input,
                &encode(&input, &stored(&cropped(), orientation), Some(&exif), None),
            );
            user.paint(&[&input, "-o", &output])
                .expect(0, &["1 edited"]);
            assert_eq!(metadata(&user.read(&output)).0, Some(exif), "{input}");
            let mut found = user.open(&output);
            found.apply_orientation(orientation);
            assert!(found == expected, "{input}");
        }
    }
}

#[test]
fn another_format_is_written_upright_with_the_tag_reset() {
    let user = User::new();
    let expected = painted(&user, &cropped());
    let bytes = encode(
        "6.webp",
        &stored(&cropped(), Orientation::Rotate90),
        Some(&exif(6)),
        None,
    );
    user.write("6.webp", &bytes);
    user.paint(&["6.webp", "-o", "6.png"])
        .expect(0, &["1 edited"]);
    assert!(user.open("6.png") == expected);
    assert_eq!(metadata(&user.read("6.png")).0, Some(exif(1)));
    user.paint(&["6.webp", "-o", "6.tif"])
        .expect(0, &["1 edited"]);
    assert!(user.open("6.tif") == expected);
}

#[test]
fn a_mask_is_upright_and_has_no_metadata() {
    let user = User::new();
    let bytes = encode(
        "6.png",
        &stored(&cropped(), Orientation::Rotate90),
        Some(&exif(6)),
        None,
    );
    user.write("6.png", &bytes);
    user.paint(&["6.png", "-o", "mask.png", "--show", "mask"])
        .expect(0, &[]);
    assert_eq!(
        (
            user.open("mask.png").width(),
            user.open("mask.png").height()
        ),
        (200, 190)
    );
    assert_eq!(metadata(&user.read("mask.png")), (None, None));
}

#[test]
fn points_are_those_of_the_upright_picture_before_it_is_enlarged() {
    let user = User::new();
    user.save("a.png", &cropped());
    user.paint(&["a.png", "-o", "b.png", "--scale", "3"])
        .expect(0, &["1 edited"]);
    let large = user.open("b.png").to_rgb8();
    assert_eq!((large.width(), large.height()), (600, 570));
    // Pure blue, where the mouth of POINTS is.
    assert!(POINTS.ends_with("70,150 130,150"));
    assert_eq!(large.get_pixel(300, 450).0, [0, 0, 255]);
    let enlarged = image::imageops::resize(
        &cropped().to_rgba8(),
        600,
        570,
        image::imageops::FilterType::CatmullRom,
    );
    let expected = enlarged.get_pixel(10, 10).0;
    assert_eq!(large.get_pixel(10, 10).0, expected[..3]);
}
