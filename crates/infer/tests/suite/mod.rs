//! What every runtime must do, run once per runtime by a test binary of its own: the choice lasts for the process.
#![allow(dead_code, reason = "each binary uses what it needs")]
#![allow(unreachable_pub, reason = "shared by several binaries")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "these are tests")]

pub mod mutated;
pub mod networks;
pub mod operators;
pub mod sharing;

use std::path::PathBuf;
use std::sync::Arc;

use diat_infer::{Device, Error, Level, Network, Port, Spec, open};
use diat_onnx::List;
use diat_places::Places;
use ndarray::{ArrayD, ArrayViewD, IxDyn};
use sha2::{Digest, Sha256};

/// Places without a runtime: tract.
pub fn without_runtime() -> Places {
    Places::with_data_dir(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-runtime"))
}

/// Places with ONNX Runtime, or a line that says how to have it.
pub fn with_runtime() -> Option<Places> {
    let folder = std::env::var_os("DIAT_TEST_RUNTIME");
    if folder.is_none() {
        println!(
            "skipped: DIAT_TEST_RUNTIME names no data folder with runtime/libonnxruntime.so.VERSION"
        );
    }
    folder.map(|folder| Places::with_data_dir(folder.into()))
}

/// A stand-in network of the shared folder, or a line that says where it was looked for.
pub fn shared(file: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("DIAT_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = folder.join("bootstrap").join(file);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!(
            "skipped: {} is not there (DIAT_SHARED names the folder)",
            path.display()
        );
    }
    bytes
}

pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub fn quiet(_: Level, _: &str) {}

pub fn spec(id: &str, inputs: Vec<Port>, outputs: Vec<Port>) -> Spec {
    Spec {
        id: id.to_owned(),
        list: List::Effect,
        inputs,
        outputs,
        golden: None,
        denied: Vec::new(),
    }
}

pub fn open_bytes(places: &Places, spec: &Spec, bytes: &[u8]) -> Result<Arc<Network>, Error> {
    open_on(places, spec, bytes, Device::Cpu, 1)
}

pub fn open_on(
    places: &Places,
    spec: &Spec,
    bytes: &[u8],
    device: Device,
    threads: usize,
) -> Result<Arc<Network>, Error> {
    open(
        places,
        spec,
        &digest(bytes),
        &|| Ok(bytes.to_vec()),
        device,
        threads,
        &quiet,
    )
}

pub fn array(shape: &[usize], values: Vec<f32>) -> ArrayD<f32> {
    ArrayD::from_shape_vec(IxDyn(shape), values).unwrap()
}

/// Runs a network with one input on it.
pub fn run(network: &Network, name: &str, input: ArrayViewD<'_, f32>) -> Vec<ArrayD<f32>> {
    network.run(&[(name, input)]).unwrap()
}
