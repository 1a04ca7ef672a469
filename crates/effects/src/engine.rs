//! Which effects there are and where things lie.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use diat_infer::{Device, Level};
use diat_manifest::{Catalogue, FaceNetworks, Folder, Kind, Manifest, Parameter};
use diat_places::Places;

use crate::Error;
use crate::faces::Searcher;

/// One of an effect's own parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterInfo {
    /// As in the manifest; unique in its effect.
    pub id: String,
    /// For people.
    pub label: String,
    /// For people.
    pub help: String,
    /// For people; may be empty.
    pub unit: String,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
    /// What a host starts with.
    pub default: f64,
    /// The value that does nothing, if there is one.
    pub neutral: Option<f64>,
}

/// What a host is told about an effect.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectInfo {
    /// Its manifest's id.
    pub id: String,
    /// For people.
    pub label: String,
    /// For people, groups effects in menus.
    pub category: String,
    /// For people.
    pub help: String,
    /// The manifest's version.
    pub version: String,
    /// SPDX expression of the weights.
    pub licence: String,
    /// Its own parameters, after the reserved ones.
    pub parameters: Vec<ParameterInfo>,
}

/// The effects of one list of resource folders, and what their instances share.
#[derive(Debug)]
pub struct Engine {
    places: Places,
    catalogue: Catalogue,
    effects: Vec<EffectInfo>,
    searchers: Mutex<Vec<(SearcherKey, Arc<Searcher>)>>,
}

type SearcherKey = (FaceNetworks, Device);

impl Engine {
    /// Reads the manifests of the resource folders, and no weights. `host_dirs` and `library` as in
    /// [`Places::resource_folders`]. Manifests that cannot be used are in the catalogue's faults and hide no others.
    pub fn new(places: Places, host_dirs: &[PathBuf], library: Option<&Path>) -> Self {
        let folders: Vec<Folder> = places
            .resource_folders(host_dirs, library)
            .into_iter()
            .map(|folder| Folder {
                path: folder.path,
                from_host: folder.from_host,
            })
            .collect();
        let catalogue = Catalogue::scan(&folders);
        let effects = catalogue
            .manifests
            .iter()
            .filter(|manifest| manifest.edit().is_some())
            .map(|manifest| effect_info(manifest))
            .collect();
        Self {
            places,
            catalogue,
            effects,
            searchers: Mutex::default(),
        }
    }

    /// The effects (of kinds `effect` and `enhance`), in the order of their ids.
    pub fn effects(&self) -> &[EffectInfo] {
        &self.effects
    }

    /// Every manifest in use, with what is wrong with others.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// The manifest of an effect or enhancer.
    pub(crate) fn effect(&self, id: &str) -> Result<&Arc<Manifest>, Error> {
        let manifest = self.catalogue.get(id);
        manifest
            .filter(|found| found.edit().is_some())
            .ok_or_else(|| {
                let ids: Vec<&str> = self
                    .effects
                    .iter()
                    .map(|effect| effect.id.as_str())
                    .collect();
                Error::Argument(format!(
                    "there is no effect {id:?}; there are: {}",
                    ids.join(", ")
                ))
            })
    }

    /// The judge that an effect names.
    pub(crate) fn judge(&self, of: &Manifest, id: &str) -> Result<&Arc<Manifest>, Error> {
        let manifest = self.catalogue.get(id);
        manifest.filter(|found| matches!(found.kind, Kind::Judge(_))).ok_or_else(|| {
            Error::Model(format!(
                "{}: judge.id: found {id:?}, which is no judge that is installed; install it or take the table [judge] out",
                of.file.display()
            ))
        })
    }

    /// The finder of faces that an effect wants; effects that want the same one share it and what it found.
    pub(crate) fn searcher(
        &self,
        networks: &FaceNetworks,
        device: Device,
        threads: usize,
        log: &dyn Fn(Level, &str),
    ) -> Result<Arc<Searcher>, Error> {
        let mut searchers = self
            .searchers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let same = |(key, _): &&(SearcherKey, _)| key.0 == *networks && key.1 == device;
        if let Some((_, searcher)) = searchers.iter().find(same) {
            return Ok(Arc::clone(searcher));
        }
        let searcher = Searcher::open(
            &self.catalogue,
            &self.places,
            networks,
            device,
            threads,
            log,
        )?;
        let searcher = Arc::new(searcher);
        searchers.push(((networks.clone(), device), Arc::clone(&searcher)));
        Ok(searcher)
    }
}

fn effect_info(manifest: &Manifest) -> EffectInfo {
    let parameters = manifest.edit().map_or(&[][..], |edit| &edit.parameters);
    EffectInfo {
        id: manifest.id.clone(),
        label: manifest.label.clone(),
        category: manifest.category.clone(),
        help: manifest.help.clone(),
        version: manifest.version.to_string(),
        licence: manifest.provenance.licence.clone(),
        parameters: parameters.iter().map(parameter_info).collect(),
    }
}

fn parameter_info(parameter: &Parameter) -> ParameterInfo {
    ParameterInfo {
        id: parameter.id.clone(),
        label: parameter.label.clone(),
        help: parameter.help.clone(),
        unit: parameter.unit.clone(),
        min: parameter.min,
        max: parameter.max,
        default: parameter.default,
        neutral: parameter.neutral,
    }
}
