//! JPEG files as other programs write them.

use image::DynamicImage;
use jpeg_encoder::{ColorType, Encoder, PixelDensity, QuantizationTableType, SamplingFactor};

use crate::support::{SIDE, User, encode, is_outside, picture};

/// A JPEG file of colours without anything beside them.
pub(crate) fn plain() -> Vec<u8> {
    let picture = DynamicImage::from(picture()).to_rgb8().into();
    encode("a.jpg", &picture, None, None)
}

/// The segments up to the first scan: the second byte of each marker, and what it holds.
pub(crate) fn segments(bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut segments = Vec::new();
    let mut at = 2;
    while bytes[at + 1] != 0xDA {
        let length = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        segments.push((bytes[at + 1], bytes[at + 4..at + 2 + length].to_vec()));
        at += 2 + length;
    }
    segments
}

/// A file with a segment more, at its start.
pub(crate) fn with_segment(file: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let mut segment = vec![0xFF, marker];
    segment.extend((content.len() as u16 + 2).to_be_bytes());
    segment.extend(content);
    [&file[..2], &segment, &file[2..]].concat()
}

/// Content of the segments with this marker.
fn of(marker: u8, file: &[u8]) -> Vec<Vec<u8>> {
    let segments = segments(file).into_iter();
    let found = segments.filter(|segment| segment.0 == marker);
    found.map(|segment| segment.1).collect()
}

fn smooth() -> Vec<u8> {
    let pixel = |index: u32| {
        let (x, y) = (index % SIDE, index / SIDE);
        [x as u8, y as u8, ((x + y) / 2) as u8]
    };
    (0..SIDE * SIDE).flat_map(pixel).collect()
}

#[test]
fn it_is_written_with_the_tables_the_sampling_and_the_scans_that_it_came_with() {
    let user = User::new();
    let odd = |step: u16| {
        QuantizationTableType::Custom(Box::new(std::array::from_fn(|index| step + index as u16)))
    };
    let tables = [
        (
            QuantizationTableType::Default,
            QuantizationTableType::Default,
        ),
        (
            QuantizationTableType::ImageMagick,
            QuantizationTableType::Flat,
        ),
        (odd(3), odd(7)),
    ];
    let samplings = [
        SamplingFactor::F_1_1,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_2_2,
        SamplingFactor::F_4_1,
    ];
    let mut count = 0;
    for (luma, chroma) in tables {
        for (sampling, quality) in samplings.into_iter().zip([60, 75, 85, 92, 97]) {
            for progressive in [false, true] {
                let mut bytes = Vec::new();
                let mut encoder = Encoder::new(&mut bytes, quality);
                encoder.set_quantization_tables(luma.clone(), chroma.clone());
                encoder.set_sampling_factor(sampling);
                encoder.set_progressive(progressive);
                encoder.encode(&smooth(), 200, 200, ColorType::Rgb).unwrap();
                user.write("a.jpg", &bytes);
                user.paint(&["a.jpg", "-o", "b.jpg"])
                    .expect(0, &["1 edited"]);
                let after = user.read("b.jpg");
                assert!(after != bytes);
                let (baseline, scans) = (0xC0, 0xC2);
                let frame = if progressive { scans } else { baseline };
                // Tables; a frame with the sampling of each channel and the number of its table.
                for marker in [0xDB, frame] {
                    assert_eq!(
                        of(marker, &bytes),
                        of(marker, &after),
                        "{marker:x} {quality} {sampling:?}"
                    );
                    assert!(!of(marker, &after).is_empty());
                }
                count += 1;
            }
        }
    }
    assert_eq!(count, 30);
}

