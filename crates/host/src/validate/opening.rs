//! Opening and closing.

use std::ffi::CString;
use std::ptr;

use diat_plugin_abi::{self as abi, diat_image, diat_instance};

use super::bench::Bench;
use super::canvas::{Canvas, Shape};
use super::door::{Door, job, name};
use super::scene::SIZE;
use super::{Finding, Verdict, ensure, process};
use crate::{Format, Pixels, effects};

const TIMES: usize = 1000;
/// Of these the library and the system may still be settling.
const SETTLING: usize = 200;
/// Pages that come and go by themselves. A leak of 200 bytes an instance is above it.
const DRIFT: u64 = 128 << 10;

pub(crate) fn null_answers(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let mistake = |what: &str, status| {
        ensure!(status == abi::DIAT_E_ARGUMENT, "{what}: {}", name(status));
        Ok(())
    };
    bench.step("the entry with a null host");
    ensure!(
        door.library.enter(ptr::null()).is_null(),
        "the entry gives a null host a table"
    );
    let (host, id) = (door.host.raw(), door.effect_id()?);
    let (host, id) = (&raw const host, id.as_ptr());
    let mut place: *mut diat_instance = ptr::null_mut();
    let at = &raw mut place;
    let none = ptr::null_mut();
    bench.step("open with nulls");
    mistake(
        "open with a null id",
        door.functions.open(ptr::null(), host, at, none, 0),
    )?;
    mistake(
        "open with a null host",
        door.functions.open(id, ptr::null(), at, none, 0),
    )?;
    mistake(
        "open with no place",
        door.functions.open(id, host, ptr::null_mut(), none, 0),
    )?;
    let all = door
        .functions
        .open(ptr::null(), ptr::null(), ptr::null_mut(), none, 99);
    mistake("open with nothing but nulls", all)?;
    ensure!(place.is_null(), "open fails and leaves an instance");
    bench.step("close and extension with null");
    door.functions.close(ptr::null_mut());
    ensure!(
        door.functions.extension_raw(ptr::null()).is_null(),
        "extension knows a null id"
    );

    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let opened = door.ready(&scene)?;
    let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
    let mut input = super::door::input(&scene, Shape::PACKED)?;
    let (input, output) = (input.image()?, output.image()?);
    let good = job(&input, &output, SIZE, &door.values);
    bench.step("render with nulls");
    mistake(
        "render with a null instance",
        door.functions.render(ptr::null_mut(), &raw const good),
    )?;
    mistake(
        "render with a null job",
        door.functions.render(opened.handle, ptr::null()),
    )?;
    let without_data = diat_image {
        data: ptr::null_mut(),
        ..input
    };
    let jobs = [
        (
            "in",
            abi::diat_job {
                r#in: ptr::null(),
                ..good
            },
        ),
        (
            "out",
            abi::diat_job {
                out: ptr::null(),
                ..good
            },
        ),
        (
            "data of in",
            abi::diat_job {
                r#in: &raw const without_data,
                ..good
            },
        ),
        (
            "data of out",
            abi::diat_job {
                out: &raw const without_data,
                ..good
            },
        ),
        (
            "the values",
            abi::diat_job {
                values: ptr::null(),
                ..good
            },
        ),
    ];
    for (what, job) in jobs {
        bench.step(&format!("render with null for {what}"));
        mistake(
            &format!("render with null for {what}"),
            opened.render(job).status,
        )?;
    }
    bench.step("the extensions' functions with nulls");
    let mut report = ptr::null();
    for status in [
        door.functions.last(ptr::null_mut(), &raw mut report),
        door.functions.last(opened.handle, ptr::null_mut()),
        door.functions.set(ptr::null_mut(), ptr::null(), 0),
        door.functions.set(opened.handle, ptr::null(), 1),
    ] {
        mistake(
            "a function of an extension",
            status.unwrap_or(abi::DIAT_E_ARGUMENT),
        )?;
    }
    opened.render(good).good("a render after all that")
}

