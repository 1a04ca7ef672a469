//! Renders that must come to the same bytes.

use std::thread;

use diat_plugin_abi::{self as abi, DIAT_STRENGTH};

use super::bench::Bench;
use super::canvas::{Canvas, Shape};
use super::door::{Door, input};
use super::memory::Place;
use super::pictures::FORMATS;
use super::random::Random;
use super::scene::{SIZE, Scene};
use super::{Finding, Verdict, ensure};
use crate::{Format, Pixels, Rect};

const THREADS: u64 = 8;

/// Where `a` and `b` differ, in words.
pub(crate) fn difference(a: &[u8], b: &[u8]) -> String {
    let count = a.iter().zip(b).filter(|(a, b)| a != b).count();
    let first = a
        .iter()
        .zip(b)
        .position(|(a, b)| a != b)
        .unwrap_or(a.len().min(b.len()));
    format!("{count} bytes differ, the first is byte {first}")
}

fn same(what: &str, got: &[u8], wanted: &[u8]) -> Verdict {
    ensure!(got == wanted, "{what}: {}", difference(got, wanted));
    Ok(())
}

/// Cuts a length into three parts, as starts and lengths.
fn cut(random: &mut Random, len: i32) -> [(i32, i32); 3] {
    let first = random.between(1, len - 2);
    let second = random.between(first + 1, len - 1);
    [(0, first), (first, second - first), (second, len - second)]
}

pub(crate) fn tiles(bench: &Bench<'_>) -> Verdict {
    let (door, mut random) = (bench.door()?, bench.random());
    let rect = Rect {
        x: -7,
        y: 11,
        ..SIZE
    };
    for format in FORMATS {
        let scene = bench.scene(rect, Pixels::srgb(format));
        let whole = door.result(&scene)?;
        let opened = door.ready(&scene)?;
        let mut input = input(&scene, Shape::PACKED)?;
        let mut together = Canvas::new(rect, scene.pixels, Shape::PACKED)?;
        for (y, h) in cut(&mut random, rect.h) {
            for (x, w) in cut(&mut random, rect.w) {
                let tile = Rect {
                    x: rect.x + x,
                    y: rect.y + y,
                    w,
                    h,
                };
                let at = format!("{format:?}, the tile at {x}, {y} of {w}×{h} pixels");
                bench.step(&at);
                let mut alone = Canvas::new(tile, scene.pixels, Shape::PACKED)?;
                opened
                    .render_into(&mut input, &mut alone, tile, &door.values)?
                    .good(&at)?;
                same(&at, &alone.rows(), &scene.part(&whole, tile))?;
                opened
                    .render_into(&mut input, &mut together, tile, &door.values)?
                    .good(&at)?;
            }
        }
        same(
            &format!("{format:?}, all tiles in one buffer"),
            &together.rows(),
            &whole,
        )?;
    }
    Ok(())
}

pub(crate) fn in_place(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    if !door.effect.in_place {
        return Err(Finding::skipped("the effect does not offer it"));
    }
    for format in FORMATS {
        for (padding, bottom_up) in [(0, false), (20, true)] {
            let shape = Shape {
                padding,
                bottom_up,
                place: Place::Roomy(0),
            };
            let scene = bench.scene(SIZE, Pixels::srgb(format));
            let wanted = door.result(&scene)?;
            let mut both = input(&scene, shape)?;
            let image = both.image()?;
            let at = format!("{format:?}, {}", shape.words());
            bench.step(&at);
            let opened = door.ready(&scene)?;
            let job = super::door::job(&image, &image, SIZE, &door.values);
            opened.render(job).good(&at)?;
            both.intact(&at)?;
            same(&at, &both.rows(), &wanted)?;
        }
    }
    Ok(())
}

pub(crate) fn repeats(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU16));
    let other = Scene::new(
        Rect {
            w: 61,
            h: 50,
            ..SIZE
        },
        Pixels::srgb(Format::RgbaU8),
        Random::new(bench.subject.seed, "another picture"),
    );
    let opened = door.ready(&scene)?;
    let first = opened.result(&scene, &door.values)?;
    same("again", &opened.result(&scene, &door.values)?, &first)?;
    let mut less = door.values.clone();
    if let Some(strength) = less.get_mut(DIAT_STRENGTH) {
        *strength = 0.25;
    }
    opened.result(&scene, &less)?;
    same(
        "after another strength",
        &opened.result(&scene, &door.values)?,
        &first,
    )?;
    opened.set(&[other.points])?;
    opened.result(&other, &door.values)?;
    opened.set(&[scene.points])?;
    same(
        "after another picture",
        &opened.result(&scene, &door.values)?,
        &first,
    )?;
    same("by another instance", &door.result(&scene)?, &first)
}

pub(crate) fn threads(bench: &Bench<'_>) -> Verdict {
    let door = &bench.door()?;
    let scene = |number: u64| {
        let random = Random::new(bench.subject.seed ^ number, "threads");
        Scene::new(SIZE, Pixels::srgb(Format::RgbaU8), random)
    };
    bench.step("rendering in 8 threads");
    // The threads go first: what they find ready would not be made at the same time.
    let parallel: Vec<Result<Vec<u8>, Finding>> = thread::scope(|scope| {
        let one = |number| -> Result<Vec<u8>, Finding> {
            let scene = scene(number);
            let opened = door.ready(&scene)?;
            let mut last = Vec::new();
            for _ in 0..3 {
                last = opened.result(&scene, &door.values)?;
            }
            Ok(last)
        };
        let threads: Vec<_> = (0..THREADS)
            .map(|number| scope.spawn(move || one(number)))
            .collect();
        let broken = |_| Err(Finding::failed("a thread did not end well"));
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(broken))
            .collect()
    });
    bench.step("rendering the same one after the other");
    for (number, result) in (0..THREADS).zip(parallel) {
        same(
            &format!("thread {number}"),
            &result?,
            &door.result(&scene(number))?,
        )?;
    }
    Ok(())
}

pub(crate) fn coordinates(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let here = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let there = bench.scene(
        Rect {
            x: 1000,
            y: -500,
            ..SIZE
        },
        here.pixels,
    );
    ensure!(here.rows == there.rows, "the check's own pictures differ");
    let (here, there) = (door.result(&here)?, door.result(&there)?);
    // Places far from 0 are rounded otherwise.
    let far = here
        .iter()
        .zip(&there)
        .filter(|(a, b)| a.abs_diff(**b) > 2)
        .count();
    ensure!(
        far == 0,
        "moved by (1000, -500) in picture coordinates, {far} samples differ by more than 2"
    );
    Ok(())
}

/// Renders with a strength of 0, or whatever else `values` say, and wants the input back.
fn identity(door: &Door, scene: &Scene, values: &[f64], at: &str) -> Verdict {
    let opened = door.ready(scene)?;
    let mut input = input(scene, Shape::PACKED)?;
    let mut output = Canvas::new(scene.rect, scene.pixels, Shape::PACKED)?;
    let answer = opened.render_into(&mut input, &mut output, scene.rect, values)?;
    answer.is(abi::DIAT_UNCHANGED, at)?;
    same(at, &output.rows(), &scene.rows)
}

pub(crate) fn strength_0(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    for pixels in super::pictures::kinds() {
        let scene = bench.scene(SIZE, pixels);
        let mut values = door.values.clone();
        if let Some(strength) = values.get_mut(DIAT_STRENGTH) {
            *strength = 0.0;
        }
        let at = format!("strength 0, {:?}, {:?}", pixels.format, pixels.alpha);
        bench.step(&at);
        identity(&door, &scene, &values, &at)?;
    }
    Ok(())
}
