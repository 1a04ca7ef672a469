//! Pictures in other colours than sRGB's: an effect does to them what it does to the same picture in sRGB.

use crate::rules::judge;
use crate::stage::{MASK, TRANSFORMED, Wish, negative, open, picture, plugin, rect};
use diat_host::{Alpha, ImageMut, ImageRef, Input, Instance, Pixels, Points, RenderJob};
use diat_image::{Format, Layout, Picture};
use diat_synth::{Attribute, FaceStyle, Scene, draw};
use diat_tests::{Resources, manifest};
use moxcms::{ColorProfile, Xyzd};

type Matrix = [[f64; 3]; 3];

/// Light of P3-D65 and of BT.2020 to sRGB's and back, as they are published.
const P3_TO_SRGB: Matrix = [
    [1.224_940_1, -0.224_940_4, 0.0],
    [-0.042_056_9, 1.042_057_1, 0.0],
    [-0.019_637_6, -0.078_636_1, 1.098_273_5],
];
const P3_OF_SRGB: Matrix = [
    [0.822_462_1, 0.177_538_0, 0.0],
    [0.033_194_1, 0.966_805_8, 0.0],
    [0.017_082_7, 0.072_397_4, 0.910_519_9],
];
const BT2020_TO_SRGB: Matrix = [
    [1.660_491, -0.587_641, -0.072_850],
    [-0.124_550, 1.132_900, -0.008_349],
    [-0.018_151, -0.100_579, 1.118_730],
];
const BT2020_OF_SRGB: Matrix = [
    [0.627_404, 0.329_283, 0.043_313],
    [0.069_097, 0.919_540, 0.011_362],
    [0.016_391, 0.088_013, 0.895_595],
];

/// Colours by their standard's numbers, and how a host tells of them.
struct Space<'a> {
    name: &'a str,
    pixels: Pixels<'a>,
    linear: bool,
    to_srgb: Matrix,
    of_srgb: Matrix,
}

impl Space<'_> {
    /// sRGB's numbers of stored ones.
    fn to_srgb(&self, [r, g, b, a]: [f32; 4]) -> [f32; 4] {
        let share = self.share(a);
        let straight = [r, g, b].map(|c| f64::from(c) / share);
        let light = straight.map(|c| if self.linear { c } else { light(c) });
        let [r, g, b] = apply(&self.to_srgb, light).map(|c| code(c) as f32);
        [r, g, b, a]
    }

    /// Numbers to store of sRGB's.
    fn of_srgb(&self, [r, g, b, a]: [f32; 4]) -> [f32; 4] {
        let light = apply(&self.of_srgb, [r, g, b].map(|c| light(f64::from(c))));
        let straight = light.map(|c| if self.linear { c } else { code(c) });
        let [r, g, b] = straight.map(|c| (c * self.share(a)) as f32);
        [r, g, b, a]
    }

    fn share(&self, alpha: f32) -> f64 {
        match self.pixels.alpha {
            Alpha::Premultiplied => f64::from(alpha),
            _ => 1.0,
        }
    }
}

/// sRGB's curve, odd.
fn light(code: f64) -> f64 {
    let size = code.abs();
    let light = if size <= 0.04045 {
        size / 12.92
    } else {
        ((size + 0.055) / 1.055).powf(2.4)
    };
    light.copysign(code)
}

fn code(light: f64) -> f64 {
    let size = light.abs();
    let code = if size <= 0.003_130_8 {
        size * 12.92
    } else {
        1.055 * size.powf(1.0 / 2.4) - 0.055
    };
    code.copysign(light)
}

