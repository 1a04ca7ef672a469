//! Folders that cannot be read or written, disks that are full, streams that are closed, settings that are damaged.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use image::RgbImage;

use crate::support::{POINTS, Ran, User, encode, picture};

fn png() -> Vec<u8> {
    encode("a.png", &picture().into(), None, None)
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Runs without a superuser's privileges and with the effects of the tests; nothing where they cannot be given up.
fn bound(user: &User, arguments: &[&str]) -> Option<Ran> {
    let mut command = user.without_privilege()?;
    command.args(arguments);
    if !arguments.contains(&"--resources") {
        command.arg("--resources").arg(user.resources.path());
    }
    Some(user.run(&mut command))
}

#[test]
fn a_folder_that_may_not_be_written_is_named_and_what_is_in_it_stays() {
    let user = User::new();
    user.write("in/a.png", &png());
    user.write("out/a.png", b"from before");
    allow(&user.path("out"), 0o555);
    let folder = bound(&user, &["apply", "identity", "in", "-o", "out"]);
    let new = bound(&user, &["apply", "identity", "in", "-o", "out/new/"]);
    allow(&user.path("out"), 0o755);
    let (Some(folder), Some(new)) = (folder, new) else {
        return;
    };
    folder.expect(
        1,
        &[
            "out/a.png: cannot be written: Permission denied",
            "1 failed",
        ],
    );
    new.expect(
        1,
        &["out/new/: the folder cannot be made: Permission denied"],
    );
    assert_eq!(user.names("out"), ["a.png"]);
    assert_eq!(user.read("out/a.png"), b"from before");
    assert!(user.read("in/a.png") == png());
}

#[test]
fn what_may_not_be_read_is_named_and_the_others_are_worked_on() {
    let user = User::new();
    for name in ["in/a.png", "in/b.png", "shut/c.png"] {
        user.write(name, &png());
    }
    allow(&user.path("in/b.png"), 0o000);
    allow(&user.path("shut"), 0o000);
    let ran = bound(&user, &["apply", "identity", "in", "shut", "-o", "out"]);
    allow(&user.path("shut"), 0o755);
    let Some(ran) = ran else { return };
    ran.expect(
        1,
        &[
            "in/b.png: cannot be read: Permission denied",
            "shut: the folder cannot be read: Permission denied",
            "1 untouched, 2 failed",
        ],
    );
    assert_eq!(user.names("out"), ["a.png"]);
}

#[test]
fn weights_and_manifests_that_may_not_be_read_are_named() {
    let user = User::new();
    user.write("a.png", &png());
    let weights = user.resources.path().join("models/painter.onnx");
    let manifest = user.resources.path().join("manifests/identity.toml");
    for file in [&weights, &manifest] {
        allow(file, 0o000);
    }
    let apply = [
        "apply", "painter", "a.png", "-o", "b.png", "--points", POINTS,
    ];
    let Some(ran) = bound(&user, &apply) else {
        return;
    };
    ran.expect(
        1,
        &["models/painter.onnx", "identity.toml", "Permission denied"],
    );
    assert_eq!(user.names("."), ["a.png"]);
}

#[test]
fn a_data_folder_that_may_not_be_read_or_is_none_keeps_nobody_from_working() {
    let user = User::new();
    user.write("a.png", &png());
    let apply = [
        "apply", "painter", "a.png", "-o", "b.png", "--points", POINTS,
    ];
    fs::write(user.data(), "a file where the folder belongs").unwrap();
    user.paint(&["a.png", "-o", "b.png"])
        .expect(0, &["1 edited"]);
    fs::remove_file(user.data()).unwrap();
    fs::create_dir(user.data()).unwrap();
    allow(&user.data(), 0o000);
    let ran = bound(&user, &apply);
    allow(&user.data(), 0o755);
    if let Some(ran) = ran {
        // Whether there are settings in it cannot be known, and that is told.
        ran.expect(0, &["config.toml", "Permission denied", "1 edited"]);
    }
}

#[test]
fn settings_that_are_damaged_are_named_by_file_and_line_and_points_still_work() {
    let user = User::new();
    user.write("a.png", &png());
    fs::create_dir(user.data()).unwrap();
    let write = |bytes: &[u8]| fs::write(user.data().join("config.toml"), bytes).unwrap();
    for (bytes, part) in [
        (
            &b"detector = \"seeta\"\nruntime = 3\n"[..],
            "config.toml:2: found",
        ),
        (b"detector = [[[[", "config.toml:1: found"),
        (b"\xFF\xFE\0\0", "config.toml: cannot be read"),
        (&[b'#'; 1 << 20], "config.toml: cannot be read"),
    ] {
        write(bytes);
        user.with_resources(&["apply", "painter", "a.png", "-o", "b.png"])
            .expect(1, &["a.png: ", part, "1 failed"]);
        assert_eq!(user.names("."), ["a.png"]);
        user.paint(&["a.png", "-o", "b.png"])
            .expect(0, &["1 edited", part]);
        fs::remove_file(user.path("b.png")).unwrap();
    }
    write(b"detector = \"nobody\"\n");
    user.with_resources(&["apply", "painter", "a.png", "-o", "b.png"])
        .expect(1, &["a.png: ", "nobody", "seeta"]);
}

#[test]
fn of_two_hundred_bad_manifests_each_is_named_once_and_none_hides_the_good_ones() {
    let user = User::new();
    user.write("a.png", &png());
    let good = diat_tests::manifest("good", 64);
    for index in 0..200 {
        let text = match index % 5 {
            0 => "not toml at all [".to_owned(),
            1 => good.replace("kind = \"effect\"", "kind = \"spell\""),
            2 => good[..good.len() / 2].to_owned(),
            3 => "a = [".repeat(2000),
            _ => String::new(),
        };
        user.resources
            .write(&format!("manifests/bad-{index:03}.toml"), text.as_bytes());
    }
    let listed = user.with_resources(&["effects"]).expect(0, &[]);
    let applied = user
        .paint(&["a.png", "-o", "b.png"])
        .expect(0, &["1 edited"]);
    assert!(listed.stdout.contains("painter"), "{}", listed.stdout);
    for index in 0..200 {
        let name = format!("bad-{index:03}.toml");
        for said in [&listed.stderr, &applied.stderr] {
            assert!(said.contains(&name), "{name} is not named");
        }
    }
}

#[test]
fn a_full_disk_is_told_with_the_file_and_leaves_nothing_half_written() {
    let user = User::new();
    let noise = RgbImage::from_fn(400, 300, |x, y| {
        let value = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761) >> 13;
        image::Rgb([value as u8, (value >> 8) as u8, (value >> 5) as u8])
    });
    user.save("in/large.png", &noise.into());
    user.write(
        "in/small.png",
        &encode("a.png", &RgbImage::new(9, 9).into(), None, None),
    );
    fs::create_dir(user.path("disk")).unwrap();
    // A file system of 64 KiB that only this child sees.
    let script = "mount -t tmpfs -o size=64k diat disk 2>/dev/null || exit 99
        echo before > disk/large.png
        \"$@\"; code=$?
        cat disk/large.png; ls -A disk; exit $code";
    let ran = user
        .through("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
        ])
        .arg(env!("CARGO_BIN_EXE_diat"))
        .args(["apply", "identity", "in", "-o", "disk", "--resources"])
        .arg(user.resources.path())
        .output();
    match ran {
        Ok(ran) if ran.status.code() != Some(99) && !ran.stderr.starts_with(b"unshare:") => {
            let said = String::from_utf8_lossy(&ran.stderr);
            let line = said.lines().find(|line| line.contains("disk/large.png: "));
            let line = line.unwrap_or_else(|| panic!("{said}"));
            assert!(line.contains("cannot be written"), "{line}");
            assert!(line.contains("No space left on device"), "{line}");
            assert!(said.contains("1 untouched, 1 failed"), "{said}");
            assert_eq!(ran.stdout, b"before\nlarge.png\nsmall.png\n");
            assert_eq!(ran.status.code(), Some(1));
        }
        _ => println!("skipped: no file system may be mounted here"),
    }
    // Everywhere: files may not grow beyond 16 blocks, which a write is told in the same way.
    let ran = user
        .through("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_diat"))
        .args(["apply", "identity", "in", "-o", "out", "--resources"])
        .arg(user.resources.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    let line = said.lines().find(|line| line.contains("out/large.png: "));
    let line = line.unwrap_or_else(|| panic!("{said}"));
    assert!(line.contains("cannot be written"), "{line}");
    assert!(line.contains("File too large"), "{line}");
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert_eq!(user.names("out"), ["small.png"]);
}

