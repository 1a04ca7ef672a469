//! Pictures in other colours than sRGB's: what the network sees of them, and what becomes of its answer.

#![expect(
    clippy::unwrap_used,
    reason = "clippy takes the helpers of tests for product code"
)]

mod support;

use diat_image::{
    Alpha, Encoding, Format, Layout, Patch, Picture, ProfileError, Rect, Show, Similarity,
    Transfer, composite, crop, h273, profile,
};
use moxcms::{
    ColorProfile, DataColorSpace, LutDataType, LutMultidimensionalType, LutStore, LutType,
    LutWarehouse, Matrix3d, ToneReprCurve, Vector3d, Xyzd,
};
use ndarray::{Array2, Array3};
use support::{FORMATS, Random, noise, picture};

type Matrix = [[f64; 3]; 3];

/// A colour space as its standard states it, in 64 bits.
struct Stated {
    name: &'static str,
    encoding: Encoding,
    light: fn(f64) -> f64,
    code: fn(f64) -> f64,
    /// Light to sRGB's; of the lookup tables, whose light is theirs, too.
    to_srgb: Matrix,
    /// Nothing is beyond 0..1.
    closed: bool,
}

const D65: [f64; 2] = [0.3127, 0.3290];
const SRGB: [[f64; 2]; 3] = [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]];

fn spaces() -> Vec<Stated> {
    let p3 = [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]];
    let adobe = [[0.64, 0.33], [0.21, 0.71], [0.15, 0.06]];
    let bt2020 = [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]];
    let pal = [[0.64, 0.33], [0.29, 0.60], [0.15, 0.06]];
    let to_srgb = |primaries| times(&inverse(&to_xyz(SRGB, D65)), &to_xyz(primaries, D65));
    let icc = |profile: ColorProfile| diat_image::profile(&profile.encode().unwrap()).unwrap();
    let mut linear_p3 = display_p3();
    let straight = Some(ToneReprCurve::Lut(Vec::new()));
    (linear_p3.red_trc, linear_p3.green_trc, linear_p3.blue_trc) =
        (straight.clone(), straight.clone(), straight);
    let mut sampled = display_p3();
    let samples: Vec<u16> = (0..1024)
        .map(|i| (srgb_light(f64::from(i) / 1023.0) * 65535.0).round() as u16)
        .collect();
    let samples = Some(ToneReprCurve::Lut(samples));
    (sampled.red_trc, sampled.green_trc, sampled.blue_trc) =
        (samples.clone(), samples.clone(), samples);
    vec![
        Stated {
            name: "Display P3, profile",
            encoding: icc(display_p3()),
            light: srgb_light,
            code: srgb_code,
            to_srgb: to_srgb(p3),
            closed: false,
        },
        Stated {
            name: "Display P3, profile with a table for its curve",
            encoding: icc(sampled),
            light: srgb_light,
            code: srgb_code,
            to_srgb: to_srgb(p3),
            closed: false,
        },
        Stated {
            name: "linear P3, profile",
            encoding: icc(linear_p3),
            light: |code| code,
            code: |light| light,
            to_srgb: to_srgb(p3),
            closed: false,
        },
        Stated {
            name: "Adobe RGB (1998), profile",
            encoding: icc(adobe_rgb()),
            light: |code| power(code, 563.0 / 256.0),
            code: |light| power(light, 256.0 / 563.0),
            to_srgb: to_srgb(adobe),
            closed: false,
        },
        Stated {
            name: "P3-D65 by numbers",
            encoding: h273(12, 13).unwrap(),
            light: srgb_light,
            code: srgb_code,
            to_srgb: to_srgb(p3),
            closed: false,
        },
        Stated {
            name: "linear BT.2020 by numbers",
            encoding: h273(9, 8).unwrap(),
            light: |code| code,
            code: |light| light,
            to_srgb: to_srgb(bt2020),
            closed: false,
        },
        Stated {
            name: "PAL by numbers",
            encoding: h273(5, 5).unwrap(),
            light: |code| power(code, 2.8),
            code: |light| power(light, 1.0 / 2.8),
            to_srgb: to_srgb(pal),
            closed: false,
        },
        Stated {
            name: "grey with a gamma of 1.75, profile",
            encoding: icc(ColorProfile::new_gray_with_gamma(1.75)),
            light: |code| power(code, 1.75),
            code: |light| power(light, 1.0 / 1.75),
            to_srgb: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            closed: false,
        },
        Stated {
            name: "Adobe RGB (1998) by lut16",
            encoding: icc(lut(LutWarehouse::Lut(adobe_lut16()), DataColorSpace::Xyz)),
            light: |code| power(code, 563.0 / 256.0),
            code: |light| power(light, 256.0 / 563.0),
            to_srgb: to_srgb(adobe),
            closed: true,
        },
        Stated {
            name: "Adobe RGB (1998) by lutAToB",
            encoding: icc(lut(
                LutWarehouse::Multidimensional(adobe_mab()),
                DataColorSpace::Xyz,
            )),
            light: |code| power(code, 563.0 / 256.0),
            code: |light| power(light, 256.0 / 563.0),
            to_srgb: to_srgb(adobe),
            closed: true,
        },
    ]
}

