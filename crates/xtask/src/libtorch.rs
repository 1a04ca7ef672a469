//! `cargo xtask libtorch`: headers and libraries of libtorch in `target/libtorch`, where `.cargo/config.toml` has cargo look.
//!
//! They come out of the Python registry's wheel of PyTorch, the one place of them that needs no address in our code. On Linux
//! that wheel is built for CUDA: its `libtorch_cpu.so` asks for two small libraries of NVIDIA's, which run without a device.
//!
//! | path | what |
//! |---|---|
//! | `include/` | headers |
//! | `lib/` | libraries; where they are for the processor alone, `libtorch.so` is another name of `libtorch_cpu.so`, since the real one asks for those of CUDA |
//! | `build-version` | the version that the crate `tch` was written for, which it asks for |
//! | `torch-version` | the version that is there |

use std::fs;
use std::path::{Path, PathBuf};

use diat_install::{Downloads, PipProgress, Wheel};

use crate::stages::succeeds;
use crate::{Result, cargo, fetch, root, target};

/// What to lay out.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Version of PyTorch: the one that the crates were written for, or 2.11.0, which they also build against
    #[arg(long, value_name = "VERSION", default_value = TCH)]
    torch: String,
    /// Also CUDA's part; NVIDIA's own libraries are then looked for where an installed PyTorch has them, see crates/train/bench
    #[arg(long)]
    cuda: bool,
    /// Use an installed PyTorch (the folder `torch` in its site-packages), CUDA and all, instead of fetching anything
    #[arg(long, value_name = "DIR", conflicts_with_all = ["torch", "cuda"])]
    from: Option<PathBuf>,
}

/// The version that `tch` was written for and checks.
const TCH: &str = "2.9.0";

/// The wheels of a version, PyTorch's first. Linux on x86-64.
struct Pin {
    version: &'static str,
    wheels: &'static [Wheel],
}

const PINS: &[Pin] = &[
    Pin {
        version: TCH,
        wheels: &[
            Wheel {
                requirement: "torch==2.9.0",
                platform: "manylinux_2_28_x86_64",
                sha256: "51de31219c97c51cf4bf2be94d622e3deb5dcc526c6dc00e97c17eaec0fc1d67",
                bytes: 899_815_990,
                libraries: &[],
            },
            Wheel {
                requirement: "nvidia-cuda-cupti-cu12==12.8.90",
                platform: "manylinux2014_x86_64",
                sha256: "ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182",
                bytes: 10_248_621,
                libraries: &[],
            },
            Wheel {
                requirement: "nvidia-cuda-runtime-cu12==12.8.90",
                platform: "manylinux2014_x86_64",
                sha256: "adade8dcbd0edf427b7204d480d6066d33902cab2a4707dcfc48a2d0fd44ab90",
                bytes: 954_765,
                libraries: &[],
            },
        ],
    },
    Pin {
        version: "2.11.0",
        wheels: &[
            Wheel {
                requirement: "torch==2.11.0",
                platform: "manylinux_2_28_x86_64",
                sha256: "7aa2f9bbc6d4595ba72138026b2074be1233186150e9292865e04b7a63b8c67a",
                bytes: 530_604_548,
                libraries: &[],
            },
            Wheel {
                requirement: "nvidia-cuda-cupti==13.0.85",
                platform: "manylinux_2_25_x86_64",
                sha256: "4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8",
                bytes: 10_715_597,
                libraries: &[],
            },
            Wheel {
                requirement: "nvidia-cuda-runtime==13.0.96",
                platform: "manylinux2014_x86_64",
                sha256: "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548",
                bytes: 2_243_632,
                libraries: &[],
            },
        ],
    },
];

/// Whether a tree is there, of whatever version.
pub(crate) fn is_laid_out() -> bool {
    folder().join("torch-version").exists()
}

/// Whether this platform has pinned wheels.
pub(crate) fn is_pinned() -> bool {
    (std::env::consts::OS, std::env::consts::ARCH) == ("linux", "x86_64")
}

/// Lays out the default version unless a tree is there.
pub(crate) fn lay_out_default() -> Result<()> {
    if is_laid_out() {
        return Ok(());
    }
    run(&Options {
        torch: TCH.into(),
        cuda: false,
        from: None,
    })
}

/// Lays out what was asked for, unless it is there.
pub(crate) fn run(options: &Options) -> Result<()> {
    let version = match &options.from {
        Some(torch) => installed_version(torch)?,
        None => options.torch.clone(),
    };
    let what = match (&options.from, options.cuda) {
        (Some(torch), _) => format!("{version} of {}", torch.display()),
        (None, true) => format!("{version} with CUDA"),
        (None, false) => version.clone(),
    };
    let there = fs::read_to_string(folder().join("torch-version")).ok();
    if there.as_deref().map(str::trim_end) != Some(what.as_str()) {
        let part = folder().with_extension("part");
        remove(&part)?;
        fs::create_dir_all(&part)?;
        match &options.from {
            Some(torch) => link(torch, &part)?,
            None => unpack(&options.torch, options.cuda, &part)?,
        }
        fs::write(part.join("build-version"), TCH)?;
        fs::write(part.join("torch-version"), format!("{what}\n"))?;
        // Put in place by a rename, so that a broken run leaves no half tree.
        remove(&folder())?;
        fs::rename(&part, folder())?;
        forget_what_was_built()?;
    }
    println!("libtorch {what}: {}", folder().display());
    Ok(())
}

fn folder() -> PathBuf {
    root().join("target/libtorch")
}

