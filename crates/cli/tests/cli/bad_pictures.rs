//! Files that are no pictures, or not whole, or not files: each is named, the others are worked on, inputs stay as they were.

use std::collections::BTreeMap;
use std::fs;

use image::DynamicImage;

use crate::support::{SIDE, User, encode, picture};

/// In each format, by the ending of its name.
fn pictures() -> [(&'static str, Vec<u8>); 4] {
    let without_alpha: DynamicImage = DynamicImage::from(picture()).to_rgb8().into();
    ["png", "jpg", "webp", "tif"].map(|ending| {
        let bytes = encode(&format!("a.{ending}"), &without_alpha, None, None);
        (ending, bytes)
    })
}

/// All files of a folder.
fn contents(user: &User, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let names = user.names(folder).into_iter();
    names
        .map(|name| (name.clone(), user.read(&format!("{folder}/{name}"))))
        .collect()
}

#[test]
fn a_thousand_files_with_twenty_bad_ones_are_980_pictures_and_20_names() {
    let user = User::new();
    let small: DynamicImage =
        image::RgbImage::from_fn(12, 10, |x, y| image::Rgb([x as u8 * 20, y as u8 * 25, 77]))
            .into();
    let portrait = fs::read(diat_tests::root().join("tests/data/portrait.png")).unwrap();
    let good = encode("a.png", &small, None, None);
    let formats = pictures();
    let mut bad = Vec::new();
    for index in 0..1000 {
        let name = |ending: &str| format!("{index:04}.{ending}");
        let (ending, whole) = &formats[index / 50 % 4];
        let file = match index {
            _ if index % 50 == 7 => {
                bad.push(name(ending));
                let bytes = match index / 200 {
                    0 => &[][..],
                    1 => &whole[..whole.len() / 3],
                    2 => b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
                    3 => b"<html>not found</html>",
                    _ => &whole[..16],
                };
                (name(ending), bytes.to_vec())
            }
            250 | 750 => (name("png"), portrait.clone()),
            _ => (name("png"), good.clone()),
        };
        user.write(&format!("in/{}", file.0), &file.1);
    }
    assert_eq!(bad.len(), 20);
    let before = contents(&user, "in");

    let ran = user.with_resources(&["apply", "painter", "in", "-o", "out"]);
    let ran = ran.expect(1, &["2 edited, 978 untouched, 20 failed"]);
    for name in &bad {
        let file = format!("in/{name}: ");
        let lines = ran.stderr.lines().filter(|line| line.contains(&file));
        let lines: Vec<_> = lines.collect();
        assert_eq!(lines.len(), 1, "{name}: {lines:?}");
        assert!(
            ["cannot be read as", "is no PNG", "is a GIF picture"]
                .iter()
                .any(|why| lines[0].contains(why)),
            "{lines:?}"
        );
    }
    let after = contents(&user, "out");
    for (name, bytes) in &before {
        let made = after.get(name);
        assert_eq!(made.is_none(), bad.contains(name), "{name}");
        if bytes == &portrait {
            assert_ne!(made, Some(bytes), "{name}");
        } else if let Some(made) = made {
            assert!(made == bytes, "{name} is untouched");
        }
    }
    assert_eq!(after.len(), 980, "nothing else was left");
    assert!(contents(&user, "in") == before, "the inputs");
}

#[test]
fn a_picture_that_ends_early_is_named_wherever_it_ends() {
    let user = User::new();
    let mut names = Vec::new();
    for (ending, bytes) in pictures() {
        // Everywhere in the headers, then here and there, and short of the last tenth.
        let short = (0..64).chain((64..bytes.len() * 9 / 10).step_by(bytes.len() / 24));
        for length in short {
            let name = format!("{length:06}.{ending}");
            user.write(&format!("in/{name}"), &bytes[..length]);
            names.push(name);
        }
    }
    let ran = user.with_resources(&["apply", "painter", "in", "-o", "out", "--jobs", "2"]);
    let failed = format!("0 edited, 0 untouched, {} failed", names.len());
    let ran = ran.expect(1, &[&failed]);
    for name in &names {
        let file = format!("diat: in/{name}: ");
        let line = ran.stderr.lines().find(|line| line.starts_with(&file));
        let line = line.unwrap_or_else(|| panic!("{name} is not named"));
        assert!(
            line.contains("cannot be read as") || line.contains("is no PNG"),
            "{line}"
        );
    }
    assert_eq!(user.names("out"), Vec::<String>::new());
}

#[test]
fn sizes_that_a_header_promises_are_refused_before_memory_is_taken() {
    let user = User::new();
    let mut tiff = b"II*\0\x08\0\0\0\x09\0".to_vec();
    let side = 70_000_u32;
    for (tag, kind, value) in [
        (256_u16, 4_u16, side),
        (257, 4, side),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, side),
        (279, 4, u32::MAX),
    ] {
        tiff.extend(tag.to_le_bytes());
        tiff.extend(kind.to_le_bytes());
        tiff.extend(1_u32.to_le_bytes());
        tiff.extend(value.to_le_bytes());
    }
    tiff.extend([0; 4]);
    user.write("in/tiff.tif", &tiff);
    // 5 GiB of nothing behind a good beginning.
    let sparse = user.write("in/sparse.png", b"\x89PNG\r\n\x1a\n");
    let sparse = fs::File::options().write(true).open(sparse).unwrap();
    sparse.set_len(5 << 30).unwrap();
    let ran = user.with_resources(&["apply", "painter", "in", "-o", "out", "--jobs", "1"]);
    ran.expect(
        1,
        &[
            "in/tiff.tif: 70000×70000 pixels",
            "in/sparse.png: cannot be read: it has 5120 MiB; at most 4096 MiB",
            "2 failed",
        ],
    );
    assert_eq!(user.names("out"), Vec::<String>::new());
}

