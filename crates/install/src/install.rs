//! The steps of an installation, and of taking one away.

use std::fs;
use std::path::{Path, PathBuf};

use diat_places::Places;

use crate::downloads::create;
use crate::folder::{by_hand, delete_unfinished, fresh_part, place, retire};
use crate::{Downloads, Error, Event, Installed, Pin, RUNTIMES, installed, space, unpack};

/// An installation.
pub struct Install<'a> {
    /// Where to.
    pub places: &'a Places,
    /// What.
    pub pin: &'a Pin,
    /// Where from.
    pub downloads: &'a Downloads,
    /// Whether the wheels stay in the cache afterwards.
    pub keep_downloads: bool,
    /// Whether the library at this path works here, else why not. It is asked before anything is replaced.
    pub check: &'a dyn Fn(&Path) -> Result<(), String>,
}

/// What an installation came to.
#[derive(Debug)]
pub struct Outcome {
    /// The runtime that is there now.
    pub installed: Installed,
    /// Whether it was there before.
    pub was_there: bool,
    /// What was taken away for it.
    pub replaced: Vec<Installed>,
}

/// What was taken away.
#[derive(Debug)]
pub struct Removed {
    /// The runtimes.
    pub runtimes: Vec<Installed>,
    /// What lies in `runtime/` and was not installed by us: it stays.
    pub by_hand: Vec<PathBuf>,
}

impl std::fmt::Debug for Install<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Install")
            .field("places", self.places)
            .field("pin", self.pin)
            .finish_non_exhaustive()
    }
}

impl Install<'_> {
    /// Installs. However it ends, be it by a kill, there is one whole runtime: the old one (or none, as before) or the new one.
    /// Calling again goes on from the wheels that were fetched.
    ///
    /// # Errors
    /// It cannot be fetched, there is no room, it does not work here, or a folder cannot be written.
    pub fn run(&self, tell: &mut dyn FnMut(Event<'_>)) -> Result<Outcome, Error> {
        let lock = self.downloads.lock(tell)?;
        let there = installed(self.places);
        let whole = there.iter().find(|runtime| self.is_this(runtime)).cloned();
        let was_there = whole.is_some();
        let now = match whole {
            Some(whole) => {
                delete_unfinished(self.places)?;
                whole
            }
            None => self.add(tell)?,
        };
        let mut replaced = Vec::new();
        for old in there.into_iter().filter(|old| *old != now) {
            delete(self.places, &old, tell)?;
            replaced.push(old);
        }
        if !self.keep_downloads {
            self.downloads.discard(self.pin.wheels)?;
        }
        drop(lock);
        Ok(Outcome {
            installed: now,
            was_there,
            replaced,
        })
    }

    fn is_this(&self, runtime: &Installed) -> bool {
        let pin = self.pin;
        let library = pin.main_library().map(|library| library.name);
        let works = |name| (self.check)(&runtime.folder.join(name)).is_ok();
        (runtime.version.as_str(), runtime.kind) == (pin.version, pin.kind)
            && runtime.is_whole(pin)
            && library.is_some_and(works)
    }

    /// Fetches, unpacks, checks, and puts in place.
    fn add(&self, tell: &mut dyn FnMut(Event<'_>)) -> Result<Installed, Error> {
        let (places, pin) = (self.places, self.pin);
        create(&places.runtime_dir())?;
        delete_unfinished(places)?;
        let missing = self.downloads.missing(pin.wheels);
        space::check(self.downloads.folder(), &places.runtime_dir(), missing, pin)?;
        let fetched = self.downloads.fetch_locked(pin.wheels, tell)?;
        let part = fresh_part(places)?;
        let put_together = || {
            let (mut done, total) = (0, pin.bytes());
            for (fetched, wheel) in fetched.into_iter().zip(pin.wheels) {
                let mut wrote = |bytes| {
                    done += bytes as u64;
                    tell(Event::Unpacking { done, total });
                };
                unpack::libraries(fetched, wheel, &part, &mut wrote)?;
            }
            tell(Event::Checking);
            let library = pin.main_library().map_or("", |library| library.name);
            (self.check)(&part.join(library)).map_err(|cause| Error::DoesNotWork {
                version: pin.version.to_owned(),
                cause,
            })?;
            place(places, &part, pin)
        };
        let installed = put_together();
        match &installed {
            Ok(_) => tell(Event::Placed),
            // The room it took may be what is missing; what was wrong counts more than what cannot be deleted.
            Err(_) => drop(delete_unfinished(places)),
        }
        installed
    }
}

/// Takes away every runtime that was installed here, and what is left of downloads.
///
/// # Errors
/// A runtime is in use, or a folder cannot be written.
pub fn remove(
    places: &Places,
    downloads: &Downloads,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Removed, Error> {
    // Where there is no cache that could be written, nobody fetches.
    let lock = downloads.lock(tell).ok();
    delete_unfinished(places)?;
    let runtimes = installed(places);
    for runtime in &runtimes {
        delete(places, runtime, tell)?;
    }
    for pin in RUNTIMES {
        downloads.discard(pin.wheels)?;
    }
    let by_hand = by_hand(places);
    if by_hand.is_empty() {
        // Not there, or not empty after all: either is well.
        let _ = fs::remove_dir(places.runtime_dir());
    }
    drop(lock);
    Ok(Removed { runtimes, by_hand })
}

fn delete(
    places: &Places,
    runtime: &Installed,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), Error> {
    let retired = retire(places, runtime)?;
    tell(Event::Deleting(runtime));
    fs::remove_dir_all(&retired).map_err(Error::file(&retired, "deleting it"))
}
