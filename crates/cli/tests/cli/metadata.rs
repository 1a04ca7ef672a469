//! What stands in files beside their pixels, from each format to each.

use std::process::Command;

use crate::jpeg::plain;
use crate::support::{User, encode, picture};

const ENDINGS: [&str; 4] = ["png", "jpg", "webp", "tif"];

/// A PNG file of one colour, 200×200, with these chunks.
pub(crate) fn png_with(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut info = png::Info::with_size(200, 200);
    info.color_type = png::ColorType::Rgb;
    let encoder = png::Encoder::with_info(&mut bytes, info).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for (name, content) in chunks {
        writer
            .write_chunk(png::chunk::ChunkType(**name), content)
            .unwrap();
    }
    writer.write_image_data(&[90; 200 * 200 * 3]).unwrap();
    writer.finish().unwrap();
    bytes
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[test]
fn texts_density_and_colour_of_png_stay_in_png_and_are_told_to_be_lost_elsewhere() {
    let user = User::new();
    let mut density = [0; 9];
    density[..4].copy_from_slice(&11811_u32.to_be_bytes());
    density[4..8].copy_from_slice(&11811_u32.to_be_bytes());
    density[8] = 1;
    let gamma = 100_000_u32.to_be_bytes();
    let chunks: [(&[u8; 4], &[u8]); 5] = [
        (b"gAMA", &gamma),
        (b"cICP", &[12, 13, 0, 1]),
        (b"pHYs", &density),
        (b"tEXt", b"Author\0Ann"),
        (b"iTXt", "Title\0\0\0de\0Titel\0Öl".as_bytes()),
    ];
    user.write("a.png", &png_with(&chunks));
    let ran = user
        .paint(&["a.png", "-o", "b.png"])
        .expect(0, &["1 edited"]);
    assert!(!ran.stderr.contains("not kept"), "{ran:?}");
    let written = user.read("b.png");
    for (name, content) in chunks {
        assert!(has(&written, &[name, content].concat()), "{name:?}");
    }
    let told = ["PNG's texts", "the gamma value", "the colour space"]
        .map(|told| format!("not kept: {told}"));
    for ending in ["jpg", "webp", "tif"] {
        user.paint(&["a.png", "-o", &format!("b.{ending}")])
            .expect(0, &told.each_ref().map(String::as_str));
    }
    // 300 to an inch.
    assert!(has(
        &user.read("b.jpg"),
        b"JFIF\0\x01\x02\x01\x01\x2c\x01\x2c"
    ));
    user.paint(&["b.jpg", "-o", "c.png"])
        .expect(0, &["1 edited"]);
    assert!(has(&user.read("c.png"), &[b"pHYs", &density[..]].concat()));
    user.paint(&["b.tif", "-o", "d.png"])
        .expect(0, &["1 edited"]);
    assert!(has(&user.read("d.png"), &[b"pHYs", &density[..]].concat()));
}

#[test]
fn an_exif_record_in_a_png_text_is_left_out_since_it_may_show_the_face_as_it_was() {
    let user = User::new();
    let text = b"Raw profile type exif\0\nexif\n4\n46414345";
    user.write("a.png", &png_with(&[(b"tEXt", text)]));
    user.paint(&["a.png", "-o", "b.png"])
        .expect(0, &["not kept: EXIF", "a.png"]);
    assert!(!has(&user.read("b.png"), b"46414345"));
}

/// What exiftool reads of a file, without what tells how the file is stored.
fn read_by_exiftool(user: &User, name: &str) -> Vec<String> {
    let tags = [
        "-EXIF:Artist",
        "-EXIF:Make",
        "-EXIF:ImageDescription",
        "-EXIF:ExposureTime",
        "-EXIF:DateTimeOriginal",
        "-EXIF:UserComment",
        "-EXIF:GPSLatitude",
        "-EXIF:GPSLatitudeRef",
        "-EXIF:InteropIndex",
        "-XMP:Title",
        "-XMP:Headline",
        "-ICC_Profile:all",
        "-IPTC:all",
    ];
    let output = Command::new("exiftool")
        .args(["-a", "-G", "-s", "-m"])
        .args(tags)
        .arg(user.path(name))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn exiftool_reads_the_same_in_the_result_from_each_format_to_each() {
    if !diat_tests::has_program("exiftool") {
        return;
    }
    let user = User::new();
    user.write("a.jpg", &plain());
    let rgb = image::DynamicImage::from(picture()).to_rgb8().into();
    for ending in ["png", "webp", "tif"] {
        let name = format!("a.{ending}");
        user.write(&name, &encode(&name, &rgb, None, None));
    }
    for from in ENDINGS {
        let input = format!("a.{from}");
        let mut command = Command::new("exiftool");
        command.args([
            "-q",
            "-m",
            "-overwrite_original",
            "-EXIF:Artist=Ann",
            "-EXIF:Make=Maker",
            "-EXIF:ImageDescription=Words",
        ]);
        command.args([
            "-EXIF:ExposureTime=1/125",
            "-EXIF:DateTimeOriginal=2020:01:02 03:04:05",
            "-EXIF:UserComment=hello",
        ]);
        command.args([
            "-EXIF:GPSLatitude=51.5",
            "-EXIF:GPSLatitudeRef=N",
            "-EXIF:InteropIndex=R98",
            "-XMP-dc:Title=Öl",
            "-XMP-photoshop:Headline=Head",
        ]);
        let has_iptc = ["jpg", "tif"].contains(&from);
        if has_iptc {
            command.args([
                "-IPTC:Headline=Head",
                "-IPTC:Keywords=one",
                "-IPTC:Keywords=two",
            ]);
        }
        assert!(command.arg(user.path(&input)).status().unwrap().success());
        let before = read_by_exiftool(&user, &input);
        assert!(
            before.len() >= if has_iptc { 13 } else { 11 },
            "{before:#?}"
        );
        for to in ENDINGS {
            let output = format!("{from}.{to}");
            user.paint(&[&input, "-o", &output])
                .expect(0, &["1 edited"]);
            let mut expected = before.clone();
            if !["jpg", "tif"].contains(&to) {
                expected.retain(|line| !line.starts_with("[IPTC]"));
            }
            assert_eq!(read_by_exiftool(&user, &output), expected, "{from} to {to}");
        }
    }
}
