//! Wheels in the user's cache, each in a folder that is named by its digest.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{Error, Event, Pip, PipProgress, Wheel, unpack};

/// The cache, and who fills it.
#[derive(Debug)]
pub struct Downloads {
    folder: PathBuf,
    pip: Option<Pip>,
    shows: PipProgress,
}

/// A wheel whose bytes are the pinned ones.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) path: PathBuf,
    /// Of which the digest was taken, at its start.
    pub(crate) file: File,
}

/// Held by whoever fetches or installs. The system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "held, not used")] Option<File>);

impl Downloads {
    /// The user's cache, filled by the user's pip, which is looked for when it is needed.
    #[must_use]
    pub fn of_user(shows: PipProgress) -> Self {
        Self {
            folder: diat_places::downloads_dir(),
            pip: None,
            shows,
        }
    }

    /// Another cache, filled by this pip.
    #[must_use]
    pub fn new(folder: PathBuf, pip: Pip) -> Self {
        Self {
            folder,
            pip: Some(pip),
            shows: PipProgress::Silent,
        }
    }

    /// Has wheels in the cache.
    ///
    /// # Errors
    /// There is no pip, it fails or brings something else, or the cache cannot be written.
    pub fn fetch(&self, wheels: &[Wheel], tell: &mut dyn FnMut(Event<'_>)) -> Result<(), Error> {
        let _lock = self.lock(tell)?;
        self.fetch_locked(wheels, tell).map(drop)
    }

    /// Unpacks what is wanted of wheels into a folder; they are fetched unless they are in the cache, and stay there.
    ///
    /// # Errors
    /// There is no pip, it fails or brings something else, or a folder cannot be written.
    pub fn unpack(
        &self,
        wheels: &[Wheel],
        folder: &Path,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Error> {
        let _lock = self.lock(tell)?;
        let fetched = self.fetch_locked(wheels, tell)?;
        create(folder)?;
        let unpack = |(fetched, wheel)| unpack::libraries(fetched, wheel, folder, &mut |_| ());
        fetched.into_iter().zip(wheels).try_for_each(unpack)
    }

    /// Unpacks any files of wheels into a folder: those for whose name in the wheel `place` names a path below it. They are
    /// fetched unless they are in the cache, and stay there.
    ///
    /// # Errors
    /// As [`Self::unpack`].
    pub fn unpack_members(
        &self,
        wheels: &[Wheel],
        folder: &Path,
        place: &dyn Fn(&str) -> Option<PathBuf>,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Error> {
        let _lock = self.lock(tell)?;
        let fetched = self.fetch_locked(wheels, tell)?;
        create(folder)?;
        let mut fetched = fetched.into_iter();
        fetched.try_for_each(|fetched| unpack::members(fetched, folder, place))
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn fetch_locked(
        &self,
        wheels: &[Wheel],
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Vec<Fetched>, Error> {
        let mut found = Vec::new();
        for wheel in wheels {
            let cached = self.cached(wheel)?.ok();
            if cached.is_some() {
                tell(Event::Cached(wheel));
            }
            found.push(cached);
        }
        let count = found.iter().filter(|found| found.is_none()).count();
        let mut number = 0;
        let mut pip = self.pip.clone();
        let mut fetched = Vec::new();
        for (wheel, found) in wheels.iter().zip(found) {
            if let Some(found) = found {
                fetched.push(found);
                continue;
            }
            number += 1;
            tell(Event::Fetching {
                wheel,
                number,
                count,
            });
            let folder = self.emptied(wheel)?;
            let pip = match &mut pip {
                Some(pip) => pip,
                none => none.insert(Pip::find()?),
            };
            pip.download(wheel, &folder, self.shows, tell)?;
            // Checked at once: the next one may take minutes.
            fetched.push(self.checked(wheel)?);
        }
        Ok(fetched)
    }

    /// Which of the wheels would have to be fetched. By size alone; the digest is taken when they are used.
    pub(crate) fn missing<'a>(&self, wheels: &'a [Wheel]) -> impl Iterator<Item = &'a Wheel> {
        let there = |wheel: &&Wheel| {
            let sizes = files(&self.folder_of(wheel)).filter_map(|path| fs::metadata(path).ok());
            sizes.map(|file| file.len()).any(|size| size == wheel.bytes)
        };
        wheels.iter().filter(move |wheel| !there(wheel))
    }

    /// Deletes the wheels, and what is left of them.
    pub(crate) fn discard(&self, wheels: &[Wheel]) -> Result<(), Error> {
        wheels.iter().try_for_each(|wheel| {
            let folder = self.folder_of(wheel);
            match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(Error::file(&folder, "deleting it")(error))
                }
                _ => Ok(()),
            }
        })
    }

    /// Waits until no other process fetches or installs.
    pub(crate) fn lock(&self, tell: &mut dyn FnMut(Event<'_>)) -> Result<Lock, Error> {
        create(&self.folder)?;
        let path = self.folder.join("lock");
        let file = File::create(&path).map_err(Error::file(&path, "opening it"))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(Some(file))),
            Err(fs::TryLockError::WouldBlock) => {
                tell(Event::Waiting);
                file.lock().map_err(Error::file(&path, "locking it"))?;
                Ok(Lock(Some(file)))
            }
            // Some network file systems have no locks; two at once are rarer than that.
            Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                Ok(Lock(None))
            }
            Err(fs::TryLockError::Error(error)) => Err(Error::file(&path, "locking it")(error)),
        }
    }

    /// The wheel, or the digest of what is there instead.
    fn cached(&self, wheel: &Wheel) -> Result<Result<Fetched, String>, Error> {
        let mut instead = "no file at all".to_owned();
        for path in files(&self.folder_of(wheel)) {
            let mut file = File::open(&path).map_err(Error::file(&path, "opening it"))?;
            let found = digest(&mut file).map_err(Error::file(&path, "reading it"))?;
            if found == wheel.sha256 {
                return Ok(Ok(Fetched { path, file }));
            }
            instead = found;
        }
        Ok(Err(instead))
    }

    fn checked(&self, wheel: &Wheel) -> Result<Fetched, Error> {
        match self.cached(wheel)? {
            Ok(fetched) => Ok(fetched),
            Err(found) => {
                self.discard(std::slice::from_ref(wheel))?;
                Err(Error::Digest {
                    requirement: wheel.requirement.to_owned(),
                    found,
                    pinned: wheel.sha256.to_owned(),
                })
            }
        }
    }

    /// The folder of a wheel without what an earlier try left there.
    fn emptied(&self, wheel: &Wheel) -> Result<PathBuf, Error> {
        self.discard(std::slice::from_ref(wheel))?;
        let folder = self.folder_of(wheel);
        create(&folder)?;
        Ok(folder)
    }

    fn folder_of(&self, wheel: &Wheel) -> PathBuf {
        self.folder.join(wheel.sha256)
    }
}

/// Creates a folder and those above it.
pub(crate) fn create(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::file(folder, "creating it"))
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
}

/// SHA-256 of the whole file, which is at its start again afterwards.
fn digest(file: &mut File) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 18];
    loop {
        match file.read(&mut block)? {
            0 => break,
            read => hasher.update(block.get(..read).unwrap_or_default()),
        }
    }
    file.rewind()?;
    let digest = hasher.finalize();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
