//! Which bytes a render writes, and what they do not depend on.

use crate::stage::{
    FORMATS, MASK, Wish, converted, face, negative, noise, open, pixels, plugin, rect, render,
    try_render,
};
use diat_host::{ImageMut, ImageRef, Input, Points, RenderJob, Status};
use diat_image::{Alpha, Format, Layout, Picture, Transfer};
use diat_tests::{Identity, Resources, manifest};

const SIDE: usize = 64;

/// A disc in the middle, with soft edges, and nothing around it.
fn disc(x: usize, y: usize) -> f32 {
    let far = (x as f32 - 30.5).hypot(y as f32 - 34.5);
    (18.0 - far).clamp(0.0, 1.0)
}

fn negative_in(resources: &Resources) {
    resources.add(
        "negative",
        &manifest("negative", SIDE),
        &negative(SIDE, &disc),
    );
}

/// Eight faces whose crops do not meet, at all sizes and turns.
fn eight() -> Vec<Points> {
    (0..8)
        .map(|i| {
            let middle = [
                70.0 + 130.0 * f64::from(i % 4),
                75.0 + 150.0 * f64::from(i / 4),
            ];
            face(
                SIDE,
                20.0 + 2.5 * f64::from(i),
                40.0 * f64::from(i) - 150.0,
                middle,
            )
            .1
        })
        .collect()
}

fn layouts() -> Vec<Layout> {
    let mut all = Vec::new();
    for format in FORMATS {
        for alpha in [Alpha::Straight, Alpha::Premultiplied, Alpha::Opaque] {
            for transfer in [Transfer::Srgb, Transfer::Linear] {
                all.push(Layout {
                    format,
                    alpha,
                    transfer,
                });
            }
        }
    }
    all
}

/// Renders with rows in any order and padding of one byte's value; gives the rows and what the padding became.
fn render_strided(
    instance: &mut diat_host::Instance,
    input: &Picture,
    upside_down: bool,
    padding: usize,
) -> (Vec<u8>, Vec<u8>) {
    let area = input.rect();
    let row = input.bytes().len() / area.h as usize;
    let pitch = row + padding;
    let mut bytes = vec![0xC3; pitch * area.h as usize + 5];
    let last = 5 + pitch * (area.h as usize - 1);
    let (first, stride) = if upside_down {
        (last, -(pitch as isize))
    } else {
        (5, pitch as isize)
    };
    let start = |y: usize| (first as isize + y as isize * stride) as usize;
    for (y, source) in input.bytes().chunks(row).enumerate() {
        bytes[start(y)..start(y) + row].copy_from_slice(source);
    }
    let pixels = pixels(input.layout());
    instance
        .render(RenderJob {
            input: Input::InPlace,
            output: ImageMut::new(&mut bytes, first, stride, rect(area), pixels).unwrap(),
            roi: rect(area),
            values: Wish::default().values(),
            time: None,
            progress: None,
        })
        .unwrap();
    let mut rows = Vec::new();
    for y in 0..area.h as usize {
        rows.extend_from_slice(&bytes[start(y)..start(y) + row]);
        bytes[start(y)..start(y) + row].fill(0xC3);
    }
    (rows, bytes)
}

