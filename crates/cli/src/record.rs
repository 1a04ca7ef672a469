//! What was done to a picture, said in the picture itself: a record in its XMP packet.
//!
//! Every edit is one entry of the list `Edits` in a namespace of this program's own. Beside it go two things that other programs
//! show: the IPTC's digital source type, and an event in the history of XMP Media Management. There is no time in it, so that the
//! same edit gives the same bytes; and `xmp:CreatorTool` stays, which names what made the picture, not what changed it.

mod read;
#[cfg(test)]
mod tests;
mod vocabulary;
mod write;

use diat_host::{EffectInfo, ParamInfo};
use diat_manifest::Manifest;

pub(crate) use read::read;
pub(crate) use write::{Written, write};

/// One edit. What a record of somebody else's making lacks is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Id of the effect.
    pub(crate) effect: String,
    /// Of manifest and weights together.
    pub(crate) version: String,
    /// SHA-256 of the weights in hexadecimal digits; empty where the plug-in has the effect from a manifest that is not known.
    pub(crate) weights: String,
    /// 0 to 1.
    pub(crate) strength: String,
    /// The effect's own parameters, as `--set` takes them.
    pub(crate) parameters: Vec<String>,
    /// What of the edit is shown, where it is not the result.
    pub(crate) show: String,
    /// Name and version of the program.
    pub(crate) program: String,
    /// What whoever publishes the picture should be told.
    pub(crate) disclosure: String,
    /// The digital source type that the edit replaced.
    pub(crate) source_before: String,
}

impl Edit {
    /// An edit by this program. `manifest` is the one of which the plug-in has the effect.
    pub(crate) fn new(effect: &EffectInfo, values: &[f64], manifest: Option<&Manifest>) -> Self {
        let value = |id: &str| {
            let index = effect.index(id)?;
            Some(value_in_words(
                effect.params.get(index)?,
                *values.get(index)?,
            ))
        };
        let own = effect.own_params().filter_map(|(index, param)| {
            let value = value_in_words(param, *values.get(index)?);
            Some(format!("{}={value}", param.id))
        });
        Self {
            effect: effect.id.clone(),
            version: effect.version.clone(),
            weights: manifest
                .map(|manifest| diat_manifest::hex(&manifest.weights.sha256))
                .unwrap_or_default(),
            strength: value("strength").unwrap_or_default(),
            parameters: own.collect(),
            show: value("show")
                .filter(|show| show != "result")
                .unwrap_or_default(),
            program: concat!("diat ", env!("CARGO_PKG_VERSION")).to_owned(),
            disclosure: manifest
                .and_then(|manifest| manifest.disclosure.clone())
                .unwrap_or_default(),
            source_before: String::new(),
        }
    }

    /// In one line: what, how much, with which parameters.
    pub(crate) fn in_words(&self) -> String {
        let mut words = format!("{} {}", self.effect, self.version);
        if !self.strength.is_empty() {
            words.push_str(&format!(", strength {}", self.strength));
        }
        for parameter in &self.parameters {
            words.push_str(&format!(", {parameter}"));
        }
        if !self.show.is_empty() {
            words.push_str(&format!(", shows the {}", self.show));
        }
        words
    }
}

fn value_in_words(param: &ParamInfo, value: f64) -> String {
    let choice = param.choices.get(value as usize);
    choice.map_or(value.to_string(), |choice| choice.id.clone())
}
