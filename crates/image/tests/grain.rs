//! Grain: measured where nothing changes, laid over what was replaced.

mod support;

use diat_image::{
    Alpha, Format, Grain, Layout, Patch, Picture, Rect, Show, Transfer, composite, crop, window,
};
use ndarray::{Array2, Array3};
use support::{Random, picture, similarity};

const SIZE: i32 = 320;
const SIDE: usize = 128;
const RECT: Rect = Rect::new(0, 0, SIZE, SIZE);
/// Of the whole disc, in picture pixels from the middle.
const RADIUS: f64 = 60.0;
const U8: Layout = Layout::srgb(Format::RgbaU8);

/// Noise of one pixel's coarseness, or, `coarse`, of several.
#[derive(Clone, Copy)]
struct Noise {
    /// Standard deviation in steps of 8 bits.
    sigma: f64,
    coarse: bool,
    grey: bool,
}

const WHITE: Noise = Noise {
    sigma: 6.0,
    coarse: false,
    grey: false,
};

/// A smooth shade with noise, in sRGB's numbers.
fn shade(noise: Noise) -> Vec<[f64; 3]> {
    let n = SIZE as usize;
    let mut random = Random::new(7);
    let mut one = || (0..12).map(|_| random.between(-0.5, 0.5)).sum::<f64>();
    let fresh: Vec<[f64; 3]> = (0..n * n)
        .map(|_| {
            let first = one();
            if noise.grey {
                [first; 3]
            } else {
                [first, one(), one()]
            }
        })
        .collect();
    // Nine neighbours weighted 1-2-1 both ways; 36 is the sum of the squares.
    let soft = |i: usize, c: usize| {
        let (x, y) = (i % n, i / n);
        let sum: f64 = (0..9)
            .map(|k| {
                let (dx, dy) = (k % 3, k / 3);
                let weight = [1.0, 2.0, 1.0][dx] * [1.0, 2.0, 1.0][dy];
                weight * fresh[(y + dy) % n * n + (x + dx) % n][c]
            })
            .sum();
        sum / 6.0
    };
    (0..n * n)
        .map(|i| {
            let (x, y) = ((i % n) as f64, (i / n) as f64);
            std::array::from_fn(|c| {
                let smooth = 0.45 + 0.1 * (x / n as f64) - 0.05 * (y / n as f64) * (1 + c) as f64;
                let grain = if noise.coarse {
                    soft(i, c)
                } else {
                    fresh[i][c]
                };
                let smooth = if noise.grey { 0.5 } else { smooth };
                smooth + grain * noise.sigma / 255.0
            })
        })
        .collect()
}

fn noisy(noise: Noise, layout: Layout) -> Picture {
    let colours = shade(noise);
    picture(RECT, layout, |x, y| {
        let light = |c: f64| ((c + 0.055) / 1.055).powf(2.4);
        let [r, g, b] = colours[(y * SIZE + x) as usize].map(|c| match layout.transfer {
            Transfer::Srgb => c as f32,
            Transfer::Linear => light(c) as f32,
        });
        [r, g, b, 1.0]
    })
}

/// A face whose middle, a disc, is replaced by a smooth grey; without grain.
fn smooth(picture: &Picture) -> Patch {
    let to_crop = similarity(0.45, 4.0, (160.0, 160.0), (64.0, 64.0));
    let crop = crop(&picture.view(), &to_crop, SIDE, SIDE);
    let within =
        |y: usize, x: usize, radius: f64| (x as f64 - 63.5).hypot(y as f64 - 63.5) < radius * 0.45;
    Patch {
        to_crop,
        transformed: Array3::from_elem((3, SIDE, SIDE), 128.0 / 255.0),
        crop,
        weight: window(SIDE, SIDE, 0.1)
            * Array2::from_shape_fn((SIDE, SIDE), |(y, x)| {
                f32::from(within(y, x, RADIUS + 16.0))
            }),
        gate: Array2::from_shape_fn((SIDE, SIDE), |(y, x)| f32::from(within(y, x, RADIUS))),
        grain: None,
    }
}

fn with_grain(picture: &Picture, mut patch: Patch) -> Patch {
    patch.grain = Grain::measure(&picture.view(), &patch);
    patch
}

fn composed(picture: &Picture, patches: &[Patch], strength: f32) -> Picture {
    let mut out = picture.clone();
    let rect = out.rect();
    composite(
        &mut out.view_mut(),
        rect,
        patches,
        strength,
        Show::Result,
        2,
        &mut |_| true,
    );
    out
}

fn distance(x: i32, y: i32) -> f64 {
    (f64::from(x) + 0.5 - 160.0).hypot(f64::from(y) + 0.5 - 160.0)
}