/// A profile of a table alone.
fn lut(table: LutWarehouse, pcs: DataColorSpace) -> ColorProfile {
    let mut profile = ColorProfile::new_adobe_rgb();
    (profile.red_trc, profile.green_trc, profile.blue_trc) = (None, None, None);
    profile.pcs = pcs;
    profile.lut_a_to_b_colorimetric = Some(table);
    profile
}

/// Sixteen bits of a number from 0 to 1.
fn sixteen(value: f64) -> u16 {
    (value * 65535.0).round() as u16
}

/// XYZ at the eight corners of the cube, as far as 16 bits hold it.
fn adobe_corners() -> LutStore {
    let profile = adobe_rgb();
    let columns = [
        profile.red_colorant,
        profile.green_colorant,
        profile.blue_colorant,
    ];
    let corners = (0..8).flat_map(|i| {
        let on = [i & 4, i & 2, i & 1].map(|bit| f64::from(u8::from(bit != 0)));
        let sum =
            |of: fn(&Xyzd) -> f64| (0..3).map(|c: usize| on[c] * of(&columns[c])).sum::<f64>();
        [sum(|c| c.x), sum(|c| c.y), sum(|c| c.z)].map(|v| sixteen(v * 32768.0 / 65535.0))
    });
    LutStore::Store16(corners.collect())
}

fn adobe_lut16() -> LutDataType {
    let gamma = (0..4096).map(|i| sixteen(power(f64::from(i) / 4095.0, 563.0 / 256.0)));
    LutDataType {
        num_input_channels: 3,
        num_output_channels: 3,
        num_clut_grid_points: 2,
        matrix: Matrix3d::IDENTITY,
        num_input_table_entries: 4096,
        num_output_table_entries: 2,
        input_table: LutStore::Store16(gamma.clone().chain(gamma.clone()).chain(gamma).collect()),
        clut_table: adobe_corners(),
        output_table: LutStore::Store16(vec![0, 65535, 0, 65535, 0, 65535]),
        lut_type: LutType::Lut16,
    }
}

fn adobe_mab() -> LutMultidimensionalType {
    let mut grid_points = [0; 16];
    grid_points[..3].fill(2);
    LutMultidimensionalType {
        num_input_channels: 3,
        num_output_channels: 3,
        grid_points,
        clut: Some(adobe_corners()),
        a_curves: vec![ToneReprCurve::Lut(vec![563]); 3],
        b_curves: vec![ToneReprCurve::Lut(Vec::new()); 3],
        m_curves: Vec::new(),
        matrix: Matrix3d::IDENTITY,
        bias: Vector3d::default(),
    }
}

/// With the numbers of the profile that Apple's devices write.
fn display_p3() -> ColorProfile {
    let mut profile = ColorProfile::new_display_p3();
    profile.red_colorant = xyz(0.51512, 0.24120, -0.00105);
    profile.green_colorant = xyz(0.29198, 0.69225, 0.04189);
    profile.blue_colorant = xyz(0.15710, 0.06657, 0.78407);
    profile
}

