//! An installation that is killed, at every step that it tells of.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod suite;

use std::path::Path;
use std::process::{Command, ExitStatus};

use diat_install::Kind;
use suite::User;

/// Folder of a child; it is one where this is set.
const FOLDER: &str = "DIAT_TEST_CHILD_FOLDER";
/// How many steps the child tells of before it is killed.
const STEPS: &str = "DIAT_TEST_CHILD_STEPS";

const OLD: (&str, Kind) = ("1.32.0", Kind::Cuda);
const NEW: (&str, Kind) = ("1.31.1", Kind::Cuda);

/// Not a test of its own: what the test below starts and kills.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let user = User::at(Path::new(&folder));
    let mut left: usize = std::env::var(STEPS).unwrap().parse().unwrap();
    let new = user.runtime(NEW.0, NEW.1);
    let tell = &mut |_: diat_install::Event<'_>| {
        if left == 0 {
            let id = std::process::id().to_string();
            Command::new("kill").args(["-9", &id]).status().unwrap();
        }
        left -= 1;
    };
    user.install_and(&new, &|_| Ok(()), tell).unwrap();
}

fn killed_after(user: &User, steps: usize) -> ExitStatus {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "child"]);
    child
        .env(FOLDER, user.folder())
        .env(STEPS, steps.to_string());
    child.output().unwrap().status
}

#[test]
fn whoever_looks_after_a_kill_finds_the_old_runtime_or_the_new_one_whole() {
    let (mut found_old, mut found_new) = (0, 0);
    for steps in 0.. {
        let user = User::new();
        let old = user.runtime(OLD.0, OLD.1);
        user.install(&old).unwrap();
        let ended = killed_after(&user, steps).success();
        let new = user.runtime(NEW.0, NEW.1);
        match (user.has(&old), user.has(&new)) {
            (true, false) => found_old += 1,
            (false, true) => found_new += 1,
            neither => panic!("after {steps} steps: {neither:?}: {:?}", user.names()),
        }
        // The next one goes on, and clears up.
        user.install(&new).unwrap();
        assert!(user.has(&new), "after {steps} steps");
        assert_eq!(
            user.names().len(),
            1,
            "after {steps} steps: {:?}",
            user.names()
        );
        if ended {
            break;
        }
    }
    // Two wheels fetched, blocks of three libraries, and one step on the far side of the rename: all of them were cut.
    assert!(
        found_old >= 10 && found_new >= 2,
        "{found_old} old, {found_new} new"
    );
}

#[test]
fn with_nothing_there_before_a_kill_leaves_nothing_or_the_whole() {
    for steps in 0.. {
        let user = User::new();
        let ended = killed_after(&user, steps).success();
        let new = user.runtime(NEW.0, NEW.1);
        let found = user.places.runtime_library().unwrap();
        assert!(
            found.is_none() || user.has(&new),
            "after {steps} steps: {found:?}"
        );
        if ended {
            assert!(user.has(&new) && steps > 10);
            break;
        }
    }
}
