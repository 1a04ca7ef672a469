//! Plug-ins that break one promise each, and the check that names it.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::program::{STAYS, plugin, results, validate};

/// A file of `tests/data/broken`, the check that finds what is broken, the outcome, and words that tell of it.
type Case = (&'static str, &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    ("refuses", "loads", "failed", "refuses this host"),
    ("slow", "lists-quickly", "failed", "ms for 1 effects"),
    ("another_table", "entry-repeats", "failed", "another table"),
    (
        "two_symbols",
        "one-exported-symbol",
        "failed",
        "turn_helper",
    ),
    ("short_table", "table-is-complete", "failed", "size"),
    ("bad_id", "effect-ids", "failed", "Turn_it"),
    (
        "no_strength",
        "reserved-parameters",
        "failed",
        "parameter 0 is radius, not strength",
    ),
    (
        "default_outside",
        "parameter-numbers",
        "failed",
        "the default 1.5 is outside 0 to 1",
    ),
    ("odd_choices", "parameter-choices", "failed", "7 strings"),
    ("not_utf8", "strings", "failed", "label is not UTF-8"),
    (
        "changes_descriptors",
        "descriptors-never-change",
        "failed",
        "reads otherwise",
    ),
    ("follows_null", "null-answers", "crashed", "signal 11"),
    ("any_effect", "unknown-effect-fails", "failed", "no-such-"),
    ("id_prefix", "effect-id-with-tail-fails", "failed", "turnx"),
    ("leaks", "open-close-1000", "failed", "KiB behind"),
    (
        "leaks_files",
        "open-close-1000",
        "failed",
        "files stay open",
    ),
    (
        "closes_twice",
        "double-close",
        "crashed",
        "closing an instance again",
    ),
    (
        "extension_prefix",
        "unknown-extension-is-null",
        "failed",
        "diat.report/1 ",
    ),
    ("hangs", "renders", "crashed", "no end after 1 s"),
    ("exits", "renders", "crashed", "exit code 0"),
    ("one_pixel", "one-pixel", "crashed", "1×1"),
    ("even_widths", "odd-sizes", "crashed", "signal 6"),
    ("empty_roi", "empty-roi", "failed", "pixels are written"),
    ("ignores_stride", "strides", "failed", "padding"),
    ("aligned", "unaligned-pixels", "failed", "bytes off"),
    (
        "infinite",
        "formats-and-alphas",
        "failed",
        "NaN or infinity",
    ),
    (
        "past_the_end",
        "guard-pages",
        "crashed",
        "right before a forbidden page",
    ),
    (
        "before_the_start",
        "guard-pages",
        "crashed",
        "right behind a forbidden page",
    ),
    (
        "writes_input",
        "input-is-never-written",
        "crashed",
        "in is read-only",
    ),
    (
        "outside_roi",
        "outside-roi-is-kept",
        "failed",
        "written outside of it",
    ),
    (
        "last_row",
        "whole-roi-is-written",
        "failed",
        "shines through",
    ),
    ("alpha", "alpha-is-kept", "failed", "the alpha of"),
    (
        "says_unchanged",
        "unchanged-means-equal",
        "failed",
        "UNCHANGED, but",
    ),
    (
        "fears_nan",
        "nan-and-infinite-pixels",
        "crashed",
        "signal 6",
    ),
    (
        "counts_from_roi",
        "tiles-equal-whole",
        "failed",
        "the tile at",
    ),
    (
        "counts_from_rect",
        "picture-coordinates",
        "failed",
        "moved by",
    ),
    (
        "in_place",
        "in-place-equals-out-of-place",
        "failed",
        "bytes differ",
    ),
    ("remembers", "same-input-same-bytes", "failed", "again"),
    ("shares_a_row", "eight-threads", "failed", "thread "),
    (
        "never_none",
        "strength-0-is-identity",
        "failed",
        "strength 0",
    ),
    ("progress_falls", "progress", "failed", "falls from"),
    (
        "progress_beyond",
        "progress",
        "failed",
        "which is not 0 to 1",
    ),
    (
        "progress_elsewhere",
        "progress",
        "failed",
        "on another thread",
    ),
    ("never_cancels", "cancel", "failed", "cancel at call 1"),
    ("cancels_at_one", "cancel", "failed", "cancel at call 1"),
    ("keeps_the_log", "log", "failed", "the entry's host"),
    (
        "long_message",
        "short-messages",
        "failed",
        "behind it is written",
    ),
    ("no_misuse", "mistakes-are-told", "failed", "HOST_MISUSE"),
    ("reads_ahead", "older-host", "crashed", "a host of 8 bytes"),
    ("copies_too_much", "newer-host", "crashed", "longer by"),
    (
        "believes_sizes",
        "too-short-structs-fail",
        "failed",
        "a host of 0 bytes is accepted",
    ),
    (
        "no_defaults",
        "missing-values",
        "failed",
        "other pixels than all defaults",
    ),
    (
        "too_many_values",
        "too-many-values-fail",
        "failed",
        "8 values for 7 parameters",
    ),
    ("nan_values", "nan-values-fail", "failed", "strength is NaN"),
    (
        "no_clamp",
        "values-are-clamped",
        "failed",
        "is not taken for",
    ),
    ("any_picture", "impossible-pictures-fail", "failed", "in: "),
    (
        "any_roi",
        "impossible-rois-fail",
        "failed",
        "the roi (-1, 0",
    ),
    (
        "any_overlap",
        "overlap-fails",
        "failed",
        "out a pixel further",
    ),
    ("any_format", "unknown-formats-fail", "failed", "format 0"),
    (
        "no_report_yet",
        "report",
        "failed",
        "before the first render",
    ),
    ("any_points", "faces", "failed", "number 0 of a face is NaN"),
    (
        "no_weights",
        "missing-weights",
        "crashed",
        "without weights",
    ),
    (
        "working_directory",
        "keeps-working-directory",
        "failed",
        "is Some(\"/\")",
    ),
    ("locale", "keeps-locale", "failed", "the locale was"),
    ("signals", "keeps-signals", "failed", "signal 2 "),
    (
        "rounding",
        "keeps-floating-point",
        "failed",
        "what sums come to",
    ),
    ("prints", "prints-nothing", "failed", "hello"),
];

