//! Descriptors, copied.

#![expect(
    unsafe_code,
    reason = "descriptors are memory of the plug-in's, valid until the process ends"
)]

use diat_plugin_abi::{self as abi, diat_effect, diat_param, diat_plugin};

use crate::read;

/// What the plug-in says about one effect.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EffectInfo {
    /// By which it is opened.
    pub id: String,
    /// For people.
    pub label: String,
    /// For people: a menu.
    pub category: String,
    /// For people.
    pub help: String,
    /// Of manifest and weights.
    pub version: String,
    /// Of the weights.
    pub licence: String,
    /// The input must cover the whole picture.
    pub whole_input: bool,
    /// Input and output may be the same buffer.
    pub in_place: bool,
    /// In the order of a job's values.
    pub params: Vec<ParamInfo>,
}

/// What the plug-in says about one parameter.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ParamInfo {
    /// Its name for programs.
    pub id: String,
    /// For people.
    pub label: String,
    /// For people.
    pub help: String,
    /// For people; may be empty.
    pub unit: String,
    /// Values outside are clamped.
    pub min: f64,
    /// Values outside are clamped.
    pub max: f64,
    /// Least value of a slider.
    pub soft_min: f64,
    /// Greatest value of a slider.
    pub soft_max: f64,
    /// Of a slider; 0: none in particular.
    pub step: f64,
    /// The value that does nothing, if there is one.
    pub neutral: Option<f64>,
    /// The value where the host gives none.
    pub default: f64,
    /// Whole numbers only.
    pub integer: bool,
    /// 0 or 1 only.
    pub boolean: bool,
    /// Not for a dialog.
    pub hidden: bool,
    /// What each whole number from 0 on means; empty unless it is a choice.
    pub choices: Vec<Choice>,
}

/// One choice of a parameter; its value is its index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// For programs.
    pub id: String,
    /// For people.
    pub label: String,
}

impl EffectInfo {
    /// Where a parameter's value goes in [`RenderJob::values`](crate::RenderJob::values).
    pub fn index(&self, id: &str) -> Option<usize> {
        self.params.iter().position(|param| param.id == id)
    }

    /// The value of every parameter where nothing is asked for.
    pub fn defaults(&self) -> Vec<f64> {
        self.params.iter().map(|param| param.default).collect()
    }

    /// The parameters that only this effect has, each with its place among a job's values.
    pub fn own_params(&self) -> impl Iterator<Item = (usize, &ParamInfo)> {
        self.params.iter().enumerate().skip(abi::DIAT_FIRST_OWN)
    }
}

impl ParamInfo {
    /// The value of a choice by its id.
    pub fn choice(&self, id: &str) -> Option<f64> {
        let index = self.choices.iter().position(|choice| choice.id == id);
        index.map(|index| index as f64)
    }
}

/// All effects of a table, which the plug-in keeps until the process ends.
pub(crate) fn all(table: &diat_plugin) -> Vec<EffectInfo> {
    // SAFETY: by the contract a list that ends in null.
    let effects = unsafe { read::list(table.effects) };
    effects.into_iter().filter_map(effect).collect()
}

fn effect(source: *const diat_effect) -> Option<EffectInfo> {
    // SAFETY: by the contract a descriptor.
    let effect = unsafe { read::copy(source) }?;
    // SAFETY: by the contract a list that ends in null.
    let params = unsafe { read::list(effect.params) };
    // SAFETY: by the contract strings, or null where the plug-in does not know the field.
    let text = |text| unsafe { read::text(text) };
    let flag = |flag| effect.flags & flag != 0;
    Some(EffectInfo {
        id: text(effect.id),
        label: text(effect.label),
        category: text(effect.category),
        help: text(effect.help),
        version: text(effect.version),
        licence: text(effect.licence),
        whole_input: flag(abi::DIAT_EFFECT_WHOLE_INPUT),
        in_place: flag(abi::DIAT_EFFECT_IN_PLACE),
        params: params.into_iter().filter_map(param).collect(),
    })
}

fn param(source: *const diat_param) -> Option<ParamInfo> {
    // SAFETY: by the contract a descriptor.
    let param = unsafe { read::copy(source) }?;
    // SAFETY: by the contract a list that ends in null.
    let choices = unsafe { read::list(param.choices) };
    // SAFETY: by the contract strings, or null where the plug-in does not know the field.
    let text = |text| unsafe { read::text(text) };
    let flag = |flag| param.flags & flag != 0;
    Some(ParamInfo {
        id: text(param.id),
        label: text(param.label),
        help: text(param.help),
        unit: text(param.unit),
        min: param.min,
        max: param.max,
        soft_min: param.soft_min,
        soft_max: param.soft_max,
        step: param.step,
        neutral: Some(param.neutral).filter(|value| !value.is_nan()),
        default: param.def,
        integer: flag(abi::DIAT_PARAM_INTEGER),
        boolean: flag(abi::DIAT_PARAM_BOOL),
        hidden: flag(abi::DIAT_PARAM_HIDDEN),
        choices: choices
            .chunks_exact(2)
            .map(|pair| Choice {
                id: text(pair[0]),
                label: text(pair[1]),
            })
            .collect(),
    })
}
