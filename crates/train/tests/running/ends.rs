//! Ends of other kinds: its own, Ctrl-C, SIGTERM, NaN.

use std::fs;

use crate::support::{User, ran, send, started, wait_for};

#[test]
fn the_last_line_measures_against_the_counterfactual() {
    let user = User::new();
    let said = ran(&mut user.run("out", &[])).expect(0, &["finished", "3/60 ", " left"]);
    // One line a tick where there is no terminal.
    assert!(said.stderr.lines().count() > 19, "{said:?}");
    let lines = user.metrics("out");
    let last = lines.last().unwrap();
    assert_eq!(last["round"], 60);
    for key in ["psnr", "psnr_unedited"] {
        let value = last[key].as_f64().unwrap();
        assert!(value > 5.0 && value < 60.0, "{key} {value}");
    }
    assert!(user.read("out/metrics.jsonl").contains("\"waiting\":"));
    assert_eq!(user.checkpoints("out"), ["000056", "000060"]);
    for name in [
        "recipe.toml",
        "data.json",
        "run.json",
        "report.html",
        "grids/000030.png",
    ] {
        assert!(user.path("out").join(name).exists(), "{name}");
    }
    let recipe = user.read("out/recipe.toml");
    assert!(
        recipe.contains("seed = 5") && recipe.contains("map-smoothness = 0"),
        "{recipe}"
    );
}

#[test]
fn a_signal_saves_and_leaves_and_the_rest_follows() {
    if !diat_tests::has_program("kill") {
        return;
    }
    let user = User::new();
    ran(&mut user.run("whole", &[])).expect(0, &[]);
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let out = signal.trim_start_matches('-');
        let mut child = started(&mut user.run(out, &[]));
        wait_for("line", || {
            fs::metadata(user.path(out).join("metrics.jsonl")).is_ok_and(|file| file.len() > 0)
        });
        send(signal, &child);
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert!(
            user.read(&format!("{out}/report.html"))
                .contains(">interrupted<")
        );
        assert_ne!(user.checkpoints(out), [""; 0]);
        ran(&mut user.resume(out)).expect(0, &["goes on after round", "finished"]);
        assert!(user.weights(out) == user.weights("whole"));
        assert_eq!(user.metrics(out), user.metrics("whole"));
    }
}

#[test]
fn nan_ends_it_with_the_last_set_kept() {
    let user = User::new();
    let sets = ["loss.adversarial=1e300"];
    let said = ran(&mut user.run("out", &sets));
    let said = said.expect(
        1,
        &[
            "3 of at most 3 in a row",
            "in the 4th round in a row: stopped",
            "000007 is complete and kept",
        ],
    );
    assert!(!said.stderr.contains("panicked"), "{said:?}");
    assert_eq!(user.checkpoints("out"), ["000007"]);
}