/// With the numbers of Adobe's own profile.
fn adobe_rgb() -> ColorProfile {
    let mut profile = ColorProfile::new_adobe_rgb();
    profile.red_colorant = xyz(0.60974, 0.31111, 0.01947);
    profile.green_colorant = xyz(0.20528, 0.62567, 0.06087);
    profile.blue_colorant = xyz(0.14919, 0.06322, 0.74457);
    profile
}

fn xyz(x: f64, y: f64, z: f64) -> Xyzd {
    Xyzd { x, y, z }
}

impl Stated {
    /// sRGB's numbers for the colour, below 0 and beyond 1 where sRGB does not hold it.
    fn to_network(&self, own: [f64; 3]) -> [f64; 3] {
        apply(&self.to_srgb, own.map(self.light)).map(srgb_code)
    }

    fn of_network(&self, colours: [f64; 3]) -> [f64; 3] {
        apply(&inverse(&self.to_srgb), colours.map(srgb_light)).map(self.code)
    }

    fn layout(&self, format: Format, alpha: Alpha) -> Layout {
        Layout {
            format,
            alpha,
            transfer: self.encoding.transfer(),
        }
    }
}

fn power(value: f64, exponent: f64) -> f64 {
    value.abs().powf(exponent).copysign(value)
}

fn srgb_light(code: f64) -> f64 {
    let size = code.abs();
    let light = if size <= 0.04045 {
        size / 12.92
    } else {
        ((size + 0.055) / 1.055).powf(2.4)
    };
    light.copysign(code)
}

fn srgb_code(light: f64) -> f64 {
    let size = light.abs();
    let code = if size <= 0.003_130_8 {
        size * 12.92
    } else {
        1.055 * size.powf(1.0 / 2.4) - 0.055
    };
    code.copysign(light)
}

/// Light to XYZ: the primaries' columns, scaled so that they sum to the white.
fn to_xyz(primaries: [[f64; 2]; 3], white: [f64; 2]) -> Matrix {
    let xyz = |[x, y]: [f64; 2]| [x / y, 1.0, (1.0 - x - y) / y];
    let columns = primaries.map(xyz);
    let unscaled: Matrix = std::array::from_fn(|i| std::array::from_fn(|j| columns[j][i]));
    let scale = apply(&inverse(&unscaled), xyz(white));
    unscaled.map(|row| std::array::from_fn(|j| row[j] * scale[j]))
}

fn apply(m: &Matrix, v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

fn times(a: &Matrix, b: &Matrix) -> Matrix {
    a.map(|row| std::array::from_fn(|j| (0..3).map(|k| row[k] * b[k][j]).sum()))
}

/// By cofactors.
fn inverse(m: &Matrix) -> Matrix {
    let cofactor = |i: usize, j: usize| {
        let at = |di: usize, dj: usize| m[(i + di) % 3][(j + dj) % 3];
        at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)
    };
    let determinant: f64 = (0..3).map(|j| m[0][j] * cofactor(0, j)).sum();
    std::array::from_fn(|i| std::array::from_fn(|j| cofactor(j, i) / determinant))
}

const AREA: Rect = Rect::new(0, 0, 40, 40);
const IDENTITY: Similarity = Similarity {
    a: 1.0,
    b: 0.0,
    tx: 0.0,
    ty: 0.0,
};

/// What the network sees.
fn seen(picture: &Picture, encoding: &Encoding) -> Array3<f32> {
    let view = picture.view().in_space(encoding.space());
    crop(&view, &IDENTITY, AREA.w as usize, AREA.h as usize)
}

/// An answer that moves the network's colours by `change` everywhere but at the rim.
fn patch(change: [f32; 3], gate: f32) -> Patch {
    let size = (AREA.h as usize, AREA.w as usize);
    let inside = |i: usize, end: usize| (4..end - 4).contains(&i);
    let weight = Array2::from_shape_fn(size, |(y, x)| {
        f32::from(u8::from(inside(y, size.0) && inside(x, size.1)))
    });
    Patch {
        grain: None,
        to_crop: IDENTITY,
        crop: Array3::zeros((3, size.0, size.1)),
        transformed: Array3::from_shape_fn((3, size.0, size.1), |(c, _, _)| change[c]),
        weight,
        gate: Array2::from_elem(size, gate),
    }
}

