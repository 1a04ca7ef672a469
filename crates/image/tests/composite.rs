//! The composite against its formula, written down once more in the plainest way and in 64 bits.

#![allow(
    clippy::needless_range_loop,
    reason = "three colours in three arrays read best by number"
)]

mod support;

use diat_image::{Alpha, Format, Layout, Patch, Picture, Rect, Show, Transfer, ViewMut, composite};
use support::{FORMATS, centre, layouts, noise, patch, picture, similarity};

const PICTURE: Rect = Rect {
    x: -3,
    y: 5,
    w: 71,
    h: 53,
};

/// Keys' cubic convolution kernel with a = -1/2.
fn kernel(t: f64) -> f64 {
    let t = t.abs();
    if t < 1.0 {
        1.5 * t * t * t - 2.5 * t * t + 1.0
    } else if t < 2.0 {
        -0.5 * t * t * t + 2.5 * t * t - 4.0 * t + 2.0
    } else {
        0.0
    }
}

/// A plane at (u, v), pixel (0, 0) having its centre at (0.5, 0.5), borders replicated.
fn up(u: f64, v: f64, width: usize, height: usize, f: impl Fn(usize, usize) -> f32) -> f64 {
    let (i, j) = ((u - 0.5).floor() as i64, (v - 0.5).floor() as i64);
    let mut sum = 0.0;
    for y in j - 1..=j + 2 {
        for x in i - 1..=i + 2 {
            let weight = kernel(u - 0.5 - x as f64) * kernel(v - 0.5 - y as f64);
            let inside = |k: i64, n: usize| k.clamp(0, n as i64 - 1) as usize;
            sum += weight * f64::from(f(inside(x, width), inside(y, height)));
        }
    }
    sum
}

/// The sRGB curve, odd where light is negative.
fn encode(light: f64) -> f64 {
    let size = light.abs();
    let code = if size <= 0.003_130_8 {
        12.92 * size
    } else {
        1.055 * size.powf(1.0 / 2.4) - 0.055
    };
    code.copysign(light)
}

fn decode(code: f64) -> f64 {
    let size = code.abs();
    let light = if size <= 0.040_45 {
        size / 12.92
    } else {
        ((size + 0.055) / 1.055).powf(2.4)
    };
    light.copysign(code)
}

/// m of the winner at a pixel, and the pixel's samples after the formula; None for m outside of all crops.
struct Expected {
    m: Option<f64>,
    out: [f64; 3],
    transformed: [f64; 3],
}

fn expected(own: [f32; 4], layout: Layout, x: i32, y: i32, patches: &[Patch], s: f64) -> Expected {
    let own = own.map(f64::from);
    let alpha = if layout.alpha == Alpha::Premultiplied {
        own[3]
    } else {
        1.0
    };
    let to_code = |c: f64| {
        let straight = if alpha > 0.0 { c / alpha } else { 0.0 };
        if layout.transfer == Transfer::Linear {
            encode(straight)
        } else {
            straight
        }
    };
    let to_own = |c: f64| {
        let straight = if layout.transfer == Transfer::Linear {
            decode(c)
        } else {
            c
        };
        straight * alpha
    };
    let mut best = Expected {
        m: None,
        out: [own[0], own[1], own[2]],
        transformed: [0.0; 3],
    };
    for patch in patches {
        let (height, width) = patch.weight.dim();
        let p = centre(&patch.to_crop, x, y);
        if p.x < 0.0 || p.y < 0.0 || p.x >= width as f64 || p.y >= height as f64 {
            continue;
        }
        let up = |f: &dyn Fn(usize, usize) -> f32| up(p.x, p.y, width, height, f);
        // The window is 0 at the outermost pixels' centres, and beyond them nothing is left.
        let ring = |u: f64, n: usize| u > 0.5 && u < n as f64 - 0.5;
        let m = if ring(p.x, width) && ring(p.y, height) {
            up(&|i, j| patch.weight[(j, i)]).clamp(0.0, 1.0)
        } else {
            0.0
        };
        if best.m.is_some_and(|other| other >= m) {
            continue;
        }
        let g = up(&|i, j| patch.gate[(j, i)]).clamp(0.0, 1.0);
        for c in 0..3 {
            let change = up(&|i, j| patch.transformed[(c, j, i)] - patch.crop[(c, j, i)]);
            let xc = up(&|i, j| patch.crop[(c, j, i)]);
            let x = to_code(own[c]);
            let code = x + s * m * (change - g * (x.clamp(0.0, 1.0) - xc));
            best.out[c] = if alpha > 0.0 { to_own(code) } else { own[c] };
            best.transformed[c] = to_own(change + xc);
        }
        if m == 0.0 {
            best.out = [own[0], own[1], own[2]];
        }
        best.m = Some(m);
    }
    best
}

