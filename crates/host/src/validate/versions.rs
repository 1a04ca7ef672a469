//! Hosts that are older or newer than the library, by the sizes of what they hand over.

use std::mem::offset_of;

use diat_plugin_abi::{Growable, diat_host, diat_image, diat_job};

use super::bench::Bench;
use super::canvas::{Canvas, Shape};
use super::door::{Door, Opened, input, job};
use super::memory::Memory;
use super::random::Random;
use super::scene::{SIZE, Scene};
use super::{Finding, Verdict, ensure, look};
use crate::{Format, Pixels};

/// Bytes by which a newer host's structs are longer.
const LONGER: u32 = 64;

/// The sizes at which a struct may end for a host that knows fields up to `least`.
fn sizes<T: Growable>(least: usize) -> impl Iterator<Item = u32> {
    T::ENDS
        .iter()
        .copied()
        .filter(move |&end| end >= least)
        .map(|end| end as u32)
}

/// Renders with structs of the given sizes, and wants the same pixels as ever.
fn render(
    opened: &Opened<'_>,
    scene: &Scene,
    door: &Door,
    [of_image, of_job]: [u32; 2],
    random: &mut Random,
) -> Result<Vec<u8>, Finding> {
    let mut input = input(scene, Shape::PACKED)?;
    let mut output = Canvas::new(scene.rect, scene.pixels, Shape::PACKED)?;
    let (input, whole) = (input.image()?, output.image()?);
    let input = Memory::of_struct(&input, of_image, random)?;
    let out = Memory::of_struct(&whole, of_image, random)?;
    let job = diat_job {
        r#in: input.start().cast::<diat_image>(),
        out: out.start().cast::<diat_image>(),
        ..job(&whole, &whole, scene.rect, &door.values)
    };
    let job = Memory::of_struct(&job, of_job, random)?;
    let status = door
        .functions
        .render(opened.handle, job.start().cast::<diat_job>());
    let at = format!("images of {of_image} bytes, a job of {of_job}");
    ensure!(status >= 0, "{at}: {}", super::door::name(status));
    output.intact(&at)?;
    Ok(output.rows())
}

const IMAGE: u32 = size_of::<diat_image>() as u32;
const JOB: u32 = size_of::<diat_job>() as u32;

pub(crate) fn older(bench: &Bench<'_>) -> Verdict {
    let (door, mut random) = (bench.door()?, bench.random());
    let host = door.host.raw();
    let table = door.library.enter(&raw const host);
    for size in sizes::<diat_host>(offset_of!(diat_host, name)) {
        let at = format!("a host of {size} bytes");
        bench.step(&at);
        let older = Memory::of_struct(&host, size, &mut random)?;
        let answered = door.library.enter(older.start().cast::<diat_host>());
        if size as usize > offset_of!(diat_host, resource_dirs) {
            ensure!(answered == table, "{at} gets another table");
        }
        let id = door.effect_id()?;
        let mut instance = std::ptr::null_mut();
        let older = older.start().cast::<diat_host>();
        let place = &raw mut instance;
        door.functions
            .open(id.as_ptr(), older, place, std::ptr::null_mut(), 0);
        door.functions.close(instance);
    }
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let wanted = door.result(&scene)?;
    let opened = door.ready(&scene)?;
    let images = sizes::<diat_image>(offset_of!(diat_image, alpha)).map(|size| [size, JOB]);
    let jobs = sizes::<diat_job>(offset_of!(diat_job, time)).map(|size| [IMAGE, size]);
    for sizes in images.chain(jobs) {
        bench.step(&format!(
            "images of {} bytes, a job of {}",
            sizes[0], sizes[1]
        ));
        let got = render(&opened, &scene, &door, sizes, &mut random)?;
        ensure!(
            got == wanted,
            "images of {} bytes, a job of {}: other pixels",
            sizes[0],
            sizes[1]
        );
    }
    Ok(())
}

pub(crate) fn newer(bench: &Bench<'_>) -> Verdict {
    let (door, mut random) = (bench.door()?, bench.random());
    let host = door.host.raw();
    let table = door.library.enter(&raw const host);
    bench.step("a host that is longer");
    let newer = Memory::of_struct(&host, size_of::<diat_host>() as u32 + LONGER, &mut random)?;
    let answered = door.library.enter(newer.start().cast::<diat_host>());
    ensure!(
        look::copy(answered).is_some() && answered == table,
        "a longer host gets another table"
    );
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let wanted = door.result(&scene)?;
    let opened = door.ready(&scene)?;
    for longer in [8, LONGER, 4096] {
        bench.step(&format!("images and a job that are longer by {longer}"));
        let sizes = [IMAGE + longer, JOB + longer];
        let got = render(&opened, &scene, &door, sizes, &mut random)?;
        ensure!(
            got == wanted,
            "images and a job longer by {longer}: other pixels"
        );
    }
    Ok(())
}

pub(crate) fn too_short(bench: &Bench<'_>) -> Verdict {
    let (door, mut random) = (bench.door()?, bench.random());
    let host = door.host.raw();
    for size in [0, 3, 4, 7] {
        bench.step(&format!("a host of {size} bytes"));
        let short = Memory::of_struct(&host, size, &mut random)?;
        let table = door.library.enter(short.start().cast::<diat_host>());
        ensure!(table.is_null(), "a host of {size} bytes is accepted");
    }
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let opened = door.ready(&scene)?;
    let images = [0, 4, 8, 24, 31, offset_of!(diat_image, stride) as u32];
    let jobs = [0, 4, 8, offset_of!(diat_job, r#in) as u32];
    let tried = images
        .map(|size| [size, JOB])
        .into_iter()
        .chain(jobs.map(|size| [IMAGE, size]));
    for [of_image, of_job] in tried {
        let at = format!("images of {of_image} bytes, a job of {of_job}");
        bench.step(&at);
        match render(&opened, &scene, &door, [of_image, of_job], &mut random) {
            Ok(_) => ensure!(false, "{at}: accepted"),
            Err(refused) => {
                ensure!(
                    refused.text.contains("Argument"),
                    "{}; wanted: E_ARGUMENT",
                    refused.text
                );
            }
        }
    }
    opened.result(&scene, &door.values).map(|_| ())
}
