//! Crops and shrunk copies with known answers.

#![allow(
    clippy::needless_range_loop,
    reason = "three colours in three arrays read best by number"
)]

mod support;

use diat_image::{
    Alpha, Format, Layout, Pace, Picture, Point, Rect, Transfer, View, crop, crop_in_parallel,
    luma, rgb,
};
use support::{FORMATS, Random, centre, noise, picture, similarity};

const FLOATS: Layout = Layout::srgb(Format::RgbaF32);

/// Colours that are affine in the position of a pixel's centre.
fn ramp(p: Point) -> [f64; 3] {
    [
        0.5 + 0.0006 * p.x - 0.0004 * p.y,
        0.4 + 0.0009 * p.y,
        0.5 - 0.0003 * p.x - 0.0005 * p.y,
    ]
}

fn ramp_picture(rect: Rect) -> Picture {
    picture(rect, FLOATS, |x, y| {
        let [r, g, b] = ramp(Point {
            x: f64::from(x) + 0.5,
            y: f64::from(y) + 0.5,
        })
        .map(|c| c as f32);
        [r, g, b, 1.0]
    })
}

#[test]
fn ramps_come_out_as_they_went_in_at_every_scale_and_angle() {
    // Any shift of half a pixel, in the warp or in the filters, would show as a shift of the ramp.
    let picture = ramp_picture(Rect::new(-20, 30, 420, 400));
    let mut random = Random::new(1);
    let scales: [f64; 11] = [0.11, 0.35, 0.6, 1.0, 1.4, 2.0, 3.3, 4.0, 5.7, 9.0, 12.5];
    for (i, k) in scales.into_iter().cycle().take(44).enumerate() {
        let size = (260.0 / k).clamp(4.0, 48.0) as usize;
        let middle = (random.between(185.0, 195.0), random.between(225.0, 235.0));
        let half = size as f64 / 2.0;
        let degrees = if i < 11 {
            0.0
        } else {
            random.between(-180.0, 180.0)
        };
        let to_crop = similarity(1.0 / k, degrees, middle, (half, half));
        let back = to_crop.inverse().unwrap();
        let crop = crop(&picture.view(), &to_crop, size, size);
        for y in 0..size {
            for x in 0..size {
                let want = ramp(centre(&back, x as i32, y as i32));
                for c in 0..3 {
                    let off = (f64::from(crop[(c, y, x)]) - want[c]).abs();
                    assert!(off < 2e-6, "k {k}, {degrees}°, ({x}, {y}): off by {off}");
                }
            }
        }
    }
}

#[test]
fn whole_factors_are_plain_means_and_a_factor_of_one_is_a_copy() {
    let picture = noise(Rect::new(0, 0, 96, 64), Layout::srgb(Format::RgbaU16), 2);
    for k in [1usize, 2, 3, 4, 8, 16] {
        let (w, h) = (96 / k, 64 / k);
        let crop = crop(
            &picture.view(),
            &similarity(1.0 / k as f64, 0.0, (0.0, 0.0), (0.0, 0.0)),
            w,
            h,
        );
        for y in 0..h {
            for x in 0..w {
                let mut sum = [0.0; 3];
                for (i, j) in (0..k * k).map(|n| (x * k + n % k, y * k + n / k)) {
                    let pixel = picture.view().rgba_f32(i as i32, j as i32);
                    (0..3).for_each(|c| sum[c] += f64::from(pixel[c]));
                }
                for c in 0..3 {
                    let want = sum[c] / (k * k) as f64;
                    let off = (f64::from(crop[(c, y, x)]) - want).abs();
                    assert!(
                        off < if k == 1 { 1e-7 } else { 2e-6 },
                        "k {k}, ({x}, {y}): {off}"
                    );
                }
            }
        }
    }
}

