//! Whether there is room, before anything is fetched.

use std::path::Path;

use crate::{Error, Pin, Wheel};

/// What file systems take for themselves, and others meanwhile.
const SPARE: u64 = 50_000_000;

/// Checks that what is `missing` fits into the cache, and `pin` into the data folder beside what is there. Both exist.
pub(crate) fn check<'a>(
    cache: &Path,
    data: &Path,
    missing: impl Iterator<Item = &'a Wheel>,
    pin: &Pin,
) -> Result<(), Error> {
    let sizes: Vec<u64> = missing.map(|wheel| wheel.bytes).collect();
    // pip copies what it has fetched, so that each is there twice for a moment.
    let fetched = sizes.iter().sum::<u64>() + sizes.iter().max().copied().unwrap_or(0);
    let unpacked = pin.bytes() + SPARE;
    if same_file_system(cache, data) {
        return enough(data, fetched + unpacked);
    }
    if fetched > 0 {
        enough(cache, fetched + SPARE)?;
    }
    enough(data, unpacked)
}

fn enough(folder: &Path, needed: u64) -> Result<(), Error> {
    let free = fs4::available_space(folder).map_err(Error::file(folder, "asking for its room"))?;
    if free < needed {
        return Err(Error::Space {
            folder: folder.to_owned(),
            needed,
            free,
        });
    }
    Ok(())
}

#[cfg(unix)]
fn same_file_system(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| path.metadata().map(|file| file.dev()).ok();
    device(one) == device(other)
}

#[cfg(not(unix))]
fn same_file_system(one: &Path, other: &Path) -> bool {
    one.components().next() == other.components().next()
}
