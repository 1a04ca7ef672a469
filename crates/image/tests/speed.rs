//! How long a face takes, against copying the picture. Run by hand:
//! `cargo test --release -p diat-image --test speed -- --ignored --nocapture`

mod support;

use diat_image::{Format, Grain, Layout, Patch, Picture, Rect, Show, composite, crop, luma};
use ndarray::{Array2, Array3};
use std::time::Instant;
use support::similarity;

/// 24 megapixels, and in them a crop of 2000×2000.
const RECT: Rect = Rect::new(0, 0, 6000, 4000);

fn best(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[0]
}

#[test]
#[ignore = "prints times, promises none"]
fn warp_and_composite_of_a_large_face() {
    for format in [Format::RgbaU8, Format::RgbaU16, Format::RgbaF32] {
        let layout = Layout::srgb(format);
        let len = 24_000_000 * format.bytes_per_pixel();
        let bytes = (0..len).map(|i| (i * 7 + i / 6000) as u8 & 0x3F).collect();
        let mut picture = Picture::from_bytes(RECT, layout, bytes).unwrap();
        let mut copy = vec![1u8; len];
        let memcpy = best(|| std::hint::black_box(&mut copy).copy_from_slice(picture.bytes()));
        println!("{format:?}: memcpy of 24 MP {memcpy:.1} ms");
        for side in [128usize, 512] {
            let to_crop = similarity(
                side as f64 / 2000.0,
                12.0,
                (3000.0, 2000.0),
                (side as f64 / 2.0, side as f64 / 2.0),
            );
            let warp = best(|| {
                std::hint::black_box(crop(&picture.view(), &to_crop, side, side));
            });
            println!(
                "  crop {side}²: warp {warp:.1} ms = {:.1} memcpys",
                warp / memcpy
            );
            for (what, share, gated) in [
                ("a third of it changed", 0.3, 0.3),
                ("all of it changed", 2.0, 2.0),
            ] {
                let within = |share: f64, y: usize, x: usize| {
                    let from = |i: usize| i as f64 / side as f64 - 0.5;
                    from(x).powi(2) + from(y).powi(2) < share / std::f64::consts::PI
                };
                let mask = |share| {
                    Array2::from_shape_fn((side, side), |(y, x)| f32::from(within(share, y, x)))
                };
                let patch = Patch {
                    grain: None,
                    to_crop,
                    crop: Array3::from_elem((3, side, side), 0.4),
                    transformed: Array3::from_elem((3, side, side), 0.6),
                    weight: diat_image::window(side, side, 0.1) * mask(share),
                    gate: mask(gated),
                };
                let mut grainy = patch.clone();
                let measuring = best(|| grainy.grain = Grain::measure(&picture.view(), &patch));
                for threads in [1, 2] {
                    let mut time = |patch: &Patch| {
                        best(|| {
                            let patches = std::slice::from_ref(patch);
                            composite(
                                &mut picture.view_mut(),
                                RECT,
                                patches,
                                0.8,
                                Show::Result,
                                threads,
                                &mut |_| true,
                            );
                        })
                    };
                    let plain = time(&patch);
                    println!(
                        "  {what}, {threads} threads: composite {plain:.1} ms = {:.1} memcpys",
                        plain / memcpy
                    );
                    if grainy.grain.is_some() {
                        println!(
                            "    with grain {:.2} times that; measured in {measuring:.1} ms",
                            time(&grainy) / plain
                        );
                    }
                }
            }
        }
        if format == Format::RgbaU8 {
            let time = best(|| {
                std::hint::black_box(luma(&picture.view(), 4));
            });
            println!("  luma for the detector, factor 4: {time:.1} ms");
        }
    }
}
