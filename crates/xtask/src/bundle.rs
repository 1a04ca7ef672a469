//! `cargo xtask bundle`: one folder and one archive that work where they are unpacked, for people without Rust.
//!
//! The folder is laid out as an installation below one prefix, so that a packager can put it below `/usr` as it is:
//!
//! | path | what |
//! |---|---|
//! | `bin/diat` | the program |
//! | `lib/libdiat_plugin.so` | the library for hosts; it looks for effects in `share/diat`, as the program does |
//! | `lib/pkgconfig/diat.pc` | where those two and the header are, relative to itself |
//! | `include/diat/plugin.h` | the contract |
//! | `share/diat/` | `manifests/` and `models/` |
//! | `share/doc/diat/` | licences, notices, the example host |

mod archive;
mod contents;
mod evidence;
mod glibc;
mod notices;
mod platform;
mod shipped;
mod trial;

use std::fs;
use std::path::PathBuf;

use crate::stages::succeeds;
use crate::{Result, cargo, root};
use platform::Platform;

/// What to make, and where.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The platform's name as `rustc --print target-list` gives it; without it, this one
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Where the folder and the archive go
    #[arg(long, value_name = "DIR", default_value = "target/bundle")]
    out: PathBuf,
    /// Unpack the archive elsewhere, use it without Rust, and make it once more to compare the bytes
    #[arg(long)]
    check: bool,
}

impl Options {
    /// As `cargo xtask test` makes it.
    pub(crate) fn of_the_tests() -> Self {
        Self {
            target: None,
            out: "target/bundle".into(),
            check: true,
        }
    }
}

/// A folder and its archive.
struct Bundle {
    platform: Platform,
    /// `diat-VERSION-TRIPLE`, the archive's one folder.
    name: String,
    archive: PathBuf,
}

/// Builds, makes the bundle and tells what came of it; true if everything asked for passed. `skip` is told what could not be
/// checked here.
pub(crate) fn run(options: &Options, skip: &mut dyn FnMut(&str)) -> Result<bool> {
    let platform = Platform::new(options.target.as_deref())?;
    if !build(options.target.as_deref())? {
        return Ok(false);
    }
    let out = root().join(&options.out);
    let bundle = make(&platform, options.target.as_deref(), &out)?;
    println!("{}", bundle.archive.display());
    if !options.check {
        return Ok(true);
    }
    let again = make(&platform, options.target.as_deref(), &out.join("again"))?;
    let same = fs::read(&bundle.archive)? == fs::read(&again.archive)?;
    fs::remove_dir_all(out.join("again"))?;
    println!(
        "made once more: {}",
        if same {
            "the same bytes"
        } else {
            "OTHER bytes"
        }
    );
    Ok(trial::run(&bundle, skip)? && same)
}

fn build(target: Option<&str>) -> Result<bool> {
    let mut build = cargo("build");
    build.args(["--release", "--locked", "-p", "diat", "-p", "diat-plugin"]);
    if let Some(target) = target {
        build.args(["--target", target]);
    }
    succeeds(&mut build)
}

fn make(platform: &Platform, target: Option<&str>, out: &std::path::Path) -> Result<Bundle> {
    let built = contents::Built::in_target(platform, target);
    let files = contents::all(platform, &built)?;
    let name = format!("diat-{}-{}", env!("CARGO_PKG_VERSION"), platform.triple);
    let folder = out.join(&name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    archive::write_folder(&files, &folder)?;
    let archive = archive::write(platform, &files, &name, out)?;
    Ok(Bundle {
        platform: platform.clone(),
        name,
        archive,
    })
}
