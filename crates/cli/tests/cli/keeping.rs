//! What a picture has besides its face stays.

use image::{ColorType, DynamicImage};

use crate::support::{
    INSIDE, User, deep_picture, encode, exif, icc, is_outside, metadata, picture,
};

/// Asserts that a lossless result differs from its picture in the disc and nowhere else.
#[track_caller]
fn assert_painted(before: &DynamicImage, after: &DynamicImage) {
    assert_eq!(before.color(), after.color());
    let size = usize::from(before.color().bytes_per_pixel());
    let pixels = before
        .as_bytes()
        .chunks(size)
        .zip(after.as_bytes().chunks(size));
    for (index, (before, after)) in (0..).zip(pixels) {
        let (x, y) = (index % crate::support::SIDE, index / crate::support::SIDE);
        assert!(
            before == after || !is_outside(x, y),
            "({x}, {y}): {before:?} became {after:?}"
        );
        assert!(
            before != after || (x, y) != INSIDE,
            "({x}, {y}) was not painted"
        );
    }
}

fn eight(picture: DynamicImage) -> [DynamicImage; 4] {
    [
        picture.to_rgba8().into(),
        picture.to_rgb8().into(),
        picture.to_luma8().into(),
        picture.to_luma_alpha8().into(),
    ]
}

fn sixteen(picture: DynamicImage) -> [DynamicImage; 4] {
    [
        picture.to_rgba16().into(),
        picture.to_rgb16().into(),
        picture.to_luma16().into(),
        picture.to_luma_alpha16().into(),
    ]
}

#[test]
fn png_keeps_channels_and_depth_and_every_pixel_outside_the_mask() {
    let user = User::new();
    let all = eight(picture().into())
        .into_iter()
        .chain(sixteen(deep_picture().into()));
    for before in all {
        user.save("a.png", &before);
        user.paint(&["a.png", "-o", "b.png"])
            .expect(0, &["1 edited"]);
        assert_painted(&before, &user.open("b.png"));
    }
}

#[test]
fn tiff_keeps_channels_and_depth_floats_too() {
    let user = User::new();
    let floats = DynamicImage::from(deep_picture());
    let all = [
        floats.to_rgba16().into(),
        floats.to_rgb16().into(),
        floats.to_luma16().into(),
        floats.to_rgba8().into(),
        floats.to_luma8().into(),
        floats.to_rgba32f().into(),
        floats.to_rgb32f().into(),
    ];
    for before in all {
        user.save("a.tif", &before);
        let ran = user
            .paint(&["a.tif", "-o", "b.tif"])
            .expect(0, &["1 edited"]);
        assert!(!ran.stderr.contains("not kept"), "{ran:?}");
        assert_painted(&before, &user.open("b.tif"));
    }
}

#[test]
fn webp_keeps_alpha() {
    let user = User::new();
    for before in [DynamicImage::from(picture()), picture_without_alpha()] {
        user.save("a.webp", &before);
        user.paint(&["a.webp", "-o", "b.webp"])
            .expect(0, &["1 edited"]);
        assert_painted(&before, &user.open("b.webp"));
    }
}

fn picture_without_alpha() -> DynamicImage {
    DynamicImage::from(picture()).to_rgb8().into()
}

#[test]
fn jpeg_stays_grey_and_what_it_cannot_hold_is_told() {
    let user = User::new();
    let grey: DynamicImage = DynamicImage::from(picture()).to_luma8().into();
    user.save("a.jpg", &grey);
    user.paint(&["a.jpg", "-o", "b.jpg"])
        .expect(0, &["1 edited"]);
    assert_eq!(user.open("b.jpg").color(), ColorType::L8);
    user.save("deep.png", &deep_picture().into());
    user.paint(&["deep.png", "-o", "c.jpg"]).expect(
        0,
        &["not kept: transparency", "not kept: depth", "deep.png"],
    );
    assert_eq!(user.open("c.jpg").color(), ColorType::Rgb8);
}

