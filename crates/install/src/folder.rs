//! `runtime/` of the data folder: one folder for an installed runtime, and names with a dot in front for what is not yet, or
//! no longer, one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diat_places::Places;

use crate::downloads::create;
use crate::{Error, Kind, Pin};

/// In front of the name of everything unfinished.
const UNFINISHED: &str = ".unfinished-";

/// A runtime that was installed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Its folder.
    pub folder: PathBuf,
    /// ONNX Runtime's version.
    pub version: String,
    /// What it runs on.
    pub kind: Kind,
    /// Size of its files.
    pub bytes: u64,
}

impl Installed {
    /// Whether every library of the pin is there with its size.
    pub(crate) fn is_whole(&self, pin: &Pin) -> bool {
        let whole = |name: &str, bytes: u64| {
            let file = fs::metadata(self.folder.join(name));
            file.is_ok_and(|file| file.is_file() && file.len() == bytes)
        };
        pin.libraries()
            .all(|library| whole(library.name, library.bytes))
    }
}

/// The runtimes that were installed here, by name. There is more than one only where an installation was killed after the
/// new one was in place.
#[must_use]
pub fn installed(places: &Places) -> Vec<Installed> {
    let folders = children(&places.runtime_dir()).filter(|path| path.is_dir());
    let mut found: Vec<Installed> = folders.filter_map(read).collect();
    found.sort_by(|one, other| one.folder.cmp(&other.folder));
    found
}

/// What else lies in `runtime/`: the user put it there.
pub(crate) fn by_hand(places: &Places) -> Vec<PathBuf> {
    let others = children(&places.runtime_dir()).filter(|path| !is_unfinished(path));
    let mut others: Vec<PathBuf> = others.filter(|path| read(path.clone()).is_none()).collect();
    others.sort();
    others
}

/// Deletes what a killed process left, and says where the next one may put things together.
pub(crate) fn fresh_part(places: &Places) -> Result<PathBuf, Error> {
    delete_unfinished(places)?;
    let part = places.runtime_dir().join(format!("{UNFINISHED}new"));
    create(&part)?;
    Ok(part)
}

pub(crate) fn delete_unfinished(places: &Places) -> Result<(), Error> {
    for path in children(&places.runtime_dir()).filter(|path| is_unfinished(path)) {
        fs::remove_dir_all(&path).map_err(Error::file(&path, "deleting it"))?;
    }
    Ok(())
}

/// Gives what was put together its name.
pub(crate) fn place(places: &Places, part: &Path, pin: &Pin) -> Result<Installed, Error> {
    let name = format!("onnxruntime-{}-{}", pin.version, pin.kind);
    let names = std::iter::once(name.clone()).chain((2_u32..).map(|n| format!("{name}-{n}")));
    let mut folders = names.map(|name| places.runtime_dir().join(name));
    // One that was there and is not whole is taken away afterwards, not before.
    let folder = folders.find(|folder| !folder.exists()).unwrap_or_default();
    fs::rename(part, &folder).map_err(Error::file(&folder, "putting it in place"))?;
    sync(&places.runtime_dir());
    Ok(Installed {
        bytes: size(&folder),
        folder,
        version: pin.version.to_owned(),
        kind: pin.kind,
    })
}

/// Takes an installed runtime out of its place; what is returned is to be deleted.
pub(crate) fn retire(places: &Places, installed: &Installed) -> Result<PathBuf, Error> {
    let name = installed.folder.file_name().unwrap_or_default();
    let mut unfinished = std::ffi::OsString::from(UNFINISHED);
    unfinished.push(name);
    let target = places.runtime_dir().join(unfinished);
    let in_use = |cause| Error::InUse {
        folder: installed.folder.clone(),
        cause,
    };
    fs::rename(&installed.folder, &target).map_err(in_use)?;
    sync(&places.runtime_dir());
    Ok(target)
}

/// Reads the name `onnxruntime-VERSION-KIND`, perhaps with a number behind.
fn read(folder: PathBuf) -> Option<Installed> {
    let mut parts = folder.file_name()?.to_str()?.split('-');
    if parts.next() != Some("onnxruntime") {
        return None;
    }
    let version = parts.next()?.to_owned();
    let name = parts.next()?;
    let kind = [Kind::Cpu, Kind::Cuda]
        .into_iter()
        .find(|kind| kind.to_string() == name)?;
    if parts
        .next()
        .is_some_and(|number| number.parse::<u32>().is_err())
    {
        return None;
    }
    Some(Installed {
        bytes: size(&folder),
        folder,
        version,
        kind,
    })
}

fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.starts_with(UNFINISHED))
}

fn size(folder: &Path) -> u64 {
    let files = children(folder).filter_map(|path| fs::metadata(path).ok());
    files.map(|file| file.len()).sum()
}

fn children(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

/// Has the renames in a folder written down, where the system can; a lost one is made up for by the next installation.
fn sync(folder: &Path) {
    let _: io::Result<()> = fs::File::open(folder).and_then(|folder| folder.sync_all());
}
