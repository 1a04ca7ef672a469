//! A runtime in a process of its own: which one a process has is settled once, and one that does not work may end it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use diat_face::open_network;
use diat_infer::{Choice, Device};
use diat_manifest::{Decoder, Kind, Manifest};
use diat_places::Places;
use serde::{Deserialize, Serialize};

use crate::console;
use crate::door::Door;
use crate::failure::Failure;

/// How often each network is timed; the median counts.
const RUNS: usize = 9;

#[derive(Debug, clap::Args)]
pub(crate) struct Child {
    /// ONNX Runtime's library; without it the built-in tract
    #[arg(long, value_name = "FILE")]
    library: Option<PathBuf>,
    /// Run every network on this device too
    #[arg(long, value_name = "DEVICE")]
    networks_on: Option<Device>,
    #[command(flatten)]
    door: Door,
}

/// What a runtime said of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// Name and version.
    pub(crate) runtime: String,
    /// Whether it is the library that was asked for.
    pub(crate) loads: bool,
    /// Whether it was built for NVIDIA's devices, and if so, why they cannot be had.
    pub(crate) cuda: Option<Result<(), String>>,
    pub(crate) notes: Vec<String>,
    pub(crate) networks: Vec<NetworkAnswer>,
}

/// What one network did there.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NetworkAnswer {
    pub(crate) id: String,
    pub(crate) outcome: Result<NetworkRan, String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NetworkRan {
    pub(crate) device: String,
    /// Whether there is a golden vector, which it then answered.
    pub(crate) golden: bool,
    /// Seconds of one run, the median.
    pub(crate) seconds: f64,
    pub(crate) notes: Vec<String>,
}

impl Answer {
    /// What it can run on.
    pub(crate) fn devices(&self) -> &'static str {
        match self.cuda {
            Some(_) => "CPU, CUDA",
            None => "CPU",
        }
    }
}

impl Child {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let runtime = diat_infer::choose(match &self.library {
            Some(library) => Choice::Library(library),
            None => Choice::BuiltIn,
        });
        let places = Places::from_environment();
        let mut networks = Vec::new();
        if let Some(device) = self.networks_on {
            for manifest in &self.door.catalogue(&places)?.manifests {
                networks.extend(answer(manifest, &places, device));
            }
        }
        let answer = Answer {
            runtime: runtime.name().to_owned(),
            loads: runtime.library() == self.library.as_deref(),
            cuda: runtime.has_cuda().then(|| runtime.load_cuda()),
            notes: runtime.notes().to_vec(),
            networks,
        };
        console::print(&console::json(&answer)?);
        Ok(ExitCode::SUCCESS)
    }
}

/// Opens a network, which makes it answer its golden vector, and times it; nothing for what no runtime runs.
fn answer(manifest: &Manifest, places: &Places, device: Device) -> Option<NetworkAnswer> {
    if matches!(&manifest.kind, Kind::Detector(detector) if detector.decoder == Decoder::Seeta) {
        return None;
    }
    let run = || {
        let network = open_network(manifest, places, device, 0, &|_, _| ())
            .map_err(|error| error.to_string())?;
        // The first runs fill caches.
        let seconds = network
            .time_bare(RUNS + 2)
            .map_err(|error| error.to_string())?;
        let mut seconds: Vec<f64> = seconds.into_iter().skip(2).collect();
        seconds.sort_by(f64::total_cmp);
        let ran = network.ran();
        Ok(NetworkRan {
            device: ran.device,
            golden: manifest.golden.is_some(),
            seconds: seconds.get(RUNS / 2).copied().unwrap_or(f64::NAN),
            notes: ran.notes,
        })
    };
    Some(NetworkAnswer {
        id: manifest.id.to_string(),
        outcome: run(),
    })
}

/// Asks a runtime, without a library the built-in one, in a process of its own.
pub(crate) fn ask(library: Option<&Path>) -> Result<Answer, String> {
    answer_of(&mut command(library)?)
}

/// The same, and what every network that is found through the door does on this device.
pub(crate) fn ask_for_networks(
    library: Option<&Path>,
    door: &Door,
    device: Device,
) -> Result<Answer, String> {
    let mut command = command(library)?;
    command.arg("--networks-on").arg(device.to_string());
    for folder in &door.resources {
        command.arg("--resources").arg(folder);
    }
    if let Some(plugin) = &door.plugin {
        command.arg("--plugin").arg(plugin);
    }
    answer_of(&mut command)
}

fn command(library: Option<&Path>) -> Result<Command, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.args(["runtime", "child"]);
    if let Some(library) = library {
        command.arg("--library").arg(library);
    }
    Ok(command)
}

fn answer_of(command: &mut Command) -> Result<Answer, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return serde_json::from_slice(&output.stdout).map_err(|error| error.to_string());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty());
    let last = last.map(|line| format!(": {line}")).unwrap_or_default();
    Err(format!("its process ended with {}{last}", output.status))
}