/// What is not found, in words.
fn missed((name, check, outcome, words): &Case, folder: &std::path::Path) -> Option<String> {
    let library = plugin(name, folder, &[STAYS, &["-w"]].concat())?;
    let timeout = if *name == "hangs" { "1" } else { "60" };
    let (checks, code) = results(
        &library,
        &["--check", check, "--seed", "1", "--timeout", timeout],
    );
    let found = &checks[0];
    let caught = found.outcome == *outcome && found.text.contains(words) && code == Some(1);
    (!caught).then(|| format!("{name}.c: exit code {code:?}, {found:?}"))
}

#[test]
fn each_broken_plug_in_is_caught_by_the_check_that_names_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut all = Vec::new();
        while let Some(case) = CASES.get(next.fetch_add(1, Ordering::Relaxed)) {
            all.extend(missed(case, folder.path()));
        }
        all
    };
    let missed: Vec<String> = thread::scope(|scope| {
        let workers = [(); 2].map(|()| scope.spawn(work));
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_library_that_can_be_unloaded_is_caught() {
    let folder = tempfile::tempdir().unwrap();
    let Some(library) = plugin("good", folder.path(), &[]) else {
        return;
    };
    let (checks, code) = results(&library, &["--check", "stays-loaded"]);
    if cfg!(target_os = "linux") {
        assert_eq!(
            (checks[0].outcome.as_str(), code),
            ("crashed", Some(1)),
            "{checks:?}"
        );
    }
}

/// No check that could not fail.
#[test]
fn every_check_has_a_plug_in_that_it_catches() {
    let folder = tempfile::tempdir().unwrap();
    let output = validate(folder.path(), &["--list", "--json"]);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: BTreeSet<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["name"].as_str().unwrap())
        .collect();
    let mut caught: BTreeSet<&str> = CASES.iter().map(|case| case.1).collect();
    caught.insert("stays-loaded");
    assert_eq!(names, caught);
}

/// A crash in one check is an outcome, and the others are told as well.
#[test]
fn all_checks_are_told_of_a_library_that_crashes() {
    let folder = tempfile::tempdir().unwrap();
    let Some(library) = plugin("past_the_end", folder.path(), STAYS) else {
        return;
    };
    let output = validate(&library, &["--seed", "1"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let bad: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("failed") || line.starts_with("crashed"))
        .collect();
    assert!(bad.len() == 1 && bad[0].contains("guard-pages"), "{text}");
    assert!(text.lines().last().unwrap().contains("1 crashed"), "{text}");
    assert!(String::from_utf8_lossy(&output.stderr).is_empty());
    let mut command = Command::new("ls");
    let left = command.current_dir(folder.path()).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&left.stdout).lines().count(),
        1,
        "a core dump is left"
    );
}
