//! A program that is killed cannot clean up. What it leaves is never taken for a result, and the next run takes it away.
#![cfg(unix)]

use crate::interrupt::{made, send, start, user_with_pictures, wait_for};

fn is_unfinished(name: &str) -> bool {
    name.starts_with(".diat-") && name.ends_with(".part")
}

#[test]
fn a_killed_run_leaves_whole_results_and_the_next_one_takes_away_the_rest() {
    if !diat_tests::has_program("kill") {
        return;
    }
    let user = user_with_pictures();
    let before: Vec<_> = user.names("in").into_iter().collect();
    let input = user.read("in/000.png");
    let mut seen = 0;
    let mut kill_at = 0;
    // At ever later moments, and more often should none of them be one in which a file is being written.
    wait_for("an unfinished file", || {
        let mut child = start(&user, &["--scale", "4", "--jobs", "2"]);
        kill_at += 3;
        wait_for("a picture being written", || {
            let names = made(&user);
            names.len() >= kill_at && names.iter().any(|name| is_unfinished(name))
        });
        send("-KILL", &child);
        assert_eq!(child.wait().unwrap().code(), None);
        let names = made(&user);
        assert!(names.len() < 400, "it was over before");
        seen += names.iter().filter(|name| is_unfinished(name)).count();
        for name in names.iter().filter(|name| !is_unfinished(name)) {
            assert_eq!(user.open(&format!("out/{name}")).width(), 800, "{name}");
        }
        seen > 0 && kill_at >= 30
    });
    assert!(user.names("in") == before && user.read("in/000.png") == input);
    // As an input, the folder is its whole pictures.
    let whole = made(&user).len()
        - made(&user)
            .iter()
            .filter(|name| is_unfinished(name))
            .count();
    let ran = user.with_resources(&["apply", "identity", "out", "-o", "copy"]);
    ran.expect(0, &[&format!("{whole} untouched, 0 failed")]);
    user.write("out/.diat-abcdef.part", b"half of a");
    let ran = user.with_resources(&["apply", "identity", "in", "-o", "out"]);
    ran.expect(
        0,
        &[
            "unfinished files of a run that was killed: ",
            "400 untouched",
        ],
    );
    assert_eq!(user.names("out"), before);
}

#[test]
fn a_file_that_another_run_is_writing_is_left_to_it() {
    if !diat_tests::has_program("kill") {
        return;
    }
    let user = user_with_pictures();
    let mut child = start(&user, &["--scale", "4", "--jobs", "1"]);
    // Stopped while it writes: then the file stays until it goes on.
    let mut writing = Vec::new();
    wait_for("a file being written", || {
        wait_for("an unfinished file", || {
            made(&user).iter().any(|name| is_unfinished(name))
        });
        send("-STOP", &child);
        // An empty one may not be locked yet; who clears the folder then makes the writer start anew.
        let has_begun = |name: &String| {
            let size = std::fs::metadata(user.path("out").join(name)).map(|file| file.len());
            is_unfinished(name) && size.is_ok_and(|size| size > 0)
        };
        writing = made(&user).into_iter().filter(has_begun).collect();
        if writing.is_empty() {
            send("-CONT", &child);
        }
        !writing.is_empty()
    });
    user.write("other/z.png", &user.read("in/000.png"));
    let ran = user.with_resources(&["apply", "identity", "other", "-o", "out"]);
    let ran = ran.expect(0, &["1 untouched"]);
    assert!(!ran.stderr.contains("killed"), "{ran:?}");
    assert!(made(&user).contains(&writing[0]));
    send("-CONT", &child);
    send("-INT", &child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!made(&user).iter().any(|name| is_unfinished(name)));
}