/// Opens by an id that is none.
fn refuses(door: &Door, id: Vec<u8>) -> Verdict {
    let words = String::from_utf8_lossy(&id).into_owned();
    let id = CString::new(id).map_err(|error| Finding::skipped(error.to_string()))?;
    let (answer, instance) = door.try_open(&id, &door.host.raw());
    answer.is(abi::DIAT_E_ARGUMENT, &format!("open of {words:?}"))?;
    ensure!(
        instance.is_null(),
        "open of {words:?} fails, and the instance is not null"
    );
    Ok(())
}

pub(crate) fn unknown_id(bench: &Bench<'_>) -> Verdict {
    let (door, mut random) = (bench.door()?, bench.random());
    let letters = (0..12).map(|_| random.between(i32::from(b'a'), i32::from(b'z')) as u8);
    let unknown: Vec<u8> = b"no-such-".iter().copied().chain(letters).collect();
    for id in [
        unknown,
        Vec::new(),
        b"\xff\xfe".to_vec(),
        vec![b'x'; 100_000],
    ] {
        bench.step("opening what does not exist");
        refuses(&door, id)?;
    }
    Ok(())
}

pub(crate) fn id_with_tail(bench: &Bench<'_>) -> Verdict {
    let (door, mut random) = (bench.door()?, bench.random());
    let id = door.effect.id.clone().into_bytes();
    let with = |tail: &[u8]| [&id, tail].concat();
    let garbage: Vec<u8> = (0..9).map(|_| random.between(1, 255) as u8).collect();
    let upper = id.to_ascii_uppercase();
    let before = [b" ", id.as_slice()].concat();
    for id in [
        with(b"x"),
        with(b" "),
        with(b"\n"),
        with(b"-2"),
        with(&garbage),
        upper,
        before,
    ] {
        refuses(&door, id)?;
    }
    let shorter = id[..id.len() - 1].to_vec();
    let listed = effects::all(&bench.table()?)
        .iter()
        .any(|other| other.id.as_bytes() == shorter);
    if listed {
        Ok(())
    } else {
        refuses(&door, shorter)
    }
}

pub(crate) fn open_close(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let mut before = process::usage();
    for time in 0..TIMES {
        if time == SETTLING {
            before = process::usage();
        }
        drop(door.ready(&scene)?);
    }
    let Some(before) = before else {
        bench.note("memory is not measured on this system".to_owned());
        return Ok(());
    };
    let Some(after) = process::usage() else {
        return Err(Finding::failed(
            "the process has no file left to be looked at with",
        ));
    };
    let instances = TIMES - SETTLING;
    let grown = after.memory.saturating_sub(before.memory);
    ensure!(
        grown <= DRIFT,
        "{instances} instances left {} KiB behind",
        grown >> 10
    );
    ensure!(
        after.files <= before.files,
        "{} files stay open",
        after.files - before.files
    );
    ensure!(
        after.threads <= before.threads,
        "{} threads stay",
        after.threads - before.threads
    );
    bench.note(format!("{} KiB for {instances} instances", grown >> 10));
    Ok(())
}

pub(crate) fn double_close(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let before = door.result(&scene)?;
    let closed = door.ready(&scene)?;
    let handle = closed.handle;
    drop(closed);
    bench.step("closing an instance again");
    door.functions.close(handle);
    bench.step("using a closed instance");
    let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
    let mut input = super::door::input(&scene, Shape::PACKED)?;
    let (input, output) = (input.image()?, output.image()?);
    let job = job(&input, &output, SIZE, &door.values);
    let status = door.functions.render(handle, &raw const job);
    ensure!(
        status == abi::DIAT_E_ARGUMENT,
        "render of a closed instance: {}",
        name(status)
    );
    bench.step("a good instance after that");
    ensure!(
        door.result(&scene)? == before,
        "after that a good instance renders something else"
    );
    Ok(())
}
