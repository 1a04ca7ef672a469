//! Ctrl-C.
#![cfg(unix)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{User, encode, picture};

#[test]
fn ctrl_c_ends_with_130_and_leaves_whole_files_only() {
    if !diat_tests::has_program("kill") {
        return;
    }
    let user = User::new();
    let bytes = encode("a.png", &picture().into(), None, None);
    for index in 0..400 {
        user.write(&format!("in/{index:03}.png"), &bytes);
    }
    let mut child = user
        .command()
        .args([
            "apply", "painter", "in", "-o", "out", "--scale", "4", "--jobs", "2",
        ])
        .args(["--resources", user.resources.path().to_str().unwrap()])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Once there is a first result it is in the middle of the others.
    let start = Instant::now();
    while !user.path("out").is_dir() || user.names("out").len() < 3 {
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "nothing was written"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let names = user.names("out");
    assert!(names.len() < 400, "it was over before");
    for name in names {
        assert!(!name.starts_with('.'), "{name} was left");
        assert_eq!(user.open(&format!("out/{name}")).width(), 800, "{name}");
    }
}
