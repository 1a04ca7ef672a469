//! Other manifests that a manifest names.

use diat_manifest::{Catalogue, Folder, Kind, Manifest};
use diat_places::Places;

/// Manifests that are named and not there, where this one would look for them.
pub(super) fn faults(manifest: &Manifest, places: &Places) -> Vec<String> {
    let Some(edit) = manifest.edit() else {
        return Vec::new();
    };
    let named = [
        (
            "judge.id",
            "judge",
            edit.judge.as_ref().map(|judge| &judge.id),
        ),
        ("face.detector", "detector", edit.face.detector.as_ref()),
        ("face.landmarks", "landmarks", edit.face.landmarks.as_ref()),
    ];
    if named.iter().all(|(_, _, id)| id.is_none()) {
        return Vec::new();
    }
    let catalogue = catalogue(manifest, places);
    let missing = |(key, kind, id): (&str, &str, Option<&String>)| {
        let id = id?;
        let kind_of = |kind: &Kind| kind.name();
        let found = match catalogue.get(id) {
            Some(found) if kind_of(&found.kind) == kind => return None,
            Some(found) => format!("{id:?}, which is of kind {}", kind_of(&found.kind)),
            None => format!("{id:?}, which is not installed"),
        };
        let file = manifest.file.display();
        Some(format!(
            "{file}: {key}: found {found}, allowed: the id of a manifest of kind {kind}; install it or name another"
        ))
    };
    named.into_iter().filter_map(missing).collect()
}

/// All manifests that are there once this one's folder is among the others.
fn catalogue(manifest: &Manifest, places: &Places) -> Catalogue {
    let own = manifest.models_dir().join("..");
    let program = std::env::current_exe().ok();
    let folders = places.resource_folders(&[own], program.as_deref());
    let folders: Vec<Folder> = folders
        .into_iter()
        .map(|folder| Folder {
            path: folder.path,
            from_host: folder.from_host,
        })
        .collect();
    Catalogue::scan(&folders)
}
