//! Pictures in four inks.

use std::io::Cursor;

use jpeg_encoder::{ColorType, Encoder};
use tiff::encoder::TiffEncoder;
use tiff::encoder::colortype::CMYK8;
use tiff::tags::Tag;

use crate::support::{SIDE, User, metadata};

/// Cyan, magenta, yellow, black.
const INKS: [u8; 4] = [200, 40, 10, 30];

fn pixels(inks: [u8; 4]) -> Vec<u8> {
    inks.repeat((SIDE * SIDE) as usize)
}

fn jpeg(inks: [u8; 4], how: ColorType, profile: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 100);
    if let Some(profile) = profile {
        encoder.add_icc_profile(profile).unwrap();
    }
    encoder.encode(&pixels(inks), 200, 200, how).unwrap();
    bytes
}

fn tiff(inks: [u8; 4], profile: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut file = TiffEncoder::new(&mut bytes).unwrap();
    let mut picture = file.new_image::<CMYK8>(SIDE, SIDE).unwrap();
    if let Some(profile) = profile {
        picture
            .encoder()
            .write_tag(Tag::IccProfile, profile)
            .unwrap();
    }
    picture.write_data(&pixels(inks)).unwrap();
    bytes.into_inner()
}

/// A profile whose paper is the grey of L* 50 and whose full cyan is black; between them it is even, and no other ink counts.
fn profile() -> Vec<u8> {
    let mut table = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
    for row in 0..3 {
        table.extend(
            (0..3).flat_map(|column| if row == column { 0x10000_u32 } else { 0 }.to_be_bytes()),
        );
    }
    table.extend((0..4).flat_map(|_| 0..=255));
    // The last ink varies fastest, so cyan is the highest bit.
    table.extend((0..16).flat_map(|node| {
        if node < 8 {
            [128, 128, 128]
        } else {
            [0, 128, 128]
        }
    }));
    table.extend((0..3).flat_map(|_| 0..=255));
    let mut profile = vec![0; 128];
    profile[8] = 2;
    profile[12..16].copy_from_slice(b"prtr");
    profile[16..24].copy_from_slice(b"CMYKLab ");
    profile[36..40].copy_from_slice(b"acsp");
    for (index, value) in [0xF6D6_u32, 0x10000, 0xD32D].into_iter().enumerate() {
        profile[68 + 4 * index..][..4].copy_from_slice(&value.to_be_bytes());
    }
    profile.extend(1_u32.to_be_bytes());
    profile.extend(b"A2B0");
    profile.extend(144_u32.to_be_bytes());
    profile.extend((table.len() as u32).to_be_bytes());
    profile.extend(table);
    let size = profile.len() as u32;
    profile[..4].copy_from_slice(&size.to_be_bytes());
    profile
}

/// The first pixel of the result, as sRGB; what is told besides.
fn first_pixel(user: &User, name: &str, told: &str) -> [u8; 3] {
    user.paint(&[name, "-o", "out.png"])
        .expect(0, &["1 edited", told, name]);
    assert_eq!(metadata(&user.read("out.png")).1, None);
    user.open("out.png").to_rgb8().get_pixel(0, 0).0
}

#[track_caller]
fn assert_near(found: [u8; 3], expected: [u8; 3]) {
    let near = found
        .iter()
        .zip(expected)
        .all(|(found, expected)| found.abs_diff(expected) <= 4);
    assert!(near, "{found:?}, not {expected:?}");
}

#[test]
fn without_a_profile_inks_become_srgb_by_the_plain_formula_however_they_are_stored() {
    let user = User::new();
    let [inks @ .., black] = INKS.map(u32::from);
    let expected = inks.map(|ink| ((255 - ink) * (255 - black) / 255) as u8);
    let told = "not kept: CMYK (it has no profile";
    user.write("a.jpg", &jpeg(INKS, ColorType::Cmyk, None));
    assert_near(first_pixel(&user, "a.jpg", told), expected);
    user.write("b.jpg", &jpeg(INKS, ColorType::CmykAsYcck, None));
    assert_near(first_pixel(&user, "b.jpg", told), expected);
    user.write("c.tif", &tiff(INKS, None));
    assert_near(first_pixel(&user, "c.tif", told), expected);
    // Without Adobe's segment inks are stored as they are.
    let mut bytes = jpeg(INKS.map(|ink| 255 - ink), ColorType::Cmyk, None);
    let start = bytes
        .windows(5)
        .position(|bytes| bytes == b"Adobe")
        .unwrap()
        - 4;
    bytes.drain(start..start + 16);
    user.write("d.jpg", &bytes);
    assert_near(first_pixel(&user, "d.jpg", told), expected);
}

#[test]
fn the_profile_says_how_inks_look() {
    let user = User::new();
    let profile = profile();
    let told = "not kept: CMYK (it becomes sRGB by its profile)";
    for (inks, lightness) in [([0, 90, 10, 80], 119), ([255, 0, 0, 0], 0)] {
        user.write("a.jpg", &jpeg(inks, ColorType::Cmyk, Some(&profile)));
        user.write("b.jpg", &jpeg(inks, ColorType::CmykAsYcck, Some(&profile)));
        user.write("c.tif", &tiff(inks, Some(&profile)));
        for name in ["a.jpg", "b.jpg", "c.tif"] {
            assert_near(first_pixel(&user, name, told), [lightness; 3]);
        }
    }
}
