//! `diat runtime install`.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::ExitCode;

use diat_install::{Downloads, Error, Event, Installed, Kind, Outcome, PipProgress, pinned};
use diat_places::Places;
use indicatif::{ProgressBar, ProgressStyle};

use super::{child, size};
use crate::console;
use crate::failure::Failure;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The files are fetched by `python3 -m pip download` with your own settings of pip, checked against the digests \
    in this program, and put into runtime/ of the data folder in place of what was installed there before. Interrupt it as you \
    like: either the old runtime is there or the new one, and the next call goes on with what was fetched.\n\n\
    --cuda takes ONNX Runtime for NVIDIA's devices and NVIDIA's CUDA 13 and cuDNN 9 libraries, which come under NVIDIA's own \
    licence: 1.6 GB to fetch, 2.5 GB on the disk. The driver (580 or newer) is the system's; where there is none, \
    networks run on the processor."
)]
pub(crate) struct Install {
    /// For NVIDIA's devices
    #[arg(long)]
    cuda: bool,
}

impl Install {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let kind = if self.cuda { Kind::Cuda } else { Kind::Cpu };
        let pin = pinned(kind).ok_or(Error::NotPinned {
            kind,
            hint: if self.cuda {
                "without --cuda there may be one for the processor"
            } else {
                "the built-in tract runs; a library of your own can be named in config.toml: runtime = \"PATH\""
            },
        })?;
        let places = Places::from_environment();
        let terminal = io::stderr().is_terminal();
        let shows = if terminal {
            PipProgress::Bar
        } else {
            PipProgress::Silent
        };
        let install = diat_install::Install {
            places: &places,
            pin,
            downloads: &Downloads::of_user(shows),
            keep_downloads: false,
            check: &works,
        };
        let mut progress = Progress {
            terminal,
            bar: None,
        };
        let outcome = install.run(&mut |event| progress.tell(event));
        progress.clear();
        let outcome = outcome?;
        console::print(&told(&outcome));
        after(&places, &outcome.installed)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn works(library: &Path) -> Result<(), String> {
    let answer = child::ask(Some(library))?;
    if answer.loads {
        Ok(())
    } else {
        Err(answer.notes.join("; "))
    }
}

fn told(outcome: &Outcome) -> String {
    let Installed {
        folder,
        version,
        kind,
        bytes,
    } = &outcome.installed;
    let is = if outcome.was_there {
        "was installed already"
    } else {
        "is installed"
    };
    let (folder, bytes) = (folder.display(), size(*bytes));
    let mut text = format!("ONNX Runtime {version} ({kind}) {is}: {folder}, {bytes}\n");
    for old in &outcome.replaced {
        text.push_str(&format!(
            "taken away: ONNX Runtime {} ({})\n",
            old.version, old.kind
        ));
    }
    text
}

/// Says if it is not this one that runs, or not where it should.
fn after(places: &Places, installed: &Installed) -> Result<(), Failure> {
    let used = places
        .runtime_library()
        .map_err(|error| Failure::Failed(error.to_string()))?;
    let Some(used) = used else {
        return Ok(());
    };
    if !used.starts_with(&installed.folder) {
        let why = super::list::why(places, &used)?;
        console::say(&format!("what is used is still {} ({why})", used.display()));
        return Ok(());
    }
    let answer = child::ask(Some(&used)).map_err(Failure::Failed)?;
    if let Some(Err(cause)) = answer.cuda {
        console::say(&format!("{cause}; networks run on the processor"));
    }
    Ok(())
}

/// A bar on a terminal, where pip shows its own, and lines elsewhere.
struct Progress {
    terminal: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    fn tell(&mut self, event: Event<'_>) {
        match event {
            Event::Waiting => console::say("another diat fetches or installs; waiting for it"),
            Event::Cached(wheel) => {
                console::say(&format!("{} was fetched before", wheel.requirement));
            }
            Event::Fetching {
                wheel,
                number,
                count,
            } => console::say(&format!(
                "fetching {} ({}), {number} of {count}",
                wheel.requirement,
                size(wheel.bytes)
            )),
            Event::Pip(line) => console::say(&format!("pip: {line}")),
            Event::Unpacking { done, total } if self.terminal => {
                self.bar
                    .get_or_insert_with(|| bar(total))
                    .set_position(done);
            }
            Event::Checking => {
                self.clear();
                console::say("unpacked; trying whether it works here");
            }
            Event::Deleting(old) => console::say(&format!(
                "taking away ONNX Runtime {} ({})",
                old.version, old.kind
            )),
            _ => {}
        }
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    if let Ok(style) =
        ProgressStyle::with_template("unpacking {bar:40} {decimal_bytes} of {decimal_total_bytes}")
    {
        bar.set_style(style);
    }
    bar
}
