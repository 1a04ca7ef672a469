//! `cargo xtask speed`: the plug-in through its door, beside a script of Python that does the same, in ratios against named limits.

mod document;
mod host;
mod pictures;
mod script;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::{Result, root};
use document::{Row, Times};
use pictures::Drawn;
use script::Script;

/// The effect that is measured.
const EFFECT: &str = "eyeglasses-off";
/// Rounds of which the best counts; ours and the script's take turns.
const ROUNDS: usize = 12;
/// Until the script's threads sleep, which go on waiting awake for tens of milliseconds after the network's run.
const ASLEEP: Duration = Duration::from_millis(100);

/// The parts of the command that run in programs of their own.
#[derive(clap::Args)]
pub(crate) struct Speed {
    /// Measure, the environment being right
    #[arg(long, hide = true)]
    inside: bool,
    /// Print what one large edit adds to the memory of this program
    #[arg(long, hide = true)]
    memory: Option<String>,
}

impl Speed {
    pub(crate) fn run(&self) -> Result<()> {
        match &self.memory {
            Some(way) => print_memory(way),
            None if self.inside => inside(),
            None => prepare(),
        }
    }
}

/// Brings together what is needed, then measures everything and writes `crates/xtask/bench/README.md`.
fn prepare() -> Result<()> {
    let folder = root().join("target/speed");
    fs::create_dir_all(&folder)?;
    let python = script::environment(&folder)?;
    let data = same_runtime(&folder, &python)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "-p", "diat-plugin", "-p", "diat"])
        .current_dir(root())
        .status()?;
    if !built.success() {
        return Err(format!("cargo build: {built}").into());
    }
    pictures::draw_all(&folder)?;
    without_grain(&folder)?;
    // Once more, as a program whose plug-in finds the script's own ONNX Runtime.
    let ran = Command::new(std::env::current_exe()?)
        .args(["speed", "--inside"])
        .env("XDG_DATA_HOME", &data)
        .current_dir(root())
        .status()?;
    if ran.success() {
        Ok(())
    } else {
        Err(format!("the measuring program: {ran}").into())
    }
}

/// A user's data folder whose runtime is the library inside the script's package: both run the same code.
fn same_runtime(folder: &Path, python: &Path) -> Result<PathBuf> {
    let ask = "import onnxruntime, pathlib; \
        print(next(pathlib.Path(onnxruntime.__file__).parent.glob('capi/libonnxruntime.so*')))";
    let found = Command::new(python).args(["-c", ask]).output()?;
    let library = String::from_utf8(found.stdout)?;
    let data = folder.join("data");
    fs::create_dir_all(data.join("diat"))?;
    let line = format!("runtime = {:?}\n", library.trim());
    fs::write(data.join("diat/config.toml"), line)?;
    Ok(data)
}

/// A resource folder with the effect as it is but for grain, which the script has not.
fn without_grain(folder: &Path) -> Result<()> {
    let resources = folder.join("resources");
    let (manifest, weights) = (
        format!("manifests/{EFFECT}.toml"),
        format!("models/{EFFECT}.onnx"),
    );
    for name in [&manifest, &weights] {
        let there = resources.join(name);
        fs::create_dir_all(there.parent().unwrap_or(&resources))?;
        fs::copy(root().join(name), there)?;
    }
    let text = fs::read_to_string(resources.join(&manifest))?;
    let plain = text.replace("grain = true", "grain = false");
    fs::write(resources.join(&manifest), plain)?;
    Ok(())
}

/// The measuring itself, where the environment is right.
fn inside() -> Result<()> {
    let folder = root().join("target/speed");
    let mut script = Script::start(&folder)?;
    let mut rows = Vec::new();
    let small = Drawn::read(&folder, "small")?;
    rows.extend(one_face(&small, &mut script)?);
    let large = Drawn::read(&folder, "large")?;
    rows.extend(large_face(&large, &mut script)?);
    drop(script);
    rows.extend(memory(&folder)?);
    rows.push(first_use(&folder, &small)?);
    document::write(&rows)
}

/// One small face: everything but the network is to be next to nothing.
fn one_face(picture: &Drawn, script: &mut Script) -> Result<Vec<Row>> {
    let mut host = host::Host::open(picture)?;
    script.load(picture)?;
    let (mut ours, mut theirs) = (Times::new(), Times::new());
    let (mut ours_network, mut theirs_network) = (Times::new(), Times::new());
    let (mut bare, mut bare_zeros) = (Times::new(), Times::new());
    let mut again = Times::new();
    for round in 0..ROUNDS * 8 {
        let edit = script.edit(1.0)?;
        theirs.add(edit.whole);
        theirs_network.add(edit.network);
        let (crop, zeros) = script.bare()?;
        bare.add(crop);
        bare_zeros.add(zeros);
        std::thread::sleep(ASLEEP);
        let edit = host.render(round, 1.0)?;
        ours.add(edit.whole);
        ours_network.add(edit.network);
        again.add(host.again(0.6)?);
    }
    Ok(vec![
        Row {
            what: "one face, 335×410: the whole edit",
            limit: "the network alone",
            ours: ours.best() / bare.best(),
            theirs: theirs.best() / bare.best(),
            bar: Some(1.15),
        },
        Row {
            what: "the same",
            limit: "the network alone on zeros",
            ours: ours.best() / bare_zeros.best(),
            theirs: theirs.best() / bare_zeros.best(),
            bar: None,
        },
        Row {
            what: "the network's part of it",
            limit: "the network alone",
            ours: ours_network.best() / bare.best(),
            theirs: theirs_network.best() / bare.best(),
            bar: None,
        },
        Row {
            what: "the same with another strength",
            limit: "the first edit of each",
            ours: again.best() / ours.best(),
            theirs: 1.0,
            bar: Some(0.1),
        },
    ])
}

