//! Descriptors as the ABI has them, kept until the process ends.

use std::ffi::{CString, c_char};
use std::ptr;

use diat_effects::EffectInfo;
use diat_plugin_abi::{self as abi, Growable, diat_effect, diat_param};

use crate::choices::{DEVICE, FACES, SHOW};

/// A string that is never freed.
pub(crate) fn immortal(text: &str) -> *const c_char {
    // A zero byte cannot come out of a manifest; if one did, the text would end there.
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default().into_raw()
}

/// A list that ends in null and is never freed.
fn list<T>(pointers: impl Iterator<Item = *const T>) -> *const *const T {
    let pointers: Vec<*const T> = pointers.chain([ptr::null()]).collect();
    Vec::leak(pointers).as_ptr()
}

fn one<T>(value: T) -> *const T {
    Box::leak(Box::new(value))
}

/// The list of all effects.
pub(crate) fn effects(effects: &[EffectInfo]) -> *const *const diat_effect {
    list(effects.iter().map(|effect| one(describe(effect))))
}

fn describe(effect: &EffectInfo) -> diat_effect {
    let own = effect.parameters.iter().map(|parameter| diat_param {
        id: immortal(&parameter.id),
        label: immortal(&parameter.label),
        help: immortal(&parameter.help),
        unit: immortal(&parameter.unit),
        min: parameter.min,
        max: parameter.max,
        soft_min: parameter.min,
        soft_max: parameter.max,
        neutral: parameter.neutral.unwrap_or(f64::NAN),
        def: parameter.default,
        ..diat_param::EMPTY
    });
    diat_effect {
        flags: abi::DIAT_EFFECT_WHOLE_INPUT | abi::DIAT_EFFECT_IN_PLACE,
        id: immortal(&effect.id),
        label: immortal(&effect.label),
        category: immortal(&effect.category),
        help: immortal(&effect.help),
        version: immortal(&effect.version),
        licence: immortal(&effect.licence),
        params: list(reserved().into_iter().chain(own).map(one)),
        ..diat_effect::EMPTY
    }
}

/// What every effect has, in the header's order.
fn reserved() -> [diat_param; abi::DIAT_FIRST_OWN] {
    let text = immortal;
    [
        diat_param {
            neutral: 0.0,
            ..share(
                "strength",
                "Strength",
                "How much of the change is made.",
                1.0,
            )
        },
        choice("show", "Show", "What to write.", SHOW),
        choice("faces", "Faces", "Which faces are edited.", FACES),
        diat_param {
            unit: text("of the width"),
            ..share(
                "at-x",
                "At x",
                "With faces = nearest: the face next to this point is edited.",
                0.5,
            )
        },
        diat_param {
            unit: text("of the height"),
            ..share(
                "at-y",
                "At y",
                "With faces = nearest: the face next to this point is edited.",
                0.5,
            )
        },
        choice(
            "device",
            "Device",
            "Where the network is to run. One that is absent is replaced, and the report says so.",
            DEVICE,
        ),
    ]
}

fn share(id: &str, label: &str, help: &str, default: f64) -> diat_param {
    diat_param {
        id: immortal(id),
        label: immortal(label),
        help: immortal(help),
        unit: immortal(""),
        min: 0.0,
        max: 1.0,
        soft_min: 0.0,
        soft_max: 1.0,
        step: 0.01,
        neutral: f64::NAN,
        def: default,
        ..diat_param::EMPTY
    }
}

fn choice<T>(id: &str, label: &str, help: &str, choices: &[(&str, &str, T)]) -> diat_param {
    let last = choices.len().saturating_sub(1) as f64;
    let pairs = choices
        .iter()
        .flat_map(|(id, label, _)| [immortal(id), immortal(label)]);
    diat_param {
        flags: abi::DIAT_PARAM_INTEGER | abi::DIAT_PARAM_CHOICE,
        max: last,
        soft_max: last,
        step: 1.0,
        choices: list(pairs),
        ..share(id, label, help, 0.0)
    }
}
