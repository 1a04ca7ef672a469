//! What `show` asks for, in terms of each other.

use crate::stage::{
    DIFFERENCE, FORMATS, MASK, TRANSFORMED, Wish, face, negative, noise, open, plugin, render,
};
use diat_host::Points;
use diat_image::{Format, Layout, Picture, Point, Similarity};
use diat_tests::{Resources, manifest};

const SIDE: usize = 64;

fn effect(resources: &Resources) {
    let network = negative(SIDE, &|x, y| {
        if (x / 8 + y / 8) % 2 == 0 { 1.0 } else { 0.0 }
    });
    resources.add("checkers", &manifest("checkers", SIDE), &network);
}

fn one_face() -> (Similarity, Points) {
    face(SIDE, 40.0, -17.0, [100.0, 95.0])
}

fn step(format: Format) -> f32 {
    match format {
        Format::RgbaU8 => 0.51 / 255.0,
        Format::RgbaU16 => 0.51 / 65535.0,
        Format::RgbaF32 => 1e-6,
    }
}

fn each(picture: &Picture, mut check: impl FnMut(i32, i32)) {
    let area = picture.rect();
    for y in 0..area.h {
        (0..area.w).for_each(|x| check(x, y));
    }
}

#[test]
fn the_mask_is_the_same_grey_at_every_strength() {
    let resources = Resources::new();
    effect(&resources);
    let plugin = plugin(&resources, 0);
    for format in FORMATS {
        let input = noise(200, 190, Layout::srgb(format), 1);
        let mut instance = open(&plugin, "checkers", &[one_face().1]);
        let mask = |instance: &mut _, strength| {
            render(
                instance,
                &input,
                &Wish {
                    strength,
                    ..Wish::show(MASK)
                },
            )
        };
        let full = mask(&mut instance, 1.0);
        assert!(mask(&mut instance, 0.2) == full && mask(&mut instance, 0.0) == full);
        let (mut black, mut white) = (0, 0);
        each(&full, |x, y| {
            let [r, g, b, alpha] = full.view().rgba_f32(x, y);
            assert_eq!((r, r, alpha), (g, b, input.view().rgba_f32(x, y)[3]));
            black += usize::from(r == 0.0);
            white += usize::from(r == 1.0);
        });
        assert!(black > 10_000 && white > 2_000, "{black} {white}");
    }
}

#[test]
fn the_difference_is_half_the_result_less_the_input_around_the_middle() {
    let resources = Resources::new();
    effect(&resources);
    let plugin = plugin(&resources, 0);
    for format in FORMATS {
        let input = noise(200, 190, Layout::srgb(format), 2);
        let mut instance = open(&plugin, "checkers", &[one_face().1]);
        let wish = Wish::strength(0.6);
        let result = render(&mut instance, &input, &wish);
        let difference = render(
            &mut instance,
            &input,
            &Wish {
                show: DIFFERENCE,
                ..wish
            },
        );
        each(&input, |x, y| {
            let [x0, out, half] =
                [&input, &result, &difference].map(|picture| picture.view().rgba_f32(x, y));
            for c in 0..3 {
                let want = 0.5 + (out[c] - x0[c]) / 2.0;
                assert!(
                    (half[c] - want).abs() <= step(format),
                    "{format:?}: {half:?} {want}"
                );
            }
            assert_eq!(half[3], x0[3]);
        });
    }
}

#[test]
fn transformed_is_the_networks_picture_inside_the_crop_and_the_input_outside() {
    let resources = Resources::new();
    effect(&resources);
    let plugin = plugin(&resources, 0);
    let (to_picture, points) = one_face();
    let to_crop = to_picture.inverse().unwrap();
    for format in FORMATS {
        let input = noise(200, 190, Layout::srgb(format), 3);
        let mut instance = open(&plugin, "checkers", &[points]);
        let shown = render(&mut instance, &input, &Wish::show(TRANSFORMED));
        let (mut inside, mut outside) = (0, 0);
        each(&input, |x, y| {
            let p = to_crop.apply(Point {
                x: f64::from(x) + 0.5,
                y: f64::from(y) + 0.5,
            });
            let within = |margin: f64| {
                let range = margin..SIDE as f64 - margin;
                range.contains(&p.x) && range.contains(&p.y)
            };
            let [x0, t] = [&input, &shown].map(|picture| picture.view().rgba_f32(x, y));
            assert_eq!(x0[3], t[3]);
            if !within(-1e-6) {
                outside += 1;
                assert_eq!(x0, t, "({x}, {y})");
            } else if within(4.0) {
                inside += 1;
            }
        });
        // A negative: what is dark in the mean is light.
        let mean = |picture: &Picture| {
            let (mut sum, mut n) = (0.0, 0.0);
            each(picture, |x, y| {
                let p = to_crop.apply(Point {
                    x: f64::from(x) + 0.5,
                    y: f64::from(y) + 0.5,
                });
                if (8.0..56.0).contains(&p.x) && (8.0..56.0).contains(&p.y) {
                    sum += f64::from(picture.view().rgba_f32(x, y)[1]);
                    n += 1.0;
                }
            });
            sum / n
        };
        assert!(
            (mean(&input) + mean(&shown) - 1.0).abs() < 0.01,
            "{format:?}"
        );
        assert!(inside > 5_000 && outside > 10_000);
    }
}

#[test]
fn strength_is_a_share_of_the_whole_change() {
    let resources = Resources::new();
    effect(&resources);
    let plugin = plugin(&resources, 0);
    let input = noise(200, 190, Layout::srgb(Format::RgbaF32), 4);
    let mut instance = open(&plugin, "checkers", &[one_face().1]);
    let full = render(&mut instance, &input, &Wish::default());
    for strength in [0.25, 0.5, 0.75] {
        let part = render(&mut instance, &input, &Wish::strength(strength));
        each(&input, |x, y| {
            let [x0, out, part] =
                [&input, &full, &part].map(|picture| picture.view().rgba_f32(x, y));
            for c in 0..3 {
                let want = x0[c] + strength as f32 * (out[c] - x0[c]);
                assert!((part[c] - want).abs() < 1e-6, "{strength} ({x}, {y})");
            }
        });
    }
}
