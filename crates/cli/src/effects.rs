//! `diat effects`: what there is.

use std::process::ExitCode;

use diat_host::{EffectInfo, ParamInfo, Plugin};
use diat_manifest::Catalogue;
use diat_places::Places;
use serde::Serialize;

use crate::console;
use crate::door::{self, Door};
use crate::failure::Failure;
use crate::table::aligned;
use crate::values::allowed;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "A manifest that cannot be used is named on stderr and hides no other; `diat check` tells all \
    that is wrong with it.\n\n\
    Examples:\n  \
    diat effects --long\n  \
    diat effects --json | jq -r '.[].id'"
)]
pub(crate) struct Effects {
    /// Parameters too
    #[arg(short, long)]
    long: bool,
    /// Everything as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    door: Door,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    version: &'a str,
    label: &'a str,
    category: &'a str,
    help: &'a str,
    licence: &'a str,
    manifest: Option<String>,
    parameters: Vec<Parameter<'a>>,
}

#[derive(Serialize)]
struct Parameter<'a> {
    id: &'a str,
    label: &'a str,
    help: &'a str,
    unit: &'a str,
    min: f64,
    max: f64,
    default: f64,
    neutral: Option<f64>,
    choices: Vec<&'a str>,
}

impl Effects {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let catalogue = self.door.catalogue(&Places::from_environment())?;
        // The plug-in's log tells of the same faults in the same folders.
        let plugin = self.door.open(0, |_| ())?;
        if self.json {
            console::print(&json(&plugin, &catalogue)?);
        } else {
            console::print(&self.text(&plugin, &catalogue));
        }
        for fault in &catalogue.faults {
            console::say(&fault.to_string());
        }
        if plugin.effects().is_empty() {
            console::say(&door::without_effects());
        }
        Ok(ExitCode::SUCCESS)
    }

    fn text(&self, plugin: &Plugin, catalogue: &Catalogue) -> String {
        if !self.long {
            let mut rows = vec![row("ID", "VERSION", "LABEL", "FROM")];
            for effect in plugin.effects() {
                let file = manifest(catalogue, effect).unwrap_or_default();
                rows.push(row(&effect.id, &effect.version, &effect.label, &file));
            }
            return aligned(&rows);
        }
        let mut text = String::new();
        for effect in plugin.effects() {
            let file = manifest(catalogue, effect).unwrap_or_default();
            text.push_str(&format!(
                "{} {}  {}  {file}\n",
                effect.id, effect.version, effect.label
            ));
            text.push_str(&format!("  {}\n", effect.help));
            text.push_str(&parameters(effect));
        }
        text
    }
}

/// The lines about an effect's parameters.
pub(crate) fn parameters(effect: &EffectInfo) -> String {
    let row = |param: &ParamInfo| {
        let choice = param.choices.get(param.default as usize);
        let default = choice.map_or(param.default.to_string(), |choice| choice.id.clone());
        let default = format!("default {default}");
        vec![
            format!("  {}", param.id),
            allowed(param),
            default,
            param.help.clone(),
        ]
    };
    let shown = effect.params.iter().filter(|param| !param.hidden);
    aligned(&shown.map(row).collect::<Vec<_>>())
}

fn row(id: &str, version: &str, label: &str, from: &str) -> Vec<String> {
    [id, version, label, from].map(str::to_owned).to_vec()
}

/// The manifest's file; none if the plug-in has the effect from elsewhere.
fn manifest(catalogue: &Catalogue, effect: &EffectInfo) -> Option<String> {
    door::manifest(catalogue, effect).map(|manifest| manifest.file.display().to_string())
}

fn json(plugin: &Plugin, catalogue: &Catalogue) -> Result<String, Failure> {
    let entries: Vec<Entry<'_>> = plugin
        .effects()
        .iter()
        .map(|effect| Entry {
            id: &effect.id,
            version: &effect.version,
            label: &effect.label,
            category: &effect.category,
            help: &effect.help,
            licence: &effect.licence,
            manifest: manifest(catalogue, effect),
            parameters: effect.params.iter().map(parameter).collect(),
        })
        .collect();
    console::json(&entries)
}

fn parameter(param: &ParamInfo) -> Parameter<'_> {
    Parameter {
        id: &param.id,
        label: &param.label,
        help: &param.help,
        unit: &param.unit,
        min: param.min,
        max: param.max,
        default: param.default,
        neutral: param.neutral,
        choices: param
            .choices
            .iter()
            .map(|choice| choice.id.as_str())
            .collect(),
    }
}