fn apply(matrix: &Matrix, v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

/// Display P3 with the numbers of the profile that Apple's devices write.
fn p3_profile() -> Vec<u8> {
    let mut profile = ColorProfile::new_display_p3();
    let [red, green, blue] = [
        [0.51512, 0.24120, -0.00105],
        [0.29198, 0.69225, 0.04189],
        [0.15710, 0.06657, 0.78407],
    ]
    .map(|[x, y, z]| Xyzd { x, y, z });
    (
        profile.red_colorant,
        profile.green_colorant,
        profile.blue_colorant,
    ) = (red, green, blue);
    profile.encode().unwrap()
}

fn spaces(icc: &[u8]) -> [Space<'_>; 6] {
    let p3 = |name, pixels| Space {
        name,
        pixels,
        linear: false,
        to_srgb: P3_TO_SRGB,
        of_srgb: P3_OF_SRGB,
    };
    let icc = |format| Pixels {
        icc: Some(icc),
        ..Pixels::srgb(format)
    };
    let floats = Pixels::srgb(diat_host::Format::RgbaF32);
    [
        p3("P3 by profile, 8 bits", icc(diat_host::Format::RgbaU8)),
        p3("P3 by profile, 16 bits", icc(diat_host::Format::RgbaU16)),
        p3("P3 by profile, floats", icc(diat_host::Format::RgbaF32)),
        p3(
            "P3 by numbers, premultiplied",
            Pixels {
                alpha: Alpha::Premultiplied,
                primaries: 12,
                transfer: 13,
                ..floats
            },
        ),
        Space {
            linear: true,
            ..p3(
                "linear P3 by numbers, premultiplied",
                Pixels {
                    alpha: Alpha::Premultiplied,
                    primaries: 12,
                    transfer: 8,
                    ..floats
                },
            )
        },
        Space {
            name: "linear BT.2020 by numbers",
            pixels: Pixels {
                primaries: 9,
                transfer: 8,
                ..floats
            },
            linear: true,
            to_srgb: BT2020_TO_SRGB,
            of_srgb: BT2020_OF_SRGB,
        },
    ]
}

fn format(pixels: &Pixels<'_>) -> Format {
    match pixels.format {
        diat_host::Format::RgbaU8 => Format::RgbaU8,
        diat_host::Format::RgbaU16 => Format::RgbaU16,
        _ => Format::RgbaF32,
    }
}

/// Renders a picture whose colours are told by `pixels`.
fn render_as(instance: &mut Instance, input: &Picture, pixels: Pixels<'_>, wish: &Wish) -> Picture {
    let (area, mut bytes) = (input.rect(), vec![0x5A; input.bytes().len()]);
    instance
        .render(RenderJob {
            input: Input::Separate(ImageRef::packed(input.bytes(), rect(area), pixels).unwrap()),
            output: ImageMut::packed(&mut bytes, rect(area), pixels).unwrap(),
            roi: rect(area),
            values: wish.values(),
            time: None,
            progress: None,
        })
        .unwrap();
    Picture::from_bytes(area, input.layout(), bytes).unwrap()
}

/// The picture with each pixel changed, in another format.
fn mapped(source: &Picture, format: Format, f: impl Fn([f32; 4]) -> [f32; 4]) -> Picture {
    let (area, view) = (source.rect(), source.view());
    picture(area.w, area.h, Layout::srgb(format), |x, y| {
        f(view.rgba_f32(x, y))
    })
}

/// A drawn face with a wide range of colours and alpha, and its points.
fn portrait() -> (Picture, Points) {
    let style = FaceStyle::from_seed(195)
        .with(Attribute::MouthSlightlyOpen, false)
        .with(Attribute::Eyeglasses, true);
    let drawn = draw(&Scene::portrait(style, 320, 400)).unwrap();
    (drawn.picture, drawn.points.map(|point| [point.x, point.y]))
}

/// The judge's scores of the only face, before and after; none without a judge.
fn scores(instance: &mut Instance) -> [Option<f64>; 2] {
    let report = instance.report().unwrap();
    let [face] = report.faces.as_slice() else {
        return [None; 2];
    };
    [face.score_before, face.score_after]
}

/// Checks that what the instance does in each space is what it does in sRGB.
fn check(instance: &mut Instance, drawn: &Picture) {
    let icc = p3_profile();
    let plain = Pixels::srgb(diat_host::Format::RgbaF32);
    for space in spaces(&icc) {
        let (width, height) = (drawn.rect().w, drawn.rect().h);
        let view = drawn.view();
        let layout = Layout::srgb(format(&space.pixels));
        let input = picture(width, height, layout, |x, y| {
            let [r, g, b, _] = view.rgba_f32(x, y);
            space.of_srgb([r, g, b, 0.25 + 0.75 * (x as f32 / width as f32)])
        });
        let srgb = mapped(&input, Format::RgbaF32, |own| space.to_srgb(own));
        let mask = render_as(instance, &srgb, plain, &Wish::show(MASK));
        for wish in [
            Wish::default(),
            Wish::strength(0.6),
            Wish::show(TRANSFORMED),
        ] {
            let expected = render_as(instance, &srgb, plain, &wish);
            let of_srgb = scores(instance);
            let found = render_as(instance, &input, space.pixels, &wish);
            for (one, other) in scores(instance).iter().zip(of_srgb) {
                let apart = one
                    .zip(other)
                    .map_or(0.0, |(one, other)| (one - other).abs());
                assert!(apart < 1e-3, "{}: {one:?} {other:?}", space.name);
                assert_eq!(one.is_some(), other.is_some());
            }
            let (mut most, mut edited, mut same) = (0.0f32, 0, 0);
            for y in 0..height {
                for x in 0..width {
                    let at = |picture: &Picture| picture.view().rgba_f32(x, y);
                    let (before, after) = (at(&input), at(&found));
                    assert_eq!(before[3].to_bits(), after[3].to_bits());
                    if wish.show != TRANSFORMED && at(&mask)[0] == 0.0 {
                        assert_eq!(before, after, "{} ({x}, {y})", space.name);
                        same += 1;
                        continue;
                    }
                    edited += usize::from(before != after);
                    // The premultiplied drawing keeps its alpha in sRGB, where it is straight.
                    let expected = space.of_srgb(at(&expected));
                    for c in 0..3 {
                        let expected = match space.pixels.format {
                            diat_host::Format::RgbaF32 => expected[c],
                            _ => expected[c].clamp(0.0, 1.0),
                        };
                        most = most.max((after[c] - expected).abs());
                    }
                }
            }
            assert!(
                most < 1.0 / 255.0,
                "{}: {:.3}/255",
                space.name,
                most * 255.0
            );
            assert!(edited > 3000, "{}: {edited}", space.name);
            assert!(same > 3000 || wish.show == TRANSFORMED, "{}", space.name);
        }
        // The mask shown in the space: plain numbers, whatever the colours.
        let own_mask = render_as(instance, &input, space.pixels, &Wish::show(MASK));
        let (one, other) = (own_mask.view(), mask.view());
        for (x, y) in [(width / 2, height / 2), (width / 2, height * 3 / 4), (5, 5)] {
            let (one, other) = (one.rgba_f32(x, y)[0], other.rgba_f32(x, y)[0]);
            assert!((one - other).abs() < 1.0 / 255.0, "{}", space.name);
        }
    }
}

#[test]
fn an_effect_does_in_every_space_what_it_does_in_srgb_and_nothing_outside_the_mask() {
    let resources = Resources::new();
    let disc = |x: usize, y: usize| {
        let far = (x as f32 - 31.5).hypot(y as f32 - 31.5);
        (1.0 - (far - 18.0) / 6.0).clamp(0.0, 1.0)
    };
    judge(&resources, "brightness");
    let text = manifest("negative", 64) + "\n[judge]\nid = \"brightness\"\nrange = [0.0, 1.0]\n";
    resources.add("negative", &text, &negative(64, &disc));
    let plugin = plugin(&resources, 0);
    let (drawn, points) = portrait();
    let mut instance = open(&plugin, "negative", &[points]);
    check(&mut instance, &drawn);
    assert!(scores(&mut instance).iter().all(Option::is_some));
}

#[test]
fn a_shipped_effect_edits_a_face_alike_in_every_space() {
    let plugin = plugin(&Resources::new(), 0);
    let (drawn, points) = portrait();
    let mut instance = open(&plugin, "eyeglasses-off", &[points]);
    check(&mut instance, &drawn);
}

#[test]
fn the_same_numbers_in_other_colours_are_another_picture() {
    let resources = Resources::new();
    resources.add(
        "negative",
        &manifest("negative", 64),
        &negative(64, &|_, _| 1.0),
    );
    let plugin = plugin(&resources, 0);
    let (drawn, points) = portrait();
    let icc = p3_profile();
    let plain = Pixels::srgb(diat_host::Format::RgbaU8);
    let p3 = Pixels {
        icc: Some(&icc),
        ..plain
    };
    let fresh = |pixels| {
        let mut instance = open(&plugin, "negative", &[points]);
        render_as(&mut instance, &drawn, pixels, &Wish::default())
    };
    let mut instance = open(&plugin, "negative", &[points]);
    for pixels in [plain, p3, plain] {
        let found = render_as(&mut instance, &drawn, pixels, &Wish::default());
        assert!(found == fresh(pixels), "{pixels:?}");
    }
    assert!(fresh(plain) != fresh(p3));
}
