//! What can be asked of a manifest of any kind.

use std::path::{Path, PathBuf};

use crate::Fault;
use crate::types::*;

impl Kind {
    /// The word in the manifest.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Effect(_) => "effect",
            Kind::Enhance(_) => "enhance",
            Kind::Judge(_) => "judge",
            Kind::Detector(_) => "detector",
            Kind::Landmarks(_) => "landmarks",
        }
    }
}

impl Manifest {
    /// What an effect or enhancer says about its edit; nothing for the other kinds.
    pub fn edit(&self) -> Option<&Edit> {
        match &self.kind {
            Kind::Effect(effect) => Some(&effect.edit),
            Kind::Enhance(edit) => Some(edit),
            _ => None,
        }
    }

    /// The picture tensor where its size is fixed: every kind but detectors.
    pub fn input(&self) -> Option<&Input> {
        match &self.kind {
            Kind::Effect(effect) => Some(&effect.edit.input),
            Kind::Enhance(edit) => Some(&edit.input),
            Kind::Judge(judge) => Some(&judge.input),
            Kind::Landmarks(landmarks) => Some(&landmarks.input),
            Kind::Detector(_) => None,
        }
    }

    /// Names of all input tensors, the picture first, then one a parameter; none for `seeta`.
    pub fn input_names(&self) -> Vec<String> {
        let picture = match &self.kind {
            Kind::Detector(detector) => match &detector.decoder {
                Decoder::Seeta => None,
                Decoder::Yunet(yunet) => Some(&yunet.input),
            },
            _ => self.input().map(|input| &input.name),
        };
        let parameters = self.edit().map_or(&[][..], |edit| &edit.parameters);
        picture
            .into_iter()
            .chain(parameters.iter().map(|parameter| &parameter.input))
            .cloned()
            .collect()
    }

    /// Names of all output tensors that are read; none for `seeta`.
    pub fn output_names(&self) -> Vec<String> {
        match &self.kind {
            Kind::Effect(effect) => vec![effect.edit.transformed.clone(), effect.mask.clone()],
            Kind::Enhance(edit) => vec![edit.transformed.clone()],
            Kind::Judge(judge) => vec![judge.score.clone()],
            Kind::Landmarks(landmarks) => {
                vec![landmarks.points.clone(), landmarks.confidence.clone()]
            }
            Kind::Detector(detector) => match &detector.decoder {
                Decoder::Seeta => Vec::new(),
                Decoder::Yunet(yunet) => yunet.output_names(),
            },
        }
    }

    /// The `models/` folder beside the `manifests/` folder that holds this manifest.
    pub fn models_dir(&self) -> PathBuf {
        let manifests = self.file.parent().unwrap_or(Path::new(""));
        match manifests.parent() {
            Some(resources) if manifests.file_name().is_some() => resources.join("models"),
            _ => manifests.join("..").join("models"),
        }
    }

    /// Where the weights are looked for.
    pub fn weights_file(&self) -> PathBuf {
        self.models_dir().join(&self.weights.file)
    }

    /// The weights' bytes, read once, with their size and SHA-256 checked.
    ///
    /// # Errors
    /// One [`Fault`] that names the weights' file, what was found there and what the manifest asks for.
    pub fn read_weights(&self) -> Result<Vec<u8>, Fault> {
        let command = format!("diat check --write-digest {}", self.file.display());
        self.weights.read_advising(&self.models_dir(), &command)
    }
}

impl Yunet {
    fn output_names(&self) -> Vec<String> {
        [&self.class, &self.object, &self.boxes, &self.points]
            .into_iter()
            .flat_map(|prefix| {
                self.strides
                    .iter()
                    .map(move |stride| format!("{prefix}{stride}"))
            })
            .collect()
    }
}
