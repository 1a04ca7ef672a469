//! Numbers that a job gives, and those that it does not.

use diat_plugin_abi::{self as abi, DIAT_DEVICE, diat_job};

use super::bench::Bench;
use super::canvas::{Canvas, Shape};
use super::door::{Answer, Door, Opened, input, job};
use super::scene::{SIZE, Scene};
use super::{Finding, Verdict, ensure};
use crate::{Format, Pixels};

/// Renders with values, and says nothing of pixels.
fn answer(opened: &Opened<'_>, scene: &Scene, values: &[f64]) -> Result<Answer, Finding> {
    let mut input = input(scene, Shape::PACKED)?;
    let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
    opened.render_into(&mut input, &mut output, SIZE, values)
}

/// The door, a scene and the ids of the parameters.
fn begin(bench: &Bench<'_>) -> Result<(Door, Scene), Finding> {
    Ok((
        bench.door()?,
        bench.scene(SIZE, Pixels::srgb(Format::RgbaU8)),
    ))
}

pub(crate) fn missing(bench: &Bench<'_>) -> Verdict {
    let (door, scene) = begin(bench)?;
    let opened = door.ready(&scene)?;
    let defaults = door.effect.defaults();
    let wanted = opened.result(&scene, &defaults)?;
    for count in 0..=defaults.len() {
        let at = format!("the first {count} of {} values", defaults.len());
        bench.step(&at);
        let got = opened.result(&scene, &defaults[..count])?;
        ensure!(got == wanted, "{at} come to other pixels than all defaults");
    }
    Ok(())
}

pub(crate) fn too_many(bench: &Bench<'_>) -> Verdict {
    let (door, scene) = begin(bench)?;
    let opened = door.ready(&scene)?;
    let mut values = door.values.clone();
    values.extend([0.0; 3]);
    let count = door.values.len();
    for more in 1..=3 {
        let what = format!("{} values for {count} parameters", count + more);
        answer(&opened, &scene, &values[..count + more])?.is(abi::DIAT_E_ARGUMENT, &what)?;
    }
    bench.step("4294967295 values");
    let mut input = input(&scene, Shape::PACKED)?;
    let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
    let (input, output) = (input.image()?, output.image()?);
    let job = diat_job {
        n_values: u32::MAX,
        ..job(&input, &output, SIZE, &door.values)
    };
    opened
        .render(job)
        .is(abi::DIAT_E_ARGUMENT, "4294967295 values")
}

pub(crate) fn nan(bench: &Bench<'_>) -> Verdict {
    let (door, scene) = begin(bench)?;
    let opened = door.ready(&scene)?;
    for (index, param) in door.effect.params.iter().enumerate() {
        let mut values = door.values.clone();
        values[index] = f64::NAN;
        let what = format!("{} is NaN", param.id);
        bench.step(&what);
        answer(&opened, &scene, &values)?.is(abi::DIAT_E_ARGUMENT, &what)?;
    }
    Ok(())
}

pub(crate) fn out_of_range(bench: &Bench<'_>) -> Verdict {
    let (door, scene) = begin(bench)?;
    let opened = door.ready(&scene)?;
    for (index, param) in door.effect.params.iter().enumerate() {
        let beyond = [
            (param.min, [param.min - 1.0, f64::NEG_INFINITY]),
            (param.max, [1e300, f64::INFINITY]),
        ];
        for (limit, values) in beyond {
            // The last device is a graphics card, which would be looked for.
            if index == DIAT_DEVICE && limit > 0.0 {
                continue;
            }
            let with = |value: f64| {
                let mut values = door.values.clone();
                values[index] = value;
                values
            };
            bench.step(&format!("{} at {limit} and beyond", param.id));
            let wanted = opened.result(&scene, &with(limit))?;
            for value in values {
                let got = opened.result(&scene, &with(value))?;
                ensure!(
                    got == wanted,
                    "{} = {value} is not taken for {limit}",
                    param.id
                );
            }
        }
    }
    Ok(())
}
