//! From what was typed to a parameter's number.

use diat_host::{EffectInfo, ParamInfo};

use crate::failure::Failure;

/// Writes the value of parameter `id` into `values`, from text: a choice's id or a number.
pub(crate) fn set(
    values: &mut [f64],
    effect: &EffectInfo,
    id: &str,
    text: &str,
) -> Result<(), Failure> {
    let index = effect.index(id);
    let known = index.and_then(|index| Some((effect.params.get(index)?, values.get_mut(index)?)));
    let Some((param, value)) = known else {
        let ids: Vec<&str> = effect
            .params
            .iter()
            .map(|param| param.id.as_str())
            .collect();
        return Err(Failure::Usage(format!(
            "{} has no parameter {id:?}; it has {}",
            effect.id,
            ids.join(", ")
        )));
    };
    *value = number(param, text).ok_or_else(|| {
        Failure::Usage(format!(
            "{} of {}: {text:?} given, allowed: {}",
            id,
            effect.id,
            allowed(param)
        ))
    })?;
    Ok(())
}

/// What a parameter may be, for messages and tables.
pub(crate) fn allowed(param: &ParamInfo) -> String {
    if param.boolean {
        return "0 or 1".to_owned();
    }
    if !param.choices.is_empty() {
        let ids: Vec<&str> = param
            .choices
            .iter()
            .map(|choice| choice.id.as_str())
            .collect();
        return match ids.as_slice() {
            [first, .., last] if ids.len() > 6 => format!("{first} … {last}"),
            _ => ids.join(", "),
        };
    }
    let unit = if param.unit.is_empty() {
        ""
    } else {
        &format!(" {}", param.unit)
    };
    let whole = if param.integer { "whole numbers " } else { "" };
    format!("{whole}{} to {}{unit}", param.min, param.max)
}

fn number(param: &ParamInfo, text: &str) -> Option<f64> {
    if !param.choices.is_empty() {
        return param.choice(text);
    }
    let number: f64 = text.parse().ok()?;
    let whole = !param.integer || number.fract() == 0.0;
    (number >= param.min && number <= param.max && whole).then_some(number)
}
