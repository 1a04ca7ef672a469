//! A bundle as people use it: unpacked somewhere else, in an environment without Rust and with an empty home.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::platform::{Platform, System};
use super::{Bundle, evidence};
use crate::stages::succeeds;
use crate::{Result, root};

/// The one folder of the unpacked archive, and the empty ones around it.
struct Unpacked<'a> {
    platform: &'a Platform,
    folder: PathBuf,
    /// For pictures.
    work: PathBuf,
    home: PathBuf,
}

/// Unpacks and uses it; true if all went well. What cannot be tried here goes to `skip`.
pub(crate) fn run(bundle: &Bundle, skip: &mut dyn FnMut(&str)) -> Result<bool> {
    let elsewhere = tempfile::tempdir()?;
    let unpacked = unpack(bundle, elsewhere.path())?;
    sizes(bundle, &unpacked)?;
    let named = notices_name_what_is_in(&unpacked)?;
    if bundle.platform.triple != Platform::new(None)?.triple {
        skip(&format!(
            "bundle for {}: not run, this is another platform",
            bundle.platform.triple
        ));
        return Ok(named);
    }
    let edited = edits_the_portrait(&unpacked)?;
    let valid = succeeds(unpacked.diat().arg("validate").arg(unpacked.library()))?;
    let hosted = example_host(&unpacked, skip)?;
    let untouched = fs::read_dir(&unpacked.home)?.next().is_none();
    for (promise, kept) in [
        ("the notices name every package that is in it", named),
        ("it edits the portrait", edited),
        ("its library passes validate", valid),
        (
            "a host built with pkg-config edits with its library",
            hosted,
        ),
        ("the empty home stays empty", untouched),
    ] {
        println!("{promise}: {}", if kept { "yes" } else { "NO" });
    }
    Ok(named && edited && valid && hosted && untouched)
}

fn unpack<'a>(bundle: &'a Bundle, elsewhere: &Path) -> Result<Unpacked<'a>> {
    let place = elsewhere.join("un packed");
    let work = elsewhere.join("work");
    let home = elsewhere.join("home");
    for folder in [&place, &work, &home] {
        fs::create_dir(folder)?;
    }
    if bundle.platform.system == System::Windows {
        zip::ZipArchive::new(fs::File::open(&bundle.archive)?)?.extract(&place)?;
    } else if !succeeds(
        Command::new("tar")
            .arg("-xzf")
            .arg(&bundle.archive)
            .arg("-C")
            .arg(&place),
    )? {
        return Err("tar does not unpack it".into());
    }
    Ok(Unpacked {
        platform: &bundle.platform,
        folder: place.join(&bundle.name),
        work,
        home,
    })
}

impl Unpacked<'_> {
    /// A program with what a fresh account has, and no more.
    fn clean(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.work).env_clear();
        if self.platform.system == System::Windows {
            for name in ["SystemRoot", "TEMP", "TMP"] {
                command.envs(std::env::var_os(name).map(|value| (name, value)));
            }
            command
                .env("APPDATA", &self.home)
                .env("LOCALAPPDATA", &self.home);
        } else {
            command.env("PATH", "/usr/bin:/bin").env("HOME", &self.home);
        }
        command
    }

    fn diat(&self) -> Command {
        self.clean(&self.folder.join("bin").join(self.platform.program()))
    }

    fn library(&self) -> PathBuf {
        self.folder.join("lib").join(self.platform.library())
    }
}

fn sizes(bundle: &Bundle, unpacked: &Unpacked<'_>) -> Result<()> {
    let megabytes = |file: &Path| -> Result<f64> { Ok(fs::metadata(file)?.len() as f64 / 1e6) };
    println!(
        "measured: archive {:.1} MB, bin/{} {:.1} MB, lib/{} {:.1} MB",
        megabytes(&bundle.archive)?,
        bundle.platform.program(),
        megabytes(&unpacked.folder.join("bin").join(bundle.platform.program()))?,
        bundle.platform.library(),
        megabytes(&unpacked.library())?,
    );
    Ok(())
}

fn notices_name_what_is_in(unpacked: &Unpacked<'_>) -> Result<bool> {
    let notices = fs::read_to_string(unpacked.folder.join("share/doc/diat/third-party.txt"))?;
    let mut found = BTreeSet::new();
    for file in [
        unpacked
            .folder
            .join("bin")
            .join(unpacked.platform.program()),
        unpacked.library(),
    ] {
        found.extend(evidence::packages(&fs::read(file)?));
    }
    let missing: Vec<_> = evidence::unnamed(&found, &notices);
    println!(
        "{} packages left their names in the programs, unnamed in the notices: {missing:?}",
        found.len()
    );
    // A build that tells no names would pass anything.
    Ok(missing.is_empty() && !found.is_empty())
}

fn edits_the_portrait(unpacked: &Unpacked<'_>) -> Result<bool> {
    let portrait = root().join("tests/data/portrait.png");
    fs::copy(&portrait, unpacked.work.join("portrait.png"))?;
    let ran = succeeds(unpacked.diat().args([
        "apply",
        "eyeglasses-off",
        "portrait.png",
        "-o",
        "out.png",
    ]))?;
    Ok(ran
        && changed(
            image::open(portrait)?.to_rgb8().as_raw(),
            image::open(unpacked.work.join("out.png"))?
                .to_rgb8()
                .as_raw(),
        ))
}

/// Some samples differ, and most do not.
fn changed(before: &[u8], after: &[u8]) -> bool {
    let changed = before.iter().zip(after).filter(|(a, b)| a != b).count();
    before.len() == after.len() && changed > 0 && changed < before.len() / 2
}

/// The bundle's own example, compiled with what its `diat.pc` says.
fn example_host(unpacked: &Unpacked<'_>, skip: &mut dyn FnMut(&str)) -> Result<bool> {
    let tools = ["/usr/bin/pkg-config", "/usr/bin/cc"];
    if let Some(missing) = tools.iter().find(|tool| !Path::new(tool).exists()) {
        skip(&format!("bundle's example host: no {missing}"));
        return Ok(true);
    }
    let ask = |question: &[&str]| -> Result<String> {
        let output = unpacked
            .clean(Path::new(tools[0]))
            .env("PKG_CONFIG_PATH", unpacked.folder.join("lib/pkgconfig"))
            .args(question)
            .arg("diat")
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    };
    // Through a shell, which undoes pkg-config's quoting of spaces.
    let build = format!(
        "cc -std=c99 -Wall -Wextra -Werror -pedantic {} \"$0\" -o host {}",
        ask(&["--cflags"])?,
        ask(&["--libs"])?
    );
    let example = unpacked
        .folder
        .join("share/doc/diat/examples/minimal_host.c");
    let mut shell = unpacked.clean(Path::new("/bin/sh"));
    if !succeeds(shell.arg("-c").arg(build).arg(example))? {
        return Ok(false);
    }
    let portrait = image::open(root().join("tests/data/portrait.png"))?.to_rgb8();
    let (width, height) = portrait.dimensions();
    let head = format!("P6\n{width} {height}\n255\n");
    let picture = [head.as_bytes(), portrait.as_raw()].concat();
    fs::write(unpacked.work.join("in.ppm"), &picture)?;
    let plugin = ask(&["--variable=plugin"])?;
    let mut host = unpacked.clean(Path::new("/bin/sh"));
    host.arg("-c")
        .arg(format!("./host {plugin} eyeglasses-off in.ppm out.ppm"));
    Ok(succeeds(&mut host)? && changed(&picture, &fs::read(unpacked.work.join("out.ppm"))?))
}