fn patches() -> Vec<Patch> {
    vec![
        patch(similarity(0.6, 17.0, (22.0, 25.0), (16.0, 12.0)), 32, 24, 1),
        patch(
            similarity(0.35, -160.0, (40.0, 40.0), (10.0, 10.0)),
            20,
            20,
            2,
        ),
        // Reaches out of the picture.
        patch(similarity(0.8, 3.0, (66.0, 57.0), (15.0, 15.0)), 30, 30, 3),
    ]
}

fn run(picture: &Picture, patches: &[Patch], strength: f32, show: Show, threads: usize) -> Picture {
    let mut out = picture.clone();
    let rect = out.rect();
    let done = composite(
        &mut out.view_mut(),
        rect,
        patches,
        strength,
        show,
        threads,
        &mut |_| true,
    );
    assert_eq!(done.changed, out.bytes() != picture.bytes());
    assert!(!done.cancelled);
    out
}

fn pixels(picture: &Picture) -> impl Iterator<Item = (i32, i32)> {
    let rect = picture.rect();
    (rect.y..rect.y + rect.h).flat_map(move |y| (rect.x..rect.x + rect.w).map(move |x| (x, y)))
}

/// How far a sample may be off: rounding, and where the transfer curve's slope is steep more of it.
fn tolerance(layout: Layout) -> f64 {
    let rounding = match layout.format {
        Format::RgbaU8 => 0.5 / 255.0,
        Format::RgbaU16 => 0.5 / 65535.0,
        Format::RgbaF32 => 0.0,
    };
    rounding + 1e-5
}

/// Every pixel of `out` is what the formula makes of `input`; gives how many have m above 0. Where it is 0 a sample may be off by
/// `slack`: a sum that is 0 in 64 bits may not be in 32.
fn check_result(
    input: &Picture,
    out: &Picture,
    patches: &[Patch],
    strength: f32,
    slack: f32,
) -> usize {
    let layout = input.layout();
    let mut touched = 0;
    for (x, y) in pixels(input) {
        let (before, after) = (input.view().rgba_f32(x, y), out.view().rgba_f32(x, y));
        let e = expected(before, layout, x, y, patches, f64::from(strength));
        assert_eq!(before[3].to_bits(), after[3].to_bits(), "alpha");
        if e.m.unwrap_or(0.0) <= 0.0 {
            let same = before.map(f32::to_bits) == after.map(f32::to_bits);
            let off = before.iter().zip(after).map(|(b, a)| (b - a).abs());
            let off = off.fold(0.0, f32::max);
            assert!(same || off < slack, "({x}, {y}): {before:?} {after:?}");
            continue;
        }
        touched += 1;
        let top = match (layout.format, layout.alpha) {
            (Format::RgbaF32, _) => f64::INFINITY,
            (_, Alpha::Premultiplied) => f64::from(before[3]),
            _ => 1.0,
        };
        let bottom = if layout.format == Format::RgbaF32 {
            -9.0
        } else {
            0.0
        };
        for c in 0..3 {
            let want = e.out[c].clamp(bottom, top);
            let off = (f64::from(after[c]) - want).abs();
            assert!(
                off < tolerance(layout),
                "{layout:?} ({x}, {y}) {c}: {off} {want}"
            );
        }
    }
    touched
}

