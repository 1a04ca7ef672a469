//! The extensions, where the library has them.

use std::ffi::CString;
use std::ptr;

use diat_plugin_abi::{self as abi, diat_face, diat_report, diat_stage, diat_status};

use super::bench::Bench;
use super::door::{Opened, name};
use super::scene::SIZE;
use super::{Finding, Verdict, ensure, look};
use crate::{Format, Pixels, Points};

/// The header's most.
const MOST_FACES: usize = 1024;

pub(crate) fn unknown(bench: &Bench<'_>) -> Verdict {
    let (door, mut random) = (bench.door()?, bench.random());
    let garbage: Vec<u8> = (0..40).map(|_| random.between(1, 255) as u8).collect();
    let ids: [&[u8]; 9] = [
        b"",
        b"diat",
        b"diat.report",
        b"diat.report/1 ",
        b"diat.report/10",
        b"diat.faces/",
        b"DIAT.FACES/1",
        b"no.such-extension/1",
        &garbage,
    ];
    for id in ids {
        let words = String::from_utf8_lossy(id).into_owned();
        let id = CString::new(id).map_err(|error| Finding::skipped(error.to_string()))?;
        bench.step(&format!("extension {words:?}"));
        ensure!(
            door.functions.extension(&id).is_null(),
            "the extension {words:?} is not null"
        );
    }
    Ok(())
}

/// The report of an instance's last render, checked, as text to compare.
fn report(opened: &Opened<'_>, at: &str) -> Result<(Vec<diat_face>, String), Finding> {
    let mut place: *const diat_report = ptr::null();
    let Some(status) = opened.last(&raw mut place) else {
        return Err(Finding::skipped("the library does not offer diat.report/1"));
    };
    ensure!(status == abi::DIAT_OK, "{at}: {}", name(status));
    let Some(report) = look::copy(place) else {
        return Err(Finding::failed(format!("{at}: the report is null")));
    };
    let text = |what: &str, source| {
        look::text(source).map_err(|bad| Finding::failed(format!("{at}: {what} is {bad}")))
    };
    let mut all = vec![
        text("runtime", report.runtime)?,
        text("device", report.device)?,
        text("notes", report.notes)?,
    ];
    let mut faces = Vec::new();
    for (index, pointer) in look::counted(report.faces, report.n_faces)
        .into_iter()
        .enumerate()
    {
        let Some(face) = look::copy(pointer) else {
            return Err(Finding::failed(format!("{at}: face {index} is null")));
        };
        sound(&face, &format!("{at}: face {index}"))?;
        all.push(format!("{face:?}"));
        faces.push(face);
    }
    ensure!(
        faces.len() == report.n_faces as usize,
        "{at}: {} faces, and none there",
        report.n_faces
    );
    let stages = look::counted(report.stages, report.n_stages);
    ensure!(
        stages.len() == report.n_stages as usize,
        "{at}: {} stages, and none there",
        report.n_stages
    );
    for pointer in stages {
        let stage: Option<diat_stage> = look::copy(pointer);
        let Some(stage) = stage else {
            return Err(Finding::failed(format!("{at}: a stage is null")));
        };
        let (stage, seconds) = (text("a stage's name", stage.name)?, stage.seconds);
        ensure!(
            seconds >= 0.0 && seconds.is_finite(),
            "{at}: {stage} took {seconds} seconds"
        );
        all.push(format!("{stage} {seconds}"));
    }
    Ok((faces, all.join("\n")))
}

fn sound(face: &diat_face, at: &str) -> Verdict {
    let numbers = [face.x, face.y, face.w, face.h];
    let finite = numbers
        .iter()
        .chain(&face.points)
        .all(|number| number.is_finite());
    ensure!(finite, "{at}: its box or points are not finite");
    ensure!(
        face.w >= 0.0 && face.h >= 0.0,
        "{at}: its box is {} × {}",
        face.w,
        face.h
    );
    let share = |number: f64| (0.0..=1.0).contains(&number);
    ensure!(
        share(face.confidence),
        "{at}: confidence {}",
        face.confidence
    );
    for score in [face.score_before, face.score_after] {
        ensure!(score.is_nan() || share(score), "{at}: score {score}");
    }
    Ok(())
}

pub(crate) fn reports(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let opened = door.open()?;
    bench.step("the report before the first render");
    let (faces, _) = report(&opened, "before the first render")?;
    ensure!(
        faces.is_empty(),
        "before the first render the report has {} faces",
        faces.len()
    );
    opened.set(&[scene.points])?;
    bench.step("the report of a render");
    let changed = opened.result(&scene, &door.values)? != scene.rows;
    let (faces, before) = report(&opened, "after a render")?;
    let edited = faces.iter().any(|face| face.code == abi::DIAT_FACE_EDITED);
    ensure!(
        edited || !changed,
        "pixels changed, and no face has the code EDITED"
    );
    bench.step("the same report after work of other instances");
    let other = door.ready(&scene)?;
    for _ in 0..3 {
        other.result(&scene, &door.values)?;
    }
    drop(other);
    let mut rubbish: Vec<Vec<u8>> = (0..1000).map(|size| vec![0x5a; size]).collect();
    rubbish.clear();
    let (_, after) = report(&opened, "later")?;
    ensure!(
        after == before,
        "the report of a render changed before the next render"
    );
    bench.step("the report of the next render");
    opened.result(&scene, &door.values)?;
    report(&opened, "after the next render").map(|_| ())
}

pub(crate) fn faces(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let opened = door.ready(&scene)?;
    let set = |points: *const f64, count: usize| -> Result<diat_status, Finding> {
        let status = door.functions.set(opened.handle, points, count as u32);
        status.ok_or_else(|| Finding::skipped("the library does not offer diat.faces/1"))
    };
    let moved = |by: f64| scene.points.map(|[x, y]| [x + by, y + by]);
    let many: Vec<Points> = (0..=MOST_FACES)
        .map(|face| moved(face as f64 / 1e4))
        .collect();
    let numbers: Vec<f64> = many.iter().flatten().flatten().copied().collect();
    for number in 0..10 {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut face = numbers[..10].to_vec();
            face[number] = bad;
            let status = set(face.as_ptr(), 1)?;
            ensure!(
                status == abi::DIAT_E_ARGUMENT,
                "number {number} of a face is {bad}: {}",
                name(status)
            );
        }
    }
    let status = set(numbers.as_ptr(), MOST_FACES)?;
    ensure!(
        status == abi::DIAT_OK,
        "{MOST_FACES} faces: {}",
        name(status)
    );
    let status = set(numbers.as_ptr(), MOST_FACES + 1)?;
    ensure!(
        status == abi::DIAT_E_ARGUMENT,
        "{} faces: {}",
        MOST_FACES + 1,
        name(status)
    );
    for count in [1, 2, 3] {
        bench.step(&format!("rendering with {count} faces given"));
        set(numbers.as_ptr(), count)?;
        opened.result(&scene, &door.values)?;
        if !door.functions.reports() {
            continue;
        }
        let (found, _) = report(&opened, "the report")?;
        ensure!(
            found.len() == count,
            "{count} faces given, and {} in the report",
            found.len()
        );
        let given: Vec<f64> = found.iter().flat_map(|face| face.points).collect();
        ensure!(
            given == numbers[..10 * count],
            "the report has other points than were given"
        );
    }
    bench.step("going back to finding faces");
    let status = set(ptr::null(), 0)?;
    ensure!(status == abi::DIAT_OK, "0 faces and null: {}", name(status));
    opened.result(&scene, &door.values).map(|_| ())
}
