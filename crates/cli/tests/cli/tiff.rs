//! TIFF files that no encoder of `image` writes.

use image::DynamicImage;

use crate::support::User;

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
fn what_is_lost_of_a_tiff_is_told() {
    let user = User::new();
    user.write("a.tif", &tiff(&[(34665, 8), (33723, 1)], true));
    let arguments = ["apply", "painter", "a.tif", "-o", "b.tif"];
    let points = ["--points", "40,20 80,20 60,40 45,60 75,60"];
    user.with_resources(&[&arguments[..], &points].concat())
        .expect(
            0,
            &[
                "not kept: EXIF",
                "not kept: IPTC",
                "not kept: all pages but the first",
            ],
        );
}
