//! What only a process of its own can show: which runtime it gets, what it prints, and what its threads change.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "these are tests")]

mod suite;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use diat_infer::{Device, golden, runtime};
use diat_places::Places;
use suite::networks::{detector, effect, scaled};
use suite::{open_on, run, shared};

/// Data folder of a child; it is one where this is set.
const FOLDER: &str = "DIAT_TEST_CHILD_FOLDER";
/// Threads that the child asks for.
const THREADS: &str = "DIAT_TEST_CHILD_THREADS";

/// Set where the child is to run something that fails first.
const FAILS: &str = "DIAT_TEST_CHILD_FAILS";

/// Not a test of its own: what the tests below start. Opens a network and writes what it got to `FOLDER/answer`.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let threads: usize = std::env::var(THREADS).unwrap().parse().unwrap();
    let places = Places::with_data_dir(Path::new(&folder).to_owned());
    let (mut spec, mut bytes) = scaled();
    if std::env::var_os(FAILS).is_some() {
        fail(&places, threads);
    }
    let mut outputs = Vec::new();
    if let Some(shared) = shared("eyeglasses-off.onnx") {
        (spec, bytes) = (effect("eyeglasses-off"), shared);
        let network = open_on(&places, &spec, &bytes, Device::Cpu, threads).unwrap();
        outputs = run(
            &network,
            "image",
            golden::pattern(&[1, 3, 128, 128], [-1.0, 1.0]).view(),
        );
    }
    let ran = open_on(&places, &spec, &bytes, Device::Cpu, threads)
        .unwrap()
        .ran();
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let loaded = maps.contains("onnxruntime");
    let threads = fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    let mut answer = format!(
        "{}\n{loaded}\n{threads}\n{}\n",
        ran.runtime,
        ran.notes.join(" | ")
    );
    for value in outputs.iter().flatten() {
        answer.push_str(&format!("{:08x}", value.to_bits()));
    }
    fs::write(Path::new(&folder).join("answer"), answer).unwrap();
}

/// A run that the runtime itself refuses, and says so as loudly as it may: the detector wants multiples of 32.
fn fail(places: &Places, threads: usize) {
    let Some(bytes) = shared("yunet.onnx") else {
        return;
    };
    let network = open_on(places, &detector(), &bytes, Device::Cpu, threads).unwrap();
    let odd = golden::pattern(&[1, 3, 77, 50], [0.0, 255.0]);
    assert!(network.run(&[("input", odd.view())]).is_err());
}

/// What a child wrote.
#[derive(Debug)]
struct Answer {
    runtime: String,
    loaded_onnx_runtime: bool,
    threads: usize,
    notes: String,
    outputs: String,
    printed: Output,
}

/// Starts a child with this data folder.
fn start(folder: &Path, threads: usize, change: impl FnOnce(&mut Command)) -> Answer {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture", "--test-threads=1"]);
    command
        .env(FOLDER, folder)
        .env(THREADS, threads.to_string());
    command.env_remove("ORT_DYLIB_PATH");
    change(&mut command);
    let printed = command.output().unwrap();
    assert!(printed.status.success(), "{printed:?}");
    let answer = fs::read_to_string(folder.join("answer")).unwrap();
    let mut lines = answer.lines().map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    Answer {
        runtime: line(),
        loaded_onnx_runtime: line() == "true",
        threads: line().parse().unwrap(),
        notes: line(),
        outputs: line(),
        printed,
    }
}

/// A data folder of its own that names the tests' ONNX Runtime in its config.toml; nothing where there is none.
fn folder_with_runtime() -> Option<tempfile::TempDir> {
    let library = suite::with_runtime()?.runtime_library().unwrap().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = format!("runtime = '{}'\n", library.display());
    fs::write(folder.path().join("config.toml"), config).unwrap();
    Some(folder)
}

/// A file that no loader takes, in every place where a careless one would look.
fn decoys(command: &mut Command, folder: &Path) {
    for name in [
        "libonnxruntime.so",
        "libonnxruntime.dylib",
        "onnxruntime.dll",
    ] {
        fs::write(folder.join(name), "not a library").unwrap();
    }
    command.current_dir(folder).env("LD_LIBRARY_PATH", folder);
    command.env("ORT_DYLIB_PATH", folder.join("libonnxruntime.so"));
}