fn unpack(version: &str, cuda: bool, folder: &Path) -> Result<()> {
    let pin = PINS.iter().find(|pin| pin.version == version);
    let pin = pin.ok_or_else(|| format!("--torch {version}: pinned are {}", versions()))?;
    if !is_pinned() {
        let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
        return Err(format!(
            "no libtorch is pinned for {system} on {architecture}; install PyTorch {TCH} and use --from"
        )
        .into());
    }
    Downloads::of_user(PipProgress::Silent).unpack_members(
        pin.wheels,
        folder,
        &|member| place(member, cuda),
        &mut fetch::tell,
    )?;
    if cuda {
        return Ok(());
    }
    symlink(
        Path::new("libtorch_cpu.so"),
        &folder.join("lib/libtorch.so"),
    )
}

/// Where a file of a wheel goes, if it is wanted.
fn place(member: &str, cuda: bool) -> Option<PathBuf> {
    if let Some(header) = member.strip_prefix("torch/include/") {
        return Some(Path::new("include").join(header));
    }
    let (folder, name) = member.rsplit_once('/')?;
    let starts = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    let wanted = match folder {
        "torch/lib" if cuda => name.contains(".so") && !starts(&["libtorch_python", "libshm"]),
        "torch/lib" => starts(&["libtorch_cpu.so", "libc10.so", "libgomp"]),
        _ => folder.starts_with("nvidia/") && starts(&["libcupti.so", "libcudart.so"]),
    };
    wanted.then(|| Path::new("lib").join(name))
}

/// The version of an installed PyTorch, if the crates are known to build against it.
fn installed_version(torch: &Path) -> Result<String> {
    let file = torch.join("version.py");
    let text = fs::read_to_string(&file).map_err(|error| {
        format!(
            "{}: {error}; --from takes the folder `torch` of a site-packages",
            file.display()
        )
    })?;
    let version = (text.lines())
        .find_map(|line| line.strip_prefix("__version__ = "))
        .map(|value| value.trim_matches(['\'', '"']))
        .and_then(|version| version.split('+').next())
        .ok_or_else(|| format!("{}: no line `__version__ = …`", file.display()))?;
    if PINS.iter().any(|pin| pin.version == version) {
        return Ok(version.into());
    }
    Err(format!(
        "{}: PyTorch {version}; the crates are known to build against {}",
        torch.display(),
        versions()
    )
    .into())
}

fn versions() -> String {
    let versions: Vec<_> = PINS.iter().map(|pin| pin.version).collect();
    versions.join(" and ")
}

/// The tree is the installed one: its libraries find those of NVIDIA where they lie beside it.
fn link(torch: &Path, part: &Path) -> Result<()> {
    let torch = torch.canonicalize()?;
    for name in ["include", "lib"] {
        symlink(&torch.join(name), &part.join(name))?;
    }
    Ok(())
}

#[cfg(unix)]
fn symlink(to: &Path, from: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(to, from)?)
}

#[cfg(not(unix))]
fn symlink(to: &Path, _: &Path) -> Result<()> {
    Err(format!("{}: links are made on Unix only; set LIBTORCH to the folder `torch` of an installed PyTorch {TCH}", to.display()).into())
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Cargo does not see that the headers are others now, and the crates are compiled against them.
fn forget_what_was_built() -> Result<()> {
    for profile in ["dev", "release", "ci"] {
        let folder = target().join(if profile == "dev" { "debug" } else { profile });
        if folder.exists() {
            let packages = ["-p", "torch-sys", "-p", "burn-tch", "-p", "diat-train"];
            succeeds(
                cargo("clean")
                    .args(["--quiet", "--profile", profile])
                    .args(packages),
            )?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn the_processor_s_libraries_are_taken_and_cuda_s_only_where_asked_for() {
        let place = |member, cuda| super::place(member, cuda).map(PathBuf::into_os_string);
        for (member, alone, with_cuda) in [
            (
                "torch/include/torch/csrc/api/include/torch/torch.h",
                true,
                true,
            ),
            ("torch/lib/libtorch_cpu.so", true, true),
            ("torch/lib/libgomp.so.1", true, true),
            ("nvidia/cuda_runtime/lib/libcudart.so.12", true, true),
            ("nvidia/cu13/lib/libcupti.so.13", true, true),
            // It asks for those of CUDA.
            ("torch/lib/libtorch.so", false, true),
            ("torch/lib/libtorch_cuda.so", false, true),
            ("torch/lib/libtorch_python.so", false, false),
            ("torch/version.py", false, false),
            ("nvidia/cuda_cupti/lib/libnvperf_host.so", false, false),
        ] {
            assert_eq!(place(member, false).is_some(), alone, "{member}");
            assert_eq!(place(member, true).is_some(), with_cuda, "{member}");
        }
        assert_eq!(
            place("torch/lib/libc10.so", false).unwrap(),
            "lib/libc10.so"
        );
    }

    #[test]
    fn an_installed_pytorch_must_be_of_a_known_version() {
        let torch = tempfile::tempdir().unwrap();
        let version = |text: &str| {
            fs::write(torch.path().join("version.py"), text).unwrap();
            installed_version(torch.path())
        };
        assert_eq!(version("__version__ = '2.11.0+cu130'\n").unwrap(), "2.11.0");
        for wrong in ["__version__ = '2.8.0'", "cuda = '13.0'"] {
            assert!(version(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_wheel_is_pinned_whole() {
        for wheel in PINS.iter().flat_map(|pin| pin.wheels) {
            assert_eq!(wheel.sha256.len(), 64, "{wheel:?}");
            assert!(wheel.bytes > 0, "{wheel:?}");
        }
    }
}
