//! When and how the library calls the host: progress, cancel, log.

use std::thread;
use std::time::Duration;

use diat_plugin_abi as abi;

use super::bench::Bench;
use super::canvas::{Canvas, Shape};
use super::door::{Answer, Door, Opened, input, name};
use super::host::Host;
use super::memory::CANARY;
use super::progress::Recorder;
use super::scene::{SIZE, Scene};
use super::{Finding, Verdict, ensure};
use crate::{Format, Pixels, Rect};

/// More cancelled renders than this would be tried for their number alone.
const MOST_CANCELLED: usize = 40;
/// How long a call that comes too late may take to be seen.
const LATE: Duration = Duration::from_millis(30);

/// Renders the whole scene and gives the pixels with the answer.
fn heard(
    door: &Door,
    opened: &Opened<'_>,
    scene: &Scene,
    recorder: &'static Recorder,
) -> Result<(Answer, Vec<u8>), Finding> {
    let mut input = input(scene, Shape::PACKED)?;
    let mut output = Canvas::new(scene.rect, scene.pixels, Shape::PACKED)?;
    let (roi, values) = (scene.rect, &door.values);
    let answer = opened.render_heard(&mut input, &mut output, roi, values, Some(recorder))?;
    output.intact("out")?;
    Ok((answer, output.rows()))
}

pub(crate) fn progress(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    for given in [true, false] {
        let opened = if given {
            door.ready(&scene)?
        } else {
            door.open()?
        };
        let recorder = Recorder::new(None);
        heard(&door, &opened, &scene, recorder)?.0.good("render")?;
        let calls = recorder.calls().clone();
        thread::sleep(LATE);
        let late = recorder.calls().len() - calls.len();
        ensure!(
            late == 0,
            "progress is called {late} times after render returned"
        );
        if given && calls.is_empty() {
            return Err(Finding::warned(
                "progress is never called, so that nobody can cancel",
            ));
        }
        let mut before = 0.0;
        for (index, call) in calls.iter().enumerate() {
            let done = call.done;
            let at = format!("call {} of {}", index + 1, calls.len());
            ensure!(
                (0.0..=1.0).contains(&done),
                "{at}: done is {done}, which is not 0 to 1"
            );
            ensure!(done >= before, "{at}: done falls from {before} to {done}");
            ensure!(
                call.thread == thread::current().id(),
                "{at}: on another thread than render's"
            );
            let stage = call.stage.as_deref().map(str::from_utf8);
            ensure!(
                matches!(stage, Some(Ok(_))),
                "{at}: the stage is null or not UTF-8"
            );
            before = done;
        }
        if given {
            bench.note(format!("{} calls", calls.len()));
        }
    }
    Ok(())
}

pub(crate) fn cancel(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let counter = Recorder::new(None);
    let (answer, wanted) = heard(&door, &door.ready(&scene)?, &scene, counter)?;
    answer.good("render")?;
    let count = counter.calls().len();
    if count == 0 {
        return Err(Finding::skipped("progress is never called"));
    }
    let mut cancelled = 0;
    for call in (0..count).step_by(count.div_ceil(MOST_CANCELLED)) {
        let at = format!("cancel at call {} of {count}", call + 1);
        bench.step(&at);
        let opened = door.ready(&scene)?;
        let recorder = Recorder::new(Some(call));
        let (answer, rows) = heard(&door, &opened, &scene, recorder)?;
        if recorder.calls().len() > call {
            answer.is(abi::DIAT_CANCELLED, &at)?;
            cancelled += 1;
        } else {
            // What is known from an earlier render needs fewer calls.
            ensure!(
                answer.status >= 0 && rows == wanted,
                "{at}: {}",
                name(answer.status)
            );
        }
        let after = opened.result(&scene, &door.values)?;
        ensure!(
            after == wanted,
            "{at}: the next render of the instance comes to other pixels"
        );
    }
    bench.step("cancel with a part of the picture as roi");
    outside_stays(&door, &scene)?;
    bench.note(format!("{cancelled} renders cancelled"));
    Ok(())
}

/// A cancelled render leaves what is outside of the roi.
fn outside_stays(door: &Door, scene: &Scene) -> Verdict {
    let roi = Rect {
        x: 20,
        y: 20,
        w: 50,
        h: 40,
    };
    let mut input = input(scene, Shape::PACKED)?;
    let mut output = Canvas::new(scene.rect, scene.pixels, Shape::PACKED)?;
    let opened = door.ready(scene)?;
    let recorder = Some(Recorder::new(Some(0)));
    opened.render_heard(&mut input, &mut output, roi, &door.values, recorder)?;
    let rows = output.rows();
    let expected = scene.replaced(&vec![CANARY; rows.len()], roi, &scene.part(&rows, roi));
    ensure!(
        rows == expected,
        "a cancelled render writes outside of the roi"
    );
    Ok(())
}

pub(crate) fn log(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let of_the_entry = door.host.lines().len();
    let lent = bench.host()?;
    let opened = door.open_for(lent)?;
    opened.set(&[scene.points])?;
    opened.result(&scene, &door.values)?;
    let numbers = [f64::NAN];
    let mut input = input(&scene, Shape::PACKED)?;
    let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
    opened.render_into(&mut input, &mut output, SIZE, &numbers)?;
    drop(opened);
    let closed = lent.lines().len();
    bench.step("another instance, when the first one's log is no longer lent");
    let other = Host::new(&bench.subject.resource_dirs)?;
    let opened = door.open_for(other)?;
    opened.set(&[scene.points])?;
    opened.result(&scene, &door.values)?;
    opened.render_into(&mut input, &mut output, SIZE, &numbers)?;
    drop(opened);
    thread::sleep(LATE);
    let late = lent.lines().len() - closed;
    ensure!(
        late == 0,
        "{late} lines go to the log of an instance that was closed"
    );
    let late = door.host.lines().len() - of_the_entry;
    ensure!(
        late == 0,
        "{late} lines go to the log of the entry's host, which was not given to open"
    );
    for line in lent.lines().iter().chain(door.host.lines().iter()) {
        let words = String::from_utf8_lossy(&line.text);
        ensure!(
            str::from_utf8(&line.text).is_ok(),
            "a line of the log is not UTF-8: {words:?}"
        );
        ensure!(
            !words.contains(['\n', '\r']),
            "a line of the log is two: {words:?}"
        );
        let known = (abi::DIAT_DEBUG..=abi::DIAT_HOST_MISUSE).contains(&line.level);
        ensure!(
            known,
            "a line of the log has the level {}: {words:?}",
            line.level
        );
    }
    bench.note(format!("{closed} lines"));
    Ok(())
}