#[test]
fn a_hostile_ort_dylib_path_is_ignored_by_tract() {
    let (folder, decoy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let answer = start(folder.path(), 1, |command| decoys(command, decoy.path()));
    assert_eq!(
        (answer.runtime.as_str(), answer.notes.as_str()),
        ("tract", "")
    );
    assert!(!answer.loaded_onnx_runtime);
}

#[test]
fn an_ort_dylib_path_that_would_load_is_ignored_too() {
    let Some(places) = suite::with_runtime() else {
        return;
    };
    let (folder, library) = (
        tempfile::tempdir().unwrap(),
        places.runtime_library().unwrap().unwrap(),
    );
    let answer = start(folder.path(), 1, |command| {
        command.env("ORT_DYLIB_PATH", &library);
    });
    assert_eq!(answer.runtime, "tract");
    assert!(
        !answer.loaded_onnx_runtime,
        "it was loaded although no folder of ours names it"
    );
}

#[test]
fn a_hostile_ort_dylib_path_is_ignored_by_onnx_runtime() {
    let Some(folder) = folder_with_runtime() else {
        return;
    };
    let decoy = tempfile::tempdir().unwrap();
    let answer = start(folder.path(), 1, |command| decoys(command, decoy.path()));
    assert!(answer.runtime.starts_with("ONNX Runtime 1."), "{answer:?}");
}

#[test]
fn a_library_that_is_no_onnx_runtime_becomes_tract_with_a_note() {
    let broken = |write: fn(&Path)| {
        let folder = tempfile::tempdir().unwrap();
        let runtime = folder.path().join("runtime");
        fs::create_dir(&runtime).unwrap();
        let library = runtime.join(if cfg!(windows) {
            "onnxruntime.1.32.0.dll"
        } else if cfg!(target_os = "macos") {
            "libonnxruntime.1.32.0.dylib"
        } else {
            "libonnxruntime.so.1.32.0"
        });
        write(&library);
        let answer = start(folder.path(), 1, |_| {});
        assert_eq!(answer.runtime, "tract");
        assert!(
            answer.notes.contains(&library.display().to_string()),
            "{}",
            answer.notes
        );
        answer.notes
    };
    let notes = broken(|library| fs::write(library, "not a library").unwrap());
    assert!(notes.contains("not usable as ONNX Runtime"), "{notes}");
    // The C library is a library, and has no OrtGetApiBase.
    if let Some(other) = other_library() {
        fs::metadata(other).unwrap();
        let notes = broken(|library| {
            fs::copy(other_library().unwrap(), library).unwrap();
        });
        assert!(notes.contains("does not export OrtGetApiBase"), "{notes}");
    } else {
        println!("skipped: no shared library of the system was found to stand in for ONNX Runtime");
    }
}

/// A library that this process has open.
fn other_library() -> Option<String> {
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    let path = |line: &str| line.split_whitespace().nth(5).map(str::to_owned);
    maps.lines()
        .filter_map(path)
        .find(|path| path.contains("libm.so") || path.contains("libgcc_s.so"))
}

#[test]
fn a_config_that_lies_becomes_tract_with_a_note() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("config.toml"),
        "runtime = '/nowhere/libonnxruntime.so'\n",
    )
    .unwrap();
    let answer = start(folder.path(), 1, |_| {});
    assert_eq!(answer.runtime, "tract");
    assert!(
        answer.notes.contains("config.toml") && answer.notes.contains("tract runs"),
        "{answer:?}"
    );
}

#[test]
fn nothing_is_printed() {
    let folders = [Some(tempfile::tempdir().unwrap()), folder_with_runtime()];
    for folder in folders.into_iter().flatten() {
        let printed = start(folder.path(), 2, |command| {
            command.env(FAILS, "1");
        })
        .printed;
        assert!(
            printed.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&printed.stderr)
        );
        // What remains is the test harness's own.
        let lines = String::from_utf8(printed.stdout).unwrap();
        let ours = |line: &&str| {
            !line.is_empty()
                && !line.starts_with("running ")
                && !line.starts_with("test ")
                && !line.starts_with("skipped: ")
        };
        assert_eq!(lines.lines().find(ours), None);
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let Some(folder) = folder_with_runtime() else {
        return;
    };
    let of = |threads| start(folder.path(), threads, |_| {});
    let (one, two, four) = (of(1), of(2), of(4));
    assert_eq!(one.outputs, two.outputs);
    assert_eq!(one.outputs, four.outputs);
    // And the wish is kept: threads of the pool come on top of the one that calls.
    if one.threads > 0 {
        assert_eq!(
            (two.threads - one.threads, four.threads - one.threads),
            (1, 3)
        );
    }
}

#[test]
fn tract_and_onnx_runtime_agree() {
    let Some(with) = folder_with_runtime() else {
        return;
    };
    let without = tempfile::tempdir().unwrap();
    let values = |folder: &Path| -> Vec<f32> {
        let outputs = start(folder, 1, |_| {}).outputs;
        let value = |digits: &[u8]| {
            let digits = std::str::from_utf8(digits).unwrap();
            f32::from_bits(u32::from_str_radix(digits, 16).unwrap())
        };
        outputs.as_bytes().chunks(8).map(value).collect()
    };
    let (onnx_runtime, tract) = (values(with.path()), values(without.path()));
    assert_eq!(onnx_runtime.len(), tract.len());
    let picture = 3 * 128 * 128;
    let differences = onnx_runtime.iter().zip(&tract).map(|(a, b)| (a - b).abs());
    let largest = differences.clone().take(picture).fold(0.0, f32::max);
    assert!(largest < 1e-3, "off by {largest}");
    // The mask is binary before its Gaussian; a cell at the threshold may fall to the other side and reaches 8×8 pixels.
    let flipped = differences
        .skip(picture)
        .filter(|difference| *difference > 1e-3)
        .count();
    assert!(flipped <= 64, "{flipped} pixels of the mask differ");
}

#[test]
fn later_places_do_not_change_the_runtime() {
    let first = runtime(&suite::without_runtime());
    if let Some(places) = suite::with_runtime() {
        assert_eq!(runtime(&places).name(), first.name());
    }
    assert!(std::ptr::eq(first, runtime(&suite::without_runtime())));
}
