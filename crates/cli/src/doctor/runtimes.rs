//! The runtimes side by side: what loads, which device really runs, whether networks answer as they should, and how fast.

use std::path::Path;

use diat_infer::Device;
use diat_manifest::{Catalogue, Decoder, Kind, Manifest};
use diat_places::Places;

use super::Broken;
use crate::console;
use crate::door::Door;
use crate::runtime::child::{Answer, NetworkRan, ask_for_networks};
use crate::table::aligned;

/// Has every network answer its golden vector on every runtime at hand, each in a process of its own, and tells all of it.
/// False if the one that is installed ended its process: it would end this one too.
pub(super) fn compare(
    places: &Places,
    catalogue: &Catalogue,
    door: &Door,
    broken: &mut Broken,
) -> bool {
    // What is wrong with the configuration is told by the runtime that this process gets.
    let library = places.runtime_library().ok().flatten();
    let mut answers = Vec::new();
    let mut survives = true;
    if let Some(library) = &library {
        match installed(library, door) {
            Ok(found) => answers.extend(found),
            Err(cause) => {
                survives = false;
                broken.add(format!("{}: {cause}", library.display()));
            }
        }
    }
    match ask_for_networks(None, door, Device::Cpu) {
        Ok(answer) => answers.push(answer),
        Err(cause) => broken.add(format!("tract: {cause}")),
    }
    tell(catalogue, &answers, broken);
    survives
}

/// What the installed runtime does on the best device, and on the processor if that is another; nothing if it does not load.
fn installed(library: &Path, door: &Door) -> Result<Vec<Answer>, String> {
    let best = ask_for_networks(Some(library), door, Device::Auto)?;
    let is_elsewhere = |ran: &NetworkRan| ran.device != "CPU";
    let mut outcomes = best.networks.iter().map(|network| &network.outcome);
    let elsewhere = outcomes.any(|outcome| outcome.as_ref().is_ok_and(is_elsewhere));
    let mut answers = vec![best];
    if elsewhere {
        answers.push(ask_for_networks(Some(library), door, Device::Cpu)?);
    }
    answers.retain(|answer| answer.loads);
    Ok(answers)
}

fn tell(catalogue: &Catalogue, answers: &[Answer], broken: &mut Broken) {
    let mut rows = Vec::new();
    let mut notes: Vec<&String> = Vec::new();
    for manifest in &catalogue.manifests {
        if is_cascade(manifest) {
            rows.push(vec![
                format!("  {}", manifest.id),
                cascade(manifest, broken),
            ]);
            continue;
        }
        let mut name = format!("  {}", manifest.id);
        let mut failures = Vec::new();
        for answer in answers {
            let mut networks = answer.networks.iter();
            let network = networks.find(|network| network.id == manifest.id);
            let Some(network) = network else { continue };
            let mut row = vec![std::mem::take(&mut name)];
            match &network.outcome {
                Ok(ran) => {
                    row.extend(cells(answer, ran));
                    notes.extend(ran.notes.iter().filter(|note| !answer.notes.contains(note)));
                }
                Err(error) => {
                    row.extend([answer.runtime.clone(), "broken".to_owned()]);
                    failures.push((&answer.runtime, error));
                }
            }
            rows.push(row);
        }
        tell_failures(&failures, answers.len(), broken);
    }
    notes.sort();
    notes.dedup();
    rows.extend(notes.into_iter().map(|note| vec![format!("  {note}")]));
    console::print(&format!(
        "networks and their golden vectors, each runtime in a process of its own:\n{}",
        aligned(&rows)
    ));
}

fn cells(answer: &Answer, ran: &NetworkRan) -> [String; 3] {
    let golden = if ran.golden {
        "answers as it should"
    } else {
        "runs, and has no golden vector (`diat check --write-digest` writes one)"
    };
    [
        format!("{} · {}", answer.runtime, ran.device),
        format!("{:7.2} ms", ran.seconds * 1000.0),
        golden.to_owned(),
    ]
}

/// What every runtime says is the network's fault and told once.
fn tell_failures(failures: &[(&String, &String)], runtimes: usize, broken: &mut Broken) {
    let is_same = failures.windows(2).all(|pair| match pair {
        [one, other] => one.1 == other.1,
        _ => true,
    });
    for (runtime, error) in failures {
        broken.add(if is_same && failures.len() == runtimes {
            (*error).clone()
        } else {
            format!("{runtime}: {error}")
        });
    }
}

/// A detector that no runtime runs.
fn is_cascade(manifest: &Manifest) -> bool {
    matches!(&manifest.kind, Kind::Detector(detector) if detector.decoder == Decoder::Seeta)
}

fn cascade(manifest: &Manifest, broken: &mut Broken) -> String {
    match manifest.read_weights() {
        Ok(_) => "a cascade with the right digest".to_owned(),
        Err(fault) => {
            broken.add(fault.to_string());
            "broken".to_owned()
        }
    }
}