#[test]
fn a_disk_that_fills_when_the_file_is_closed_leaves_nothing_either() {
    // Some file systems find out at fsync or rename only.
    if !diat_tests::has_program("strace") {
        return;
    }
    let user = User::new();
    user.write("a.png", &png());
    user.write("b.png", b"from before");
    for call in ["fsync", "rename,renameat,renameat2", "fchmod"] {
        let ran = user
            .through("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-e"])
            .arg(format!("inject={call}:error=ENOSPC"))
            .arg(env!("CARGO_BIN_EXE_diat"))
            .args(["apply", "identity", "a.png", "-o", "b.png", "--resources"])
            .arg(user.resources.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        if said.contains("ptrace") {
            println!("skipped: strace may not trace here");
            return;
        }
        let line = "b.png: cannot be written: No space left on device";
        assert!(said.contains(line), "{call}: {said}");
        assert_eq!(ran.status.code(), Some(1), "{call}");
        assert_eq!(user.names("."), ["a.png", "b.png"], "{call}");
        assert_eq!(user.read("b.png"), b"from before", "{call}");
    }
}

#[test]
fn an_output_that_is_a_folder_a_device_or_a_link_to_nothing_is_refused_by_name() {
    let user = User::new();
    user.write("in/a.png", &png());
    fs::create_dir_all(user.path("out/a.png")).unwrap();
    user.with_resources(&["apply", "identity", "in", "-o", "out"])
        .expect(
            1,
            &["out/a.png: cannot be written: what is there is no regular file"],
        );
    assert_eq!(user.names("out"), ["a.png"]);
    symlink("/dev/full", user.path("full.png")).unwrap();
    symlink("none.png", user.path("nowhere.png")).unwrap();
    for (out, why) in [
        ("full.png", "no regular file"),
        ("nowhere.png", "leads nowhere"),
    ] {
        user.with_resources(&["apply", "identity", "in/a.png", "-o", out])
            .expect(1, &[out, "cannot be written", why]);
        assert!(fs::symlink_metadata(user.path(out)).unwrap().is_symlink());
    }
    // A folder below a file, and one that is a link to a folder.
    user.with_resources(&["apply", "identity", "in", "-o", "in/a.png/out/"])
        .expect(1, &["in/a.png/out/: the folder cannot be made"]);
    fs::create_dir(user.path("real")).unwrap();
    symlink("real", user.path("link")).unwrap();
    user.with_resources(&["apply", "identity", "in", "-o", "link"])
        .expect(0, &["1 untouched"]);
    assert_eq!(user.names("real"), ["a.png"]);
}

