//! Speed, by hand, in one run: `cargo test -p diat-face --release benchmark -- --ignored --nocapture`.

use super::*;
use crate::detector::Proposer;
use diat_infer::Device;
use diat_manifest::{Catalogue, Folder, Kind};
use diat_places::Places;

/// The best of some runs, the two in turns.
fn best(rounds: usize, mut first: impl FnMut(), mut second: impl FnMut()) -> [f64; 2] {
    let mut best = [f64::INFINITY; 2];
    for _ in 0..rounds {
        let start = Instant::now();
        first();
        let middle = Instant::now();
        second();
        let taken = [middle - start, middle.elapsed()];
        for (best, taken) in best.iter_mut().zip(taken) {
            *best = best.min(taken.as_secs_f64());
        }
    }
    best
}

#[test]
#[ignore = "a benchmark"]
fn benchmark_against_rustface() {
    let (seeta, oracle) = (seeta(), Oracle::new());
    for (what, picture) in [
        ("drawn face 335x410", drawn(3, 335, 410)),
        ("drawn face 1 MP", drawn(3, 900, 1100)),
        ("texture 1 MP", grey(&texture(2, 1224, 816).unwrap())),
    ] {
        for threads in [1, 2] {
            let [theirs, ours] = best(
                9,
                || drop(oracle.boxes(&picture)),
                || drop(seeta.propose(&picture, threads, &|| false)),
            );
            println!(
                "{what}, {threads} threads: {:.2} ms, rustface {:.2} ms, {:.2} times as fast",
                ours * 1e3,
                theirs * 1e3,
                theirs / ours
            );
        }
    }
}

/// A texture of 24 megapixels with 24 faces of 40 pixels between the eyes.
fn large(seed: u64) -> Picture {
    let (width, height) = (6000, 4000);
    let mut bytes = texture(seed, width, height).unwrap().bytes().to_vec();
    for place in 0..24 {
        let style = FaceStyle::from_seed(100 * seed + place as u64);
        let face = draw(&Scene::portrait(style, 191, 240)).unwrap().picture;
        let (x, y) = (
            150 + place % 6 * 971 + place * 13,
            200 + place / 6 * 931 + place * 7,
        );
        for (down, row) in face.bytes().chunks_exact(191 * 4).enumerate() {
            let start = ((y + down) * width + x) * 4;
            bytes[start..start + row.len()].copy_from_slice(row);
        }
    }
    let rect = Rect::new(0, 0, width as i32, height as i32);
    Picture::from_bytes(rect, Layout::srgb(Format::RgbaU8), bytes).unwrap()
}

/// The same five times smaller: about one megapixel.
fn small(large: &Picture) -> Picture {
    let rgb = diat_image::rgb(&large.view(), 5);
    let (_, height, width) = rgb.dim();
    let pixels = (0..width * height).flat_map(|at| {
        let (x, y) = (at % width, at / width);
        [rgb[(0, y, x)], rgb[(1, y, x)], rgb[(2, y, x)], 255]
    });
    let rect = Rect::new(0, 0, width as i32, height as i32);
    Picture::from_bytes(rect, Layout::srgb(Format::RgbaU8), pixels.collect()).unwrap()
}

#[test]
#[ignore = "a benchmark"]
fn benchmark_of_24_megapixels_against_one() {
    let path = root();
    let folder = Folder {
        path,
        from_host: false,
    };
    let catalogue = Catalogue::scan(&[folder]);
    let manifest = catalogue.get("seeta").unwrap();
    let Kind::Detector(rules) = &manifest.kind else {
        unreachable!("seeta is a detector")
    };
    let places = Places::with_data_dir(root().join("target/no-such-folder"));
    for threads in [1, 2] {
        let proposer =
            Proposer::open(manifest, rules, &places, Device::Cpu, threads, &|_, _| {}).unwrap();
        for seed in 0..3 {
            let large = large(seed);
            let small = small(&large);
            let find = |picture: &Picture| proposer.propose(&picture.view(), 16.0, &|| false);
            let [one, all] = best(7, || drop(find(&small)), || drop(find(&large)));
            println!(
                "texture {seed}, {threads} threads: 1 MP {:.1} ms, 24 MP {:.1} ms, {:.2} times as long; {} boxes for 24 faces",
                one * 1e3,
                all * 1e3,
                all / one,
                find(&large).unwrap().len()
            );
        }
    }
}
