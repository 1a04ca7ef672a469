//! Renders through the door by the Rust host.

use std::thread;

use diat_host::{Error, Format, ImageMut, ImageRef, Input, Pixels, Rect, RenderJob, Status};

use crate::bench::{SIZE, bench, noise, render};

/// Positions of parameters, as the header numbers them.
const STRENGTH: usize = 0;
const SHOW: usize = 1;

#[test]
fn every_format_and_meaning_of_alpha_is_taken() {
    let bench = bench();
    let mut instance = bench.open("painter");
    for format in [Format::RgbaU8, Format::RgbaU16, Format::RgbaF32] {
        let picture = noise(format, 3);
        let bytes = format.bytes_per_pixel();
        for alpha in [
            diat_host::Alpha::Straight,
            diat_host::Alpha::Premultiplied,
            diat_host::Alpha::Opaque,
        ] {
            for transfer in [0, 8, 13] {
                let pixels = Pixels {
                    alpha,
                    transfer,
                    ..Pixels::srgb(format)
                };
                let (status, out) = render(&mut instance, &picture, pixels, &[]);
                assert_eq!(status, Status::Ok, "{pixels:?}");
                assert_ne!(out, picture, "{pixels:?}");
                let alpha_of = |bytes: &[u8], pixel: usize| {
                    let end = (pixel + 1) * bytes_of(format, 4);
                    bytes[end - bytes_of(format, 1)..end].to_vec()
                };
                let count = picture.len() / bytes;
                assert!((0..count).all(|pixel| alpha_of(&out, pixel) == alpha_of(&picture, pixel)));
            }
        }
    }
}

fn bytes_of(format: Format, samples: usize) -> usize {
    format.bytes_per_pixel() / 4 * samples
}

#[test]
fn a_picture_rendered_in_tiles_is_the_picture_rendered_whole() {
    let bench = bench();
    let mut instance = bench.open("painter");
    let picture = noise(Format::RgbaU8, 4);
    let pixels = Pixels::srgb(Format::RgbaU8);
    let (_, whole) = render(&mut instance, &picture, pixels, &[]);
    let mut tiled = vec![0x77; picture.len()];
    for y in (0..SIZE.h).step_by(33) {
        for x in (0..SIZE.w).step_by(41) {
            let roi = Rect {
                x,
                y,
                w: 41.min(SIZE.w - x),
                h: 33.min(SIZE.h - y),
            };
            // A buffer that holds the tile and a border that must come back as it was.
            let rect = Rect {
                x: x - 1,
                y: y - 2,
                w: roi.w + 2,
                h: roi.h + 3,
            };
            let mut tile = vec![0x77; (4 * rect.w * rect.h) as usize];
            let status = instance.render(RenderJob {
                input: Input::Separate(ImageRef::packed(&picture, SIZE, pixels).unwrap()),
                output: ImageMut::packed(&mut tile, rect, pixels).unwrap(),
                roi,
                values: Vec::new(),
                time: None,
                progress: None,
            });
            assert!(status.unwrap().is_success());
            for row in 0..rect.h {
                for column in 0..rect.w {
                    let from = (4 * (row * rect.w + column)) as usize;
                    let pixel = &tile[from..from + 4];
                    let inside = (2..2 + roi.h).contains(&row) && (1..1 + roi.w).contains(&column);
                    if inside {
                        let to = (4 * ((y + row - 2) * SIZE.w + x + column - 1)) as usize;
                        tiled[to..to + 4].copy_from_slice(pixel);
                    } else {
                        assert_eq!(pixel, [0x77; 4], "({column}, {row}) of {rect:?}");
                    }
                }
            }
        }
    }
    assert!(tiled == whole, "tiles differ from the whole");
}

#[test]
fn strength_0_and_an_identity_give_the_picture_back() {
    let bench = bench();
    let picture = noise(Format::RgbaU16, 5);
    let pixels = Pixels::srgb(Format::RgbaU16);
    let mut painter = bench.open("painter");
    let (status, out) = render(&mut painter, &picture, pixels, &[0.0]);
    assert_eq!(status, Status::Unchanged);
    assert!(out == picture);
    assert_eq!(painter.report().unwrap().runtime, "", "no network runs");
    let mut values = vec![0.0; 6];
    values[STRENGTH] = 1.0;
    values[SHOW] = 3.0;
    let (_, difference) = render(&mut bench.open("identity"), &picture, pixels, &values);
    let grey = (0..difference.len() / 2)
        .filter(|index| index % 4 < 3)
        .all(|index| {
            let sample = u16::from_ne_bytes([difference[2 * index], difference[2 * index + 1]]);
            sample.abs_diff(0x8000) <= 1
        });
    assert!(grey, "an identity makes no difference");
}

