//! A disk that is full.

use std::fs;
use std::process::Command;

use crate::support::{User, ran, send, started, wait_for};

/// The same command under a shell in which no file may grow beyond `blocks` of 512 bytes, as on a disk that is full.
fn with_little_room(command: &Command, blocks: u32) -> Command {
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""))
        .arg("sh")
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}

#[test]
fn a_full_disk_is_named_and_the_last_set_stays() {
    if !diat_tests::has_program("kill") {
        return;
    }
    let user = User::new();
    let sets = ["run.grid-every=1000"];
    ran(&mut user.run("whole", &sets)).expect(0, &[]);
    let mut child = started(&mut user.run("out", &sets));
    wait_for("checkpoint", || !user.checkpoints("out").is_empty());
    send("-INT", &child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let before = user.checkpoints("out");
    let said = ran(&mut with_little_room(&user.resume("out"), 24));
    let kept = format!("{} is complete and kept", before.last().unwrap());
    let words = ["cannot be written", ".safetensors", "make room", &kept];
    let said = said.expect(1, &words);
    assert!(!said.stderr.contains("panicked"), "{said:?}");
    assert_eq!(user.checkpoints("out"), before);
    let entries = fs::read_dir(user.path("out/checkpoints")).unwrap();
    assert_eq!(entries.count(), before.len());
    // With room again it goes on.
    ran(&mut user.resume("out")).expect(0, &["finished"]);
    assert!(user.weights("out") == user.weights("whole"));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_told() {
    let user = User::new();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = user
        .command(&["check", "small.toml"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("stdout: cannot be written"));
}
