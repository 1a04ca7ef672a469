//! Pictures of every size, layout and kind.

use diat_plugin_abi as abi;

use super::bench::Bench;
use super::canvas::{Canvas, Shape};
use super::door::{Door, input};
use super::memory::{CANARY, Memory, Place};
use super::scene::{SIZE, Scene};
use super::{Finding, Verdict, ensure};
use crate::{Alpha, Format, Pixels, Rect};

pub(crate) const FORMATS: [Format; 3] = [Format::RgbaU8, Format::RgbaU16, Format::RgbaF32];
pub(crate) const ALPHAS: [Alpha; 3] = [Alpha::Straight, Alpha::Premultiplied, Alpha::Opaque];
const LINEAR: u16 = 8;

/// Every format with every alpha.
pub(crate) fn kinds() -> impl Iterator<Item = Pixels<'static>> {
    let of = |format| {
        ALPHAS.map(|alpha| Pixels {
            alpha,
            ..Pixels::srgb(format)
        })
    };
    FORMATS.into_iter().flat_map(of)
}

pub(crate) fn renders(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    bench.step("rendering with the defaults");
    if door.result(&scene)? == scene.rows {
        return Err(Finding::warned(
            "no pixel of the drawn face changed, so that checks that compare pixels prove little; choose another --effect",
        ));
    }
    Ok(())
}

/// Renders a picture of a size, with its points and without, and wants success.
fn sized(bench: &Bench<'_>, door: &Door, w: i32, h: i32) -> Verdict {
    for format in FORMATS {
        let scene = bench.scene(Rect { w, h, ..SIZE }, Pixels::srgb(format));
        for given in [true, false] {
            let found = if given { "given" } else { "not given" };
            bench.step(&format!(
                "rendering {w}×{h} pixels, {format:?}, points {found}"
            ));
            let opened = if given {
                door.ready(&scene)?
            } else {
                door.open()?
            };
            let mut input = input(&scene, Shape::PACKED)?;
            let mut output = Canvas::new(scene.rect, scene.pixels, Shape::PACKED)?;
            let answer = opened.render_into(&mut input, &mut output, scene.rect, &door.values)?;
            answer.good(&format!("{w}×{h} pixels, {format:?}, points {found}"))?;
            output.intact("out")?;
        }
    }
    Ok(())
}

pub(crate) fn one_pixel(bench: &Bench<'_>) -> Verdict {
    sized(bench, &bench.door()?, 1, 1)
}

pub(crate) fn odd_sizes(bench: &Bench<'_>) -> Verdict {
    let (door, mut random) = (bench.door()?, bench.random());
    let chosen = (2 * random.between(2, 40) + 1, 2 * random.between(2, 40) + 1);
    for (w, h) in [
        (1, 7),
        (7, 1),
        (2, 3),
        (3, 3),
        (1, 200),
        (201, 1),
        (17, 13),
        chosen,
    ] {
        sized(bench, &door, w, h)?;
    }
    Ok(())
}

pub(crate) fn empty_roi(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let scene = bench.scene(SIZE, Pixels::srgb(Format::RgbaU8));
    let opened = door.ready(&scene)?;
    let mut input = input(&scene, Shape::PACKED)?;
    let mut output = Canvas::new(SIZE, scene.pixels, Shape::PACKED)?;
    for (w, h) in [(0, 0), (0, SIZE.h), (SIZE.w, 0), (0, 1)] {
        let roi = Rect { w, h, ..SIZE };
        let answer = opened.render_into(&mut input, &mut output, roi, &door.values)?;
        answer.is(abi::DIAT_UNCHANGED, &format!("a roi of {w}×{h} pixels"))?;
        let written = output.rows().iter().any(|&byte| byte != CANARY);
        ensure!(!written, "a roi of {w}×{h} pixels, and pixels are written");
    }
    Ok(())
}

/// Layouts that rows may have; `place` is where their buffer lies.
fn shapes(bench: &Bench<'_>, place: Place) -> Vec<Shape> {
    let some = bench.random().between(1, 9) as usize * 4;
    let paddings = [0, 12, some, 1000];
    let of = |padding| {
        [false, true].map(|bottom_up| Shape {
            padding,
            bottom_up,
            place,
        })
    };
    paddings.into_iter().flat_map(of).collect()
}

