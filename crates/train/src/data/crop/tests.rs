use super::*;
use crate::data::fixture::{Small, recipe, transfer};
use crate::data::{Dataset, Partition};
use std::fs;

fn cutter(margin: usize) -> Cutter {
    let recipe = recipe(transfer("Male", true));
    Cutter::new(&recipe.network, &recipe.template, margin)
}

/// A face of [`Small`] whose points are scaled, rolled and shifted, so that cutting it is no copy.
fn turned() -> (Small, Face) {
    let small = Small::new();
    let mut face = Dataset::open(small.path(), None).unwrap().faces.remove(3);
    let (sine, cosine) = 0.2_f64.sin_cos();
    face.points = face.points.map(|point| {
        let (x, y) = (0.8 * (point.x - 64.0), 0.8 * (point.y - 64.0));
        Point {
            x: 61.3 + x * cosine - y * sine,
            y: 66.8 + x * sine + y * cosine,
        }
    });
    (small, face)
}

#[test]
fn a_crop_is_to_the_bit_what_the_plug_in_gives_its_network() {
    let (_small, face) = turned();
    let picture = image::open(&face.path).unwrap().into_rgba8();
    let picture = Picture::from_bytes(
        Rect::new(0, 0, 128, 128),
        Layout::srgb(Format::RgbaU8),
        picture.into_raw(),
    );
    let template = cutter(0).template;
    // As `Answer` of diat-effects does it.
    let to_crop = align(&face.points, &template).unwrap();
    let theirs = crop(&picture.unwrap().view(), &to_crop, 128, 128).mapv(|value| 2.0 * value - 1.0);
    assert_eq!(cutter(0).exact(&face, &face.path).unwrap(), theirs);
    // What training keeps is this in 8 bits, whatever its margin.
    for margin in [0, 8] {
        let kept = cutter(margin)
            .cut(&face, &face.path)
            .unwrap()
            .part(Window::default());
        let apart = (&kept - &theirs)
            .mapv(f32::abs)
            .into_iter()
            .fold(0.0, f32::max);
        assert!(apart < 1.001 / 255.0, "margin {margin}: {apart}");
    }
}

#[test]
fn a_template_at_128_is_scaled_to_the_networks_size() {
    let mut recipe = recipe(transfer("Male", true));
    recipe.network.size = 64;
    let small = Small::new();
    let face = Dataset::open(small.path(), None).unwrap().faces.remove(0);
    let crop = Cutter::new(&recipe.network, &recipe.template, 0);
    let crop = crop.exact(&face, &face.path).unwrap();
    assert_eq!(crop.dim(), (3, 64, 64));
    // Each pixel the mean of four: columns 2x and 2x + 1 hold 4x and 4x + 2.
    for x in 1..63 {
        let expected = 2.0 * (4.0 * x as f32 + 1.0) / 255.0 - 1.0;
        assert!((crop[(0, 30, x)] - expected).abs() < 1e-4);
    }
}

#[test]
fn windows_shift_by_whole_pixels_and_mirror_with_the_points() {
    let small = Small::new();
    let face = Dataset::open(small.path(), None).unwrap().faces.remove(3);
    let crop = cutter(8).cut(&face, &face.path).unwrap();
    let window = Window {
        dx: 5,
        dy: -3,
        flip: true,
    };
    let part = crop.part(window);
    // The face lies on the template: crop pixels are picture pixels.
    let value = |byte: usize| byte as f32 * (2.0 / 255.0) - 1.0;
    for (x, y) in [(20, 30), (100, 90), (64, 64)] {
        assert_eq!(part[(0, y, x)], value(2 * (127 - x + 5)));
        assert_eq!(part[(1, y, x)], value(2 * (y - 3)));
        assert_eq!(part[(2, y, x)], value(60));
    }
    let points = crop.points(window);
    let expected = [45.5, 91.5, 69.0, 48.5, 88.5];
    for (point, x) in points.iter().zip(expected) {
        assert!((point.x - x).abs() < 1e-9, "{points:?}");
    }
    assert!((points[0].y - 49.25).abs() < 1e-9 && (points[3].y - 99.0).abs() < 1e-9);
}

#[test]
fn pictures_that_cannot_be_read_and_points_that_are_none_are_named() {
    let small = Small::new();
    let mut face = Dataset::open(small.path(), None).unwrap().faces.remove(0);
    assert_eq!(face.partition, Partition::Training);
    fs::write(&face.path, b"\x89PNG\r\n\x1a\nno more").unwrap();
    let fault = cutter(0).exact(&face, &face.path).unwrap_err().to_string();
    assert!(fault.contains("000001.png: "), "{fault}");
    face.points = [Point { x: 3.0, y: 4.0 }; 5];
    let fault = cutter(0).exact(&face, &face.path).unwrap_err().to_string();
    assert!(
        fault.ends_with("000001.png: its five points coincide"),
        "{fault}"
    );
}
