//! Libraries out of wheels.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};

use zip::ZipArchive;

use crate::downloads::{Fetched, create};
use crate::{Error, Library, Wheel};

const BLOCK: usize = 1 << 18;

/// Unpacks the libraries of a wheel into a folder; `wrote` hears of each block.
pub(crate) fn libraries(
    fetched: Fetched,
    wheel: &Wheel,
    folder: &Path,
    wrote: &mut dyn FnMut(usize),
) -> Result<(), Error> {
    let bad = |cause: String| Error::Wheel {
        file: fetched.path.clone(),
        cause,
    };
    let mut archive = ZipArchive::new(BufReader::new(fetched.file))
        .map_err(|error| bad(format!("not a wheel: {error}")))?;
    for library in wheel.libraries {
        let index = (0..archive.len()).find(|index| {
            let name = archive.name_for_index(*index);
            let name = name.and_then(Result::ok);
            name.is_some_and(|name| name.rsplit('/').next() == Some(library.name))
        });
        let index = index.ok_or_else(|| bad(format!("it holds no {}", library.name)))?;
        let member = archive
            .by_index(index)
            .map_err(|error| bad(format!("{}: {error}", library.name)))?;
        let target = folder.join(library.name);
        let (file, written) = write(member, &target, &bad, wrote)?;
        file.sync_all()
            .map_err(Error::file(&target, "writing it"))?;
        check_size(library, written).map_err(&bad)?;
    }
    Ok(())
}

/// Unpacks the files for which `place` names a path below the folder. They may not be on the disk yet when this returns:
/// there can be thousands.
pub(crate) fn members(
    fetched: Fetched,
    folder: &Path,
    place: &dyn Fn(&str) -> Option<PathBuf>,
) -> Result<(), Error> {
    let bad = |cause: String| Error::Wheel {
        file: fetched.path.clone(),
        cause,
    };
    let mut archive = ZipArchive::new(BufReader::new(fetched.file))
        .map_err(|error| bad(format!("not a wheel: {error}")))?;
    for index in 0..archive.len() {
        let name = match archive.name_for_index(index) {
            Some(name) => name.map_err(|error| bad(error.to_string()))?.into_owned(),
            None => continue,
        };
        let Some(target) = place(&name) else {
            continue;
        };
        if !(target.components()).all(|part| matches!(part, Component::Normal(_))) {
            return Err(bad(format!("{name} would leave the folder")));
        }
        let member = archive
            .by_index(index)
            .map_err(|error| bad(format!("{name}: {error}")))?;
        if !member.is_file() {
            continue;
        }
        let target = folder.join(target);
        if let Some(parent) = target.parent() {
            create(parent)?;
        }
        write(member, &target, &bad, &mut |_| ())?;
    }
    Ok(())
}

fn check_size(library: &Library, written: u64) -> Result<(), String> {
    let Library { name, bytes } = *library;
    if written == bytes {
        return Ok(());
    }
    Err(format!("{name} has {written} bytes, pinned are {bytes}"))
}

/// Copies a member to a file.
fn write(
    mut member: impl Read,
    target: &Path,
    bad: &dyn Fn(String) -> Error,
    wrote: &mut dyn FnMut(usize),
) -> Result<(File, u64), Error> {
    let mut file = File::create(target).map_err(Error::file(target, "creating it"))?;
    let mut block = Vec::with_capacity(BLOCK);
    let mut written = 0;
    loop {
        block.clear();
        // The reader checks the member's checksum at its end.
        let read = (&mut member).take(BLOCK as u64).read_to_end(&mut block);
        let read = read.map_err(|error| bad(error.to_string()))?;
        if read == 0 {
            break;
        }
        file.write_all(&block)
            .map_err(Error::file(target, "writing it"))?;
        written += read as u64;
        wrote(read);
    }
    Ok((file, written))
}