pub(crate) fn strides(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    for format in FORMATS {
        let scene = bench.scene(SIZE, Pixels::srgb(format));
        let wanted = door.result(&scene)?;
        let opened = door.ready(&scene)?;
        let shapes = shapes(bench, Place::Roomy(0));
        for (index, shape) in shapes.iter().enumerate() {
            // In and out are laid out each in its own way.
            let other = shapes[(index + 3) % shapes.len()];
            let at = format!("{format:?}, out has {}", shape.words());
            bench.step(&at);
            let mut input = input(&scene, other)?;
            let mut output = Canvas::new(SIZE, scene.pixels, *shape)?;
            opened
                .render_into(&mut input, &mut output, SIZE, &door.values)?
                .good(&at)?;
            input.intact(&format!("{at}: in"))?;
            output.intact(&format!("{at}: out"))?;
            ensure!(
                output.rows() == wanted,
                "{at}: other pixels than without padding"
            );
        }
    }
    Ok(())
}

pub(crate) fn unaligned(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    for format in FORMATS {
        let scene = bench.scene(SIZE, Pixels::srgb(format));
        let wanted = door.result(&scene)?;
        let opened = door.ready(&scene)?;
        for shift in [1, 2, 3, 7] {
            let shape = Shape {
                padding: shift,
                place: Place::Roomy(shift),
                ..Shape::PACKED
            };
            let at = format!("{format:?}, {}", shape.words());
            bench.step(&at);
            let mut input = input(&scene, shape)?;
            let mut output = Canvas::new(SIZE, scene.pixels, shape)?;
            opened
                .render_into(&mut input, &mut output, SIZE, &door.values)?
                .good(&at)?;
            output.intact(&at)?;
            ensure!(
                output.rows() == wanted,
                "{at}: other pixels than at an even place"
            );
        }
    }
    Ok(())
}

pub(crate) fn formats_and_alphas(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    for pixels in kinds() {
        for transfer in [0, 13, LINEAR] {
            let pixels = Pixels { transfer, ..pixels };
            let scene = bench.scene(SIZE, pixels);
            let at = format!(
                "{:?}, {:?}, transfer {transfer}",
                pixels.format, pixels.alpha
            );
            bench.step(&at);
            let opened = door.ready(&scene)?;
            let mut input = input(&scene, Shape::PACKED)?;
            let mut output = Canvas::new(SIZE, pixels, Shape::PACKED)?;
            let answer = opened.render_into(&mut input, &mut output, SIZE, &door.values)?;
            if transfer == LINEAR && answer.status == abi::DIAT_E_UNSUPPORTED {
                continue;
            }
            answer.good(&at)?;
            ensure!(
                finite(&scene, &output.rows()),
                "{at}: NaN or infinity in the result"
            );
        }
    }
    Ok(())
}

fn finite(scene: &Scene, rows: &[u8]) -> bool {
    let number = |bytes: &[u8]| bytes.try_into().map_or(f32::NAN, f32::from_ne_bytes);
    scene.pixels.format != Format::RgbaF32
        || rows
            .chunks_exact(4)
            .all(|sample| number(sample).is_finite())
}

pub(crate) fn guard_pages(bench: &Bench<'_>) -> Verdict {
    if !Memory::CAN_FORBID {
        return Err(Finding::skipped("this system cannot forbid memory"));
    }
    let door = bench.door()?;
    for format in FORMATS {
        let scene = bench.scene(SIZE, Pixels::srgb(format));
        let opened = door.ready(&scene)?;
        for place in [Place::AtEnd, Place::AtStart] {
            for shape in shapes(bench, place) {
                let at = format!("{format:?}, {}", shape.words());
                bench.step(&at);
                let mut input = input(&scene, shape)?;
                let mut output = Canvas::new(SIZE, scene.pixels, shape)?;
                opened
                    .render_into(&mut input, &mut output, SIZE, &door.values)?
                    .good(&at)?;
                output.intact(&at)?;
            }
        }
    }
    Ok(())
}

pub(crate) fn sealed_input(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    for format in FORMATS {
        let scene = bench.scene(SIZE, Pixels::srgb(format));
        for shape in shapes(bench, Place::Roomy(0)) {
            let at = format!("{format:?}, in is read-only, {}", shape.words());
            bench.step(&at);
            let opened = door.ready(&scene)?;
            let mut input = input(&scene, shape)?;
            let image = input.image()?;
            input.seal();
            let mut output = Canvas::new(SIZE, scene.pixels, shape)?;
            let output = output.image()?;
            let job = super::door::job(&image, &output, SIZE, &door.values);
            opened.render(job).good(&at)?;
            ensure!(input.rows() == scene.rows, "{at}: in was written");
            input.intact(&at)?;
        }
    }
    Ok(())
}