#[test]
fn streams_that_are_closed_keep_no_picture_from_being_written() {
    let user = User::new();
    user.write("in/a.png", &png());
    user.write("in/b.png", &png());
    let shell = |redirection: &str, arguments: &[&str]| {
        user.through("sh")
            .args(["-c", &format!("exec \"$@\" {redirection}"), "sh"])
            .arg(env!("CARGO_BIN_EXE_diat"))
            .args(arguments)
            .arg("--resources")
            .arg(user.resources.path())
            .output()
            .unwrap()
    };
    for redirection in [">&- 2>&-", "<&-", "2>/dev/full", "2>&1 >/dev/full"] {
        let ran = shell(redirection, &["apply", "identity", "in", "-o", "out"]);
        assert_eq!(ran.status.code(), Some(0), "{redirection}: {ran:?}");
        assert_eq!(user.names("out"), ["a.png", "b.png"], "{redirection}");
        fs::remove_dir_all(user.path("out")).unwrap();
    }
    // A reader that goes away.
    let mut child = user
        .command()
        .args(["apply", "identity", "in", "-o", "out", "--resources"])
        .arg(user.resources.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(user.names("out"), ["a.png", "b.png"]);
    // What was asked for and is not there is no success.
    let ran = shell(">/dev/full", &["effects", "--json"]);
    assert_eq!(ran.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        said.contains("stdout: cannot be written: No space left"),
        "{said}"
    );
    assert_eq!(shell(">&-", &["effects", "--json"]).status.code(), Some(0));
}

#[test]
fn in_a_folder_that_was_removed_whole_names_work_and_others_fail_in_words() {
    let user = User::new();
    let input = user.write("a.png", &png());
    let run = |input: &Path, output: &Path| {
        let script = "mkdir gone && cd gone && rmdir ../gone && exec \"$@\"";
        Command::new("sh")
            .args(["-c", script, "sh"])
            .arg(env!("CARGO_BIN_EXE_diat"))
            .args(["apply", "identity", "--resources"])
            .arg(user.resources.path())
            .arg(input)
            .arg("-o")
            .arg(output)
            .current_dir(user.path("."))
            .env("XDG_DATA_HOME", user.home())
            .output()
            .unwrap()
    };
    let ran = run(&input, &user.path("b.png"));
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    for (from, to, line) in [
        (&*input, Path::new("b.png"), "b.png: cannot be written"),
        (
            Path::new("a.png"),
            &*user.path("c.png"),
            "a.png: cannot be read",
        ),
    ] {
        let ran = run(from, to);
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(1), "{said}");
        assert!(said.contains(line), "{said}");
    }
    assert_eq!(user.names("."), ["a.png", "b.png"]);
}