/// Standard deviation, in steps of 8 bits, of each pixel from the mean of that `reach` to the left and to the right, for pixels
/// whose distance from the middle is in the range.
fn roughness(picture: &Picture, range: std::ops::Range<f64>, reach: i32) -> f64 {
    let (view, mut sum, mut count) = (picture.view(), 0.0, 0.0);
    for y in 0..SIZE {
        for x in reach..SIZE - reach {
            if range.contains(&distance(x, y)) {
                let [left, own, right] = [x - reach, x, x + reach].map(|x| view.rgba_f32(x, y));
                for c in 0..3 {
                    let d = f64::from(own[c] - (left[c] + right[c]) / 2.0) * 255.0;
                    (sum, count) = (sum + d * d, count + 1.0);
                }
            }
        }
    }
    (sum / count).sqrt()
}

const INSIDE: std::ops::Range<f64> = 0.0..RADIUS - 8.0;
const OUTSIDE: std::ops::Range<f64> = RADIUS + 24.0..140.0;

#[test]
fn what_was_replaced_is_as_noisy_and_as_coarse_as_what_was_not() {
    for sigma in [2.0, 4.0, 8.0, 12.0] {
        for (coarse, grey) in [(false, false), (false, true), (true, false), (true, true)] {
            let input = noisy(
                Noise {
                    sigma,
                    coarse,
                    grey,
                },
                U8,
            );
            let patch = with_grain(&input, smooth(&input));
            let plain = composed(&input, &[smooth(&input)], 1.0);
            let out = composed(&input, &[patch], 1.0);
            for reach in [1, 2, 4] {
                let ring = roughness(&out, OUTSIDE, reach);
                let what = format!("σ {sigma}, coarse {coarse}, grey {grey}, reach {reach}");
                assert!(roughness(&plain, INSIDE, reach) < 0.15 * ring, "{what}");
                let share = roughness(&out, INSIDE, reach) / ring;
                assert!((0.85..1.1).contains(&share), "{what}: {share}");
            }
        }
    }
}

#[test]
fn its_level_is_that_of_the_noise_in_every_layout() {
    for format in support::FORMATS {
        for (alpha, transfer) in [
            (Alpha::Straight, Transfer::Srgb),
            (Alpha::Premultiplied, Transfer::Srgb),
            (Alpha::Opaque, Transfer::Linear),
        ] {
            let layout = Layout {
                format,
                alpha,
                transfer,
            };
            let input = noisy(WHITE, layout);
            let level = with_grain(&input, smooth(&input)).grain.unwrap().level() * 255.0;
            assert!((level / 6.0 - 1.0).abs() < 0.1, "{layout:?}: {level}");
        }
    }
}

#[test]
fn it_comes_in_as_strongly_as_the_old_noise_goes() {
    let input = noisy(WHITE, U8);
    let patch = with_grain(&input, smooth(&input));
    for strength in [0.1, 0.5, 0.9] {
        let out = composed(&input, std::slice::from_ref(&patch), strength);
        let share = roughness(&out, INSIDE, 1) / roughness(&out, OUTSIDE, 1);
        assert!((0.9..1.1).contains(&share), "{strength}: {share}");
    }
    assert_eq!(composed(&input, &[patch], 0.0), input);
}

#[test]
fn nothing_is_added_where_the_old_detail_stays() {
    let input = noisy(WHITE, U8);
    let patch = with_grain(&input, smooth(&input));
    let (plain, out) = (
        composed(&input, &[smooth(&input)], 1.0),
        composed(&input, std::slice::from_ref(&patch), 1.0),
    );
    assert_ne!(plain, out);
    let (mut shut, mut outside) = (0, 0);
    for y in 0..SIZE {
        for x in 0..SIZE {
            let [before, plain, out] =
                [&input, &plain, &out].map(|picture| picture.view().rgba_f32(x, y));
            // The gate closes within three crop pixels; beyond there is weight for a while.
            if distance(x, y) > RADIUS + 7.0 {
                assert_eq!(plain, out, "({x}, {y})");
                shut += usize::from(before != out);
                outside += 1;
            }
        }
    }
    assert!(shut > 500 && outside > 50_000, "{shut} {outside}");
}

#[test]
fn smooth_pictures_stay_smooth_to_the_bit() {
    for layout in support::layouts() {
        let none = Noise {
            sigma: 0.0,
            ..WHITE
        };
        let input = noisy(none, layout);
        assert!(
            Grain::measure(&input.view(), &smooth(&input)).is_none(),
            "{layout:?}"
        );
    }
}

#[test]
fn grey_pictures_stay_grey() {
    let input = noisy(
        Noise {
            grey: true,
            ..WHITE
        },
        U8,
    );
    let out = composed(&input, &[with_grain(&input, smooth(&input))], 1.0);
    assert_ne!(out, composed(&input, &[smooth(&input)], 1.0));
    for pixel in out.bytes().as_chunks::<4>().0 {
        assert!(pixel[0] == pixel[1] && pixel[1] == pixel[2], "{pixel:?}");
    }
}

