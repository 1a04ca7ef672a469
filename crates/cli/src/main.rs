//! `diat`: face effects for photographs from the command line.
//!
//! It is a host like any other: pictures reach the effects only through the C ABI, by default that of the plug-in it is linked
//! with. Only `check`, `doctor` and `bench` look behind the door, since what they examine lies there.

mod apply;
mod bench;
mod check;
mod command;
mod console;
mod doctor;
mod door;
mod drawn;
mod effects;
mod failure;
mod info;
mod interrupt;
mod output;
mod picture;
mod record;
mod runtime;
mod table;
mod validate;
mod values;
mod words;
mod xmp;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let command = match command::Diat::try_parse() {
        Ok(diat) => diat.command,
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
            ExitCode::from(failure::SOME_FAILED)
        }
        _ => code,
    }
}
