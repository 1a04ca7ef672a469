//! Pictures and regions that cannot be.

use diat_plugin_abi::{self as abi, diat_image, diat_job, diat_rect, diat_status};

use super::bench::Bench;
use super::canvas::{Canvas, Shape};
use super::door::{Door, Opened, input, job};
use super::scene::{SIZE, Scene};
use super::{Finding, Verdict};
use crate::{Format, Pixels, Rect};

/// Two pictures of 8-bit pixels, two spare rows below each, and an instance.
struct Try<'a> {
    bench: &'a Bench<'a>,
    door: &'a Door,
    opened: Opened<'a>,
    _canvases: [Canvas; 2],
    input: diat_image,
    output: diat_image,
}

const ROW: isize = 4 * SIZE.w as isize;

impl<'a> Try<'a> {
    fn new(bench: &'a Bench<'a>, door: &'a Door) -> Result<Self, Finding> {
        let roomy = Rect {
            h: SIZE.h + 2,
            ..SIZE
        };
        let scene: Scene = bench.scene(roomy, Pixels::srgb(Format::RgbaU8));
        let mut canvases = [
            input(&scene, Shape::PACKED)?,
            Canvas::new(roomy, scene.pixels, Shape::PACKED)?,
        ];
        let [input, output] = &mut canvases;
        let cut = |image: diat_image| diat_image {
            rect: SIZE.into(),
            ..image
        };
        let (input, output) = (cut(input.image()?), cut(output.image()?));
        let opened = door.ready(&scene)?;
        Ok(Self {
            bench,
            door,
            opened,
            _canvases: canvases,
            input,
            output,
        })
    }

