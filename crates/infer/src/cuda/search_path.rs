//! What only a process that was started with a search path can show.

use std::process::{Command, Output};

use super::*;
use crate::load::cuda_libraries;

/// Folder of a child; it is one where this is set.
const FOLDER: &str = "DIAT_TEST_CHILD_FOLDER";

/// Compiles an empty library that needs others.
fn library(folder: &Path, name: &str, needs: &[&str]) {
    fs::create_dir_all(folder).unwrap();
    let source = folder.join("empty.c");
    fs::write(&source, "int empty(void) { return 0; }\n").unwrap();
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-Wl,--no-as-needed", "-o"]);
    cc.arg(folder.join(name)).arg(&source);
    cc.arg(format!("-Wl,-soname,{name}"));
    cc.args(needs.iter().map(|need| folder.join(need)));
    assert!(cc.status().unwrap().success());
}

/// The names that NVIDIA's libraries have, and what they need of each other.
fn nvidia(folder: &Path) {
    library(folder, "libcudart.so.13", &[]);
    library(folder, "libcublasLt.so.13", &[]);
    library(folder, "libcublas.so.13", &["libcublasLt.so.13"]);
    library(folder, "libcudnn_graph.so.9", &[]);
    library(folder, "libcudnn.so.9", &[]);
}

/// Not a test of its own: what the tests below start. Loads NVIDIA's libraries, then what needs them.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let outcome = cuda_libraries(&folder.join("runtime/libonnxruntime.so.1.31.1"));
    let provider = folder.join("runtime/libonnxruntime_providers_cuda.so");
    let loaded = outcome.and_then(|loaded| {
        let provider = crate::load::open(&provider)?;
        Ok((loaded, provider))
    });
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let answer = loaded.map(|_| maps).unwrap_or_else(|error| error);
    fs::write(folder.join("answer"), answer).unwrap();
}

fn answer(folder: &Path) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "cuda::search_path::child"]);
    let search = std::env::join_paths([folder.join("driver"), folder.join("decoys")]).unwrap();
    child.env(FOLDER, folder).env("LD_LIBRARY_PATH", search);
    let Output { status, stdout, .. } = child.output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stdout));
    fs::read_to_string(folder.join("answer")).unwrap()
}

#[test]
fn the_libraries_beside_the_runtime_are_used_whatever_the_search_path_says() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    library(&folder.join("driver"), DRIVER, &[]);
    nvidia(&folder.join("decoys"));
    let runtime = folder.join("runtime");
    nvidia(&runtime);
    let needs = [
        "libcublasLt.so.13",
        "libcublas.so.13",
        "libcudart.so.13",
        "libcudnn.so.9",
    ];
    library(&runtime, "libonnxruntime_providers_cuda.so", &needs);
    let maps = answer(folder);
    for name in needs
        .iter()
        .chain(&["libcudnn_graph.so.9", "libonnxruntime_providers_cuda.so"])
    {
        let path = runtime.join(name);
        assert!(maps.contains(path.to_str().unwrap()), "{name}: {maps}");
    }
    assert!(
        !maps.contains(folder.join("decoys").to_str().unwrap()),
        "{maps}"
    );
}

#[test]
fn without_a_driver_that_is_what_is_said_and_nothing_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    nvidia(&folder.path().join("runtime"));
    if crate::load::open(Path::new(DRIVER)).is_ok() {
        println!("skipped: there is a driver here");
        return;
    }
    let answer = answer(folder.path());
    assert!(
        answer.starts_with("there is no NVIDIA driver: libcuda.so.1"),
        "{answer}"
    );
}
