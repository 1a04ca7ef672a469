//! Folders, manifests, and the runtime.

use std::path::Path;

use diat_manifest::Catalogue;
use diat_places::{Places, ResourceFolder};

use super::Broken;
use crate::console;
use crate::table::aligned;

/// Where effects are looked for.
pub(super) fn folders(places: &Places, folders: &[ResourceFolder]) {
    let there = |path: &Path| if path.exists() { "" } else { "  (not there)" };
    let (data, config) = (places.data_dir(), places.config_file());
    let mut text = format!(
        "data folder {}{}\nconfiguration {}{}\nfolders searched, the first first:\n",
        data.display(),
        there(data),
        config.display(),
        there(&config)
    );
    let row = |folder: &ResourceFolder| {
        vec![
            format!("  {}", folder.path.display()),
            folder.why.to_owned(),
        ]
    };
    text.push_str(&aligned(&folders.iter().map(row).collect::<Vec<_>>()));
    console::print(&text);
}

/// What was found in them.
pub(super) fn manifests(catalogue: &Catalogue, broken: &mut Broken) {
    let rows: Vec<Vec<String>> = catalogue
        .manifests
        .iter()
        .map(|manifest| {
            vec![
                format!("  {}", manifest.id),
                manifest.version.to_string(),
                manifest.kind.name().to_owned(),
                manifest.file.display().to_string(),
            ]
        })
        .collect();
    console::print(&format!("manifests:\n{}", aligned(&rows)));
    for shadowed in &catalogue.shadowed {
        let (ignored, used) = (shadowed.ignored.display(), shadowed.used.display());
        console::print(&format!(
            "  not used: {ignored}: {} ({used})\n",
            shadowed.why
        ));
    }
    for fault in &catalogue.faults {
        broken.add(fault.to_string());
    }
    if catalogue.manifests.is_empty() {
        broken.add(
            "no manifests; put some into manifests/ of the data folder, or give --resources"
                .to_owned(),
        );
    }
}

/// Which runtime this process got.
pub(super) fn runtime(places: &Places, broken: &mut Broken) {
    let runtime = diat_infer::runtime(places);
    let from = match runtime.library() {
        Some(library) => {
            let cuda = if runtime.has_cuda() {
                "with CUDA"
            } else {
                "without CUDA"
            };
            format!("{}, {cuda}", library.display())
        }
        None => format!(
            "built in; ONNX Runtime, which is faster, is looked for in {}",
            places.runtime_dir().display()
        ),
    };
    console::print(&format!("runtime {}: {from}\n", runtime.name()));
    for note in runtime.notes() {
        broken.add(note.clone());
    }
}
