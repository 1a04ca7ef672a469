//! What the descriptors say.

use std::collections::BTreeSet;

use diat_plugin_abi::{self as abi, diat_effect, diat_param};

use super::bench::Bench;
use super::{Finding, Verdict, ensure, look};

/// More than any list of choices has.
const MOST_CHOICES: usize = 4096;

/// A reserved parameter as the header has it.
struct Reserved {
    id: &'static str,
    /// Without HIDDEN.
    flags: u32,
    default: f64,
    neutral: Option<f64>,
    choices: &'static [&'static str],
}

const fn share(id: &'static str, default: f64, neutral: Option<f64>) -> Reserved {
    Reserved {
        id,
        flags: 0,
        default,
        neutral,
        choices: &[],
    }
}

const fn choice(id: &'static str, choices: &'static [&'static str]) -> Reserved {
    let flags = abi::DIAT_PARAM_INTEGER | abi::DIAT_PARAM_CHOICE;
    Reserved {
        id,
        flags,
        default: 0.0,
        neutral: None,
        choices,
    }
}

const DEVICES: &[&str] = &[
    "auto", "cpu", "cuda:0", "cuda:1", "cuda:2", "cuda:3", "cuda:4", "cuda:5", "cuda:6", "cuda:7",
];

const RESERVED: [Reserved; abi::DIAT_FIRST_OWN] = [
    share("strength", 1.0, Some(0.0)),
    choice("show", &["result", "mask", "transformed", "difference"]),
    choice("faces", &["all", "largest", "nearest"]),
    share("at-x", 0.5, None),
    share("at-y", 0.5, None),
    choice("device", DEVICES),
];

/// Calls `body` with every effect's id and parameters.
fn each(bench: &Bench<'_>, body: impl Fn(&str, &[diat_param]) -> Verdict) -> Verdict {
    for described in look::effects(&bench.table()?) {
        body(&look::words(described.effect.id), &described.params)?;
    }
    Ok(())
}

/// `[a-z][a-z0-9]*(-[a-z0-9]+)*`
fn is_id(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.split('-').all(part)
}

pub(crate) fn ids(bench: &Bench<'_>) -> Verdict {
    let described = look::effects(&bench.table()?);
    let mut all: Vec<String> = Vec::new();
    for one in &described {
        let id = look::words(one.effect.id);
        ensure!(
            is_id(&id),
            "the effect's id {id:?} does not match [a-z][a-z0-9]*(-[a-z0-9]+)*"
        );
        let last = all.last();
        ensure!(
            last.is_none_or(|last| *last < id),
            "{id:?} is listed twice, or not by id"
        );
        all.push(id.clone());
        let mut known = BTreeSet::new();
        for param in &one.params {
            let name = look::words(param.id);
            ensure!(
                is_id(&name),
                "{id}: the parameter's id {name:?} does not match the pattern"
            );
            ensure!(
                known.insert(name.clone()),
                "{id}: two parameters are called {name:?}"
            );
        }
    }
    Ok(())
}

pub(crate) fn reserved(bench: &Bench<'_>) -> Verdict {
    each(bench, |effect, params| {
        for (index, wanted) in RESERVED.iter().enumerate() {
            let Some(param) = params.get(index) else {
                let text = format!("{effect}: there is no parameter {index}, {}", wanted.id);
                return Err(Finding::failed(text));
            };
            is_reserved(effect, index, param, wanted)?;
        }
        Ok(())
    })
}

fn is_reserved(effect: &str, index: usize, param: &diat_param, wanted: &Reserved) -> Verdict {
    let Reserved {
        id,
        flags,
        default,
        neutral,
        choices,
    } = *wanted;
    let is = look::words(param.id);
    ensure!(is == id, "{effect}: parameter {index} is {is}, not {id}");
    let is = param.flags & !abi::DIAT_PARAM_HIDDEN;
    ensure!(
        is == flags,
        "{effect}, {id}: the flags are {is}, not {flags}"
    );
    let listed = choice_ids(param);
    let same = listed.iter().zip(choices).all(|(is, id)| is == id);
    let starts = same && listed.len() >= choices.len();
    ensure!(
        starts,
        "{effect}, {id}: the choices are {}",
        listed.join(", ")
    );
    let most = if choices.is_empty() {
        1.0
    } else {
        listed.len() as f64 - 1.0
    };
    let is = (param.min, param.max);
    ensure!(
        is == (0.0, most),
        "{effect}, {id}: the range is {is:?}, not 0 to {most}"
    );
    let is = param.def;
    ensure!(
        is == default,
        "{effect}, {id}: the default is {is}, not {default}"
    );
    let is = Some(param.neutral).filter(|value| !value.is_nan());
    ensure!(
        is == neutral,
        "{effect}, {id}: neutral is {is:?}, not {neutral:?}"
    );
    Ok(())
}

/// The ids of a parameter's choices.
fn choice_ids(param: &diat_param) -> Vec<String> {
    look::list(param.choices)
        .chunks(2)
        .map(|pair| look::words(pair[0]))
        .collect()
}

pub(crate) fn numbers(bench: &Bench<'_>) -> Verdict {
    each(bench, |effect, params| {
        for param in params {
            let at = format!("{effect}, {}", look::words(param.id));
            let named = [
                ("min", param.min),
                ("max", param.max),
                ("soft_min", param.soft_min),
                ("soft_max", param.soft_max),
                ("step", param.step),
                ("def", param.def),
            ];
            for (name, value) in named {
                ensure!(value.is_finite(), "{at}: {name} is {value}");
            }
            let (min, max) = (param.min, param.max);
            let inside = |value: f64| (min..=max).contains(&value);
            ensure!(min <= max, "{at}: min {min} is above max {max}");
            ensure!(
                inside(param.def),
                "{at}: the default {} is outside {min} to {max}",
                param.def
            );
            let neutral = param.neutral;
            ensure!(
                neutral.is_nan() || inside(neutral),
                "{at}: neutral {neutral} is outside {min} to {max}"
            );
            let soft = (param.soft_min, param.soft_max);
            let fits = inside(soft.0) && inside(soft.1) && soft.0 <= soft.1;
            ensure!(
                fits,
                "{at}: the soft range {soft:?} is not a part of {min} to {max}"
            );
            ensure!(param.step >= 0.0, "{at}: step {} is negative", param.step);
            let has = |flag| param.flags & flag != 0;
            let whole = [min, max, param.def]
                .iter()
                .all(|value| value.fract() == 0.0);
            let integer = has(abi::DIAT_PARAM_INTEGER);
            ensure!(
                !integer || whole,
                "{at}: INTEGER, but the range or default is not whole"
            );
            let boolean = has(abi::DIAT_PARAM_BOOL);
            ensure!(
                !boolean || (integer && (min, max) == (0.0, 1.0)),
                "{at}: BOOL is 0 or 1, with INTEGER"
            );
        }
        Ok(())
    })
}

pub(crate) fn choices(bench: &Bench<'_>) -> Verdict {
    each(bench, |effect, params| {
        for param in params {
            let at = format!("{effect}, {}", look::words(param.id));
            let is_choice = param.flags & abi::DIAT_PARAM_CHOICE != 0;
            ensure!(
                is_choice != param.choices.is_null(),
                "{at}: choices and the flag CHOICE go together"
            );
            if !is_choice {
                continue;
            }
            ensure!(
                param.flags & abi::DIAT_PARAM_INTEGER != 0,
                "{at}: CHOICE comes with INTEGER"
            );
            let count = look::list(param.choices).len();
            let pairs = count > 0 && count % 2 == 0 && count <= 2 * MOST_CHOICES;
            ensure!(
                pairs,
                "{at}: {count} strings before the null are no pairs of id and label"
            );
            let last = (count / 2) as f64 - 1.0;
            let range = (param.min, param.max);
            ensure!(
                range == (0.0, last),
                "{at}: the range {range:?} is not 0 to {last}"
            );
            let mut known = BTreeSet::new();
            for id in choice_ids(param) {
                ensure!(
                    !id.is_empty() && known.insert(id.clone()),
                    "{at}: {id:?} is empty, or there twice"
                );
            }
        }
        Ok(())
    })
}

pub(crate) fn strings(bench: &Bench<'_>) -> Verdict {
    let table = bench.table()?;
    let good = |at: &str, name: &str, source, may_be_empty: bool| -> Verdict {
        match look::text(source) {
            Err(bad) => ensure!(false, "{at}: {name} is {bad}"),
            Ok(text) => ensure!(may_be_empty || !text.is_empty(), "{at}: {name} is empty"),
        }
        Ok(())
    };
    good("the table", "name", table.name, false)?;
    good("the table", "version", table.version, false)?;
    good("the table", "vendor", table.vendor, true)?;
    good("the table", "url", table.url, true)?;
    good("the table", "licence", table.licence, true)?;
    for described in look::effects(&table) {
        let effect: diat_effect = described.effect;
        let at = look::words(effect.id);
        good(&at, "id", effect.id, false)?;
        good(&at, "label", effect.label, false)?;
        good(&at, "category", effect.category, true)?;
        good(&at, "help", effect.help, true)?;
        good(&at, "version", effect.version, false)?;
        good(&at, "licence", effect.licence, true)?;
        for param in described.params {
            let at = format!("{at}, {}", look::words(param.id));
            good(&at, "id", param.id, false)?;
            good(&at, "label", param.label, false)?;
            good(&at, "help", param.help, true)?;
            good(&at, "unit", param.unit, true)?;
            for (index, choice) in look::list(param.choices).into_iter().enumerate() {
                good(
                    &at,
                    &format!("string {index} of the choices"),
                    choice,
                    false,
                )?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn ids_follow_the_headers_pattern() {
        for good in ["a", "a1", "eyeglasses-off", "a-1-b2"] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "1a", "-a", "a-", "a--b", "A", "a_b", "a b", "ä"] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
