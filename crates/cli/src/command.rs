//! What can be typed.

use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand};

use crate::failure::Failure;
use crate::{apply, bench, check, doctor, effects, info, runtime, validate};

/// Face effects for photographs: glasses off, mouth open, and what else a manifest describes
#[derive(Debug, Parser)]
#[command(
    name = "diat",
    version,
    color = ColorChoice::Never,
    propagate_version = false,
    after_help = "Examples:\n  \
        diat effects\n  \
        diat apply eyeglasses-off portrait.jpg -o without.jpg\n  \
        diat apply mouth-open holiday/ -o smiling/\n\n\
        Exit codes: 0 all done, 1 something failed, 2 wrong use."
)]
pub(crate) struct Diat {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Apply an effect to pictures
    Apply(apply::Apply),
    /// List the effects
    Effects(effects::Effects),
    /// Tell all about an effect or a picture
    Info(info::Info),
    /// Check manifests and their weights
    Check(check::Check),
    /// Find out what runs here, and what is wrong
    Doctor(doctor::Doctor),
    /// Measure what each stage takes
    Bench(bench::Bench),
    /// Install ONNX Runtime, which runs networks faster
    Runtime(runtime::Runtime),
    /// Try whether a plug-in library keeps the contract of the ABI
    Validate(validate::Validate),
}

impl Command {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self {
            Self::Apply(apply) => apply.run(),
            Self::Effects(effects) => effects.run(),
            Self::Info(info) => info.run(),
            Self::Check(check) => check.run(),
            Self::Doctor(doctor) => doctor.run(),
            Self::Bench(bench) => bench.run(),
            Self::Runtime(runtime) => runtime.run(),
            Self::Validate(validate) => validate.run(),
        }
    }
}
