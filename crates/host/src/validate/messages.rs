//! What the library says of mistakes.

use std::ffi::{CString, c_char};
use std::ptr;

use diat_plugin_abi::{self as abi, diat_job};

use super::bench::Bench;
use super::canvas::{Canvas, Shape};
use super::door::{input, job, name};
use super::scene::SIZE;
use super::{Finding, Verdict, ensure};
use crate::{Format, Pixels, Rect};

/// No message is longer.
const LONGEST: usize = 2048;
/// What a buffer and what lies behind it hold before the call.
const BEFORE: u8 = b'#';

/// Calls with a buffer of `size` bytes and gives all of it, and that nothing behind it was touched.
fn written(
    size: usize,
    call: &dyn Fn(*mut c_char, usize) -> i32,
) -> Result<(i32, Vec<u8>), Finding> {
    let mut buffer = vec![BEFORE; size + 4096];
    let status = call(buffer.as_mut_ptr().cast::<c_char>(), size);
    let behind = buffer.split_off(size);
    let gone = behind.iter().position(|&byte| byte != BEFORE);
    let place = gone.unwrap_or_default();
    ensure!(
        gone.is_none(),
        "a buffer of {size} bytes: byte {place} behind it is written"
    );
    Ok((status, buffer))
}

/// The text in a buffer.
fn text(size: usize, buffer: &[u8]) -> Result<&str, Finding> {
    let end = buffer.iter().position(|&byte| byte == 0);
    let Some(end) = end else {
        return Err(Finding::failed(format!(
            "a buffer of {size} bytes: no NUL is written to it"
        )));
    };
    let cut = |_| Finding::failed(format!("a buffer of {size} bytes: the text is no UTF-8"));
    str::from_utf8(&buffer[..end]).map_err(cut)
}

/// Tries a failing call with every size of its buffer.
fn every_size(bench: &Bench<'_>, what: &str, call: &dyn Fn(*mut c_char, usize) -> i32) -> Verdict {
    bench.step(&format!("{what} with a long buffer"));
    let (status, buffer) = written(LONGEST, call)?;
    let whole = text(LONGEST, &buffer)?;
    ensure!(
        status < 0,
        "{what}: {}; a failure is wanted here",
        name(status)
    );
    ensure!(
        !whole.is_empty(),
        "{what}: {} without a message",
        name(status)
    );
    ensure!(
        !whole.contains(['\n', '\r']),
        "{what}: the message has two lines: {whole:?}"
    );
    for size in (0..=whole.len() + 2).chain([LONGEST]) {
        bench.step(&format!("{what} with a buffer of {size} bytes"));
        let (_, buffer) = written(size, call)?;
        if size > 0 {
            let text = text(size, &buffer)?;
            ensure!(
                whole.starts_with(text),
                "{size} bytes: {text:?} is no beginning of {whole:?}"
            );
        }
    }
    bench.step(&format!("{what} without a buffer"));
    call(ptr::null_mut(), 0);
    call(ptr::null_mut(), 99);
    Ok(())
}

pub(crate) fn short_messages(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let id = CString::new("no-such-effect-üüü-ß").unwrap_or_default();
    let host = door.host.raw();
    let open = |start, size| {
        let mut instance = ptr::null_mut();
        door.functions
            .open(id.as_ptr(), &raw const host, &raw mut instance, start, size)
    };
    every_size(bench, "open", &open)?;

    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let opened = door.ready(&scene)?;
    let mut input = input(&scene, Shape::PACKED)?;
    let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
    let (input, output) = (input.image()?, output.image()?);
    let good = job(&input, &output, SIZE, &door.values);
    let bad = diat_job {
        roi: Rect { x: -1, ..SIZE }.into(),
        ..good
    };
    let (functions, handle) = (door.functions, opened.handle);
    let render = |job: diat_job| {
        move |message, message_size| {
            let job = diat_job {
                message,
                message_size,
                ..job
            };
            functions.render(handle, &raw const job)
        }
    };
    every_size(bench, "render", &render(bad))?;
    for size in [1, 5, LONGEST] {
        let (status, buffer) = written(size, &render(good))?;
        let text = text(size, &buffer)?;
        ensure!(status >= 0, "render: {}", name(status));
        ensure!(text.is_empty(), "render succeeds with the message {text:?}");
    }
    Ok(())
}

pub(crate) fn mistakes_are_told(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let host = bench.host()?;
    let told = |what: &str, before: usize, message: &str| {
        ensure!(!message.is_empty(), "{what}: no message");
        ensure!(
            host.misuses() > before,
            "{what}: no line with the level HOST_MISUSE in the log"
        );
        Ok(())
    };
    let before = host.misuses();
    let id = CString::new("no-such-effect").unwrap_or_default();
    let (answer, _) = door.try_open(&id, &host.raw());
    told("an unknown effect", before, &answer.message)?;

    let opened = door.open_for(host)?;
    let mut input = input(&scene, Shape::PACKED)?;
    let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
    let (input, output) = (input.image()?, output.image()?);
    let nan = [f64::NAN];
    let short = abi::diat_image { stride: 1, ..input };
    let jobs = [
        ("a value that is NaN", job(&input, &output, SIZE, &nan)),
        (
            "a roi outside",
            job(&input, &output, Rect { x: 1, ..SIZE }, &door.values),
        ),
        (
            "rows that overlap",
            job(&short, &output, SIZE, &door.values),
        ),
    ];
    for (what, job) in jobs {
        let before = host.misuses();
        let answer = opened.render(job);
        told(what, before, &answer.message)?;
    }
    Ok(())
}