#[test]
fn noise_that_the_network_keeps_is_not_added_again() {
    let input = noisy(WHITE, U8);
    let mut patch = smooth(&input);
    // A face as large as its crop, and a network that gives back what it sees.
    patch.to_crop = similarity(1.0, 0.0, (160.0, 160.0), (64.0, 64.0));
    patch.crop = crop(&input.view(), &patch.to_crop, SIDE, SIDE);
    assert!(Grain::measure(&input.view(), &patch).is_some());
    patch.transformed = patch.crop.clone();
    assert!(Grain::measure(&input.view(), &patch).is_none());
}

#[test]
fn white_paper_and_hair_around_do_not_tell_of_the_noise() {
    let mut input = noisy(WHITE, U8);
    let mut random = Random::new(3);
    // Paper at the left, strands at the right, skin below.
    for y in 0..180 {
        for x in 0..SIZE {
            if distance(x, y) > RADIUS + 10.0 {
                let strand = random.between(0.2, 0.7) as f32;
                let value = if x < 160 { 1.0 } else { strand };
                input
                    .view_mut()
                    .set_rgba_f32(x, y, [value, value, value, 1.0]);
            }
        }
    }
    for brightness in [0.5, 0.95] {
        let mut patch = smooth(&input);
        patch.transformed.fill(brightness);
        let level = with_grain(&input, patch).grain.unwrap().level() * 255.0;
        assert!((level / 6.0 - 1.0).abs() < 0.15, "{brightness}: {level}");
    }
}

#[test]
fn what_else_is_shown_knows_of_it_as_far_as_the_result_does() {
    let input = noisy(WHITE, Layout::srgb(Format::RgbaF32));
    let (plain, patch) = (smooth(&input), with_grain(&input, smooth(&input)));
    let shown = |patch: &Patch, show| {
        let mut out = input.clone();
        let patches = std::slice::from_ref(patch);
        composite(
            &mut out.view_mut(),
            RECT,
            patches,
            0.7,
            show,
            1,
            &mut |_| true,
        );
        out
    };
    for show in [Show::Mask, Show::Transformed] {
        assert_eq!(shown(&patch, show), shown(&plain, show), "{show:?}");
    }
    let (result, difference) = (shown(&patch, Show::Result), shown(&patch, Show::Difference));
    for (x, y) in [(160, 160), (150, 170), (170, 140)] {
        let [before, after, half] =
            [&input, &result, &difference].map(|picture| picture.view().rgba_f32(x, y));
        for c in 0..3 {
            assert!((half[c] - 0.5 - (after[c] - before[c]) / 2.0).abs() < 1e-6);
        }
    }
}

#[test]
fn too_little_around_a_change_gives_none() {
    let input = noisy(WHITE, U8);
    let mut patch = smooth(&input);
    patch.gate.fill(1.0);
    assert!(Grain::measure(&input.view(), &patch).is_none());
    let tiny = picture(Rect::new(0, 0, 9, 9), U8, |_, _| [0.5; 4]);
    assert!(Grain::measure(&tiny.view(), &smooth(&input)).is_none());
}

#[test]
fn pieces_threads_and_place_make_no_difference() {
    let input = noisy(WHITE, U8);
    let patch = with_grain(&input, smooth(&input));
    let whole = composed(&input, std::slice::from_ref(&patch), 0.8);
    let mut pieces = input.clone();
    for roi in [
        Rect::new(0, 0, 133, 320),
        Rect::new(133, 0, 187, 157),
        Rect::new(133, 157, 187, 163),
    ] {
        let patches = std::slice::from_ref(&patch);
        composite(
            &mut pieces.view_mut(),
            roi,
            patches,
            0.8,
            Show::Result,
            3,
            &mut |_| true,
        );
    }
    assert_eq!(pieces, whole);

    let (dx, dy) = (-1000, 37);
    let rect = Rect::new(dx, dy, SIZE, SIZE);
    let moved = Picture::from_bytes(rect, U8, input.bytes().to_vec()).unwrap();
    let mut there = smooth(&input);
    let (x, y) = (160.0 + f64::from(dx), 160.0 + f64::from(dy));
    there.to_crop = similarity(0.45, 4.0, (x, y), (64.0, 64.0));
    let there = with_grain(&moved, there);
    let apart = composed(&moved, &[there], 0.8)
        .bytes()
        .iter()
        .zip(whole.bytes())
        .map(|(a, b)| a.abs_diff(*b))
        .max();
    assert!(apart.unwrap() <= 1, "{apart:?}");
}

#[test]
fn of_two_faces_each_has_its_own() {
    let input = noisy(WHITE, U8);
    let first = with_grain(&input, smooth(&input));
    let mut second = smooth(&input);
    // Under the first everywhere: its grain must not show.
    second.weight *= 0.5;
    let alone = composed(&input, std::slice::from_ref(&first), 1.0);
    assert_eq!(composed(&input, &[second.clone(), first], 1.0), alone);
    let mut bare = smooth(&input);
    bare.weight *= 1.0;
    second = with_grain(&input, second);
    let plain = composed(&input, std::slice::from_ref(&bare), 1.0);
    assert_eq!(composed(&input, &[second, bare], 1.0), plain);
}