#[test]
fn the_result_is_the_formula_in_every_layout() {
    for layout in layouts() {
        let input = noise(PICTURE, layout, 11);
        let patches = patches();
        for strength in [1.0, 0.37] {
            let out = run(&input, &patches, strength, Show::Result, 1);
            let touched = check_result(&input, &out, &patches, strength, 0.0);
            assert!(touched > 300, "{touched}");
        }
    }
}

/// Crops of which one has a gate that is shut, partly open and wholly open in turn, and a weight that is whole in its middle.
fn enlarged(scale: f64, degrees: f64) -> Vec<Patch> {
    let first = similarity(scale, degrees, (45.0, 40.0), (10.0, 9.0));
    let mut first = patch(first, 20, 18, 31);
    first.gate.slice_mut(ndarray::s![.., ..8]).fill(0.0);
    first.gate.slice_mut(ndarray::s![.., 12..]).fill(1.0);
    first.weight.slice_mut(ndarray::s![5..13, 4..16]).fill(1.0);
    let second = similarity(scale * 1.2, -degrees, (100.0, 90.0), (10.0, 10.0));
    let mut second = patch(second, 20, 20, 32);
    // Where both were whole, the last digit would decide.
    second.weight.mapv_inplace(|m| 0.8 * m);
    vec![first, second]
}

#[test]
fn the_result_is_the_formula_however_much_a_crop_is_enlarged_and_turned() {
    let rect = Rect::new(-3, 5, 150, 130);
    let layouts = FORMATS.map(Layout::srgb);
    for layout in layouts {
        for scale in [0.5, 0.19, 0.13, 0.061] {
            for degrees in [0.0, 12.0, -45.0, 90.0, 171.0] {
                let input = noise(rect, layout, 33);
                let patches = enlarged(scale, degrees);
                let out = run(&input, &patches, 0.8, Show::Result, 2);
                let touched = check_result(&input, &out, &patches, 0.8, 1e-6);
                assert!(touched > 500, "{scale} {degrees}: {touched}");
            }
        }
    }
}

#[test]
fn of_two_faces_that_are_whole_the_first_has_every_pixel() {
    let layout = Layout::srgb(Format::RgbaU16);
    let input = noise(Rect::new(0, 0, 60, 60), layout, 35);
    for scale in [0.5, 0.13] {
        let faces = [0.9, 0.1].map(|value: f32| {
            let to_crop = similarity(scale, 14.0 * f64::from(value), (30.0, 30.0), (20.0, 20.0));
            let mut face = patch(to_crop, 40, 40, 36);
            face.weight.fill(1.0);
            face.gate.fill(1.0);
            face.transformed.fill(value);
            face
        });
        let first = run(&input, &faces[..1], 1.0, Show::Result, 1);
        assert_eq!(run(&input, &faces, 1.0, Show::Result, 1), first, "{scale}");
    }
}

#[test]
fn pieces_of_a_picture_are_the_whole_however_much_a_crop_is_enlarged_and_turned() {
    let rect = Rect::new(0, 0, 150, 130);
    for show in [Show::Result, Show::Transformed] {
        for scale in [0.5, 0.13, 0.061, 0.004] {
            for degrees in [0.0, 12.0, -45.0, 90.0, 171.0] {
                let input = noise(rect, Layout::srgb(Format::RgbaF32), 34);
                let patches = enlarged(scale, degrees);
                let whole = run(&input, &patches, 0.8, show, 1);
                let mut tiled = input.clone();
                for y in (0..rect.h).step_by(37) {
                    for x in (0..rect.w).step_by(41) {
                        let tile = Rect::new(x, y, 41, 37);
                        let mut out = tiled.view_mut();
                        composite(&mut out, tile, &patches, 0.8, show, 2, &mut |_| true);
                    }
                }
                assert_eq!(tiled, whole, "{show:?} {scale} {degrees}");
            }
        }
    }
}

