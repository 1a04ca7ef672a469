//! How soon a render that is asked to stop does: how much it does between two calls of progress.

use std::collections::BTreeMap;
use std::time::Instant;

use diat_host::{Error, ImageMut, ImageRef, Input, Instance, Points, RenderJob, Status};
use diat_image::{Alpha, Format, Layout, Rect, Transfer};
use diat_tests::{Painter, Resources, manifest};

use crate::stage::{Wish, face, negative, open, pixels, plugin, rect};

/// 24 megapixels.
const LARGE: Rect = Rect::new(0, 0, 6000, 4000);
/// Pixels that a stage may work on between two calls.
const MOST_PIXELS: usize = 1 << 19;
/// Side of the region that [`large_face`]'s crop is made of.
const REGION: f64 = 2000.0;
const SIDE: usize = 64;

/// A face whose crop is made of 4 megapixels.
fn large_face() -> Points {
    face(SIDE, 0.36 * REGION, 12.0, [3000.0, 2000.0]).1
}

/// The bytes of a picture of [`LARGE`], the first of which is `seed`.
fn large(layout: Layout, seed: u8) -> Vec<u8> {
    let length = LARGE.w as usize * LARGE.h as usize * layout.format.bytes_per_pixel();
    let mut bytes: Vec<u8> = if layout.format == Format::RgbaF32 {
        let sample = |i: usize| ((i * 7 % 251) as f32 / 250.0).to_ne_bytes();
        (0..length / 4).flat_map(sample).collect()
    } else {
        (0..length)
            .map(|i| (i * 7 + i / 6000) as u8 & 0x3F)
            .collect()
    };
    bytes[0] = seed;
    bytes
}

/// Renders `input` into `output`, or what is there in place; `go_on` hears each stage.
fn render(
    instance: &mut Instance,
    layout: Layout,
    input: Option<&[u8]>,
    output: &mut [u8],
    go_on: &mut dyn FnMut(&str) -> bool,
) -> Result<Status, Error> {
    let (area, pixels) = (rect(LARGE), pixels(layout));
    let input = input.map_or(Input::InPlace, |bytes| {
        Input::Separate(ImageRef::packed(bytes, area, pixels).unwrap())
    });
    instance.render(RenderJob {
        input,
        output: ImageMut::packed(output, area, pixels).unwrap(),
        roi: area,
        values: Wish::default().values(),
        time: None,
        progress: Some(&mut |_, stage| go_on(stage)),
    })
}

#[test]
fn no_stage_works_on_more_than_half_a_megapixel_between_two_calls_and_each_call_stops_it() {
    let resources = Resources::new();
    let all = |_, _| 1.0;
    resources.add(
        "negative",
        &manifest("negative", SIDE),
        &negative(SIDE, &all),
    );
    // One thread, so that no other does a part of what is counted.
    let plugin = plugin(&resources, 1);
    let whole = LARGE.w as usize * LARGE.h as usize;
    let region = (REGION * REGION) as usize;
    let given = [
        ("copy", whole),
        ("look", whole),
        ("warp", region),
        ("composite", region),
    ];
    let found = [("copy", whole), ("look", whole), ("detect", whole)];
    let layout = Layout::srgb(Format::RgbaU8);
    let mut picture = large(layout, 0);
    let mut output = vec![0; picture.len()];
    for (points, stages) in [(&[large_face()][..], &given[..]), (&[], &found)] {
        let mut instance = open(&plugin, "negative", points);
        let mut calls: BTreeMap<String, usize> = BTreeMap::new();
        let mut count = |stage: &str| {
            *calls.entry(stage.to_owned()).or_default() += 1;
            true
        };
        let status = render(
            &mut instance,
            layout,
            Some(&picture),
            &mut output,
            &mut count,
        );
        assert!(status.is_ok(), "{status:?}");
        for (stage, worked_on) in stages {
            let calls = calls.get(*stage).copied().unwrap_or(0);
            let least = worked_on / MOST_PIXELS;
            assert!(calls >= least, "{stage}: {calls} calls, {least} are needed");
            // Another picture, of which nothing is remembered. Stopped in the middle, it is not called again.
            picture[0] += 1;
            let mut heard = 0;
            let mut half = |now: &str| {
                heard += usize::from(now == *stage);
                heard < calls / 2
            };
            let status = render(
                &mut instance,
                layout,
                Some(&picture),
                &mut output,
                &mut half,
            );
            let cancelled = Status::Cancelled;
            let is_cancelled =
                matches!(status, Err(Error::Failed { status, .. }) if status == cancelled);
            assert!(is_cancelled, "{stage}: {status:?}");
            assert_eq!(heard, calls / 2, "{stage}");
        }
    }
}

#[test]
#[ignore = "prints times, promises none"]
fn the_longest_wait_of_each_stage_at_24_megapixels() {
    let resources = Resources::new();
    Painter::default().add_to(&resources, "painter");
    let plugin = plugin(&resources, 2);
    let linear = |alpha, format| Layout {
        alpha,
        transfer: Transfer::Linear,
        ..Layout::srgb(format)
    };
    let layouts = [
        Layout::srgb(Format::RgbaU8),
        Layout::srgb(Format::RgbaU16),
        Layout::srgb(Format::RgbaF32),
        linear(Alpha::Premultiplied, Format::RgbaU8),
        linear(Alpha::Premultiplied, Format::RgbaF32),
    ];
    let mut seed = 0;
    for points in [&[large_face()][..], &[]] {
        for (layout, in_place) in layouts.iter().flat_map(|l| [(*l, false), (*l, true)]) {
            let mut instance = open(&plugin, "painter", points);
            let mut longest: BTreeMap<String, (f64, usize)> = BTreeMap::new();
            // The first render also opens the networks, which is one step.
            for _ in 0..2 {
                seed += 1;
                let picture = large(layout, seed);
                let mut output = picture.clone();
                longest.clear();
                let (mut last, mut stage) = (Instant::now(), "start".to_owned());
                let mut heard = |next: &str| {
                    let gap = last.elapsed().as_secs_f64() * 1e3;
                    let known = longest
                        .entry(std::mem::replace(&mut stage, next.to_owned()))
                        .or_default();
                    *known = (known.0.max(gap), known.1 + 1);
                    last = Instant::now();
                    true
                };
                let input = (!in_place).then_some(&picture[..]);
                render(&mut instance, layout, input, &mut output, &mut heard).unwrap();
                heard("end");
            }
            let faces = if points.is_empty() { "sought" } else { "given" };
            let place = if in_place { "in place" } else { "apart" };
            let Layout {
                format,
                alpha,
                transfer,
                ..
            } = layout;
            print!("{faces}, {format:?} {alpha:?} {transfer:?}, {place}:");
            for (stage, (gap, calls)) in longest {
                print!(" {stage} {gap:.0} ms ({calls})");
            }
            println!();
        }
    }
}