/// A face of four megapixels in a picture of 24.
fn large_face(picture: &Drawn, script: &mut Script) -> Result<Vec<Row>> {
    let mut host = host::Host::open(picture)?;
    script.load(picture)?;
    let mut copy = vec![1u8; picture.pixels.len()];
    let mut memcpy = Times::new();
    let (mut ours, mut theirs) = (Times::new(), Times::new());
    let (mut ours_whole, mut theirs_whole) = (Times::new(), Times::new());
    let mut again = Times::new();
    for round in 0..ROUNDS {
        std::thread::sleep(ASLEEP);
        let start = Instant::now();
        std::hint::black_box(&mut copy).copy_from_slice(&picture.pixels);
        memcpy.add(start.elapsed().as_secs_f64());
        let first = host.render(round, 1.0)?;
        ours.add(first.warp_and_composite);
        ours_whole.add(first.whole);
        again.add(host.again(0.6)?);
        let edit = script.edit(1.0)?;
        theirs.add(edit.warp_and_composite);
        theirs_whole.add(edit.whole);
    }
    Ok(vec![
        Row {
            what: "24 megapixels, a face of 4: warp, gate and composite",
            limit: "memcpy of the picture",
            ours: ours.best() / memcpy.best(),
            theirs: theirs.best() / memcpy.best(),
            bar: Some(4.0),
        },
        Row {
            what: "24 megapixels, a face of 4: the whole edit",
            limit: "memcpy of the picture",
            ours: ours_whole.best() / memcpy.best(),
            theirs: theirs_whole.best() / memcpy.best(),
            bar: None,
        },
        Row {
            what: "the same with another strength",
            limit: "the first edit of each",
            ours: again.best() / ours_whole.best(),
            theirs: 1.0,
            bar: None,
        },
    ])
}

/// Memory beyond what the host holds: its pictures, and what it was after a first small edit had loaded everything.
fn memory(folder: &Path) -> Result<Vec<Row>> {
    let picture = Drawn::read(folder, "large")?;
    let bytes = picture.pixels.len() as f64;
    let mut script = Script::start(folder)?;
    script.load(&Drawn::read(folder, "small")?)?;
    script.edit(1.0)?;
    script.load(&picture)?;
    let theirs = script.growth(|script| script.edit(1.0).map(|_| ()))?;
    let ours = |way: &str| -> Result<f64> {
        let output = Command::new(std::env::current_exe()?)
            .args(["speed", "--memory", way])
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        let grown: f64 = text.trim().parse().map_err(|_| {
            let error = String::from_utf8_lossy(&output.stderr);
            format!("the measuring program said {text:?} {error}")
        })?;
        Ok(grown / bytes)
    };
    // The host's second buffer is counted with ours: the bar is on the peak.
    Ok(vec![
        Row {
            what: "24 megapixels, in and out apart: peak memory, out included",
            limit: "W·H·4 bytes",
            ours: 1.0 + ours("separate")?,
            theirs: theirs / bytes,
            bar: Some(2.75),
        },
        Row {
            what: "24 megapixels, in place: peak memory",
            limit: "W·H·4 bytes",
            ours: ours("in-place")?,
            theirs: theirs / bytes,
            bar: Some(2.75),
        },
    ])
}

/// Prints how many bytes a render of the large picture adds to the peak, both of the host's buffers being there before.
fn print_memory(way: &str) -> Result<()> {
    let folder = root().join("target/speed");
    let small = Drawn::read(&folder, "small")?;
    let large = Drawn::read(&folder, "large")?;
    let mut host = host::Host::open(&small)?;
    host.render(0, 1.0)?;
    host.show(&large)?;
    let before = resident("VmRSS")?;
    if way == "separate" {
        host.render(0, 1.0)?;
    } else {
        host.render_in_place()?;
    }
    println!("{}", resident("VmHWM")?.saturating_sub(before));
    Ok(())
}

/// Bytes of this process by a name in `/proc/self/status`.
fn resident(name: &str) -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    let kilobytes: u64 = kilobytes.ok_or("no such figure")?.parse()?;
    Ok(kilobytes * 1024)
}

/// From the start of a program to its end, with the picture read and written.
fn first_use(folder: &Path, picture: &Drawn) -> Result<Row> {
    let (mut ours, mut theirs) = (Times::new(), Times::new());
    let file = folder.join("small.png");
    let out = folder.join("out.png");
    let points: Vec<String> = picture
        .points
        .iter()
        .map(|[x, y]| format!("{x},{y}"))
        .collect();
    for _ in 0..ROUNDS / 2 {
        let start = Instant::now();
        let ran = Command::new(root().join("target/release/diat"))
            .args([
                "apply",
                EFFECT,
                "--quiet",
                "--points",
                &points.join(" "),
                "-o",
            ])
            .args([&out, &file])
            .output()?;
        ours.add(start.elapsed().as_secs_f64());
        if !ran.status.success() {
            return Err(String::from_utf8_lossy(&ran.stderr).into());
        }
        fs::remove_file(&out)?;
        let start = Instant::now();
        let mut script = Script::start(folder)?;
        script.load(picture)?;
        script.edit(1.0)?;
        script.save(&out)?;
        theirs.add(start.elapsed().as_secs_f64());
        fs::remove_file(&out)?;
    }
    Ok(Row {
        what: "first use: program start to the edited file, 335×410",
        limit: "seconds",
        ours: ours.best(),
        theirs: theirs.best(),
        bar: Some(1.5),
    })
}
