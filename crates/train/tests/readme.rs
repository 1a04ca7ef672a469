//! The README's example of a training, word for word, each line as a process of its own.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod export;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use diat_manifest::{Kind, Manifest};
use diat_places::Places;
use diat_tests::{program, root};
use image::RgbImage;

/// The commands of the README's section "Train an effect" that are not cargo's, each in words.
fn example() -> Vec<Vec<String>> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme.split("\n## Train an effect\n").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let words = |line: &str| {
        let command = line.split('#').next().unwrap();
        command.split_whitespace().map(str::to_owned).collect()
    };
    let of_ours = |line: &&str| line.starts_with("diat-train ") || line.starts_with("diat ");
    section.lines().filter(of_ours).map(words).collect()
}

/// A folder that has as much of the checkout as the example names.
fn checkout(folder: &Path) {
    let recipes = "crates/train/recipes";
    fs::create_dir_all(folder.join(recipes)).unwrap();
    for entry in fs::read_dir(root().join(recipes)).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(recipes).join(entry.file_name())).unwrap();
    }
}

/// Runs a command with nothing of this user's but an empty home.
fn run(words: &[String], folder: &Path) {
    let program = match words[0].as_str() {
        "diat-train" => PathBuf::from(env!("CARGO_BIN_EXE_diat-train")),
        _ => program(),
    };
    let start = std::time::Instant::now();
    let home = folder.join("home");
    let ran = Command::new(program)
        .args(&words[1..])
        .current_dir(folder)
        .env("HOME", &home)
        .env("XDG_DATA_HOME", &home)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{words:?}: {}\n{said}", ran.status);
    let seconds = start.elapsed().as_secs_f64();
    println!("measured: {}: {seconds:.0} s", words.join(" "));
}

/// Sum of squared differences.
fn distance(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let square = |(a, b): (&u8, &u8)| (f64::from(*a) - f64::from(*b)).powi(2);
    a.as_raw().iter().zip(b.as_raw()).map(square).sum()
}

#[test]
fn the_example_takes_the_glasses_off_a_drawn_face() {
    let commands = example();
    let names: Vec<_> = commands.iter().map(|words| words[..2].join(" ")).collect();
    assert_eq!(
        names,
        [
            "diat-train synth",
            "diat-train run",
            "diat-train export",
            "diat apply"
        ]
    );
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    checkout(folder);
    for words in &commands {
        run(words, folder);
    }
    if let Some(keep) = std::env::var_os("DIAT_TEST_KEEP") {
        copy(folder, Path::new(&keep));
    }
    the_metrics_end_with_an_edit_that_helps(folder);
    the_manifest_is_complete(folder);
    the_glasses_are_off(folder, &commands[3]);
    what_was_trained_answers_as_burn_does(folder);
}

fn the_metrics_end_with_an_edit_that_helps(folder: &Path) {
    let metrics = fs::read_to_string(folder.join("R/metrics.jsonl")).unwrap();
    let last: serde_json::Value = serde_json::from_str(metrics.lines().last().unwrap()).unwrap();
    let number = |key: &str| {
        last[key]
            .as_f64()
            .unwrap_or_else(|| panic!("{key} in {last}"))
    };
    let (edited, unedited) = (number("psnr"), number("psnr_unedited"));
    println!("measured: example: PSNR {edited:.2} dB, unedited {unedited:.2} dB");
    assert!(edited > unedited, "{last}");
}

fn the_manifest_is_complete(folder: &Path) {
    let manifest = Manifest::read(&folder.join("E/manifests/example-glasses-off.toml")).unwrap();
    assert!(matches!(manifest.kind, Kind::Effect(_)));
    let bytes = manifest.read_weights().unwrap();
    println!("measured: example: {} bytes of weights", bytes.len());
    assert!(manifest.golden.is_some());
    assert!(manifest.disclosure.is_some());
    let provenance = &manifest.provenance;
    for part in ["diat-train", "seed", "SHA-256"] {
        assert!(provenance.source.contains(part), "{provenance:?}");
    }
    assert!(!provenance.data.is_empty(), "{provenance:?}");
    assert_eq!(fs::read_dir(folder.join("E/manifests")).unwrap().count(), 1);
    assert_eq!(fs::read_dir(folder.join("E/models")).unwrap().count(), 1);
}

fn the_glasses_are_off(folder: &Path, apply: &[String]) {
    let input = apply.iter().find(|word| word.ends_with(".png")).unwrap();
    let open = |name: &str| image::open(folder.join(name)).unwrap().to_rgb8();
    let (face, out) = (open(input), open("out.png"));
    let truth = open(&input.replace("img_celeba", "img_counterfactual"));
    let (before, after) = (distance(&face, &truth), distance(&out, &truth));
    println!(
        "measured: example: {:.0}% of the difference is left",
        100.0 * after / before
    );
    assert!(before > 0.0, "{input}: its counterfactual is no other");
    assert!(after < 0.7 * before, "{before} before, {after} after");
}

fn what_was_trained_answers_as_burn_does(folder: &Path) {
    let trained = diat_train::export::Trained::read(&folder.join("R")).unwrap();
    let places = Places::with_data_dir(folder.join("home"));
    export::what_was_trained_answers_as_burn_does(&places, &trained.recipe, &trained.transfer);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
