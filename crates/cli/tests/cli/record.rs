//! The record of an edit in the picture.

use std::env::consts::DLL_SUFFIX;
use std::process::Command;

use diat_tests::{Painter, has_program, root};
use image::DynamicImage;

use crate::support::{POINTS, Ran, User, packet_of, picture};

const ENDINGS: [&str; 4] = ["png", "jpg", "webp", "tif"];
const COMPOSITE: &str =
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";

/// With the pictures `a.png`, `a.jpg`, `a.webp` and `a.tif`, and besides `painter` the effect `second`.
fn user() -> User {
    let user = User::new();
    let network = Painter {
        radius: 5.0,
        ..Painter::default()
    }
    .network();
    let manifest = diat_tests::manifest("second", 64).replace("0.1.0", "2.3.4");
    let disclosure = "[disclosure]\ntext = \"Painted & \\\"told\\\".\"\n";
    user.resources
        .add("second", &(manifest + disclosure), &network);
    for ending in ENDINGS {
        user.save(
            &format!("a.{ending}"),
            &DynamicImage::from(picture()).to_rgb8().into(),
        );
    }
    user
}

fn digest(network: &[u8]) -> String {
    diat_manifest::hex(&diat_manifest::sha256(network))
}

/// The packet of a file, as the decoders of `image` find it.
fn packet(user: &User, name: &str) -> Option<String> {
    let bytes = user.read(name);
    let packet = packet_of(&bytes)?;
    Some(String::from_utf8(packet).unwrap())
}

