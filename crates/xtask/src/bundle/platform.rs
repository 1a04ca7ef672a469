//! How files are called on each system.

use std::process::Command;

use crate::Result;

/// A platform that a bundle is for.
#[derive(Clone, Debug)]
pub(crate) struct Platform {
    /// Its name for Rust.
    pub(crate) triple: String,
    pub(crate) system: System,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Linux,
    Mac,
    Windows,
}

impl Platform {
    /// The platform with this name, or the one that this runs on.
    pub(crate) fn new(triple: Option<&str>) -> Result<Self> {
        let triple = match triple {
            Some(triple) => triple.to_owned(),
            None => host()?,
        };
        let system = if triple.contains("-linux-gnu") {
            System::Linux
        } else if triple.ends_with("-apple-darwin") {
            System::Mac
        } else if triple.contains("-windows-") {
            System::Windows
        } else {
            return Err(format!(
                "--target {triple}: bundles are for …-linux-gnu, …-apple-darwin and …-windows-…"
            )
            .into());
        };
        Ok(Self { triple, system })
    }

    pub(crate) fn program(&self) -> &'static str {
        match self.system {
            System::Windows => "diat.exe",
            System::Linux | System::Mac => "diat",
        }
    }

    pub(crate) fn library(&self) -> &'static str {
        match self.system {
            System::Linux => "libdiat_plugin.so",
            System::Mac => "libdiat_plugin.dylib",
            System::Windows => "diat_plugin.dll",
        }
    }
}

fn host() -> Result<String> {
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .arg("-vV")
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(line.ok_or("rustc -vV names no host")?.to_owned())
}