#[test]
fn the_mask_is_m_whatever_the_strength_in_plain_numbers() {
    for layout in layouts() {
        let input = noise(PICTURE, layout, 12);
        let patches = patches();
        let mask = run(&input, &patches, 0.37, Show::Mask, 1);
        assert_eq!(mask, run(&input, &patches, 1.0, Show::Mask, 1));
        for (x, y) in pixels(&input) {
            let before = input.view().rgba_f32(x, y);
            let [r, g, b, alpha] = mask.view().rgba_f32(x, y);
            let m = expected(before, layout, x, y, &patches, 1.0)
                .m
                .unwrap_or(0.0);
            assert!(
                (f64::from(r) - m).abs() < tolerance(layout),
                "{layout:?} {r} {m}"
            );
            assert_eq!((r, r, alpha), (g, b, before[3]));
        }
    }
}

#[test]
fn transformed_shows_the_networks_picture_inside_the_crops_and_the_input_outside() {
    for layout in layouts() {
        let input = noise(PICTURE, layout, 13);
        let patches = patches();
        let out = run(&input, &patches, 0.37, Show::Transformed, 1);
        for (x, y) in pixels(&input) {
            let (before, after) = (input.view().rgba_f32(x, y), out.view().rgba_f32(x, y));
            let e = expected(before, layout, x, y, &patches, 1.0);
            if e.m.is_none() {
                assert_eq!(before, after);
                continue;
            }
            assert_eq!(before[3], after[3]);
            for c in 0..3 {
                let integer = layout.format != Format::RgbaF32;
                let t = if integer {
                    e.transformed[c].clamp(0.0, 1.0)
                } else {
                    e.transformed[c]
                };
                let off = (f64::from(after[c]) - t).abs();
                assert!(
                    off < tolerance(layout),
                    "{layout:?} ({x}, {y}): {} {t}",
                    after[c]
                );
            }
        }
    }
}

#[test]
fn the_difference_is_half_of_what_the_result_adds_to_the_middle() {
    for layout in layouts() {
        let input = noise(PICTURE, layout, 14);
        let patches = patches();
        let result = run(&input, &patches, 0.37, Show::Result, 1);
        let out = run(&input, &patches, 0.37, Show::Difference, 1);
        for (x, y) in pixels(&input) {
            let [before, result, after] =
                [&input, &result, &out].map(|picture| picture.view().rgba_f32(x, y));
            assert_eq!(before[3], after[3]);
            for c in 0..3 {
                let want = 0.5 + (result[c] - before[c]) / 2.0;
                assert!(
                    f64::from((after[c] - want).abs()) < tolerance(layout),
                    "{layout:?}"
                );
            }
        }
    }
}

#[test]
fn without_faces_the_result_is_the_input_the_mask_black_and_the_difference_the_middle() {
    for format in FORMATS {
        let layout = Layout::srgb(format);
        let input = noise(PICTURE, layout, 15);
        assert_eq!(run(&input, &[], 1.0, Show::Result, 1), input);
        assert_eq!(run(&input, &[], 1.0, Show::Transformed, 1), input);
        for (show, value) in [(Show::Mask, 0.0), (Show::Difference, 0.5)] {
            let want = picture(PICTURE, layout, |x, y| {
                [value, value, value, input.view().rgba_f32(x, y)[3]]
            });
            assert_eq!(run(&input, &[], 1.0, show, 1), want);
        }
    }
}