fn show(input: &Picture, encoding: &Encoding, change: [f32; 3], show: Show) -> Picture {
    laid(input, encoding, patch(change, 0.0), show)
}

fn laid(input: &Picture, encoding: &Encoding, patch: Patch, show: Show) -> Picture {
    let mut out = input.clone();
    let mut view = out.view_mut().in_space(encoding.space());
    composite(&mut view, AREA, &[patch], 1.0, show, 2, &mut |_| true);
    out
}

/// Where the weight is 1 whatever the interpolation.
fn inner() -> impl Iterator<Item = (i32, i32)> {
    (8..32).flat_map(|y| (8..32).map(move |x| (x, y)))
}

fn is_untouched(x: i32, y: i32) -> bool {
    let near = |i: i32| (3..37).contains(&i);
    !(near(x) && near(y))
}

fn wide([r, g, b, _]: [f32; 4]) -> [f64; 3] {
    [r, g, b].map(f64::from)
}

#[test]
fn the_network_sees_the_colour_that_the_standard_states() {
    for space in spaces() {
        let layout = space.layout(Format::RgbaF32, Alpha::Straight);
        let input = noise(AREA, layout, 1);
        let seen = seen(&input, &space.encoding);
        for (x, y) in inner() {
            let expected = space.to_network(wide(input.view().rgba_f32(x, y)));
            for c in 0..3 {
                let expected = expected[c].clamp(0.0, 1.0);
                let seen = f64::from(seen[(c, y as usize, x as usize)]);
                // A table's sixteen bits are seen in dark numbers, though not in light.
                let dark = space.closed && (srgb_light(seen) - srgb_light(expected)).abs() < 6e-5;
                assert!(
                    dark || (seen - expected).abs() < 1.0 / 2550.0,
                    "{}: {seen} {expected}",
                    space.name
                );
            }
        }
    }
}

#[test]
fn the_network_sees_bytes_as_it_sees_the_same_numbers_in_floats() {
    for space in spaces() {
        for alpha in [Alpha::Straight, Alpha::Premultiplied] {
            let bytes = noise(AREA, space.layout(Format::RgbaU8, alpha), 10);
            let layout = space.layout(Format::RgbaF32, alpha);
            let floats = picture(AREA, layout, |x, y| bytes.view().rgba_f32(x, y));
            let same = seen(&bytes, &space.encoding) == seen(&floats, &space.encoding);
            assert!(same, "{} {alpha:?}", space.name);
        }
    }
}

#[test]
fn a_move_of_the_networks_colours_is_that_move_in_the_pictures_own() {
    let change = [0.07f32, -0.05, 0.11];
    for space in spaces() {
        for alpha in [Alpha::Straight, Alpha::Premultiplied, Alpha::Opaque] {
            let layout = space.layout(Format::RgbaF32, alpha);
            let input = noise(AREA, layout, 2);
            let out = show(&input, &space.encoding, change, Show::Result);
            let mut beyond_srgb = 0;
            for (x, y) in inner() {
                let (own, new) = (input.view().rgba_f32(x, y), out.view().rgba_f32(x, y));
                assert_eq!(own[3].to_bits(), new[3].to_bits());
                let share = match alpha {
                    Alpha::Premultiplied => f64::from(own[3]),
                    _ => 1.0,
                };
                if share == 0.0 {
                    assert_eq!(own, new, "{}", space.name);
                    continue;
                }
                let network = space.to_network(wide(own).map(|c| c / share));
                beyond_srgb += usize::from(network.iter().any(|c| !(-1e-3..=1.001).contains(c)));
                let moved = std::array::from_fn(|c| network[c] + f64::from(change[c]));
                let expected = space.of_network(moved).map(|c| c * share);
                if space.closed && expected.iter().any(|c| !(0.0..=share).contains(c)) {
                    continue;
                }
                // Beyond its last sample a table is carried on in its own way.
                let end = if space.name.contains("table") {
                    share
                } else {
                    f64::INFINITY
                };
                for c in 0..3 {
                    let (new, expected) = (f64::from(new[c]).min(end), expected[c].min(end));
                    // Where a curve is steep, the profile's own rounding is seen in numbers, though not in light.
                    let light = |code: f64| (space.light)(code / share) * share;
                    assert!(
                        (new - expected).abs() < 1.0 / 2550.0
                            || (light(new) - light(expected)).abs() < 6e-5,
                        "{} {alpha:?}: {own:?} {new:?} {expected:?}",
                        space.name
                    );
                }
            }
            let grey = space.name.starts_with("grey");
            assert!(
                grey || space.name.starts_with("PAL") || beyond_srgb > 20,
                "{}",
                space.name
            );
        }
    }
}