#[test]
fn progress_never_falls_and_stays_within_0_and_1() {
    let bench = bench();
    let mut instance = bench.open("painter");
    let here = thread::current().id();
    let mut calls: Vec<(f32, String)> = Vec::new();
    let mut progress = |done: f32, stage: &str| {
        assert_eq!(thread::current().id(), here);
        calls.push((done, stage.to_owned()));
        true
    };
    let mut bytes = noise(Format::RgbaU8, 6);
    let status = instance.render(RenderJob {
        input: Input::InPlace,
        output: ImageMut::packed(&mut bytes, SIZE, Pixels::srgb(Format::RgbaU8)).unwrap(),
        roi: SIZE,
        values: Vec::new(),
        time: None,
        progress: Some(&mut progress),
    });
    assert_eq!(status.unwrap(), Status::Ok);
    // How often compositing tells depends on how long it takes.
    for stage in ["detect", "network"] {
        assert!(calls.iter().any(|call| call.1 == stage), "{calls:?}");
    }
    assert!(calls.is_sorted_by_key(|call| call.0), "{calls:?}");
    assert!(
        calls.iter().all(|call| (0.0..=1.0).contains(&call.0)),
        "{calls:?}"
    );
    assert!(calls.iter().all(|call| !call.1.is_empty()), "{calls:?}");
}

#[test]
fn a_render_can_be_cancelled_at_every_call_of_progress() {
    let bench = bench();
    let picture = noise(Format::RgbaU8, 7);
    let pixels = Pixels::srgb(Format::RgbaU8);
    let (_, wanted) = render(&mut bench.open("painter"), &picture, pixels, &[]);
    let mut cancelled = 0;
    loop {
        let mut instance = bench.open("painter");
        let mut calls = 0;
        let mut progress = |_: f32, _: &str| {
            calls += 1;
            calls <= cancelled
        };
        let mut out = vec![0; picture.len()];
        let status = instance.render(RenderJob {
            input: Input::Separate(ImageRef::packed(&picture, SIZE, pixels).unwrap()),
            output: ImageMut::packed(&mut out, SIZE, pixels).unwrap(),
            roi: SIZE,
            values: Vec::new(),
            time: None,
            progress: Some(&mut progress),
        });
        // The instance works as before.
        assert!(render(&mut instance, &picture, pixels, &[]).1 == wanted);
        match status {
            Err(Error::Failed {
                status: Status::Cancelled,
                ..
            }) => {
                assert_eq!(calls, cancelled + 1, "called again after it cancelled");
                cancelled += 1;
            }
            other => {
                assert_eq!(other.unwrap(), Status::Ok);
                assert!(out == wanted);
                break;
            }
        }
    }
    assert!(cancelled >= 2, "cancelled at {cancelled} places only");
}

#[test]
fn a_progress_closure_that_panics_stops_the_render_and_goes_on_in_the_caller() {
    let bench = bench();
    let mut instance = bench.open("painter");
    let mut bytes = noise(Format::RgbaU8, 8);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        instance.render(RenderJob {
            input: Input::InPlace,
            output: ImageMut::packed(&mut bytes, SIZE, Pixels::srgb(Format::RgbaU8)).unwrap(),
            roi: SIZE,
            values: Vec::new(),
            time: None,
            progress: Some(&mut |_, _| panic!("the caller's own")),
        })
    }));
    assert_eq!(
        caught.unwrap_err().downcast_ref::<&str>(),
        Some(&"the caller's own")
    );
    let picture = noise(Format::RgbaU8, 8);
    let (status, _) = render(&mut instance, &picture, Pixels::srgb(Format::RgbaU8), &[]);
    assert_eq!(status, Status::Ok);
}

#[test]
fn eight_instances_in_eight_threads_give_the_bytes_of_one() {
    let bench = bench();
    let pixels = Pixels::srgb(Format::RgbaU8);
    let wanted: Vec<_> = (0..8)
        .map(|seed| {
            render(
                &mut bench.open("painter"),
                &noise(Format::RgbaU8, seed),
                pixels,
                &[],
            )
            .1
        })
        .collect();
    thread::scope(|scope| {
        for (seed, wanted) in (0..).zip(&wanted) {
            let mut instance = bench.open("painter");
            scope.spawn(move || {
                let picture = noise(Format::RgbaU8, seed);
                for _ in 0..5 {
                    assert!(render(&mut instance, &picture, pixels, &[]).1 == *wanted);
                }
            });
        }
    });
    assert!(wanted[0] != wanted[1], "the pictures differ");
}

#[test]
fn an_instance_may_move_between_threads_and_outlive_the_plugin_value() {
    let bench = bench();
    let picture = noise(Format::RgbaU8, 9);
    let pixels = Pixels::srgb(Format::RgbaU8);
    let mut instance = bench.open("painter");
    let here = render(&mut instance, &picture, pixels, &[]).1;
    drop(bench.plugin);
    let there = thread::spawn({
        let picture = picture.clone();
        move || render(&mut instance, &picture, pixels, &[]).1
    });
    assert!(there.join().unwrap() == here);
    assert!(bench.resources.path().is_dir());
}