#[test]
fn strength_0_and_a_network_that_changes_nothing_keep_every_byte() {
    for layout in layouts() {
        let input = noise(PICTURE, layout, 16);
        assert_eq!(run(&input, &patches(), 0.0, Show::Result, 2), input);
        let mut idle = patches();
        for patch in &mut idle {
            patch.transformed = patch.crop.clone();
            patch.gate.fill(0.0);
        }
        assert_eq!(
            run(&input, &idle, 1.0, Show::Result, 2),
            input,
            "{layout:?}"
        );
    }
}

#[test]
fn neither_threads_nor_regions_change_a_byte() {
    let rect = Rect::new(0, 0, 150, 170);
    for show in [
        Show::Result,
        Show::Mask,
        Show::Transformed,
        Show::Difference,
    ] {
        let layout = Layout::srgb(Format::RgbaF32);
        let input = noise(rect, layout, 17);
        let patches = vec![
            patch(
                similarity(0.31, 28.0, (70.0, 60.0), (24.0, 24.0)),
                48,
                48,
                4,
            ),
            patch(
                similarity(0.27, -11.0, (90.0, 100.0), (24.0, 24.0)),
                48,
                48,
                5,
            ),
            patch(
                similarity(2.3, 40.0, (90.0, 140.0), (24.0, 24.0)),
                48,
                48,
                6,
            ),
        ];
        let whole = run(&input, &patches, 0.8, show, 1);
        for threads in [0, 2, 7] {
            assert_eq!(run(&input, &patches, 0.8, show, threads), whole);
        }
        let mut tiled = input.clone();
        for y in (0..rect.h).step_by(37) {
            for x in (0..rect.w).step_by(41) {
                let tile = Rect::new(x, y, 41, 37);
                composite(
                    &mut tiled.view_mut(),
                    tile,
                    &patches,
                    0.8,
                    show,
                    2,
                    &mut |_| true,
                );
            }
        }
        assert_eq!(tiled, whole, "{show:?}");
    }
}

#[test]
fn rows_may_be_padded_or_upside_down_and_what_lies_between_them_is_never_touched() {
    let layout = Layout::srgb(Format::RgbaU16);
    let input = noise(PICTURE, layout, 18);
    let want = run(&input, &patches(), 0.9, Show::Result, 1);
    let row = PICTURE.w as usize * 8;
    let h = PICTURE.h as usize;
    // An odd offset, too: nothing has to be aligned.
    for (first, stride) in [
        (3, row as isize + 13),
        (3 + (h - 1) * (row + 6), -(row as isize + 6)),
    ] {
        let mut bytes = vec![0xA5u8; 3 + h * (row + 13)];
        let start = |y: usize| (first as isize + y as isize * stride) as usize;
        for y in 0..h {
            bytes[start(y)..start(y) + row].copy_from_slice(&input.bytes()[y * row..][..row]);
        }
        let mut out = ViewMut::new(&mut bytes, first, stride, PICTURE, layout).unwrap();
        composite(
            &mut out,
            PICTURE,
            &patches(),
            0.9,
            Show::Result,
            3,
            &mut |_| true,
        );
        for y in 0..h {
            assert_eq!(
                bytes[start(y)..start(y) + row],
                want.bytes()[y * row..][..row]
            );
            bytes[start(y)..start(y) + row].fill(0xA5);
        }
        assert!(
            bytes.iter().all(|&byte| byte == 0xA5),
            "padding was written"
        );
    }
}

#[test]
fn a_picture_smaller_than_the_crop_gets_averages_of_it() {
    // Three crop pixels per picture pixel, axes aligned: the plain mean of 3×3 samples at their centres, which are exact.
    let layout = Layout::srgb(Format::RgbaF32);
    let rect = Rect::new(0, 0, 12, 12);
    let input = noise(rect, layout, 19);
    let patch = patch(similarity(3.0, 0.0, (1.0, 1.0), (0.0, 0.0)), 30, 30, 7);
    let mask = run(&input, std::slice::from_ref(&patch), 1.0, Show::Mask, 1);
    let mut some = 0;
    for (x, y) in pixels(&input) {
        let mean = if (1..11).contains(&x) && (1..11).contains(&y) {
            let (i, j) = ((x as usize - 1) * 3, (y as usize - 1) * 3);
            patch
                .weight
                .slice(ndarray::s![j..j + 3, i..i + 3])
                .mean()
                .unwrap()
        } else {
            0.0
        };
        some += usize::from(mean > 0.0);
        assert!(
            (mask.view().rgba_f32(x, y)[0] - mean).abs() < 1e-6,
            "({x}, {y})"
        );
    }
    assert!(some > 80);
}