/// A table whose numbers are Lab itself: L from 0 to 100, a and b from −60 to 60.
#[test]
fn a_table_to_lab_is_read_as_its_type_writes_lab() {
    let corner = |i: u16, c: usize| f64::from((i >> (2 - c)) & 1);
    let lab = |[l, a, b]: [f64; 3]| [l * 100.0, a * 120.0 - 60.0, b * 120.0 - 60.0];
    let corners = |write: fn([f64; 3]) -> [f64; 3]| {
        let values = (0..8).flat_map(|i| write(lab([0, 1, 2].map(|c| corner(i, c)))).map(sixteen));
        LutStore::Store16(values.collect())
    };
    let mut old = adobe_lut16();
    old.num_input_table_entries = 2;
    old.input_table = old.output_table.clone();
    old.clut_table = corners(|[l, a, b]| {
        [
            l / 100.0 * 65280.0,
            (a + 128.0) * 256.0,
            (b + 128.0) * 256.0,
        ]
        .map(|v| v / 65535.0)
    });
    let mut new = adobe_mab();
    new.a_curves = vec![ToneReprCurve::Lut(Vec::new()); 3];
    new.clut = Some(corners(|[l, a, b]| {
        [l / 100.0, (a + 128.0) / 255.0, (b + 128.0) / 255.0]
    }));
    let layout = Layout::srgb(Format::RgbaF32);
    let input = noise(AREA, layout, 9);
    let srgb = inverse(&[
        [0.436_07, 0.385_15, 0.143_07],
        [0.222_49, 0.716_87, 0.060_61],
        [0.013_92, 0.097_08, 0.714_10],
    ]);
    for table in [LutWarehouse::Lut(old), LutWarehouse::Multidimensional(new)] {
        let encoding = icc(&lut(table, DataColorSpace::Lab));
        let seen = seen(&input, &encoding);
        let mut inside = 0;
        for (x, y) in inner() {
            let [l, a, b] = lab(wide(input.view().rgba_f32(x, y)));
            let root = (l + 16.0) / 116.0;
            let cube = |t: f64| {
                if t > 6.0 / 29.0 {
                    t.powi(3)
                } else {
                    (t - 4.0 / 29.0) * 3.0 * (6.0f64 / 29.0).powi(2)
                }
            };
            let xyz = [
                0.9642 * cube(root + a / 500.0),
                cube(root),
                0.8249 * cube(root - b / 200.0),
            ];
            let expected = apply(&srgb, xyz).map(srgb_code);
            inside += usize::from(expected.iter().all(|c| (0.0..=1.0).contains(c)));
            for c in 0..3 {
                let (expected, seen) = (
                    expected[c].clamp(0.0, 1.0),
                    f64::from(seen[(c, y as usize, x as usize)]),
                );
                // Five digits of sRGB's matrix are seen in dark numbers, though not in light.
                assert!(
                    (seen - expected).abs() < 1.0 / 1275.0
                        || (srgb_light(seen) - srgb_light(expected)).abs() < 3e-4,
                    "{seen} {expected}"
                );
            }
        }
        assert!(inside > 200, "{inside}");
    }
}