#[test]
fn eight_bits_give_what_sixteen_give_and_threads_change_nothing() {
    let rect = Rect::new(-5, 9, 1500, 1400);
    let bytes = noise(rect, Layout::srgb(Format::RgbaU8), 4);
    let same = picture(rect, Layout::srgb(Format::RgbaU16), |x, y| {
        bytes.view().rgba_f32(x, y)
    });
    // Far inside the picture, and over its edge.
    for (at, k) in [
        ((740.0, 700.0), 25.0),
        ((500.0, 700.0), 9.5),
        ((0.0, 20.0), 17.0),
    ] {
        let to_crop = similarity(1.0 / k, 23.0, at, (20.0, 20.0));
        let seen = crop(&bytes.view(), &to_crop, 40, 40);
        let want = crop(&same.view(), &to_crop, 40, 40);
        for (seen, want) in seen.iter().zip(&want) {
            assert!((seen - want).abs() < 1e-6, "{k}: {seen} {want}");
        }
        assert!(seen.iter().any(|value| *value != seen[(0, 0, 0)]));
        let mut go_on = || true;
        let mut pace = Pace::new(&mut go_on);
        let shared = crop_in_parallel(&bytes.view(), &to_crop, 40, 40, 3, &mut pace);
        assert_eq!(shared, Some(seen));
        let mut stop = || false;
        let mut pace = Pace::new(&mut stop);
        let stopped = crop_in_parallel(&bytes.view(), &to_crop, 40, 40, 3, &mut pace);
        assert_eq!(stopped, None, "went on");
    }
}

#[test]
fn a_fine_pattern_turns_grey_whatever_the_angle_and_makes_no_moire() {
    let board = picture(Rect::new(0, 0, 400, 400), FLOATS, |x, y| {
        let v = ((x + y) % 2) as f32;
        [v, v, v, 1.0]
    });
    for (k, allowed) in [(2.5, 0.2), (4.0, 0.1), (7.0, 0.04), (11.0, 0.04)] {
        for degrees in [0.0, 13.0, 45.0, -77.0] {
            let to_crop = similarity(1.0 / k, degrees, (200.3, 199.8), (8.0, 8.0));
            for value in crop(&board.view(), &to_crop, 16, 16) {
                assert!((value - 0.5).abs() <= allowed, "k {k}, {degrees}°: {value}");
            }
        }
    }
}

#[test]
fn outside_the_picture_its_border_goes_on() {
    let picture = noise(Rect::new(7, -9, 12, 10), Layout::srgb(Format::RgbaU8), 3);
    let view = picture.view();
    for k in [0.3, 1.0, 3.0, 20.0] {
        for (to, corner) in [
            ((600.0, 900.0), (18, 0)),
            ((-600.0, 900.0), (7, 0)),
            ((600.0, -900.0), (18, -9)),
            ((-600.0, -900.0), (7, -9)),
        ] {
            let to_crop = similarity(1.0 / k, 0.0, to, (8.0, 8.0));
            let corner = view.rgba_f32(corner.0, corner.1);
            let crop = crop(&view, &to_crop, 16, 16);
            for c in 0..3 {
                let plane = crop.slice(ndarray::s![c, .., ..]);
                assert!(
                    plane.iter().all(|v| (v - corner[c]).abs() < 1e-6),
                    "{k} {to:?}"
                );
            }
        }
    }
    // Half in, half out: the ramp of the picture ends in its border's colour.
    let edge = crop(&view, &similarity(1.0, 0.0, (7.0, -4.0), (8.0, 0.0)), 16, 1);
    for x in 0..16 {
        let want = view.rgba_f32(7.max(x - 1), -4);
        for c in 0..3 {
            assert_eq!(edge[(c, 0, x as usize)], want[c], "column {x}");
        }
    }
}

