//! What is not done, and what is said instead.

use std::fs;

use crate::support::{User, ran};

#[test]
fn wrong_use_ends_with_2_and_says_what_is_right() {
    let user = User::new();
    ran(&mut user.command(&["run"])).expect(2, &["--data", "--out"]);
    let sets = ["network.size=33", "loss.gun=hinge"];
    let said = ran(&mut user.run("out", &sets)).expect(2, &["a multiple of 32", "write `gan`"]);
    assert_eq!(said.stderr.lines().count(), 2, "{said:?}");
    let mut command = user.run("out", &[]);
    ran(command.args(["--device", "abacus"])).expect(2, &["abacus", "flex"]);
    ran(&mut user.resume("out")).expect(2, &["no training lies there"]);
    assert!(!user.path("out").exists());
}

#[test]
fn a_dry_run_says_what_would_be_done_and_writes_nothing() {
    let user = User::new();
    let said = ran(user.run("out", &[]).arg("--dry-run")).expect(0, &[]);
    for line in [
        "denoiser: 2 rounds, batches of 2\n",
        "adversarial: 52 rounds",
    ] {
        assert!(said.stdout.contains(line), "{said:?}");
    }
    assert!(!user.path("out").exists());
}

#[test]
fn a_folder_that_is_used_and_data_that_changed_are_refused() {
    let user = User::new();
    let short = ["schedule.rounds=2", "run.grid-every=1000"];
    ran(&mut user.run("out", &short)).expect(0, &[]);
    ran(&mut user.run("out", &short)).expect(
        2,
        &["out: holds a training already", "diat-train resume out"],
    );
    fs::create_dir(user.path("mine")).unwrap();
    fs::write(user.path("mine/thesis.txt"), "x").unwrap();
    ran(&mut user.run("mine", &[])).expect(2, &["mine: holds thesis.txt"]);
    let other = [
        "synth",
        "--effect",
        "eyeglasses-off",
        "--count",
        "20",
        "--size",
        "32",
        "--seed",
        "2",
        "--out",
        "faces",
    ];
    ran(&mut user.command(&other)).expect(0, &[]);
    ran(user.resume("out").args(["--data", "faces"]))
        .expect(1, &["faces: found other data", "--data"]);
    let file = user.path("out/recipe.toml");
    fs::write(&file, user.read("out/recipe.toml") + "# changed\n").unwrap();
    ran(&mut user.resume("out")).expect(1, &["recipe.toml: found another text", "undo the change"]);
}

#[test]
fn a_recipe_is_checked_on_its_own() {
    let user = User::new();
    let said = ran(&mut user.command(&["check", "small.toml"])).expect(0, &["small.toml: sound"]);
    assert!(said.stdout.contains("id = \"small\""), "{said:?}");
    let text = user.read("small.toml").replace("share = 0.2", "share = 2");
    fs::write(user.path("small.toml"), text).unwrap();
    ran(&mut user.command(&["check", "small.toml"])).expect(
        1,
        &["small.toml:66: loss.ratio.share: found 2, allowed: a share between 0 and 1"],
    );
}
