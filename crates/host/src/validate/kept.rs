//! What a render leaves alone, and that it does all the rest.

use diat_plugin_abi::{self as abi, DIAT_SHOW, DIAT_STRENGTH};

use super::bench::Bench;
use super::canvas::{Canvas, Shape};
use super::door::input;
use super::equality::difference;
use super::memory::CANARY;
use super::pictures::{FORMATS, kinds};
use super::scene::SIZE;
use super::{Verdict, ensure};
use crate::{Format, Pixels, Rect};

/// What the parameter `show` can be.
const SHOWN: u32 = abi::DIAT_SHOW_DIFFERENCE + 1;

/// The values with one of them changed, where there is such a parameter.
fn with(values: &[f64], index: usize, value: f64) -> Vec<f64> {
    let mut values = values.to_vec();
    if let Some(place) = values.get_mut(index) {
        *place = value;
    }
    values
}

pub(crate) fn alpha(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    for pixels in kinds() {
        let scene = bench.scene(SIZE, pixels);
        let opened = door.ready(&scene)?;
        for show in 0..SHOWN {
            let at = format!("{:?}, {:?}, show {show}", pixels.format, pixels.alpha);
            bench.step(&at);
            let values = with(&door.values, DIAT_SHOW, f64::from(show));
            let result = opened.result(&scene, &values)?;
            let pairs = scene.alphas(&scene.rows).zip(scene.alphas(&result));
            let changed = pairs.filter(|(before, after)| before != after).count();
            ensure!(
                changed == 0,
                "{at}: the alpha of {changed} pixels is another"
            );
        }
    }
    Ok(())
}

/// A part of the picture that touches no border.
fn some_roi(bench: &Bench<'_>) -> Rect {
    let mut random = bench.random();
    let (x, y) = (random.between(5, 30), random.between(5, 25));
    Rect {
        x,
        y,
        w: random.between(30, SIZE.w - x - 5),
        h: random.between(30, SIZE.h - y - 5),
    }
}

pub(crate) fn outside_roi(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let roi = some_roi(bench);
    for format in FORMATS {
        let scene = bench.scene(SIZE, Pixels::srgb(format));
        let opened = door.ready(&scene)?;
        for show in 0..SHOWN {
            let at = format!("{format:?}, show {show}, {roi:?}");
            bench.step(&at);
            let values = with(&door.values, DIAT_SHOW, f64::from(show));
            let mut input = input(&scene, Shape::PACKED)?;
            let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
            opened
                .render_into(&mut input, &mut output, roi, &values)?
                .good(&at)?;
            let rows = output.rows();
            let canaries = vec![CANARY; rows.len()];
            let expected = scene.replaced(&canaries, roi, &scene.part(&rows, roi));
            ensure!(
                rows == expected,
                "{at}: written outside of it: {}",
                difference(&rows, &expected)
            );
        }
    }
    Ok(())
}

pub(crate) fn whole_roi(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let part = some_roi(bench);
    for format in FORMATS {
        let scene = bench.scene(SIZE, Pixels::srgb(format));
        let opened = door.ready(&scene)?;
        for roi in [SIZE, part] {
            let at = format!("{format:?}, {roi:?}");
            bench.step(&at);
            let mut input = input(&scene, Shape::PACKED)?;
            let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
            let mut results = Vec::new();
            for byte in [0, 255] {
                output.fill(byte);
                opened
                    .render_into(&mut input, &mut output, roi, &door.values)?
                    .good(&at)?;
                results.push(scene.part(&output.rows(), roi));
            }
            let same = results[0] == results[1];
            ensure!(
                same,
                "{at}: what was in out before shines through: {}",
                difference(&results[0], &results[1])
            );
        }
    }
    Ok(())
}

pub(crate) fn unchanged_is_equal(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let mut seen = 0;
    for pixels in kinds() {
        let scene = bench.scene(SIZE, pixels);
        for (given, strength) in [(false, 1.0), (true, 1.0), (true, 0.001), (true, 0.0)] {
            let at = format!(
                "{:?}, {:?}, strength {strength}",
                pixels.format, pixels.alpha
            );
            let opened = if given {
                door.ready(&scene)?
            } else {
                door.open()?
            };
            let values = with(&door.values, DIAT_STRENGTH, strength);
            let mut input = input(&scene, Shape::PACKED)?;
            let mut output = Canvas::new(SIZE, pixels, Shape::PACKED)?;
            let answer = opened.render_into(&mut input, &mut output, SIZE, &values)?;
            answer.good(&at)?;
            let (unchanged, equal) = (
                answer.status == abi::DIAT_UNCHANGED,
                output.rows() == scene.rows,
            );
            seen += usize::from(unchanged);
            ensure!(
                !unchanged || equal,
                "{at}: UNCHANGED, but {}",
                difference(&output.rows(), &scene.rows)
            );
        }
    }
    bench.note(format!("{seen} renders said so"));
    Ok(())
}

pub(crate) fn nan_and_infinity(bench: &Bench<'_>) -> Verdict {
    let (door, mut random) = (bench.door()?, bench.random());
    let odd = [
        f32::NAN,
        -f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN,
        f32::MIN_POSITIVE / 8.0,
        -0.0,
        -3.5,
        1e30,
    ];
    for share in [1, 5, 100] {
        let mut scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaF32));
        for sample in scene.rows.chunks_exact_mut(4) {
            if random.between(1, 100) <= share {
                sample.copy_from_slice(&random.pick(odd).to_ne_bytes());
            }
        }
        let at = format!("{share} % of the samples are NaN, infinite or huge");
        bench.step(&at);
        let opened = door.ready(&scene)?;
        let mut input = input(&scene, Shape::PACKED)?;
        let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
        let answer = opened.render_into(&mut input, &mut output, SIZE, &door.values)?;
        ensure!(
            answer.status != abi::DIAT_E_INTERNAL,
            "{at}: E_INTERNAL: {}",
            answer.message
        );
        output.intact(&at)?;
        if answer.status >= 0 {
            let kept = scene.alphas(&scene.rows).eq(scene.alphas(&output.rows()));
            ensure!(kept, "{at}: alpha is another");
        }
        let good = bench.scene(SIZE, Pixels::srgb(Format::RgbaF32));
        opened.result(&good, &door.values)?;
    }
    Ok(())
}