#[test]
fn where_m_is_0_every_bit_stays_and_alpha_and_padding_everywhere() {
    let resources = Resources::new();
    negative_in(&resources);
    let plugin = plugin(&resources, 0);
    for layout in layouts() {
        let input = noise(560, 300, layout, 1);
        let mut instance = open(&plugin, "negative", &eight());
        // m itself, free of rounding: masks do not look at the picture.
        let plain = Layout::srgb(Format::RgbaF32);
        let mask = render(&mut instance, &noise(560, 300, plain, 1), &Wish::show(MASK));
        let out = render(&mut instance, &input, &Wish::default());
        let size = layout.format.bytes_per_pixel();
        let (mut untouched, mut changed) = (0, 0);
        let bytes = input
            .bytes()
            .chunks(size)
            .zip(out.bytes().chunks(size))
            .zip(mask.bytes().chunks(16));
        for ((before, after), m) in bytes {
            assert_eq!(
                before[3 * size / 4..],
                after[3 * size / 4..],
                "{layout:?}: alpha"
            );
            if m[..4] == [0; 4] {
                untouched += 1;
                assert_eq!(before, after, "{layout:?}");
            } else {
                changed += usize::from(before != after);
            }
        }
        assert!(
            untouched > 50_000 && changed > 10_000,
            "{untouched} {changed}"
        );

        for (upside_down, padding) in [(false, 7), (true, 0), (true, 24)] {
            let (rows, rest) = render_strided(&mut instance, &input, upside_down, padding);
            assert!(rows == out.bytes(), "{layout:?}: other bytes with a stride");
            assert!(
                rest.iter().all(|&byte| byte == 0xC3),
                "{layout:?}: padding was written"
            );
        }
    }
}

#[test]
fn eight_faces_at_once_are_eight_faces_one_by_one() {
    let resources = Resources::new();
    negative_in(&resources);
    let plugin = plugin(&resources, 0);
    for format in FORMATS {
        let input = noise(560, 300, Layout::srgb(format), 2);
        let mut instance = open(&plugin, "negative", &eight());
        let together = render(&mut instance, &input, &Wish::default());
        let mut one_by_one = input.clone();
        for points in eight() {
            let mut instance = open(&plugin, "negative", &[points]);
            one_by_one = render(&mut instance, &one_by_one, &Wish::default());
        }
        assert!(together == one_by_one, "{format:?}");
    }
}

#[test]
fn neither_the_first_run_nor_the_number_of_threads_nor_another_instance_changes_a_byte() {
    let resources = Resources::new();
    negative_in(&resources);
    let input = noise(560, 300, Layout::srgb(Format::RgbaU16), 3);
    let mut all = Vec::new();
    for threads in [1, 2, 8, 0] {
        let plugin = plugin(&resources, threads);
        for _ in 0..2 {
            let mut instance = open(&plugin, "negative", &eight());
            all.push(render(&mut instance, &input, &Wish::default()));
            all.push(render(&mut instance, &input, &Wish::default()));
        }
    }
    assert!(all[0] != input);
    assert!(all.iter().all(|other| *other == all[0]));
}

#[test]
fn in_place_is_out_of_place() {
    let resources = Resources::new();
    negative_in(&resources);
    let plugin = plugin(&resources, 0);
    for format in FORMATS {
        let input = noise(560, 300, Layout::srgb(format), 4);
        let mut instance = open(&plugin, "negative", &eight());
        let apart = render(&mut instance, &input, &Wish::default());
        let mut other = open(&plugin, "negative", &eight());
        let (rows, _) = render_strided(&mut other, &input, false, 0);
        assert!(rows == apart.bytes(), "{format:?}");
    }
}

#[test]
fn tiles_are_the_whole() {
    let resources = Resources::new();
    negative_in(&resources);
    let plugin = plugin(&resources, 0);
    let input = noise(560, 300, Layout::srgb(Format::RgbaU8), 5);
    let mut instance = open(&plugin, "negative", &eight());
    let whole = render(&mut instance, &input, &Wish::default());
    let area = input.rect();
    let mut tiled = vec![0u8; input.bytes().len()];
    for y in (0..area.h).step_by(77) {
        for x in (0..area.w).step_by(101) {
            let tile = diat_image::Rect::new(x, y, 101, 77).intersection(&area);
            // An output of its own, which holds the tile and nothing else.
            let (w, h) = tile.size();
            let mut bytes = vec![0u8; w * h * 4];
            let pixels = pixels(input.layout());
            instance
                .render(RenderJob {
                    input: Input::Separate(
                        ImageRef::packed(input.bytes(), rect(area), pixels).unwrap(),
                    ),
                    output: ImageMut::packed(&mut bytes, rect(tile), pixels).unwrap(),
                    roi: rect(tile),
                    values: Wish::default().values(),
                    time: None,
                    progress: None,
                })
                .unwrap();
            for (row, y) in bytes.chunks(w * 4).zip(y as usize..) {
                let start = (y * area.w as usize + x as usize) * 4;
                tiled[start..start + row.len()].copy_from_slice(row);
            }
        }
    }
    assert!(tiled == whole.bytes());
}