#[test]
fn floats_brighter_than_white_keep_what_the_network_could_not_see() {
    let layout = Layout::srgb(Format::RgbaF32);
    let rect = Rect::new(0, 0, 40, 40);
    let input = picture(rect, layout, |x, _| {
        if x < 20 {
            [3.5, -0.5, 0.2, 1.0]
        } else {
            [f32::NAN; 4]
        }
    });
    let mut patch = patch(similarity(1.0, 0.0, (0.0, 0.0), (0.0, 0.0)), 40, 40, 8);
    patch.weight.slice_mut(ndarray::s![5..35, 5..35]).fill(1.0);
    patch.gate.fill(1.0);
    let out = run(&input, std::slice::from_ref(&patch), 1.0, Show::Result, 1);
    for c in 0..3 {
        // x + T − clamp(x): the excess over what the network saw stays.
        let [x, after] = [&input, &out].map(|p| p.view().rgba_f32(10, 10)[c]);
        let want = x + patch.transformed[(c, 10, 10)] - x.clamp(0.0, 1.0);
        assert!((after - want).abs() < 1e-5, "{after} {want}");
    }
    assert!(out.view().rgba_f32(30, 10)[0].is_nan());
}

#[test]
fn progress_grows_to_the_end_on_this_thread_and_stops_the_work_at_once() {
    let rect = Rect::new(0, 0, 64, 200);
    let input = noise(rect, Layout::srgb(Format::RgbaU8), 20);
    let patches = [patch(
        similarity(0.3, 5.0, (32.0, 100.0), (10.0, 30.0)),
        20,
        60,
        9,
    )];
    let me = std::thread::current().id();
    let mut seen = Vec::new();
    let mut out = input.clone();
    composite(
        &mut out.view_mut(),
        rect,
        &patches,
        1.0,
        Show::Mask,
        1,
        &mut |share| {
            assert_eq!(std::thread::current().id(), me);
            seen.push(share);
            true
        },
    );
    assert!(
        seen.len() > 8 && seen.is_sorted() && seen.last() == Some(&1.0),
        "{seen:?}"
    );
    let mut calls = 0;
    let mut out = input.clone();
    let done = composite(
        &mut out.view_mut(),
        rect,
        &patches,
        1.0,
        Show::Mask,
        1,
        &mut |_| {
            calls += 1;
            calls < 3
        },
    );
    assert!(done.cancelled && calls == 3);
    assert_eq!(
        out.view().row(150),
        input.view().row(150),
        "went on after the third block"
    );
}

#[test]
fn patches_without_a_place_are_passed_over() {
    let input = noise(PICTURE, Layout::srgb(Format::RgbaU8), 21);
    let whole = patches();
    for (scale, at) in [
        (0.0, 0.0),
        (f64::NAN, 0.0),
        (1.0, 1e300),
        (1e-300, 0.0),
        (1e12, 5.0),
    ] {
        let mut bad = patch(similarity(1.0, 0.0, (0.0, 0.0), (0.0, 0.0)), 8, 8, 10);
        bad.to_crop = diat_image::Similarity {
            a: scale,
            b: 0.0,
            tx: at,
            ty: at,
        };
        let mut all = whole.clone();
        all.insert(1, bad);
        assert_eq!(
            run(&input, &all, 1.0, Show::Result, 2),
            run(&input, &whole, 1.0, Show::Result, 2)
        );
    }
}