#[test]
fn edited_again_and_again_what_is_beside_the_edit_stays() {
    let user = User::new();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 80);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(&smooth(), 200, 200, ColorType::Rgb).unwrap();
    user.write("0.jpg", &bytes);
    for generation in 1..=5 {
        let (from, to) = (
            format!("{}.jpg", generation - 1),
            format!("{generation}.jpg"),
        );
        user.paint(&[&from, "-o", &to]).expect(0, &["1 edited"]);
    }
    let (first, last) = (user.open("0.jpg").to_rgb8(), user.open("5.jpg").to_rgb8());
    let mut worst = 0;
    let mut sum = 0;
    let mut count = 0;
    for (x, y, pixel) in first.enumerate_pixels() {
        // A block that the disc touches is another one.
        let (near_x, near_y) = (x.clamp(56, 144), y.clamp(106, 199));
        if !is_outside(x, y) || (near_x, near_y) == (x, y) {
            continue;
        }
        for (before, after) in pixel.0.iter().zip(last.get_pixel(x, y).0) {
            worst = worst.max(before.abs_diff(after));
            sum += u32::from(before.abs_diff(after));
            count += 1;
        }
    }
    assert!(
        worst <= 6 && sum * 10 < count,
        "worst {worst}, mean {sum}/{count}"
    );
}

#[test]
fn from_another_format_it_is_fine_and_its_chroma_full() {
    let user = User::new();
    user.save("a.png", &DynamicImage::from(picture()).to_rgb8().into());
    user.paint(&["a.png", "-o", "b.jpg"])
        .expect(0, &["1 edited"]);
    let mut expected = Vec::new();
    let mut encoder = Encoder::new(&mut expected, 95);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.encode(&smooth(), 200, 200, ColorType::Rgb).unwrap();
    let written = user.read("b.jpg");
    for marker in [0xDB, 0xC0] {
        assert_eq!(of(marker, &expected), of(marker, &written));
    }
}

#[test]
fn comment_image_resources_and_density_stay_but_the_thumbnail_among_the_resources() {
    let user = User::new();
    let resource = |number: u16, content: &[u8]| {
        let size = (content.len() as u32).to_be_bytes();
        [b"8BIM", &number.to_be_bytes()[..], &[0, 0], &size, content].concat()
    };
    let (iptc, path) = (
        resource(0x0404, b"\x1c\x02\x69\0\x01H"),
        resource(0x07D0, b"path"),
    );
    let start = b"Photoshop 3.0\0";
    let resources = [start, &iptc[..], &resource(0x040C, b"FACE"), &path].concat();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    encoder.set_density(PixelDensity::dpi(240));
    encoder.encode(&smooth(), 200, 200, ColorType::Rgb).unwrap();
    let bytes = with_segment(&with_segment(&bytes, 0xED, &resources), 0xFE, b"a comment");
    user.write("a.jpg", &bytes);
    let ran = user
        .paint(&["a.jpg", "-o", "b.jpg"])
        .expect(0, &["1 edited"]);
    assert!(!ran.stderr.contains("not kept"), "{ran:?}");
    let written = user.read("b.jpg");
    assert_eq!(of(0xFE, &written), [b"a comment"]);
    assert_eq!(of(0xED, &written), [[start, &iptc[..], &path].concat()]);
    assert_eq!(of(0xE0, &written)[0][7..12], [1, 0, 240, 0, 240]);
    user.paint(&["a.jpg", "-o", "c.webp"]).expect(
        0,
        &[
            "not kept: IPTC",
            "not kept: the comment",
            "not kept: pixels per inch",
        ],
    );
}

#[test]
fn what_other_programs_put_in_and_is_not_kept_is_told() {
    let user = User::new();
    for (marker, content, told) in [
        (0xE2, &b"MPF\0"[..], "pictures behind the main one"),
        (0xEB, b"JP\0\x01", "content credentials"),
        (0xE5, b"anything", "segments of other programs"),
    ] {
        user.write("a.jpg", &with_segment(&plain(), marker, content));
        user.paint(&["a.jpg", "-o", "b.jpg"])
            .expect(0, &[&format!("not kept: {told}"), "a.jpg"]);
    }
}
