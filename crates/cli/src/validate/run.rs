//! Check after check, and what they say together.

use std::time::{Duration, Instant};

use diat_host::validate::{Check, Finding, Needs, Outcome, Subject};

use super::child;
use crate::failure::Failure;

/// More of what a library prints is not shown.
const SHOWN: usize = 80;

/// What a check came to.
pub(super) struct Checked {
    pub(super) check: &'static Check,
    pub(super) finding: Finding,
    pub(super) seconds: f64,
    /// What the library printed meanwhile.
    printed: String,
}

/// Runs checks, each in a process of its own; `each` is told as they end.
pub(super) fn all(
    checks: &[&'static Check],
    subject: &Subject,
    timeout: Duration,
    each: impl Fn(&Checked),
) -> Result<Vec<Checked>, Failure> {
    let scratch = tempfile::tempdir()
        .map_err(|error| Failure::Failed(format!("no folder for temporary files: {error}")))?;
    let mut done: Vec<Checked> = Vec::new();
    for check in checks {
        let start = Instant::now();
        let (finding, printed) = match missing(check, &done) {
            Some(name) => (
                Finding::new(Outcome::Skipped, format!("needs `{name}`")),
                String::new(),
            ),
            None => best(check, subject, timeout, scratch.path())?,
        };
        let seconds = start.elapsed().as_secs_f64();
        let mut checked = Checked {
            check,
            finding,
            seconds,
            printed,
        };
        if check.name == Check::PRINTS_NOTHING && checked.finding.outcome == Outcome::Passed {
            checked.finding = silence(done.iter().chain([&checked]));
        }
        each(&checked);
        done.push(checked);
    }
    Ok(done)
}

/// The check without which this one can say nothing, where it did not hold.
fn missing(check: &Check, done: &[Checked]) -> Option<&'static str> {
    let needs: &[&'static str] = match check.needs {
        Needs::Loading => &[Check::LOADS],
        Needs::Rendering => &[Check::LOADS, Check::RENDERS],
        _ => &[],
    };
    let broken = |name: &&&'static str| {
        done.iter()
            .any(|result| result.check.name == **name && result.finding.outcome.is_bad())
    };
    needs.iter().find(broken).copied()
}

/// The best of a check's attempts.
fn best(
    check: &Check,
    subject: &Subject,
    timeout: Duration,
    scratch: &std::path::Path,
) -> Result<(Finding, String), Failure> {
    let mut best = child::run(check, subject, timeout, scratch)?;
    for _ in 1..check.attempts {
        if best.finding.outcome == Outcome::Passed {
            break;
        }
        let next = child::run(check, subject, timeout, scratch)?;
        let rank = |finding: &Finding| Outcome::ALL.iter().position(|one| *one == finding.outcome);
        if rank(&next.finding) < rank(&best.finding) {
            best = next;
        }
    }
    Ok((best.finding, best.printed))
}

/// Whether anything was printed in any of the checks.
fn silence<'a>(mut all: impl Iterator<Item = &'a Checked>) -> Finding {
    let Some(loud) = all.find(|checked| !checked.printed.is_empty()) else {
        return Finding::new(Outcome::Passed, "");
    };
    let shown: String = loud.printed.chars().take(SHOWN).collect();
    Finding::new(
        Outcome::Failed,
        format!("in `{}` it printed {shown:?}", loud.check.name),
    )
}
