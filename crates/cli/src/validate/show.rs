//! Results for people and for programs.

use std::collections::BTreeMap;

use diat_host::validate::{Check, Outcome, Subject};
use serde::Serialize;

use super::run::Checked;
use crate::console;
use crate::failure::Failure;
use crate::table::aligned;

#[derive(Serialize)]
struct Promise {
    name: &'static str,
    promise: &'static str,
}

#[derive(Serialize)]
struct All<'a> {
    library: String,
    seed: u64,
    counts: BTreeMap<&'static str, usize>,
    checks: Vec<One<'a>>,
}

#[derive(Serialize)]
struct One<'a> {
    name: &'static str,
    promise: &'static str,
    outcome: &'static str,
    text: &'a str,
    seconds: f64,
}

impl<'a> One<'a> {
    fn new(result: &'a Checked) -> Self {
        let (check, finding) = (result.check, &result.finding);
        Self {
            name: check.name,
            promise: check.promise,
            outcome: finding.outcome.name(),
            text: &finding.text,
            seconds: result.seconds,
        }
    }
}

/// What the checks promise.
pub(super) fn list(checks: &[&'static Check], json: bool) -> Result<String, Failure> {
    if json {
        let promise = |check: &&'static Check| Promise {
            name: check.name,
            promise: check.promise,
        };
        return console::json(&checks.iter().map(promise).collect::<Vec<_>>());
    }
    let row = |check: &&Check| vec![check.name.to_owned(), check.promise.to_owned()];
    Ok(aligned(&checks.iter().map(row).collect::<Vec<_>>()))
}

/// One line, and one more for a promise that is not kept.
pub(super) fn row(result: &Checked) -> String {
    let (check, finding) = (result.check, &result.finding);
    let line = format!("{:<8} {:<28} {}", finding.outcome, check.name, finding.text);
    let line = line.trim_end();
    if finding.outcome.is_bad() {
        format!("{line}\n{:<8} promised: {}\n", "", check.promise)
    } else {
        format!("{line}\n")
    }
}

/// What comes after all the rows, or everything at once as JSON.
pub(super) fn end(subject: &Subject, results: &[Checked], json: bool) -> Result<String, Failure> {
    let count = |outcome: Outcome| {
        let same = results
            .iter()
            .filter(|result| result.finding.outcome == outcome);
        (outcome.name(), same.count())
    };
    if json {
        return console::json(&All {
            library: subject.library.display().to_string(),
            seed: subject.seed,
            counts: Outcome::ALL.map(count).into_iter().collect(),
            checks: results.iter().map(One::new).collect(),
        });
    }
    let words: Vec<String> = Outcome::ALL
        .map(count)
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    Ok(words.join(", ") + "\n")
}