#[test]
fn a_jpeg_is_written_so_that_what_was_not_edited_hardly_changes() {
    let user = User::new();
    let smooth = image::RgbImage::from_fn(200, 200, |x, y| image::Rgb([x as u8, y as u8, 120]));
    user.save("a.png", &smooth.into());
    user.paint(&["a.png", "-o", "b.jpg"]).expect(0, &[]);
    let (before, after) = (user.open("a.png").to_rgb8(), user.open("b.jpg").to_rgb8());
    for (x, y, pixel) in before
        .enumerate_pixels()
        .filter(|(x, y, _)| is_outside(*x, *y))
    {
        for (before, after) in pixel.0.iter().zip(after.get_pixel(x, y).0) {
            assert!(
                before.abs_diff(after) <= 12,
                "({x}, {y}): {before} became {after}"
            );
        }
    }
}

#[test]
fn exif_and_profile_stay_bit_for_bit_in_the_same_format() {
    let user = User::new();
    let (exif, icc) = (exif(1), icc(b"RGB "));
    for name in ["png", "jpg", "webp"] {
        let bytes = encode(
            name_of(name),
            &picture_without_alpha(),
            Some(&exif),
            Some(&icc),
        );
        let (input, output) = (format!("a.{name}"), format!("b.{name}"));
        user.write(&input, &bytes);
        user.paint(&[&input, "-o", &output])
            .expect(0, &["1 edited"]);
        let kept = metadata(&user.read(&output));
        assert_eq!(kept, (Some(exif.clone()), Some(icc.clone())), "{name}");
    }
}

#[test]
fn the_thumbnail_in_exif_goes_since_it_shows_the_face_as_it_was() {
    let user = User::new();
    let mut exif = exif(1);
    let end = exif.len() as u32;
    exif[34..38].copy_from_slice(&end.to_le_bytes()); // a second directory
    exif.extend(b"\x02\0\x01\x02\x04\0\x01\0\0\0");
    exif.extend((end + 30).to_le_bytes());
    exif.extend(b"\x02\x02\x04\0\x01\0\0\0\x04\0\0\0\0\0\0\0FACE");
    assert!(exif.ends_with(b"FACE"));
    user.write(
        "a.jpg",
        &encode("a.jpg", &picture_without_alpha(), Some(&exif), None),
    );
    user.paint(&["a.jpg", "-o", "b.jpg"]).expect(0, &[]);
    let kept = metadata(&user.read("b.jpg")).0.unwrap();
    assert_eq!(kept[..34], exif[..34]);
    assert_eq!(kept[34..38], [0; 4]);
    assert!(!kept.windows(4).any(|bytes| bytes == b"FACE"), "{kept:?}");
}

fn name_of(ending: &str) -> &'static str {
    match ending {
        "png" => "a.png",
        "jpg" => "a.jpg",
        "webp" => "a.webp",
        _ => "a.tif",
    }
}

#[test]
fn tiff_keeps_the_profile() {
    let user = User::new();
    let icc = icc(b"RGB ");
    user.write(
        "a.tif",
        &encode("a.tif", &picture_without_alpha(), None, Some(&icc)),
    );
    let ran = user
        .paint(&["a.tif", "-o", "b.tif"])
        .expect(0, &["1 edited"]);
    assert!(!ran.stderr.contains("not kept"), "{ran:?}");
    assert_eq!(metadata(&user.read("b.tif")).1, Some(icc));
}

#[test]
fn a_profile_for_other_channels_than_are_written_is_left_out_and_told() {
    let user = User::new();
    let (grey, icc) = (
        DynamicImage::from(picture()).to_luma8().into(),
        icc(b"GRAY"),
    );
    user.write("a.png", &encode("a.png", &grey, None, Some(&icc)));
    user.paint(&["a.png", "-o", "b.png"]).expect(0, &[]);
    assert_eq!(metadata(&user.read("b.png")).1, Some(icc));
    // WebP has no grey.
    user.paint(&["a.png", "-o", "b.webp"])
        .expect(0, &["not kept: the ICC profile"]);
    assert_eq!(metadata(&user.read("b.webp")).1, None);
}

#[test]
fn strength_0_and_scale_1_give_the_file_itself() {
    let user = User::new();
    let bytes = encode("a.jpg", &picture_without_alpha(), Some(&exif(6)), None);
    user.write("a.jpg", &bytes);
    user.paint(&["a.jpg", "-o", "b.jpg", "--strength", "0"])
        .expect(0, &["1 untouched"]);
    assert_eq!(user.read("b.jpg"), bytes);
}