#[test]
fn what_did_not_move_keeps_its_bytes_in_every_format() {
    for space in spaces() {
        for format in FORMATS {
            for alpha in [Alpha::Straight, Alpha::Premultiplied] {
                let layout = space.layout(format, alpha);
                let input = noise(AREA, layout, 3);
                let still = show(&input, &space.encoding, [0.0; 3], Show::Result);
                assert_eq!(still.bytes(), input.bytes(), "{} {layout:?}", space.name);
                let moved = show(&input, &space.encoding, [0.1; 3], Show::Result);
                let (mut same, mut other) = (0, 0);
                for y in 0..AREA.h {
                    for x in 0..AREA.w {
                        let (own, new) = (input.view().rgba_f32(x, y), moved.view().rgba_f32(x, y));
                        if is_untouched(x, y) {
                            assert_eq!(own, new, "{} {layout:?}", space.name);
                            same += 1;
                        } else {
                            other += usize::from(own != new);
                        }
                    }
                }
                assert!(
                    same > 300 && other > 500,
                    "{} {layout:?} {other}",
                    space.name
                );
            }
        }
    }
}

#[test]
fn the_most_saturated_colours_come_back_as_themselves_after_a_round_trip() {
    let spaces = spaces();
    let p3 = spaces.first().unwrap();
    // P3's own red, green and blue: none is in sRGB.
    let layout = p3.layout(Format::RgbaU8, Alpha::Straight);
    let corners = [
        [1.0, 0.0, 0.0],
        [0.0, 1.0, 0.0],
        [0.0, 0.0, 1.0],
        [0.0, 1.0, 1.0],
    ];
    let input = picture(AREA, layout, |x, y| {
        let [r, g, b] = corners[((x + y) % 4) as usize];
        [r, g, b, 1.0]
    });
    // There and back in two renders; what is stored between them cannot hold more than P3.
    let darker = show(&input, &p3.encoding, [-0.08; 3], Show::Result);
    assert_ne!(darker.bytes(), input.bytes());
    let layout = p3.layout(Format::RgbaF32, Alpha::Straight);
    let floats = picture(AREA, layout, |x, y| input.view().rgba_f32(x, y));
    let there = show(&floats, &p3.encoding, [-0.08; 3], Show::Result);
    let back = show(&there, &p3.encoding, [0.08; 3], Show::Result);
    for (x, y) in inner() {
        let (own, new) = (floats.view().rgba_f32(x, y), back.view().rgba_f32(x, y));
        for c in 0..4 {
            assert!((own[c] - new[c]).abs() < 1e-4, "{own:?} {new:?}");
        }
    }
}

#[test]
fn what_the_network_replaced_leaves_nothing_of_a_colour_that_srgb_does_not_hold() {
    let skin = [0.8f32, 0.6, 0.5];
    for space in spaces() {
        for format in FORMATS {
            for alpha in [Alpha::Straight, Alpha::Premultiplied] {
                let layout = space.layout(format, alpha);
                let input = noise(AREA, layout, 8);
                let out = laid(&input, &space.encoding, patch(skin, 1.0), Show::Result);
                for (x, y) in inner() {
                    let new = out.view().rgba_f32(x, y);
                    let share = match alpha {
                        Alpha::Premultiplied => new[3],
                        _ => 1.0,
                    };
                    let expected = space.of_network(skin.map(f64::from));
                    for c in 0..3 {
                        let expected = expected[c] as f32 * share;
                        assert!(
                            (new[c] - expected).abs() < 0.7 / 255.0,
                            "{} {layout:?}: {new:?} {expected}",
                            space.name
                        );
                    }
                }
            }
        }
    }
    // Light beyond the picture's own white is no content: it stays, as in sRGB.
    let spaces = spaces();
    let linear = spaces
        .iter()
        .find(|space| space.name.starts_with("linear P3"));
    let linear = linear.unwrap();
    let layout = linear.layout(Format::RgbaF32, Alpha::Straight);
    let input = picture(AREA, layout, |_, _| [4.0, 4.0, 4.0, 1.0]);
    let out = laid(&input, &linear.encoding, patch([1.0; 3], 1.0), Show::Result);
    assert!((out.view().rgba_f32(20, 20)[1] - 4.0).abs() < 1e-3);
}

