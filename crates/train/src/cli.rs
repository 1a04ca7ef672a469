//! What can be typed.

mod ablate;
mod bench;
mod check;
mod console;
mod eval;
mod export;
mod faces;
mod failure;
mod interrupt;
mod resume;
mod session;
mod synth;
mod train;

use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand};

use failure::Failure;

/// Trains the networks of face effects and exports them for diat
#[derive(Debug, Parser)]
#[command(
    name = "diat-train",
    version,
    color = ColorChoice::Never,
    propagate_version = false,
    after_help = "Exit codes: 0 all done, 1 something failed, 2 wrong use; 130 and 143 after Ctrl-C and SIGTERM."
)]
struct Trainer {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train from the beginning
    Run(train::Run),
    /// Go on with a training that was stopped, killed or cut off
    Resume(resume::Resume),
    /// Check a recipe, and show it with every option filled in
    Check(check::Check),
    /// Look at a folder of faces
    Data(faces::Faces),
    /// Measure an effect: the paper's Tables V to VII beside ours
    Eval(eval::Eval),
    /// Train DIAT and three variants of it from one recipe, and compare them after equal steps
    Ablate(ablate::Ablate),
    /// Write what was trained as an effect for diat: a manifest and its weights
    Export(export::Export),
    /// Draw a set of faces to try a training on
    Synth(synth::Synth),
    /// Measure what the steps of a training cost
    Bench(bench::Bench),
}

impl Command {
    fn run(self) -> Result<ExitCode, Failure> {
        match self {
            Self::Run(run) => run.run(),
            Self::Resume(resume) => resume.run(),
            Self::Check(check) => check.run(),
            Self::Data(data) => data.run(),
            Self::Eval(eval) => eval.run(),
            Self::Ablate(ablate) => ablate.run(),
            Self::Export(export) => export.run(),
            Self::Synth(synth) => synth.run(),
            Self::Bench(bench) => bench.run(),
        }
    }
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let command = match Trainer::try_parse() {
        Ok(trainer) => trainer.command,
        Err(error) => {
            // Help and version are asked for, all else is wrong use; clap knows which, and a closed pipe is nobody's fault.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(failure::WRONG_USE));
        }
    };
    let code = command.run().unwrap_or_else(|failure| {
        console::say(&failure.to_string());
        ExitCode::from(failure.code())
    });
    match console::unprinted() {
        Some(cause) if code == ExitCode::SUCCESS => {
            console::say(&format!("stdout: cannot be written: {cause}"));
            ExitCode::from(failure::FAILED)
        }
        _ => code,
    }
}