#[test]
fn a_region_is_all_that_is_written() {
    let resources = Resources::new();
    negative_in(&resources);
    let plugin = plugin(&resources, 0);
    let input = noise(560, 300, Layout::srgb(Format::RgbaU8), 6);
    let mut instance = open(&plugin, "negative", &eight());
    let whole = render(&mut instance, &input, &Wish::default());
    let area = rect(input.rect());
    let roi = diat_host::Rect {
        x: 31,
        y: 40,
        w: 200,
        h: 90,
    };
    let mut bytes = vec![0x77; input.bytes().len()];
    let pixels = pixels(input.layout());
    instance
        .render(RenderJob {
            input: Input::Separate(ImageRef::packed(input.bytes(), area, pixels).unwrap()),
            output: ImageMut::packed(&mut bytes, area, pixels).unwrap(),
            roi,
            values: Wish::default().values(),
            time: None,
            progress: None,
        })
        .unwrap();
    for (i, (found, whole)) in bytes.chunks(4).zip(whole.bytes().chunks(4)).enumerate() {
        let (x, y) = (i as i32 % area.w - roi.x, i as i32 / area.w - roi.y);
        let inside = (0..roi.w).contains(&x) && (0..roi.h).contains(&y);
        assert_eq!(found, if inside { whole } else { &[0x77; 4] });
    }
}

#[test]
fn a_network_that_changes_nothing_changes_no_byte() {
    let resources = Resources::new();
    Identity::default().add_to(&resources, "identity");
    let plugin = plugin(&resources, 0);
    for format in [Format::RgbaU8, Format::RgbaU16] {
        let input = noise(560, 300, Layout::srgb(format), 7);
        let mut instance = open(&plugin, "identity", &eight());
        let (out, status) = try_render(&mut instance, &input, &Wish::default()).unwrap();
        assert!(out == input, "{format:?}");
        assert_eq!(status, Status::Unchanged);
    }
    // Floats have no rounding to hide behind: the network's own last digit remains.
    let input = noise(560, 300, Layout::srgb(Format::RgbaF32), 7);
    let mut instance = open(&plugin, "identity", &eight());
    let out = render(&mut instance, &input, &Wish::default());
    for (before, after) in input
        .bytes()
        .as_chunks::<4>()
        .0
        .iter()
        .zip(out.bytes().as_chunks::<4>().0)
    {
        let off = f32::from_ne_bytes(*before) - f32::from_ne_bytes(*after);
        assert!(off.abs() < 1e-6, "{off}");
    }
}

#[test]
fn eight_bits_are_sixteen_bits_rounded() {
    let resources = Resources::new();
    negative_in(&resources);
    let plugin = plugin(&resources, 0);
    let input = noise(560, 300, Layout::srgb(Format::RgbaU8), 8);
    let mut instance = open(&plugin, "negative", &eight());
    let bytes = render(&mut instance, &input, &Wish::default());
    let words = render(
        &mut instance,
        &converted(&input, Format::RgbaU16),
        &Wish::default(),
    );
    for (byte, word) in bytes.bytes().iter().zip(words.bytes().as_chunks::<2>().0) {
        let word = f64::from(u16::from_ne_bytes(*word)) / 257.0;
        assert!((f64::from(*byte) - word).abs() < 0.51, "{byte} {word}");
    }
}
