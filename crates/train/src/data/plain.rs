//! A plain set: `with/` and `without/`, whose points the project's own detector finds.

use super::Error;
use super::crop::decode;
use super::dataset::{Dataset, Face, LIMITS, Layout, Partition};
use diat_face::{Finder, refusal};
use diat_infer::Device;
use diat_manifest::{Catalogue, Folder};
use diat_places::Places;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

const FOLDERS: [(&str, bool); 2] = [("with", true), ("without", false)];

pub(crate) fn is(folder: &Path) -> bool {
    FOLDERS.iter().all(|(name, _)| folder.join(name).is_dir())
}

/// The set's pictures in the order of their names, each with the largest face that the plug-in would edit. Partitions come from the file's
/// content (8 : 1 : 1), so that two copies of a picture are never in two.
pub(crate) fn open(folder: &Path) -> Result<Dataset, Error> {
    let finder = finder()?;
    let mut pictures = Vec::new();
    for (name, value) in FOLDERS {
        let part = folder.join(name);
        let mut files = fs::read_dir(&part)
            .and_then(|entries| {
                entries
                    .map(|entry| Ok(entry?.path()))
                    .collect::<Result<Vec<PathBuf>, _>>()
            })
            .map_err(Error::io(&part))?;
        files.retain(|file| is_picture(file));
        files.sort();
        pictures.extend(files.into_iter().map(|file| (name, value, file)));
    }
    let found: Vec<_> = pictures
        .into_par_iter()
        .map(|(part, value, path)| {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{part}/{file}");
            match face(&finder, &name, value, path) {
                Ok(Some(face)) => Ok(Ok(face)),
                Ok(None) => Ok(Err((name, "no face that an effect would edit".to_owned()))),
                Err(Error::Picture { why, .. }) => Ok(Err((name, why))),
                Err(error) => Err(error),
            }
        })
        .collect::<Result<_, Error>>()?;
    let mut dataset = Dataset {
        folder: folder.to_owned(),
        layout: Layout::Plain,
        lists: Vec::new(),
        attributes: vec!["with".to_owned()],
        faces: Vec::new(),
        unusable: Vec::new(),
        card: None,
    };
    for one in found {
        match one {
            Ok(face) => dataset.faces.push(face),
            Err(unusable) => dataset.unusable.push(unusable),
        }
    }
    Ok(dataset)
}

fn is_picture(file: &Path) -> bool {
    let endings = ["jpg", "jpeg", "png", "webp", "tif", "tiff"];
    let ending = file.extension().map(|ending| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| endings.iter().any(|&known| ending == known))
}

fn face(finder: &Finder, name: &str, value: bool, path: PathBuf) -> Result<Option<Face>, Error> {
    let picture = decode(&path)?;
    let found = finder.find(&picture.view(), LIMITS.smallest_eye_distance, &|| false)?;
    let accepted = found
        .faces
        .into_iter()
        .find(|face| refusal(face, &LIMITS).is_none());
    let bytes = fs::read(&path).map_err(Error::io(&path))?;
    let partition = match Sha256::digest(&bytes)[0] {
        0..205 => Partition::Training,
        205..231 => Partition::Validation,
        _ => Partition::Test,
    };
    Ok(accepted.map(|face| Face {
        name: name.to_owned(),
        path,
        counterfactual: None,
        points: face.points,
        attributes: vec![Some(value)],
        partition,
        identity: None,
    }))
}

/// The detector that the user of this machine has, else the default one.
pub(crate) fn finder() -> Result<Finder, Error> {
    let places = Places::from_environment();
    let program = std::env::current_exe().ok();
    let folders: Vec<Folder> = places
        .resource_folders(&[], program.as_deref())
        .into_iter()
        .map(|folder| Folder {
            path: folder.path,
            from_host: folder.from_host,
        })
        .collect();
    let catalogue = Catalogue::scan(&folders);
    // Pictures are shared out among the cores already.
    let finder = Finder::new(&catalogue, None, None, &places, Device::Cpu, 1, &|_, _| {})?;
    Ok(finder)
}

#[cfg(test)]
mod tests;
