//! What every check starts from.

use std::cell::RefCell;

use diat_plugin_abi::{self as abi, diat_plugin};

use super::calls::{Functions, Library};
use super::door::Door;
use super::host::Host;
use super::random::Random;
use super::scene::Scene;
use super::{Finding, Subject, look};
use crate::effects;
use crate::{Pixels, Rect};

/// One check's place of work.
pub(crate) struct Bench<'a> {
    pub(crate) subject: &'a Subject,
    check: &'static str,
    step: &'a dyn Fn(&str),
    note: RefCell<String>,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(subject: &'a Subject, check: &'static str, step: &'a dyn Fn(&str)) -> Self {
        Self {
            subject,
            check,
            step,
            note: RefCell::default(),
        }
    }

    /// Says what comes next, which is what ended the process if this is the last that is heard.
    pub(crate) fn step(&self, what: &str) {
        (self.step)(what);
    }

    /// What to say where the promise is kept.
    pub(crate) fn note(&self, text: String) {
        self.note.replace(text);
    }

    pub(crate) fn into_note(self) -> String {
        self.note.into_inner()
    }

    /// This check's numbers, from the first on.
    pub(crate) fn random(&self) -> Random {
        Random::new(self.subject.seed, self.check)
    }

    /// A picture of this check's.
    pub(crate) fn scene(&self, rect: Rect, pixels: Pixels<'static>) -> Scene {
        Scene::new(rect, pixels, self.random())
    }

    /// A host with the folders that the user gave.
    pub(crate) fn host(&self) -> Result<&'static Host, Finding> {
        Host::new(&self.subject.resource_dirs)
    }

    /// The loaded library.
    pub(crate) fn library(&self) -> Result<Library, Finding> {
        self.step("loading the library");
        Library::load(&self.subject.library)
    }

    /// The table that the library gives this host.
    pub(crate) fn table(&self) -> Result<diat_plugin, Finding> {
        let (library, host) = (self.library()?, self.host()?);
        enter(library, host)
    }

    /// The library, its table, and the effect that the user chose.
    pub(crate) fn door(&self) -> Result<Door, Finding> {
        let (library, host) = (self.library()?, self.host()?);
        let table = enter(library, host)?;
        let all = effects::all(&table);
        let chosen = match &self.subject.effect {
            None => all.first(),
            Some(id) => all.iter().find(|effect| effect.id == *id),
        };
        let Some(effect) = chosen.cloned() else {
            let ids: Vec<&str> = all.iter().map(|effect| effect.id.as_str()).collect();
            return Err(match &self.subject.effect {
                Some(id) => {
                    Finding::failed(format!("no effect {id:?}; there are: {}", ids.join(", ")))
                }
                None => Finding::skipped("it lists no effect; --resources gives it some"),
            });
        };
        let mut values = effect.defaults();
        // Not what every machine has another of.
        let device = effect
            .params
            .get(abi::DIAT_DEVICE)
            .filter(|param| param.id == "device");
        if let (Some(_), Some(value)) = (device, values.get_mut(abi::DIAT_DEVICE)) {
            *value = f64::from(abi::DIAT_DEVICE_CPU);
        }
        Ok(Door {
            library,
            functions: Functions::of(&table)?,
            host,
            effect,
            values,
        })
    }
}

fn enter(library: Library, host: &'static Host) -> Result<diat_plugin, Finding> {
    let table = library.enter(&host.raw());
    let refused = || Finding::failed(format!("it refuses this host: {}", host.last_line()));
    look::copy(table).ok_or_else(refused)
}
