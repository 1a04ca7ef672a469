//! Libraries that keep the contract.

use std::path::Path;

use diat_tests::{Painter, Resources, plugin_library};

use crate::program::{Checked, STAYS, plugin, results, validate};

fn none_is_bad(checks: &[Checked]) {
    let bad = |check: &&Checked| ["failed", "crashed"].contains(&check.outcome.as_str());
    let bad: Vec<&Checked> = checks.iter().filter(bad).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

/// Names of the checks that did not pass.
fn not_passed(checks: &[Checked]) -> Vec<&str> {
    let other = checks.iter().filter(|check| check.outcome != "passed");
    other.map(|check| check.name.as_str()).collect()
}

#[test]
fn our_own_library_passes_every_check() {
    let resources = Resources::new();
    Painter::default().add_to(&resources, "painter");
    let folder = resources.path().to_str().unwrap();
    let arguments = ["--resources", folder, "--effect", "painter", "--seed", "1"];
    let (checks, code) = results(&plugin_library(), &arguments);
    none_is_bad(&checks);
    assert_eq!(code, Some(0));
    // A busy machine may list slowly; whatever else is no ELF file.
    let allowed = ["lists-quickly", "one-exported-symbol"];
    let others: Vec<&str> = not_passed(&checks)
        .into_iter()
        .filter(|name| !allowed.contains(name))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn our_own_library_passes_with_an_effect_that_people_use() {
    for check in [
        "renders",
        "guard-pages",
        "older-host",
        "eight-threads",
        "nan-and-infinite-pixels",
    ] {
        let (checks, code) = results(
            &plugin_library(),
            &["--check", check, "--effect", "eyeglasses-off"],
        );
        none_is_bad(&checks);
        assert_eq!(code, Some(0));
    }
}

#[test]
fn the_plug_in_on_which_the_broken_ones_rest_passes_every_check() {
    let folder = tempfile::tempdir().unwrap();
    let strict = [STAYS, &["-Wall", "-Wextra", "-Werror", "-pedantic"]].concat();
    let Some(library) = plugin("good", folder.path(), &strict) else {
        return;
    };
    for seed in ["1", "2", "123456789"] {
        let (checks, code) = results(&library, &["--seed", seed]);
        none_is_bad(&checks);
        assert_eq!(code, Some(0));
        let allowed = ["lists-quickly", "one-exported-symbol", "missing-weights"];
        let others: Vec<&str> = not_passed(&checks)
            .into_iter()
            .filter(|name| !allowed.contains(name))
            .collect();
        assert!(others.is_empty(), "{others:?}");
    }
}

#[test]
fn wrong_use_is_told_by_the_exit_code() {
    let library = plugin_library();
    assert_eq!(
        validate(Path::new("no-such-library"), &[]).status.code(),
        Some(2)
    );
    assert_eq!(
        validate(&library, &["--check", "no-such-check"])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        validate(&library, &["--resources", "no-such-folder"])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        validate(&library, &["--timeout", "0"]).status.code(),
        Some(2)
    );
}

#[test]
fn a_file_that_is_no_library_fails_and_the_rest_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("library.so");
    std::fs::write(&file, "no library").unwrap();
    let (checks, code) = results(&file, &[]);
    assert_eq!(code, Some(1));
    assert_eq!(
        (checks[0].name.as_str(), checks[0].outcome.as_str()),
        ("loads", "failed")
    );
    assert!(
        checks[1..].iter().all(|check| check.outcome == "skipped"),
        "{checks:?}"
    );
}

#[test]
fn the_seed_is_printed_and_decides_what_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let Some(library) = plugin("outside_roi", folder.path(), STAYS) else {
        return;
    };
    let text = |seed| {
        let arguments = ["--check", "outside-roi-is-kept", "--seed", seed];
        String::from_utf8(validate(&library, &arguments).stdout).unwrap()
    };
    assert!(text("77").lines().next().unwrap().ends_with("seed 77"));
    assert_eq!(text("77"), text("77"));
    assert_ne!(text("77").lines().nth(1), text("78").lines().nth(1));
    let printed = String::from_utf8(validate(&library, &["--check", "loads"]).stdout).unwrap();
    assert!(
        printed.lines().next().unwrap().contains("seed "),
        "{printed}"
    );
}
