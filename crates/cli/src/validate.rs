//! `diat validate`: does a library keep the contract of the ABI?
//!
//! Each check runs in a process of its own, this program again with `--child`, so that a library that crashes or hangs is told of
//! like one that answers wrongly.

mod child;
mod line;
mod run;
mod show;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diat_host::validate::{Check, Subject};

use crate::console;
use crate::door::resource_dir;
use crate::failure::{Failure, SOME_FAILED};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Outcomes: passed; warned (kept, but worth a look); failed; crashed (the library ended the process, or did \
    not come back in time); skipped (it does not apply, or cannot be tried here).\n\n\
    Exit codes: 0 nothing failed or crashed, 1 something did, 2 wrong use.\n\n\
    Examples:\n  \
    diat validate target/release/libdiat_plugin.so\n  \
    diat validate ./libmine.so --check guard-pages --seed 7\n  \
    diat validate --list"
)]
pub(crate) struct Validate {
    /// The library
    #[arg(value_name = "LIB", required_unless_present = "list")]
    library: Option<PathBuf>,
    /// Run one check alone
    #[arg(long, value_name = "NAME")]
    check: Option<String>,
    /// Tell what each check promises, and run none
    #[arg(long)]
    list: bool,
    /// Everything as JSON
    #[arg(long)]
    json: bool,
    /// Pictures, sizes and rubbish depend on this number alone [default: another every time]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Give the library this folder with manifests/ and models/ (may be repeated)
    #[arg(long, value_name = "DIR")]
    resources: Vec<PathBuf>,
    /// The effect to render with [default: the first that is listed]
    #[arg(long, value_name = "ID")]
    effect: Option<String>,
    /// Seconds that one check may take
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// Be the process of one check
    #[arg(long, hide = true, requires = "check")]
    child: bool,
}

impl Validate {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let checks: Vec<&'static Check> = match &self.check {
            None => Check::all().iter().collect(),
            Some(name) => vec![named(name)?],
        };
        if self.list {
            console::print(&show::list(&checks, self.json)?);
            return Ok(ExitCode::SUCCESS);
        }
        let (json, timeout) = (self.json, Duration::from_secs(self.timeout));
        let is_child = self.child;
        let subject = self.subject()?;
        if is_child {
            child::be(&checks, &subject);
            return Ok(ExitCode::SUCCESS);
        }
        if !json {
            console::print(&format!(
                "{}, seed {}\n",
                subject.library.display(),
                subject.seed
            ));
        }
        let results = run::all(&checks, &subject, timeout, |result| {
            if !json {
                console::print(&show::row(result));
            }
        })?;
        console::print(&show::end(&subject, &results, json)?);
        let bad = results.iter().any(|result| result.finding.outcome.is_bad());
        Ok(if bad {
            ExitCode::from(SOME_FAILED)
        } else {
            ExitCode::SUCCESS
        })
    }

    fn subject(self) -> Result<Subject, Failure> {
        let library = self.library.unwrap_or_default();
        if !library.is_file() {
            return Err(Failure::Usage(format!(
                "{}: no such file",
                library.display()
            )));
        }
        let folders = self.resources.iter().map(|folder| resource_dir(folder));
        Ok(Subject {
            library,
            resource_dirs: folders.collect::<Result<_, _>>()?,
            effect: self.effect,
            seed: self.seed.unwrap_or_else(any_seed),
        })
    }
}

fn named(name: &str) -> Result<&'static Check, Failure> {
    Check::named(name).ok_or_else(|| {
        Failure::Usage(format!(
            "no check {name:?}; `diat validate --list` names all of them"
        ))
    })
}

/// Short enough to be typed again.
fn any_seed() -> u64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::from(now.subsec_micros())
}