/// What `info` says between the size of the packet and the faces, each line without the space in it.
fn told(user: &User, name: &str) -> Vec<String> {
    let ran = user.diat(&["info", name]).expect(0, &[]);
    let lines = ran.stdout.lines();
    let lines = lines.skip_while(|line| !line.starts_with("XMP")).skip(1);
    let lines =
        lines.take_while(|line| !line.starts_with("faces") && !line.starts_with("not kept"));
    lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

fn second(user: &User, from: &str, to: &str, more: &[&str]) -> Ran {
    let arguments = ["apply", "second", "--points", POINTS, from, "-o", to];
    user.with_resources(&[&arguments, more].concat())
}

#[test]
fn a_changed_picture_of_any_format_tells_effect_version_weights_strength_and_program() {
    let user = user();
    let program = concat!("diat ", env!("CARGO_PKG_VERSION"));
    for ending in ENDINGS {
        let (before, after) = (format!("a.{ending}"), format!("b.{ending}"));
        user.paint(&[&before, "-o", &after, "--strength", "0.25"])
            .expect(0, &["1 edited"]);
        assert_eq!(
            told(&user, &after),
            [
                format!("source type {COMPOSITE}"),
                format!("edit 1 painter 0.1.0, strength 0.25; {program}"),
                format!("weights {}", digest(&Painter::default().network())),
            ],
            "{ending}"
        );
    }
}

#[test]
fn an_effect_after_another_comes_after_it_in_the_record_from_each_format_to_each() {
    let user = user();
    let weights = std::fs::read(user.resources.path().join("models/second.onnx")).unwrap();
    for from in ENDINGS {
        let first = format!("1.{from}");
        user.paint(&["a.png", "-o", &first, "--strength", "0.5"])
            .expect(0, &["1 edited"]);
        for to in ENDINGS {
            let last = format!("2.{to}");
            let ran = second(&user, &first, &last, &[]).expect(0, &["1 edited"]);
            assert!(!ran.stderr.contains("XMP"), "{ran:?}");
            let told = told(&user, &last);
            assert!(
                told[1].starts_with("edit 1 painter 0.1.0, strength 0.5;"),
                "{told:?}"
            );
            assert!(
                told[3].starts_with("edit 2 second 2.3.4, strength 1;"),
                "{told:?}"
            );
            assert_eq!(told[4], format!("weights {}", digest(&weights)));
            assert_eq!(told[5], "disclosure Painted & \"told\".");
            assert_eq!(told.len(), 6, "{told:?}");
        }
    }
}

#[test]
fn pictures_that_were_not_changed_carry_no_record() {
    let user = user();
    user.resources.add(
        "choosy",
        &diat_tests::manifest("choosy", 64),
        &Painter::default().network(),
    );
    for ending in ENDINGS {
        let out = format!("b.{ending}");
        let apply = |effect: &str, more: &[&str]| {
            let arguments = ["apply", effect, "a.png", "-o", out.as_str()];
            user.with_resources(&[&arguments, more].concat())
                .expect(0, &["0 edited, 1 untouched"]);
            assert_eq!(packet(&user, &out), None, "{effect} {more:?} {out}");
        };
        apply("painter", &[]);
        apply("painter", &["--show", "difference"]);
        apply("painter", &["--scale", "2"]);
        apply("painter", &["--points", POINTS, "--strength", "0"]);
        apply("identity", &["--points", POINTS]);
    }
}

#[test]
fn of_several_pictures_only_those_with_a_face_carry_a_record() {
    let user = user();
    let portrait = std::fs::read(root().join("tests/data/portrait.png")).unwrap();
    let empty = user.read("a.png");
    for (name, bytes) in [
        ("1.png", &portrait),
        ("2.png", &empty),
        ("3.png", &portrait),
    ] {
        user.write(&format!("in/{name}"), bytes);
    }
    user.with_resources(&["apply", "painter", "in", "-o", "out"])
        .expect(0, &["2 edited, 1 untouched"]);
    for name in ["out/1.png", "out/3.png"] {
        assert!(packet(&user, name).unwrap().contains(COMPOSITE), "{name}");
    }
    assert_eq!(user.read("out/2.png"), empty);
}

#[test]
fn a_record_that_is_not_wanted_is_left_out_and_an_earlier_one_stays() {
    let user = user();
    for ending in ENDINGS {
        let out = format!("b.{ending}");
        user.paint(&["a.png", "-o", &out, "--no-record"])
            .expect(0, &["1 edited"]);
        assert_eq!(packet(&user, &out), None);
        user.paint(&["a.png", "-o", &out]).expect(0, &["1 edited"]);
        let earlier = packet(&user, &out);
        let again = format!("c.{ending}");
        second(&user, &out, &again, &["--no-record"]).expect(0, &["1 edited"]);
        assert_eq!(packet(&user, &again), earlier);
        // Nor does a picture lose it in which there is nothing to do.
        user.with_resources(&["apply", "painter", &out, "-o", "d.webp"])
            .expect(0, &["1 untouched"]);
        assert_eq!(packet(&user, "d.webp"), earlier);
    }
}

#[test]
fn a_mask_carries_no_record_and_other_views_say_what_they_are() {
    let user = user();
    user.paint(&["a.png", "-o", "b.png", "--show", "mask"])
        .expect(0, &["1 edited"]);
    assert_eq!(packet(&user, "b.png"), None);
    for show in ["transformed", "difference"] {
        user.paint(&["a.png", "-o", "b.png", "--show", show])
            .expect(0, &["1 edited"]);
        let told = told(&user, "b.png");
        assert!(told[1].contains(&format!("shows the {show};")), "{told:?}");
    }
}

#[test]
fn what_other_programs_wrote_stays_around_the_record_and_previews_of_the_old_face_go() {
    let user = user();
    let other = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
        <rdf:Description xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:Rating=\"5\">\
        <xmp:Thumbnails><rdf:Alt><rdf:li>FACE</rdf:li></rdf:Alt></xmp:Thumbnails>\
        </rdf:Description></rdf:RDF>";
    user.write("x.webp", &with_packet(other.as_bytes()));
    for (more, records) in [(&[][..], 1), (&["--no-record"][..], 0)] {
        let ran = second(&user, "x.webp", "y.webp", more).expect(0, &["1 edited"]);
        assert!(!ran.stderr.contains("not kept"), "{ran:?}");
        let packet = packet(&user, "y.webp").unwrap();
        assert!(packet.contains("xmp:Rating=\"5\""), "{packet}");
        assert!(!packet.contains("FACE"), "{packet}");
        assert_eq!(packet.matches("<diat:Edits>").count(), records, "{packet}");
    }
}

#[test]
fn a_damaged_packet_makes_way_for_the_record_and_that_is_told() {
    let user = user();
    let damaged = b"<rdf:RDF caf\xe9";
    user.write("x.webp", &with_packet(damaged));
    let ran = user.diat(&["info", "x.webp"]).expect(0, &[]);
    assert!(
        ran.stdout.contains("none to be read: neither UTF-8"),
        "{ran:?}"
    );
    second(&user, "x.webp", "y.png", &[]).expect(
        0,
        &[
            "1 edited",
            "not kept: XMP (it is damaged",
            "--no-record",
            "x.webp",
        ],
    );
    assert!(told(&user, "y.png")[1].starts_with("edit 1 second"));
    let ran = second(&user, "x.webp", "z.webp", &["--no-record"]).expect(0, &["1 edited"]);
    assert!(!ran.stderr.contains("not kept"), "{ran:?}");
    assert!(
        user.read("z.webp")
            .windows(damaged.len())
            .any(|part| part == damaged)
    );
}

#[test]
fn a_record_beside_more_than_a_segment_of_jpeg_holds_is_read_back() {
    let user = user();
    let other = format!(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description xmlns:p=\"http://ns.adobe.com/photoshop/1.0/\" p:Headline=\"{}\"/></rdf:RDF>",
        "x".repeat(65_000)
    );
    user.write("x.webp", &with_packet(other.as_bytes()));
    for (from, to) in [("x.webp", "y.jpg"), ("y.jpg", "z.jpg")] {
        let ran = second(&user, from, to, &[]).expect(0, &["1 edited"]);
        assert!(!ran.stderr.contains("not kept"), "{ran:?}");
    }
    let told = told(&user, "z.jpg");
    assert!(
        told[1].starts_with("edit 1 second") && told[4].starts_with("edit 2 second"),
        "{told:?}"
    );
}

#[test]
fn a_hostile_packet_neither_stops_the_edit_nor_reaches_the_terminal() {
    let user = user();
    let record = |effect: &str| {
        format!(
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description xmlns:diat=\"urn:x-diat:record/1.0/\">\
             <diat:Edits><rdf:Seq>{}</rdf:Seq></diat:Edits></rdf:Description></rdf:RDF>",
            format!("<rdf:li diat:Effect=\"{effect}\"/>").repeat(500)
        )
    };
    let odd = record(&format!("\u{9b}2J\u{202e}&#x85;{}", "long".repeat(5000)));
    user.write("x.webp", &with_packet(odd.as_bytes()));
    let ran = user.diat(&["info", "x.webp"]).expect(0, &[]);
    assert!(
        !ran.stdout.contains(['\u{9b}', '\u{202e}', '\u{85}']),
        "{ran:?}"
    );
    assert!(ran.stdout.contains("400 more"), "{ran:?}");
    let entities =
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><rdf:RDF>&b;</rdf:RDF>"
            .to_owned();
    let deep = format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    let wide: String = (0..100_000).map(|index| format!(" a{index}=''")).collect();
    for packet in [entities, deep, format!("<a{wide}/>")] {
        user.write("x.webp", &with_packet(packet.as_bytes()));
        second(&user, "x.webp", "y.webp", &[])
            .expect(0, &["1 edited", "not kept: XMP (it is damaged"]);
        assert!(told(&user, "y.webp")[1].starts_with("edit 1 second"));
    }
}

#[test]
fn an_effect_of_another_plug_in_is_recorded_without_weights_and_that_is_told() {
    if !has_program("cc") {
        return;
    }
    let user = user();
    let library = user.path(&format!("good{DLL_SUFFIX}"));
    let built = Command::new("cc")
        .args(["-std=c99", "-shared", "-fPIC", "-pthread", "-I"])
        .arg(root().join("plugin-abi/include"))
        .arg(root().join("tests/data/broken/good.c"))
        .arg("-o")
        .arg(&library)
        .arg("-lm")
        .status()
        .unwrap();
    assert!(built.success());
    let library = library.to_str().unwrap();
    user.diat(&[
        "apply",
        "turn",
        "a.png",
        "-o",
        "b.png",
        "--points",
        POINTS,
        "--plugin",
        library,
        "--set",
        "radius=1.5",
    ])
    .expect(0, &["1 edited", "turn: no manifest", "no weights"]);
    let told = told(&user, "b.png");
    assert!(
        told[1].starts_with("edit 1 turn 0.1.0, strength 1, radius=1.5;"),
        "{told:?}"
    );
    assert_eq!(told.len(), 2, "{told:?}");
}

/// What exiftool prints for these arguments.
fn exiftool(user: &User, arguments: &[&str]) -> String {
    let output = Command::new("exiftool")
        .current_dir(user.path("."))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn exiftool_reads_the_record_and_what_it_rewrites_is_read_and_continued() {
    if !has_program("exiftool") {
        return;
    }
    let user = user();
    for ending in ENDINGS {
        let name = |number: u8| format!("{number}.{ending}");
        user.paint(&[&format!("a.{ending}"), "-o", &name(1), "--strength", "0.5"])
            .expect(0, &["1 edited"]);
        let file = name(1);
        let value = |tag: &str| exiftool(&user, &["-s3", "-b", &format!("-XMP-{tag}"), &file]);
        assert_eq!(value("diat:EditsEffect").trim(), "painter", "{ending}");
        assert_eq!(value("diat:EditsVersion").trim(), "0.1.0");
        assert_eq!(value("diat:EditsStrength").trim(), "0.5");
        let weights = digest(&Painter::default().network());
        assert_eq!(value("diat:EditsWeightsSHA256").trim(), weights);
        assert_eq!(value("iptcExt:DigitalSourceType").trim(), COMPOSITE);
        assert_eq!(value("xmpMM:HistoryAction").trim(), "edited");
        let problems = exiftool(&user, &["-validate", "-s3", "-b", &file]);
        assert!(problems.trim().starts_with('0'), "{ending}: {problems}");
        // It writes another shape of the same packet.
        exiftool(
            &user,
            &[
                "-q",
                "-overwrite_original",
                "-XMP-dc:Title=Of another program",
                &file,
            ],
        );
        let before = told(&user, &file);
        assert!(
            before[1].starts_with("edit 1 painter 0.1.0, strength 0.5;"),
            "{before:?}"
        );
        second(&user, &file, &name(2), &[]).expect(0, &["1 edited"]);
        let after = told(&user, &name(2));
        assert_eq!(after[..3], before[..], "{ending}");
        assert!(after[3].starts_with("edit 2 second 2.3.4"), "{after:?}");
        let effects = exiftool(&user, &["-a", "-s3", "-XMP-diat:EditsEffect", &name(2)]);
        assert_eq!(effects, "painter\nsecond\n");
        let title = exiftool(&user, &["-s3", "-XMP-dc:Title", &name(2)]);
        assert_eq!(title, "Of another program\n");
    }
}

/// A WebP file with this packet.
fn with_packet(packet: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut bytes);
    encoder.set_xmp_metadata(packet.to_vec());
    let picture = DynamicImage::from(picture()).to_rgb8();
    let (width, height) = picture.dimensions();
    encoder
        .encode(&picture, width, height, image_webp::ColorType::Rgb8)
        .unwrap();
    bytes
}