#[test]
fn the_network_sees_the_same_whatever_the_hosts_layout() {
    let rect = Rect::new(0, 0, 60, 60);
    let mut random = Random::new(4);
    let plain = picture(rect, FLOATS, |_, _| {
        [0.0; 4].map(|_: f32| random.between(0.2, 0.9) as f32)
    });
    let decode = |c: f32| {
        let c = f64::from(c);
        (if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }) as f32
    };
    for k in [0.4, 2.7] {
        let to_crop = similarity(1.0 / k, 20.0, (30.0, 30.0), (8.0, 8.0));
        let want = crop(&plain.view(), &to_crop, 16, 16);
        for format in FORMATS {
            for alpha in [Alpha::Straight, Alpha::Premultiplied, Alpha::Opaque] {
                for transfer in [Transfer::Srgb, Transfer::Linear] {
                    let layout = Layout {
                        format,
                        alpha,
                        transfer,
                    };
                    let same = picture(rect, layout, |x, y| {
                        let [r, g, b, a] = plain.view().rgba_f32(x, y);
                        let linear = transfer == Transfer::Linear;
                        let [r, g, b] = [r, g, b].map(|c| if linear { decode(c) } else { c });
                        // A premultiplied picture keeps its alpha exactly, or the colour would move.
                        let a = if format == Format::RgbaU8 {
                            (a * 255.0).round() / 255.0
                        } else {
                            a
                        };
                        let a = if format == Format::RgbaU16 {
                            (a * 65535.0).round() / 65535.0
                        } else {
                            a
                        };
                        let m = if alpha == Alpha::Premultiplied {
                            a
                        } else {
                            1.0
                        };
                        [r * m, g * m, b * m, a]
                    });
                    let seen = crop(&same.view(), &to_crop, 16, 16);
                    let off = (&seen - &want).iter().fold(0.0f32, |a, b| a.max(b.abs()));
                    let allowed = match format {
                        // Linear bytes are coarse in the dark, more so below a low alpha.
                        Format::RgbaU8 => 0.04,
                        Format::RgbaU16 => 2e-4,
                        Format::RgbaF32 => 2e-6,
                    };
                    assert!(off < allowed, "{layout:?}: {off}");
                }
            }
        }
    }
}

#[test]
fn a_transparent_premultiplied_pixel_and_a_broken_float_are_black_not_nan() {
    let rect = Rect::new(0, 0, 8, 8);
    let layout = Layout {
        alpha: Alpha::Premultiplied,
        ..FLOATS
    };
    let broken = [
        [0.3, 0.3, 0.3, 0.0],
        [f32::NAN, -1.0, f32::NEG_INFINITY, 1.0],
    ];
    for pixel in broken {
        let picture = picture(rect, layout, |_, _| pixel);
        let seen = crop(
            &picture.view(),
            &similarity(1.0, 0.0, (0.0, 0.0), (0.0, 0.0)),
            8,
            8,
        );
        assert!(seen.iter().all(|&v| v == 0.0));
    }
}

#[test]
fn a_crop_that_has_no_place_is_black_and_takes_no_memory() {
    let picture = noise(Rect::new(0, 0, 8, 8), Layout::srgb(Format::RgbaU8), 5);
    for (a, tx) in [
        (0.0, 0.0),
        (f64::NAN, 0.0),
        (1.0, 1e300),
        (1e-300, 0.0),
        (1e-11, 0.0),
    ] {
        let to_crop = diat_image::Similarity {
            a,
            b: 0.0,
            tx,
            ty: 0.0,
        };
        assert!(
            crop(&picture.view(), &to_crop, 16, 16)
                .iter()
                .all(|&v| v == 0.0)
        );
    }
}

#[test]
fn detectors_get_means_of_blocks_in_grey_and_in_colour() {
    let rect = Rect::new(5, 6, 11, 7);
    for format in FORMATS {
        let picture = noise(rect, Layout::srgb(format), 6);
        let view = picture.view();
        let mean = |view: &View, i: usize, j: usize, c: usize| {
            let block = (0..9).map(|n| (5 + 3 * i + n % 3, 6 + 3 * j + n / 3));
            // Beyond the last column and row the border goes on.
            block
                .map(|(x, y)| view.rgba_f32(x as i32, y as i32)[c])
                .sum::<f32>()
                / 9.0
        };
        let (grey, colour) = (luma(&view, 3), rgb(&view, 3));
        assert_eq!((grey.dim(), colour.dim()), ((3, 4), (3, 3, 4)));
        for ((j, i), grey) in grey.indexed_iter() {
            let [r, g, b] = [0, 1, 2].map(|c| mean(&view, i, j, c));
            let off = (f32::from(*grey) / 255.0 - (0.299 * r + 0.587 * g + 0.114 * b)).abs();
            assert!(off < 0.5 / 255.0 + 1e-5);
            for (c, want) in [r, g, b].into_iter().enumerate() {
                let off = (f32::from(colour[(c, j, i)]) / 255.0 - want).abs();
                assert!(off < 0.5 / 255.0 + 1e-5);
            }
        }
    }
    let picture = noise(rect, Layout::srgb(Format::RgbaU8), 7);
    let copy = rgb(&picture.view(), 1);
    for ((c, y, x), value) in copy.indexed_iter() {
        assert_eq!(*value, picture.bytes()[(y * 11 + x) * 4 + c]);
    }
}
