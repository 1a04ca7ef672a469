//! TIFF files that no encoder of `image` writes.

use std::io::Cursor;

use image::DynamicImage;
use tiff::Directory;
use tiff::decoder::Decoder;
use tiff::encoder::TiffEncoder;
use tiff::encoder::colortype::RGB8;
use tiff::tags::{ExtraSamples, Tag, Type};

use crate::support::{SIDE, User, icc, is_outside, metadata, picture};

/// A grey TIFF of 8 bits, 200×100, with further tags (of numbers with 16 bits), and another page if asked for.
fn tiff(tags: &[(u16, u16)], more_pages: bool) -> Vec<u8> {
    let (width, height) = (200_u32, 100_u32);
    let pixels: Vec<u8> = (0..width * height)
        .map(|index| (index % 251) as u8)
        .collect();
    let mut entries: Vec<(u16, u16, u32)> = vec![
        (256, 4, width),
        (257, 4, height),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, height),
        (279, 4, width * height),
    ];
    entries.extend(tags.iter().map(|&(tag, value)| (tag, 3, u32::from(value))));
    entries.sort_unstable();
    let mut bytes = b"II*\0".to_vec();
    let directory = 8 + pixels.len() as u32;
    bytes.extend(directory.to_le_bytes());
    bytes.extend(pixels);
    let mut page = (entries.len() as u16).to_le_bytes().to_vec();
    for (tag, kind, value) in &entries {
        page.extend(tag.to_le_bytes());
        page.extend(kind.to_le_bytes());
        page.extend(1_u32.to_le_bytes());
        page.extend(value.to_le_bytes());
    }
    bytes.extend(&page);
    if more_pages {
        bytes.extend((directory + page.len() as u32 + 4).to_le_bytes());
        bytes.extend(&page);
    }
    bytes.extend(0_u32.to_le_bytes());
    bytes
}

#[test]
fn the_orientation_of_a_tiff_is_seen_and_the_result_upright() {
    let user = User::new();
    user.write("a.tif", &tiff(&[(274, 8)], false));
    let arguments = ["apply", "painter", "a.tif", "-o", "b.tif"];
    let points = ["--points", "20,40 80,40 50,80 30,110 70,110"];
    user.with_resources(&[&arguments[..], &points].concat())
        .expect(0, &["1 edited"]);
    let mut before: DynamicImage = image::load_from_memory(&tiff(&[], false)).unwrap();
    before.apply_orientation(image::metadata::Orientation::from_exif(8).unwrap());
    let (before, after) = (before.to_luma8(), user.open("b.tif").to_luma8());
    assert_eq!((after.width(), after.height()), (100, 200));
    assert_eq!(before.get_pixel(3, 190), after.get_pixel(3, 190));
    assert_ne!(before.get_pixel(50, 110), after.get_pixel(50, 110));
}

#[test]
fn further_pages_are_lost_and_that_is_told() {
    let user = User::new();
    user.write("a.tif", &tiff(&[], true));
    let arguments = ["apply", "painter", "a.tif", "-o", "b.tif"];
    let points = ["--points", "40,20 80,20 60,40 45,60 75,60"];
    user.with_resources(&[&arguments[..], &points].concat())
        .expect(0, &["not kept: all pages but the first"]);
}

/// A TIFF of 8 bits with colours multiplied by alpha, as many as a byte can say, and the samples in it.
fn premultiplied() -> (Vec<u8>, Vec<u8>) {
    let pixel = |index: u32| {
        let (x, y) = (index % SIDE, index / SIDE);
        let alpha = (x * 255 / (SIDE - 1)) as u8;
        let colour = |value: u32| (value * u32::from(alpha) / 255) as u8;
        [colour(y), colour(255 - y), colour(x), alpha]
    };
    let samples: Vec<u8> = (0..SIDE * SIDE).flat_map(pixel).collect();
    let mut bytes = Cursor::new(Vec::new());
    let mut file = TiffEncoder::new(&mut bytes).unwrap();
    let mut picture = file.new_image::<RGB8>(SIDE, SIDE).unwrap();
    picture
        .extra_samples(&[ExtraSamples::AssociatedAlpha])
        .unwrap();
    picture.write_data(&samples).unwrap();
    (bytes.into_inner(), samples)
}

#[test]
fn colours_multiplied_by_alpha_stay_so_in_tiff_and_are_divided_for_other_formats() {
    let user = User::new();
    let (bytes, before) = premultiplied();
    user.write("a.tif", &bytes);
    for output in ["b.tif", "b.png"] {
        user.paint(&["a.tif", "-o", output])
            .expect(0, &["1 edited"]);
    }
    let mut written = Decoder::new(Cursor::new(user.read("b.tif"))).unwrap();
    assert_eq!(written.get_tag_u32(Tag::ExtraSamples).unwrap(), 1);
    let (kept, straight) = (user.open("b.tif"), user.open("b.png"));
    assert_eq!(straight.color(), image::ColorType::Rgba8);
    let pixels = kept.as_bytes().chunks(4).zip(straight.as_bytes().chunks(4));
    for ((index, before), (kept, straight)) in (0..).zip(before.chunks(4)).zip(pixels) {
        let (x, y) = (index % SIDE, index / SIDE);
        assert_eq!(before[3], straight[3], "({x}, {y})");
        if !is_outside(x, y) {
            continue;
        }
        assert_eq!(before, kept, "({x}, {y})");
        for (before, straight) in before[..3].iter().zip(straight) {
            // Multiplied again it is what it was.
            let again = (u32::from(*straight) * u32::from(kept[3]) + 127) / 255;
            assert_eq!(u32::from(*before), again, "({x}, {y})");
        }
    }
    assert_ne!(kept.as_bytes(), before);
}

#[test]
fn straight_alpha_is_named_as_such() {
    let user = User::new();
    user.save("a.png", &picture().into());
    user.paint(&["a.png", "-o", "b.tif"])
        .expect(0, &["1 edited"]);
    let mut written = Decoder::new(Cursor::new(user.read("b.tif"))).unwrap();
    assert_eq!(written.get_tag_u32(Tag::ExtraSamples).unwrap(), 2);
    assert_eq!(written.get_tag_u32(Tag::SamplesPerPixel).unwrap(), 4);
}

#[test]
fn a_long_profile_stays_however_its_type_is_named() {
    let user = User::new();
    let mut profile = icc(b"RGB ");
    profile.resize(600_000, 7);
    let mut bytes = Cursor::new(Vec::new());
    let mut file = TiffEncoder::new(&mut bytes).unwrap();
    let mut stored = file.new_image::<RGB8>(SIDE, SIDE).unwrap();
    let directory = stored.encoder();
    // The profile's own standard asks for this type; `image` writes another.
    let entry = directory
        .write_entry_bytes(Type::UNDEFINED, &profile)
        .unwrap();
    directory.extend_from(&Directory::from_iter([(Tag::IccProfile, entry)]));
    stored
        .write_data(&DynamicImage::from(picture()).to_rgb8())
        .unwrap();
    user.write("a.tif", &bytes.into_inner());
    for output in ["b.png", "b.tif"] {
        user.paint(&["a.tif", "-o", output])
            .expect(0, &["1 edited"]);
        let written = user.read(output);
        let found = if output == "b.png" {
            metadata(&written).1.unwrap()
        } else {
            let start = written
                .windows(200)
                .position(|window| window == &profile[..200]);
            written[start.unwrap()..][..profile.len()].to_vec()
        };
        assert!(found == profile, "{output}");
    }
}
