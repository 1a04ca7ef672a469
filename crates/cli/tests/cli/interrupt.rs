//! Ctrl-C, SIGTERM and SIGHUP.
#![cfg(unix)]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use image::{DynamicImage, RgbImage};

use crate::support::{User, encode, picture};

/// Longer than anything here takes on any machine.
pub(crate) const FOREVER: Duration = Duration::from_secs(120);

/// Sends a signal, as `-INT`.
#[track_caller]
pub(crate) fn send(signal: &str, to: &Child) {
    let pid = to.id().to_string();
    let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
    assert!(sent.success(), "{signal} was not sent");
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < FOREVER, "{what} does not come");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Starts `apply painter` on the folder `in` with these arguments.
pub(crate) fn start(user: &User, arguments: &[&str]) -> Child {
    user.command()
        .args(["apply", "painter", "in", "-o", "out", "--resources"])
        .arg(user.resources.path())
        .args(arguments)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A user with so many pictures that a run over all is not over soon.
pub(crate) fn user_with_pictures() -> User {
    let user = User::new();
    let bytes = encode("a.png", &picture().into(), None, None);
    for index in 0..400 {
        user.write(&format!("in/{index:03}.png"), &bytes);
    }
    user
}

/// What there is in `out`, which may not be there yet.
pub(crate) fn made(user: &User) -> Vec<String> {
    if user.path("out").is_dir() {
        user.names("out")
    } else {
        Vec::new()
    }
}

/// Whether whoever started the tests had them outlive their terminal, which a program that they start inherits and respects.
fn hangups_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 != 0)
}

const SLOWLY: [&str; 4] = ["--scale", "4", "--jobs", "2"];

#[test]
fn each_signal_that_asks_to_end_does_so_with_its_code_and_leaves_whole_files_only() {
    if !diat_tests::has_program("kill") {
        return;
    }
    let user = user_with_pictures();
    for (signals, code) in [
        (&["-INT"][..], 130),
        (&["-TERM"], 143),
        (&["-HUP"], 129),
        (&["-TERM", "-TERM", "-TERM"], 143),
    ] {
        if code == 129 && hangups_are_ignored() {
            println!("skipped: SIGHUP's exit code: the tests run with SIGHUP ignored");
            continue;
        }
        let before = made(&user).len();
        let mut child = start(&user, &SLOWLY);
        // Outputs of earlier rounds are replaced, in order; a picture more than there was is the middle of this round.
        wait_for("a picture", || made(&user).len() > before.max(2));
        for signal in signals {
            send(signal, &child);
        }
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signals:?}");
        let names = made(&user);
        assert!(names.len() < 400, "it was over before");
        for name in names {
            assert!(!name.starts_with('.'), "{name} was left by {signals:?}");
            assert_eq!(user.open(&format!("out/{name}")).width(), 800, "{name}");
        }
    }
}

#[test]
fn who_wants_the_program_to_outlive_its_terminal_gets_that() {
    if !diat_tests::has_program("kill") || !std::path::Path::new("/proc/self/status").is_file() {
        return;
    }
    let user = User::new();
    let bytes = encode("a.png", &picture().into(), None, None);
    for index in 0..20 {
        user.write(&format!("in/{index}.png"), &bytes);
    }
    let mut child = user
        .through("sh")
        .args(["-c", "trap '' HUP; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_diat"))
        .args(["apply", "painter", "in", "-o", "out", "--resources"])
        .arg(user.resources.path())
        .args(SLOWLY)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("a picture", || !made(&user).is_empty());
    send("-HUP", &child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(made(&user).len(), 20);
}

#[test]
fn a_picture_of_24_megapixels_is_left_at_any_moment_without_a_trace() {
    if !diat_tests::has_program("kill") {
        return;
    }
    let user = User::new();
    let large = RgbImage::from_fn(6000, 4000, |x, y| {
        image::Rgb([x as u8, y as u8, (x / 8 + y / 8) as u8])
    });
    let large = encode("a.png", &DynamicImage::from(large), None, None);
    user.write("a.png", &large);
    let points = "1920,2160 4080,2160 3000,3180 2100,3900 3900,3900";
    let start = || {
        user.command()
            .args([
                "apply", "painter", "a.png", "-o", "b.png", "--points", points,
            ])
            .arg("--resources")
            .arg(user.resources.path())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let began = Instant::now();
    assert!(start().wait().unwrap().success());
    let whole = began.elapsed();
    let done = user.read("b.png");
    let mut left = 0;
    const MOMENTS: u32 = 8;
    for moment in 1..MOMENTS {
        std::fs::remove_file(user.path("b.png")).unwrap();
        let mut child = start();
        std::thread::sleep(whole * moment / MOMENTS);
        // It may be over already where the machine had more to do the first time.
        let _ = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .stderr(Stdio::null())
            .status();
        let mut status = None;
        wait_for("the end", || {
            status = child.try_wait().unwrap();
            status.is_some()
        });
        match status.unwrap().code() {
            Some(130) => {
                left += 1;
                assert_eq!(user.names("."), ["a.png"], "at {moment} of {MOMENTS}");
                user.write("b.png", b"");
            }
            Some(0) => assert!(user.read("b.png") == done, "at {moment} of {MOMENTS}"),
            other => panic!("{other:?} at {moment} of {MOMENTS}"),
        }
    }
    assert!(left > 0, "it was always over before");
    assert!(user.read("a.png") == large);
}
