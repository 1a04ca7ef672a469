//! The cascade against `rustface`, which it must agree with to the bit, and against what must not bring it down.

use super::*;
use diat_image::{Format, Layout, Picture, Rect, luma};
use diat_synth::{FaceStyle, Scene, SplitMix64, draw, texture};
use rustface::{ImageData, create_detector_with_model, read_model};
use std::cell::Cell;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Instant;

mod benchmark;
mod hostile;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn bytes() -> Vec<u8> {
    std::fs::read(root().join("models/seeta_fd_frontal_v1.0.bin")).unwrap()
}

fn seeta() -> Seeta {
    Seeta {
        cascade: Cascade::read(&bytes()).unwrap(),
        score: 1.0,
    }
}

type Boxes = Vec<([f64; 4], f64)>;

fn ours(seeta: &Seeta, picture: &Array2<u8>) -> Boxes {
    let found = seeta.propose(picture, 1, &|| false).unwrap();
    found
        .iter()
        .map(|found| (found.bounds, found.score))
        .collect()
}

/// What `rustface` finds, the surest first.
struct Oracle(rustface::Model);

impl Oracle {
    fn new() -> Self {
        Self(read_model(Cursor::new(bytes())).unwrap())
    }

    fn boxes(&self, picture: &Array2<u8>) -> Boxes {
        let (height, width) = picture.dim();
        let mut detector = create_detector_with_model(self.0.clone());
        detector.set_score_thresh(1.0);
        let pixels = picture.as_slice().unwrap();
        let mut boxes: Boxes = detector
            .detect(&ImageData::new(pixels, width as u32, height as u32))
            .iter()
            .map(|face| {
                let bounds = face.bbox();
                let [x, y] = [bounds.x(), bounds.y()].map(f64::from);
                let [width, height] = [bounds.width(), bounds.height()].map(f64::from);
                ([x, y, width, height], face.score())
            })
            .collect();
        boxes.sort_by(|a, b| b.1.total_cmp(&a.1));
        boxes
    }
}

fn grey(picture: &Picture) -> Array2<u8> {
    luma(&picture.view(), 1)
}

fn drawn(seed: u64, width: usize, height: usize) -> Array2<u8> {
    grey(
        &draw(&Scene::portrait(FaceStyle::from_seed(seed), width, height))
            .unwrap()
            .picture,
    )
}

/// The four quarters of a picture, each with the face at another side.
fn cut(picture: &Array2<u8>) -> Vec<Array2<u8>> {
    let (height, width) = picture.dim();
    let (across, down) = (width * 2 / 3, height * 2 / 3);
    [
        (0, 0),
        (width - across, 0),
        (0, height - down),
        (width - across, height - down),
    ]
    .map(|(x, y)| {
        picture
            .slice(ndarray::s![y..y + down, x..x + across])
            .to_owned()
    })
    .to_vec()
}

fn compare(pictures: impl Iterator<Item = Array2<u8>>) -> (usize, usize) {
    let (seeta, oracle) = (seeta(), Oracle::new());
    let (mut count, mut faces) = (0, 0);
    for picture in pictures {
        let expected = oracle.boxes(&picture);
        assert_eq!(ours(&seeta, &picture), expected, "picture {count}");
        count += 1;
        faces += expected.len();
    }
    (count, faces)
}

#[test]
fn boxes_and_scores_on_drawn_faces_are_those_of_rustface() {
    let (count, faces) = compare((0..24).map(|seed| {
        let seed = 1000 + seed;
        drawn(
            seed,
            130 + 17 * (seed as usize % 11),
            160 + 29 * (seed as usize % 7),
        )
    }));
    assert!(faces * 10 >= count * 9, "{faces} faces in {count} pictures");
}

#[test]
fn faces_that_the_border_cuts_are_those_of_rustface() {
    let (_, faces) = compare((0..10).flat_map(|seed| cut(&drawn(seed, 240, 300))));
    assert!(faces > 5, "{faces} faces");
}

/// False alarms with and without textures to see: as many as before, each the same.
#[test]
fn what_is_wrongly_taken_for_a_face_is_the_same_too() {
    let noise = |seed: u64| {
        let mut random = SplitMix64::stream(seed, "noise");
        let (width, height) = (40 + seed as usize * 37, 40 + seed as usize * 23);
        // Rectangles of chance: some of them pass the first level.
        let columns: Vec<u64> = (0..width / 3 + 1).map(|_| random.next_u64()).collect();
        Array2::from_shape_fn((height, width), |(y, x)| {
            (columns[x / 3].rotate_left((y / 3) as u32 * 7) & 0xFF) as u8
        })
    };
    let textures = (0..30).map(|seed| grey(&texture(seed, 300, 260).unwrap()));
    compare(textures.chain((0..8).map(noise)));
}

#[test]
fn a_size_that_is_a_window_at_a_rounded_scale_is_searched_as_well() {
    // 40 is one window, 50 two sizes of which the second is one window by rounding alone, 39 nothing.
    compare(
        [(40, 40), (40, 77), (50, 50), (63, 50), (41, 300)]
            .into_iter()
            .map(|(w, h)| drawn(3, w, h)),
    );
    assert_eq!(ours(&seeta(), &drawn(3, 39, 400)), []);
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let seeta = seeta();
    for seed in 0..4 {
        let picture = drawn(seed, 420, 500);
        let one = seeta.propose(&picture, 1, &|| false).unwrap();
        assert!(!one.is_empty());
        for threads in [2, 3, 16] {
            assert_eq!(seeta.propose(&picture, threads, &|| false).unwrap(), one);
        }
    }
}

