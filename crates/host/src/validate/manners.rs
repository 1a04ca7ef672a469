//! Manners: what no call changes around itself.

use std::env;
use std::ffi::CString;
use std::fs;
use std::path::{Path, PathBuf};

use diat_plugin_abi as abi;

use super::bench::Bench;
use super::canvas::{Canvas, Shape};
use super::door::{input, name};
use super::host::Host;
use super::progress::Recorder;
use super::scene::SIZE;
use super::{Finding, Verdict, ensure, look, process};
use crate::{Format, Pixels, Rect, effects};

/// Calls everything there is: opens, renders, cancels, makes mistakes, asks, closes.
pub(crate) fn exercise(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    bench.step("opening, rendering, making mistakes, closing");
    let unknown = CString::new("no-such-effect").unwrap_or_default();
    door.try_open(&unknown, &door.host.raw());
    let opened = door.ready(&scene)?;
    opened.result(&scene, &door.values)?;
    let mut input = input(&scene, Shape::PACKED)?;
    let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
    let outside = Rect { x: 1, ..SIZE };
    opened.render_into(&mut input, &mut output, outside, &door.values)?;
    let other = door.ready(&scene)?;
    let recorder = Some(Recorder::new(Some(0)));
    other.render_heard(&mut input, &mut output, SIZE, &door.values, recorder)?;
    // Faces are looked for as well.
    opened.set(&[])?;
    opened.result(&scene, &door.values).map(|_| ())
}

/// Fails where something is not after all calls as it was before the library was loaded.
fn keeps<T: PartialEq + std::fmt::Debug>(
    bench: &Bench<'_>,
    what: &str,
    state: impl Fn() -> Option<T>,
) -> Verdict {
    let Some(before) = state() else {
        return Err(Finding::skipped("not known on this system"));
    };
    exercise(bench)?;
    let after = state();
    ensure!(
        after.as_ref() == Some(&before),
        "{what} was {before:?} and is {after:?}"
    );
    Ok(())
}

pub(crate) fn working_directory(bench: &Bench<'_>) -> Verdict {
    keeps(bench, "the working directory", || env::current_dir().ok())
}

pub(crate) fn locale(bench: &Bench<'_>) -> Verdict {
    keeps(bench, "the locale", process::locale)
}

pub(crate) fn floating_point(bench: &Bench<'_>) -> Verdict {
    keeps(bench, "what sums come to", || {
        Some(process::floating_point())
    })
}

pub(crate) fn signals(bench: &Bench<'_>) -> Verdict {
    let Some(before) = process::signals() else {
        return Err(Finding::skipped("not known on this system"));
    };
    exercise(bench)?;
    let after = process::signals().unwrap_or_default();
    let changed = (1..)
        .zip(before.iter().zip(&after))
        .find(|(_, (before, after))| before != after);
    let number = changed.map_or(0, |(number, _)| number);
    ensure!(
        number == 0,
        "signal {number} has another handler, or is blocked"
    );
    Ok(())
}

/// Whoever started this process sees what it printed.
pub(crate) fn prints_nothing(bench: &Bench<'_>) -> Verdict {
    exercise(bench)
}

/// The folders that the user gave, with manifests and without weights, in the process's folder for temporary files.
fn without_weights(given: &[PathBuf]) -> std::io::Result<PathBuf> {
    let folder = env::temp_dir().join(format!("diat-validate-{}", std::process::id()));
    for name in ["manifests", "models"] {
        fs::create_dir_all(folder.join(name))?;
    }
    for manifests in given.iter().map(|folder| folder.join("manifests")) {
        for entry in fs::read_dir(manifests)? {
            let file = entry?.path();
            if let (true, Some(name)) = (file.is_file(), file.file_name()) {
                fs::copy(&file, folder.join("manifests").join(name))?;
            }
        }
    }
    Ok(folder)
}

pub(crate) fn missing_weights(bench: &Bench<'_>) -> Verdict {
    let skipped = |error: std::io::Error| Finding::skipped(error.to_string());
    let folder = without_weights(&bench.subject.resource_dirs).map_err(skipped)?;
    let verdict = render_without_weights(bench, &folder);
    // What cannot be removed is left to the system.
    let _ = fs::remove_dir_all(&folder);
    verdict
}

fn render_without_weights(bench: &Bench<'_>, folder: &Path) -> Verdict {
    let door = bench.door()?;
    let host = Host::new(&[folder.to_owned()])?;
    bench.step("listing with a folder that has no weights");
    let table = look::copy(door.library.enter(&host.raw()));
    let listed = table.map(|table| effects::all(&table)).unwrap_or_default();
    if !listed.iter().any(|effect| effect.id == door.effect.id) {
        return Err(Finding::skipped(format!(
            "{} is not listed without weights",
            door.effect.id
        )));
    }
    bench.step("opening and rendering without weights");
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let opened = door.open_for(host)?;
    opened.set(&[scene.points])?;
    let mut input = input(&scene, Shape::PACKED)?;
    let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
    let answer = opened.render_into(&mut input, &mut output, SIZE, &door.values)?;
    let status = answer.status;
    let allowed = status >= 0 || status == abi::DIAT_E_MODEL;
    ensure!(
        allowed,
        "render without weights: {}; wanted: E_MODEL",
        name(status)
    );
    drop(opened);
    bench.step("rendering with weights after that");
    door.result(&scene)?;
    if status >= 0 {
        return Err(Finding::skipped(
            "it renders all the same: its weights come from elsewhere",
        ));
    }
    bench.note(answer.message);
    Ok(())
}