/// A chunk of a PNG file.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut body = kind.to_vec();
    body.extend(data);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [
        &length[..],
        &body,
        &crate::failures::crc32(&body).to_be_bytes(),
    ]
    .concat()
}

/// A chunk of a RIFF file.
fn riff(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_le_bytes();
    let padding = vec![0; data.len() % 2];
    [&kind[..], &length, data, &padding].concat()
}

#[test]
fn of_an_animation_the_first_frame_is_edited_and_the_others_are_told_to_be_lost() {
    let user = User::new();
    let [(_, png), _, (_, webp), _] = pictures();
    // Signature and header take 33 bytes.
    let two_frames = chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    user.write("a.png", &[&png[..33], &two_frames, &png[33..]].concat());
    let side = (SIDE - 1).to_le_bytes();
    let canvas = [&[2, 0, 0, 0][..], &side[..3], &side[..3]].concat();
    let frame = [
        &[0; 6][..],
        &side[..3],
        &side[..3],
        &[100, 0, 0, 0],
        &webp[12..],
    ]
    .concat();
    let frame = riff(b"ANMF", &frame);
    let chunks = [
        riff(b"VP8X", &canvas),
        riff(b"ANIM", &[0; 6]),
        frame.clone(),
        frame,
    ];
    let content = [b"WEBP".to_vec(), chunks.concat()].concat();
    user.write("b.webp", &riff(b"RIFF", &content));
    for name in ["a.png", "b.webp"] {
        let out = format!("out/{name}");
        user.paint(&[name, "-o", "out/"])
            .expect(0, &["1 edited", "not kept: ", "frame", name]);
        assert_eq!(user.open(&out).width(), SIDE);
    }
    user.write("c.png", b"GIF89a\xC8\0\xC8\0\0\0\0!\xF9\x04\0\0\0\0\0;");
    user.paint(&["c.png", "-o", "out/"])
        .expect(1, &["c.png: is a GIF picture"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_and_not_waited_for() {
    use std::os::unix::fs::symlink;
    let user = User::new();
    let png = encode("a.png", &picture().into(), None, None);
    user.write("in/a.png", &png);
    symlink("a.png", user.path("in/link.png")).unwrap();
    symlink("none.png", user.path("in/nowhere.png")).unwrap();
    symlink("round.png", user.path("in/round.png")).unwrap();
    symlink("/dev/zero", user.path("in/zero.png")).unwrap();
    let has_pipe = diat_tests::has_program("mkfifo") && {
        let mut pipe = std::process::Command::new("mkfifo");
        pipe.arg(user.path("in/pipe.png"))
            .status()
            .unwrap()
            .success()
    };
    let ran = user.with_resources(&["apply", "identity", "in", "-o", "out"]);
    let failed = if has_pipe { 4 } else { 3 };
    let summary = format!("1 untouched, {failed} failed");
    let ran = ran.expect(
        1,
        &[
            "in/nowhere.png: cannot be read: No such file",
            "in/round.png: cannot be read: ",
            "in/zero.png: cannot be read: it is no regular file",
            &summary,
        ],
    );
    if has_pipe {
        let text = "in/pipe.png: cannot be read: it is no regular file";
        assert!(ran.stderr.contains(text), "{ran:?}");
    }
    // The link is another name of a.png, which is worked on once, by the first of them.
    assert_eq!(user.names("out"), ["a.png"]);
    // Named alone, a link is what it leads to.
    user.with_resources(&["apply", "identity", "in/link.png", "-o", "out/"])
        .expect(0, &["1 untouched"]);
    assert_eq!(user.read("out/link.png"), png);
    assert!(
        fs::symlink_metadata(user.path("in/link.png"))
            .unwrap()
            .is_symlink()
    );
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf_8_are_names_like_others() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    use crate::support::POINTS;
    let user = User::new();
    let name = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
    let good = encode("a.png", &picture().into(), None, None);
    fs::create_dir(user.path("in")).unwrap();
    let file = user.path("in").join(name(b"\xE4\xF6\xFC \xFF.png"));
    if fs::write(&file, &good).is_err() {
        println!("skipped: this file system takes UTF-8 names only");
        return;
    }
    fs::write(user.path("in").join(name(b"bad\xFE.png")), "").unwrap();
    let resources = user.resources.path();
    let mut command = user.command();
    command
        .args(["apply", "painter", "in", "-o", "out", "--resources"])
        .arg(resources);
    let ran = user.run(&mut command);
    ran.expect(1, &["bad\u{FFFD}.png: is no PNG", "1 untouched, 1 failed"]);
    let out = user.path("out").join(name(b"\xE4\xF6\xFC \xFF.png"));
    assert!(fs::read(&out).unwrap() == good);
    // One by one, and as a name to write.
    let one = user.path(".").join(name(b"\xFD.png"));
    let mut command = user.command();
    command
        .args(["apply", "painter", "--points", POINTS, "--resources"])
        .arg(resources)
        .arg(&file)
        .arg("-o")
        .arg(&one);
    user.run(&mut command).expect(0, &["1 edited"]);
    assert_eq!(image::open(&one).unwrap().width(), SIDE);
    assert_eq!(fs::read_dir(user.path("out")).unwrap().count(), 1);
}

#[test]
fn names_up_to_the_longest_are_written_and_longer_ones_fail_in_words() {
    let user = User::new();
    let good = encode("a.png", &picture().into(), None, None);
    let longest = format!("{}.png", "n".repeat(251));
    user.write(&format!("in/{longest}"), &good);
    user.with_resources(&["apply", "identity", "in", "-o", "out"])
        .expect(0, &["1 untouched"]);
    assert_eq!(user.names("out"), [longest.as_str()]);
    user.write("a.png", &good);
    let deep = format!("{}b.png", "deep/".repeat(900));
    for long in [format!("o{longest}"), deep.clone()] {
        let ran = user.with_resources(&["apply", "identity", "a.png", "-o", &long]);
        assert_ne!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.contains(&long[..200]), "{ran:?}");
    }
    user.with_resources(&["apply", "identity", &deep, "-o", "c.png"])
        .expect(1, &["deep/b.png: cannot be read: File name too long"]);
    assert_eq!(user.names("."), ["a.png", "in", "out"]);
}
