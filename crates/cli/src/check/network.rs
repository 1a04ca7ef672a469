//! The weights of a manifest: that they are there, what they should be, and that they run.

use std::fs;

use diat_infer::{Device, Error, Port, Spec, open};
use diat_manifest::{Decoder, Kind, Manifest, sha256};
use diat_places::Places;

/// What came out.
#[derive(Debug, Default)]
pub(super) struct Examined {
    pub(super) faults: Vec<String>,
    /// What ran it.
    pub(super) ran: Option<String>,
}

/// Checks the weights' size and digest, and whatever they are, the gate, the tensors and the golden vector.
pub(super) fn examine(manifest: &Manifest, places: &Places) -> Examined {
    let mut examined = Examined::default();
    let file = manifest.weights_file();
    let bytes = match manifest.read_weights() {
        Ok(bytes) => bytes,
        Err(fault) => {
            examined.faults.push(fault.to_string());
            match fs::read(&file) {
                Ok(bytes) => bytes,
                Err(_) => return examined,
            }
        }
    };
    if !is_seeta(manifest) {
        examined.network(manifest, &bytes, places);
    }
    examined
}

/// Its cascade is known by digest alone; no network, and no gate.
fn is_seeta(manifest: &Manifest) -> bool {
    matches!(&manifest.kind, Kind::Detector(detector) if detector.decoder == Decoder::Seeta)
}

impl Examined {
    /// `infer` tells of one tensor that does not fit and stops; each is put right here as far as needed to come to the next.
    fn network(&mut self, manifest: &Manifest, bytes: &[u8], places: &Places) {
        let weights = manifest.weights_file();
        let weights = weights.display();
        let mut spec = diat_face::spec(manifest);
        let mut known: Vec<(&'static str, String)> = Vec::new();
        loop {
            let error = match try_open(&spec, bytes, places) {
                Ok(_) if !known.is_empty() => return,
                Ok(ran) => {
                    self.ran = Some(ran);
                    return;
                }
                Err(error) => error,
            };
            match error {
                Error::Port { kind, ref name, .. } => {
                    let port = (kind, name.clone());
                    let is_new = !known.contains(&port);
                    if is_new {
                        self.faults
                            .push(format!("{}: {error}", manifest.file.display()));
                        known.push(port);
                    }
                    relax(&mut spec, kind, name, is_new);
                }
                Error::Refused { refusal, .. } => {
                    self.faults.push(format!("{weights}: refused: {refusal}"));
                    return;
                }
                // What runs with tensors put right says nothing of the network.
                _ if !known.is_empty() => return,
                Error::Devices { tried, .. } if runs_without_golden(&spec, bytes, places) => {
                    self.faults.push(format!(
                        "{weights}: answers the test pattern otherwise than [golden] says: {}; put the right file \
                         there, or, if this is the one, run `diat check --write-digest {}`",
                        tried.join("; "),
                        manifest.file.display()
                    ));
                    return;
                }
                error => {
                    self.faults.push(format!("{weights}: {error}"));
                    return;
                }
            }
        }
    }
}

/// Opens a network on the processor, where every device's answers are measured against.
fn try_open(spec: &Spec, bytes: &[u8], places: &Places) -> Result<String, Error> {
    let read = || Ok(bytes.to_vec());
    let network = open(
        places,
        spec,
        &sha256(bytes),
        &read,
        Device::Cpu,
        0,
        &|_, _| (),
    )?;
    let ran = network.ran();
    Ok(format!("{} · {}", ran.runtime, ran.device))
}

fn runs_without_golden(spec: &Spec, bytes: &[u8], places: &Places) -> bool {
    let without = Spec {
        golden: None,
        ..spec.clone()
    };
    spec.golden.is_some() && try_open(&without, bytes, places).is_ok()
}

/// Lets any shape pass for a tensor that has the wrong one; takes out what is not there; takes in what the manifest leaves out.
fn relax(spec: &mut Spec, kind: &str, name: &str, is_first_time: bool) {
    spec.golden = None;
    let ports = if kind == "input" {
        &mut spec.inputs
    } else {
        &mut spec.outputs
    };
    match ports.iter().position(|port| port.name == name) {
        Some(index) if is_first_time => ports[index].dims = None,
        Some(index) => drop(ports.remove(index)),
        None => ports.push(Port::any(name)),
    }
}
