//! One picture that fails keeps none from the others, and leaves nothing behind.

use image::{DynamicImage, RgbImage};

use crate::support::{User, encode, picture};

#[test]
fn bad_files_in_a_folder_are_named_and_the_others_are_written() {
    let user = User::new();
    let good = encode("a.png", &picture().into(), None, None);
    user.write("in/a.png", &good);
    user.write("in/cut.png", &good[..good.len() / 2]);
    user.write("in/empty.jpg", b"");
    user.write("in/text.webp", b"not a picture at all");
    user.write("in/z.png", &good);
    let ran = user.with_resources(&["apply", "painter", "in", "-o", "out", "--jobs", "2"]);
    let ran = ran.expect(
        1,
        &["in/cut.png: cannot be read as PNG", "2 untouched, 3 failed"],
    );
    for name in ["in/empty.jpg", "in/text.webp"] {
        let line = format!("{name}: is no PNG, JPEG, WebP or TIFF picture");
        assert!(ran.stderr.contains(&line), "{ran:?}");
    }
    assert_eq!(user.names("out"), ["a.png", "z.png"]);
}

#[test]
fn a_file_that_is_not_there_fails_and_the_others_go_on() {
    let user = User::new();
    user.write("a.png", &encode("a.png", &picture().into(), None, None));
    user.with_resources(&["apply", "painter", "none.png", "a.png", "-o", "out"])
        .expect(1, &["none.png: cannot be read", "1 untouched, 1 failed"]);
    assert_eq!(user.names("out"), ["a.png"]);
}

#[test]
fn a_picture_that_its_format_cannot_hold_fails_in_words_and_leaves_nothing() {
    let user = User::new();
    user.save("wide.png", &RgbImage::new(20_000, 2).into());
    user.with_resources(&["apply", "painter", "wide.png", "-o", "wide.webp"])
        .expect(1, &["wide.webp: cannot be written as WebP"]);
    assert_eq!(user.names("."), ["wide.png"]);
}

#[test]
fn a_picture_that_would_fill_the_memory_is_refused_by_its_size() {
    let user = User::new();
    // A header that promises 60000×60000 pixels.
    let mut bytes = encode("a.png", &RgbImage::new(1, 1).into(), None, None);
    bytes[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let sum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    user.write("bomb.png", &bytes);
    user.with_resources(&["apply", "painter", "bomb.png", "-o", "b.png"])
        .expect(1, &["bomb.png: 60000×60000 pixels", "at most 4096 MiB"]);
}

pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc));
    !bytes.iter().fold(!0, byte)
}

#[test]
fn weights_that_are_missing_end_the_run_with_one_message() {
    let user = User::new();
    std::fs::remove_file(user.resources.path().join("models/painter.onnx")).unwrap();
    let points = crate::support::POINTS;
    user.save("a.png", &picture().into());
    user.with_resources(&[
        "apply", "painter", "a.png", "-o", "b.png", "--points", points,
    ])
    .expect(1, &["a.png", "painter.onnx"]);
    assert_eq!(user.names("."), ["a.png"]);
}

#[test]
fn a_picture_whose_name_lies_about_its_format_is_read_as_what_it_is() {
    let user = User::new();
    let jpeg = encode(
        "a.jpg",
        &DynamicImage::from(picture()).to_rgb8().into(),
        None,
        None,
    );
    user.write("a.png", &jpeg);
    user.paint(&["a.png", "-o", "out/"])
        .expect(0, &["1 edited"]);
    assert_eq!(
        image::guess_format(&user.read("out/a.png")).unwrap(),
        image::ImageFormat::Png
    );
}