#[test]
fn a_search_stops_when_it_is_told_to_however_late() {
    let seeta = seeta();
    let picture = drawn(1, 300, 380);
    let asked = Cell::new(0_usize);
    let count = || {
        asked.set(asked.get() + 1);
        false
    };
    seeta.propose(&picture, 1, &count).unwrap();
    let all = asked.get();
    assert!(all > 10, "{all}");
    for threads in [1, 2] {
        for last in 1..all / threads {
            asked.set(0);
            let stop = || {
                asked.set(asked.get() + 1);
                asked.get() == last
            };
            // With helpers the calling thread may be asked less often.
            let found = seeta.propose(&picture, threads, &stop);
            let stopped = matches!(found, Err(Error::Cancelled));
            assert!(
                stopped || (threads > 1 && asked.get() < last),
                "{last} of {all}"
            );
        }
    }
}

/// Faces on a texture, as wide as `width` says for each of 40 places, and their middles and widths: what a large picture is shrunk
/// to, where sizes and windows are passed over. Eyes are a fifth of the width apart.
fn crowd(seed: u64, width: impl Fn(usize) -> usize) -> (Array2<u8>, Vec<[f64; 3]>) {
    let mut picture = grey(&texture(seed, 2400, 1600).unwrap());
    let mut middles = Vec::new();
    for place in 0..40 {
        let width = width(place);
        let height = width * 5 / 4;
        let (x, y) = (
            60 + place % 8 * 281 + place * 2,
            50 + place / 8 * 305 + place * 5 % 7,
        );
        let face = drawn(seed * 100 + place as u64, width, height);
        picture
            .slice_mut(ndarray::s![y..y + height, x..x + width])
            .assign(&face);
        middles.push([
            x as f64 + 0.5 * width as f64,
            y as f64 + 0.5 * height as f64,
            width as f64,
        ]);
    }
    (picture, middles)
}

/// Of three crowds, as many faces as a search of all sizes and windows finds, and no more that are none.
fn a_full_search_finds_no_more(width: impl Fn(usize) -> usize) {
    let (seeta, oracle) = (seeta(), Oracle::new());
    let (mut found, mut full, mut extra, mut full_extra, mut all) = (0, 0, 0, 0, 0);
    for seed in 0..3 {
        let (picture, middles) = crowd(seed, &width);
        let count = |boxes: &Boxes| {
            let near = |[x, y, wide]: &[f64; 3], [left, top, width, height]: [f64; 4]| {
                (left + width / 2.0 - x).hypot(top + height / 2.0 - y) < 0.2 * wide
            };
            let hit = |middle: &&[f64; 3]| boxes.iter().any(|(bounds, _)| near(middle, *bounds));
            let hits = middles.iter().filter(hit).count();
            (hits, boxes.len() - hits)
        };
        let (hits, others) = count(&ours(&seeta, &picture));
        let (full_hits, full_others) = count(&oracle.boxes(&picture));
        found += hits;
        extra += others;
        full += full_hits;
        full_extra += full_others;
        all += middles.len();
    }
    println!("{found} of {all} faces and {extra} others; rustface {full} and {full_extra}");
    assert!(
        found * 100 >= full * 98 && found * 100 >= all * 98,
        "{found} of {all}, {full}"
    );
    assert!(extra <= full_extra + 1, "{extra} others, {full_extra}");
}

#[test]
fn of_the_smallest_faces_in_a_large_picture_a_full_search_finds_no_more() {
    a_full_search_finds_no_more(|place| 77 + 67 * (place % 8) / 7);
}

/// Faces of all sizes, so that some lie between any two sizes that are searched.
#[test]
fn of_larger_faces_in_a_large_picture_a_full_search_finds_no_more() {
    a_full_search_finds_no_more(|place| {
        let octaves = (place % 8) as f64 / 8.0 + place as f64 * 0.9 / 40.0;
        (77.0 * octaves.exp2()) as usize
    });
}

/// Run with DIAT_SHARED, or beside ../shared: `cargo test -p diat-face --profile ci portraits_are -- --ignored`.
#[test]
#[ignore = "all portraits"]
fn portraits_are_seen_as_rustface_sees_them() {
    let shared = std::env::var_os("DIAT_SHARED").map_or(root().join("../shared"), PathBuf::from);
    let Ok(folder) = std::fs::read_dir(shared.join("data/portraits/img_celeba")) else {
        println!("skipped: no portraits in {}", shared.display());
        return;
    };
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (count, faces) = compare(files.iter().map(|file| {
        let image = image::open(file).unwrap().to_rgba8();
        let rect = Rect::new(0, 0, image.width() as i32, image.height() as i32);
        let layout = Layout::srgb(Format::RgbaU8);
        grey(&Picture::from_bytes(rect, layout, image.into_raw()).unwrap())
    }));
    println!("{count} portraits, {faces} boxes, all as rustface gives them");
}