    /// Renders with one thing changed.
    fn wants(
        &self,
        wanted: diat_status,
        what: &str,
        change: impl FnOnce(&mut diat_image, &mut diat_image, &mut diat_job),
    ) -> Verdict {
        self.bench.step(what);
        let (mut input, mut output) = (self.input, self.output);
        let mut job = job(&self.input, &self.output, SIZE, &self.door.values);
        change(&mut input, &mut output, &mut job);
        (job.r#in, job.out) = (&raw const input, &raw const output);
        self.opened.render(job).is(wanted, what)
    }

    /// After all mistakes a good job still works.
    fn ends_well(&self) -> Verdict {
        let job = job(&self.input, &self.output, SIZE, &self.door.values);
        self.opened.render(job).good("a good job after all that")
    }
}

pub(crate) fn pictures(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let tried = Try::new(bench, &door)?;
    type Change = fn(&mut diat_image);
    let changes: [(&str, Change); 11] = [
        ("a rect of no columns", |image| image.rect.w = 0),
        ("a rect of no rows", |image| image.rect.h = 0),
        ("a rect of -5 rows", |image| image.rect.h = -5),
        ("a rect of i32::MIN columns", |image| {
            image.rect.w = i32::MIN
        }),
        ("a rect that leaves 32 bits", |image| {
            image.rect.x = i32::MAX - 3
        }),
        ("a stride of 0", |image| image.stride = 0),
        ("rows that overlap", |image| image.stride = ROW - 1),
        ("rows that overlap upwards", |image| image.stride = 1 - ROW),
        ("a stride that leaves memory", |image| {
            image.stride = isize::MAX
        }),
        ("a stride that leaves memory upwards", |image| {
            image.stride = isize::MIN
        }),
        ("a picture larger than memory", |image| {
            image.rect = diat_rect {
                x: 0,
                y: 0,
                w: i32::MAX,
                h: i32::MAX,
            };
            image.stride = (i32::MAX as isize).saturating_mul(8);
        }),
    ];
    let wanted = abi::DIAT_E_ARGUMENT;
    for (what, change) in changes {
        tried.wants(wanted, &format!("in: {what}"), |input, _, _| change(input))?;
        tried.wants(wanted, &format!("out: {what}"), |_, output, _| {
            change(output)
        })?;
    }
    tried.ends_well()
}

pub(crate) fn regions(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let tried = Try::new(bench, &door)?;
    let mut random = bench.random();
    let Rect { w, h, .. } = SIZE;
    let some = random.between(1, 1000);
    let regions = [
        (-1, 0, w, h),
        (0, -1, w, h),
        (1, 0, w, h),
        (0, 1, w, h),
        (0, 0, -1, h),
        (0, 0, w, -1),
        (0, 0, w + some, h),
        (w + some, h + some, 1, 1),
        (i32::MAX, 0, i32::MAX, h),
        (i32::MIN, i32::MIN, i32::MAX, i32::MAX),
        (-some, 0, i32::MAX, h),
    ];
    for (x, y, w, h) in regions {
        let what = format!("the roi ({x}, {y}, {w}, {h})");
        tried.wants(abi::DIAT_E_ARGUMENT, &what, |_, _, job| {
            job.roi = diat_rect { x, y, w, h }
        })?;
    }
    let smaller = |image: &mut diat_image| image.rect.h -= 1;
    tried.wants(
        abi::DIAT_E_ARGUMENT,
        "a roi outside of in",
        |input, _, _| smaller(input),
    )?;
    tried.wants(
        abi::DIAT_E_ARGUMENT,
        "a roi outside of out",
        |_, output, _| smaller(output),
    )?;
    tried.ends_well()
}

pub(crate) fn overlap(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let tried = Try::new(bench, &door)?;
    let wanted = abi::DIAT_E_ARGUMENT;
    let moves = [
        ("out a pixel further than in", 4),
        ("out a row further than in", ROW),
        ("out a byte further than in", 1),
        (
            "the last byte of in is the first of out",
            ROW * SIZE.h as isize - 1,
        ),
    ];
    for (what, bytes) in moves {
        tried.wants(wanted, what, |input, output, job| {
            output.data = input.data.wrapping_byte_offset(bytes);
            if bytes > 2 * ROW {
                // Only the first rows of out are in the buffer.
                output.rect.h = 1;
                job.roi.h = 1;
            }
        })?;
    }
    tried.wants(
        wanted,
        "the same data with other rects",
        |input, output, job| {
            output.data = input.data;
            output.rect.h -= 1;
            job.roi.h -= 1;
        },
    )?;
    tried.wants(wanted, "out in the padding of in", |input, output, job| {
        output.data = input.data.wrapping_byte_offset(ROW);
        for image in [input, output] {
            image.stride = 2 * ROW;
            image.rect.h /= 2;
        }
        job.roi.h /= 2;
    })?;
    tried.wants(wanted, "the same rows upside down", |input, output, _| {
        output.data = input.data.wrapping_byte_offset(ROW * (SIZE.h as isize - 1));
        output.stride = -ROW;
    })?;
    tried.ends_well()
}

pub(crate) fn formats(bench: &Bench<'_>) -> Verdict {
    let door = bench.door()?;
    let tried = Try::new(bench, &door)?;
    let mut random = bench.random();
    let wanted = abi::DIAT_E_FORMAT;
    for number in [0, 4, 5 + random.next() as u32 / 2, u32::MAX] {
        tried.wants(wanted, &format!("format {number}"), |input, output, _| {
            (input.format, output.format) = (number, number);
        })?;
        if number > 0 {
            tried.wants(wanted, &format!("alpha {number}"), |input, output, _| {
                (input.alpha, output.alpha) = (number, number);
            })?;
        }
    }
    let half = |image: &mut diat_image| image.rect.w = SIZE.w / 2;
    tried.wants(
        wanted,
        "in and out of different formats",
        |input, output, job| {
            input.format = abi::DIAT_RGBA_U16;
            half(input);
            half(output);
            job.roi.w = SIZE.w / 2;
        },
    )?;
    tried.wants(wanted, "in and out of different alphas", |input, _, _| {
        input.alpha = abi::DIAT_ALPHA_OPAQUE;
    })?;
    tried.wants(
        wanted,
        "in and out of different transfers",
        |input, _, _| input.transfer = 8,
    )?;
    tried.wants(
        wanted,
        "in and out of different primaries",
        |input, _, _| input.primaries = 9,
    )?;
    tried.ends_well()
}
