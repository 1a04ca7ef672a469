//! What a manifest and the plug-in say about an effect.

use diat_host::EffectInfo;
use diat_manifest::{Decoder, Edit, Kind, Manifest, Provenance};

use crate::effects::parameters;
use crate::table::aligned;

/// An effect as the plug-in has it, with its manifest where that is known.
pub(super) fn text(effect: &EffectInfo, manifest: Option<&Manifest>) -> String {
    let mut text = match manifest {
        Some(manifest) => of_manifest(manifest),
        None => aligned(&[
            row("id", &effect.id),
            row("version", &effect.version),
            row("label", &effect.label),
            row("category", &effect.category),
            row("help", &effect.help),
            row("licence", &effect.licence),
        ]),
    };
    text.push_str("parameters\n");
    text.push_str(&parameters(effect));
    text
}

/// A manifest of any kind.
pub(super) fn of_manifest(manifest: &Manifest) -> String {
    let (major, minor) = manifest.engine;
    let weights = &manifest.weights;
    let mut rows = vec![
        row("id", &manifest.id),
        row("kind", manifest.kind.name()),
        row("version", &manifest.version.to_string()),
        row("engine", &format!("{major}.{minor} or newer")),
        row("label", &manifest.label),
        row("category", &manifest.category),
        row("help", &manifest.help),
        row("manifest", &manifest.file.display().to_string()),
        row("weights", &manifest.weights_file().display().to_string()),
        row("size", &format!("{} bytes", weights.size)),
        row("sha-256", &diat_manifest::hex(&weights.sha256)),
    ];
    if let Some(input) = manifest.input() {
        rows.push(row(
            "input",
            &format!("{}×{} pixels", input.width, input.height),
        ));
    }
    match &manifest.kind {
        Kind::Effect(effect) => edit(&mut rows, &effect.edit),
        Kind::Enhance(enhance) => edit(&mut rows, enhance),
        Kind::Detector(detector) => {
            let decoder = match detector.decoder {
                Decoder::Seeta => "seeta",
                Decoder::Yunet(_) => "yunet",
            };
            rows.push(row("decoder", decoder));
            rows.push(row(
                "smallest face",
                &format!("{} pixels", detector.smallest_face),
            ));
        }
        Kind::Judge(_) | Kind::Landmarks(_) => {}
    }
    if !manifest.deny.is_empty() {
        let denied: Vec<String> = manifest
            .deny
            .iter()
            .map(|device| format!("{device:?}").to_lowercase())
            .collect();
        rows.push(row("never runs on", &denied.join(", ")));
    }
    rows.push(row(
        "self-test",
        if manifest.golden.is_some() {
            "golden vector"
        } else {
            "none"
        },
    ));
    provenance(&mut rows, &manifest.provenance);
    if let Some(disclosure) = &manifest.disclosure {
        rows.push(row("disclosure", disclosure));
    }
    aligned(&rows)
}

fn edit(rows: &mut Vec<Vec<String>>, edit: &Edit) {
    let limits = &edit.limits;
    rows.push(row(
        "limits",
        &format!(
            "eyes at least {} pixels apart, turned by at most {}°, confidence at least {}",
            limits.smallest_eye_distance, limits.largest_yaw, limits.lowest_confidence
        ),
    ));
    if let Some(judge) = &edit.judge {
        let [low, high] = judge.range;
        rows.push(row(
            "judge",
            &format!("{}: something to do from {low} to {high}", judge.id),
        ));
    }
}

fn provenance(rows: &mut Vec<Vec<String>>, provenance: &Provenance) {
    for (name, text) in [
        ("source", &provenance.source),
        ("data", &provenance.data),
        ("licence", &provenance.licence),
        ("author", &provenance.author),
        ("notes", &provenance.notes),
    ] {
        if !text.is_empty() {
            rows.push(row(name, text));
        }
    }
}

fn row(name: &str, text: &str) -> Vec<String> {
    vec![name.to_owned(), text.replace('\n', " ")]
}
