//! Whether networks answer as they should, and what ran them.

use diat_face::open_network;
use diat_host::{EffectInfo, Plugin, Points, Report, Status};
use diat_infer::Device;
use diat_manifest::{Catalogue, Decoder, Kind, Manifest};
use diat_places::Places;

use super::Broken;
use crate::apply::render_pixels;
use crate::console;
use crate::drawn;
use crate::failure::Failure;
use crate::picture::Picture;
use crate::table::aligned;
use crate::words::{code_in_words, ran};

/// Opens every network, which makes it answer its golden vector.
pub(super) fn golden(catalogue: &Catalogue, places: &Places, broken: &mut Broken) {
    let mut rows = Vec::new();
    for manifest in &catalogue.manifests {
        let (answer, notes) = answer(manifest, places, broken);
        rows.push(vec![format!("  {}", manifest.id), answer]);
        // What the runtime itself has to say was told with it.
        let own = |note: &String| !diat_infer::runtime(places).notes().contains(note);
        rows.extend(
            notes
                .into_iter()
                .filter(own)
                .map(|note| vec![String::new(), note]),
        );
    }
    console::print(&format!(
        "networks and their golden vectors:\n{}",
        aligned(&rows)
    ));
}

fn answer(manifest: &Manifest, places: &Places, broken: &mut Broken) -> (String, Vec<String>) {
    if matches!(&manifest.kind, Kind::Detector(detector) if detector.decoder == Decoder::Seeta) {
        return match manifest.read_weights() {
            Ok(_) => ("a cascade with the right digest".to_owned(), Vec::new()),
            Err(fault) => failed(broken, fault.to_string()),
        };
    }
    match open_network(manifest, places, Device::Auto, 0, &|_, _| ()) {
        Ok(network) => {
            let ran = network.ran();
            let golden = match manifest.golden {
                Some(_) => "answers as it should",
                None => "runs, and has no golden vector (`diat check --write-digest` writes one)",
            };
            (
                format!("{golden}: {} · {}", ran.runtime, ran.device),
                ran.notes,
            )
        }
        Err(error) => failed(broken, error.to_string()),
    }
}

fn failed(broken: &mut Broken, what: String) -> (String, Vec<String>) {
    broken.add(what);
    ("broken".to_owned(), Vec::new())
}

/// Runs every effect on a drawn face whose points are given, as a host would.
pub(super) fn through_the_door(plugin: &Plugin, broken: &mut Broken) -> Result<(), Failure> {
    let (picture, points) = drawn::portrait(320, 400)?;
    let mut rows = Vec::new();
    for effect in plugin.effects() {
        let text = match render(plugin, effect, picture.clone(), points) {
            Ok((status, report)) => {
                // Notes name what was asked for and did not do.
                rows.push(vec![
                    format!("  {}", effect.id),
                    told(status, report.as_ref()),
                ]);
                let notes = report.map(|report| report.notes).unwrap_or_default();
                rows.extend(notes.into_iter().map(|note| vec![String::new(), note]));
                continue;
            }
            Err(error) => format!("{}: {error}", effect.id),
        };
        broken.add(text);
        rows.push(vec![format!("  {}", effect.id), "broken".to_owned()]);
    }
    console::print(&format!(
        "effects through the plug-in, on a drawn face:\n{}",
        aligned(&rows)
    ));
    Ok(())
}

fn render(
    plugin: &Plugin,
    effect: &EffectInfo,
    mut picture: Picture,
    points: Points,
) -> Result<(Status, Option<Report>), diat_host::Error> {
    let mut instance = plugin.open(&effect.id)?;
    instance.set_points(Some(&[points]))?;
    let defaults = effect.defaults();
    let status = render_pixels(
        &mut picture,
        &mut instance,
        effect,
        defaults,
        &mut |_, _| true,
    )?;
    Ok((status, instance.report()))
}

fn told(status: Status, report: Option<&Report>) -> String {
    let changed = if status == Status::Unchanged {
        "unchanged"
    } else {
        "edited"
    };
    let Some(report) = report else {
        return format!("{changed}; it does not report what ran");
    };
    let codes: Vec<String> = report
        .faces
        .iter()
        .map(|face| code_in_words(face.code))
        .collect();
    let what = if status == Status::Unchanged {
        codes.join(", ")
    } else {
        changed.to_owned()
    };
    format!(
        "{what}: {}",
        ran(report).unwrap_or("no network ran".to_owned())
    )
}