#[test]
fn transformed_and_difference_are_in_the_pictures_colours_and_the_mask_is_plain() {
    for space in spaces() {
        let layout = space.layout(Format::RgbaF32, Alpha::Straight);
        let input = noise(AREA, layout, 4);
        let colour = [0.5f32, 0.31, 0.22];
        let transformed = show(&input, &space.encoding, colour, Show::Transformed);
        let result = show(&input, &space.encoding, colour, Show::Result);
        let difference = show(&input, &space.encoding, colour, Show::Difference);
        let mask = show(&input, &space.encoding, colour, Show::Mask);
        // The patch's crop is black, so that its change is all of T.
        let expected = space.of_network(colour.map(f64::from));
        for (x, y) in inner() {
            let at = |picture: &Picture| picture.view().rgba_f32(x, y);
            for c in 0..3 {
                assert!(
                    (f64::from(at(&transformed)[c]) - expected[c]).abs() < 1.0 / 2550.0,
                    "{}: {:?} {expected:?}",
                    space.name,
                    at(&transformed)
                );
                let half = 0.5 + (at(&result)[c] - at(&input)[c]) / 2.0;
                assert!((at(&difference)[c] - half).abs() < 1e-6, "{}", space.name);
                assert_eq!(at(&mask)[c], 1.0);
            }
        }
    }
}

#[test]
fn what_is_srgb_is_known_for_it_however_it_is_said() {
    let mut sampled = ColorProfile::new_srgb();
    let samples: Vec<u16> = (0..1024)
        .map(|i| (srgb_light(f64::from(i) / 1023.0) * 65535.0).round() as u16)
        .collect();
    let samples = Some(ToneReprCurve::Lut(samples));
    (sampled.red_trc, sampled.green_trc, sampled.blue_trc) =
        (samples.clone(), samples.clone(), samples);
    let mut grey = ColorProfile::new_gray_with_gamma(1.0);
    grey.gray_trc.clone_from(&sampled.red_trc);
    let mut linear = ColorProfile::new_srgb();
    let straight = Some(ToneReprCurve::Parametric(vec![1.0]));
    (linear.red_trc, linear.green_trc, linear.blue_trc) =
        (straight.clone(), straight.clone(), straight);
    for (found, expected) in [
        (icc(&ColorProfile::new_srgb()), Transfer::Srgb),
        (icc(&sampled), Transfer::Srgb),
        (icc(&grey), Transfer::Srgb),
        (icc(&linear), Transfer::Linear),
        (h273(0, 0).unwrap(), Transfer::Srgb),
        (h273(1, 1).unwrap(), Transfer::Srgb),
        (h273(2, 13).unwrap(), Transfer::Srgb),
        (h273(1, 8).unwrap(), Transfer::Linear),
    ] {
        assert_eq!(found, Encoding::Srgb(expected));
    }
    assert!(h273(3, 0).is_err() && h273(1, 18).is_err());
    // PQ: 58% of the code is 203 cd/m², which is white.
    let pq = h273(1, 16).unwrap();
    let layout = Layout::srgb(Format::RgbaF32);
    let white = picture(AREA, layout, |_, _| [0.580_69, 0.580_69, 0.580_69, 1.0]);
    let seen = seen(&white, &pq);
    assert!(
        (seen[(1, 20, 20)] - 1.0).abs() < 1e-3,
        "{}",
        seen[(1, 20, 20)]
    );
}

fn icc(profile: &ColorProfile) -> Encoding {
    diat_image::profile(&profile.encode().unwrap()).unwrap()
}

#[test]
fn a_profile_that_cannot_be_used_says_why() {
    let p3 = ColorProfile::new_display_p3();
    let bytes = p3.encode().unwrap();
    let error = |bytes: &[u8]| profile(bytes).unwrap_err().to_string();
    assert!(error(&[]).contains("damaged"), "{}", error(&[]));
    assert!(error(b"not a profile at all").contains("damaged"));
    assert!(error(&bytes[..300]).contains("damaged"));
    assert_eq!(profile(&vec![0; 9 << 20]), Err(ProfileError::Size(9 << 20)));
    let mut grey = adobe_lut16();
    grey.clut_table = LutStore::Store16((0..24).map(|i| i / 3 * 4000).collect());
    let grey = lut(LutWarehouse::Lut(grey), DataColorSpace::Xyz);
    let grey = error(&grey.encode().unwrap());
    assert!(grey.contains("cannot be taken back"), "{grey}");
    let with = |change: &dyn Fn(&mut ColorProfile)| {
        let mut other = ColorProfile::new_display_p3();
        change(&mut other);
        error(&other.encode().unwrap())
    };
    let falling = with(&|p| p.green_trc = Some(ToneReprCurve::Lut(vec![65535, 30000, 0])));
    assert!(falling.contains("green falls"), "{falling}");
    let flat = with(&|p| p.blue_trc = Some(ToneReprCurve::Lut(vec![7, 7, 7])));
    assert!(flat.contains("blue is flat"), "{flat}");
    let line = with(&|p| p.green_colorant = p.red_colorant);
    assert!(line.contains("span no colours"), "{line}");
    let none = with(&|p| p.red_trc = None);
    assert!(none.contains("neither three primaries"), "{none}");
    let mut named = bytes.clone();
    named[16..20].copy_from_slice(b"CMYK");
    assert!(error(&named).contains("CMYK pixels"), "{}", error(&named));
    named[16..20].copy_from_slice(b"Lab ");
    assert!(error(&named).contains("Lab pixels"), "{}", error(&named));
    named[16..20].copy_from_slice(b"RGB ");
    named[12..16].copy_from_slice(b"link");
    assert!(error(&named).contains("class"), "{}", error(&named));
}

#[test]
fn damage_that_has_nothing_to_do_with_colours_does_no_harm() {
    let mut bytes = ColorProfile::new_display_p3().encode().unwrap();
    let whole = profile(&bytes).unwrap();
    let mut spoiled = 0;
    for entry in bytes[132..].as_chunks_mut::<12>().0.iter_mut().take(20) {
        if [*b"desc", *b"cprt", *b"chad", *b"wtpt"].contains(entry.first_chunk().unwrap()) {
            entry[4..].fill(0xFF);
            spoiled += 1;
        }
    }
    assert!(spoiled >= 2, "{spoiled}");
    let damaged = profile(&bytes).unwrap();
    let input = noise(AREA, Layout::srgb(Format::RgbaF32), 5);
    assert_eq!(seen(&input, &damaged), seen(&input, &whole));
}

#[test]
fn no_damage_to_a_profile_takes_the_program_down() {
    let input = noise(AREA, Layout::srgb(Format::RgbaF32), 6);
    let mut random = Random::new(7);
    let mut number = |end: usize| random.between(0.0, end as f64) as usize;
    let originals = [
        ColorProfile::new_display_p3(),
        ColorProfile::new_adobe_rgb(),
        ColorProfile::new_pro_photo_rgb(),
        ColorProfile::new_gray_with_gamma(2.2),
        lut(LutWarehouse::Lut(adobe_lut16()), DataColorSpace::Xyz),
        lut(
            LutWarehouse::Multidimensional(adobe_mab()),
            DataColorSpace::Xyz,
        ),
    ]
    .map(|profile| profile.encode().unwrap());
    let (mut refused, mut used) = (0, 0);
    for original in &originals {
        for round in 0..800 {
            let mut bytes = original.clone();
            match round % 3 {
                0 => bytes.truncate(number(original.len())),
                1 => {
                    for _ in 0..=number(8) {
                        let place = number(original.len());
                        bytes[place] = number(256) as u8;
                    }
                }
                _ => {
                    // A whole field of the tags' table or of a tag.
                    let place = number(original.len() / 4 - 1) * 4;
                    let extreme = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x0001_0000u32];
                    bytes[place..place + 4].copy_from_slice(&extreme[number(6)].to_be_bytes());
                }
            }
            match profile(&bytes) {
                Ok(encoding) if round % 16 == 1 => {
                    seen(&input, &encoding);
                    show(&input, &encoding, [0.1; 3], Show::Result);
                    used += 1;
                }
                Ok(_) => used += 1,
                Err(error) => {
                    assert!(!error.to_string().contains('\n'));
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 300 && used > 300, "{refused} {used}");
}
