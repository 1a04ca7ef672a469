//! From the picture to a network's frame.

use crate::colour::clamp;
use crate::geometry::{Point, Similarity};
use crate::pace::Pace;
use crate::plane::{Cell, Fixed, HALF, fixed, split};
use crate::shrunk::Shrunk;
use crate::view::View;
use ndarray::Array3;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Crop pixels worked on at a time: the part of the picture that they need stays small whatever the crop's size.
const TILE: usize = 32;
/// A picture that is shrunk more than this is averaged into blocks first, so that no crop pixel takes more than twice this
/// number of samples squared; the blocks are so small that their own blur does not count.
const SAMPLES: f64 = 4.0;
/// A crop pixel of four thousand picture pixels is a face in no picture; without a limit it would take memory without limit.
const LARGEST_FACTOR: f64 = 1024.0;

/// Picture pixels from which on a crop is worth a thread of its own.
const THREAD: f64 = 300_000.0;

/// Cuts the network's frame out of a picture: 3×`height`×`width`, straight sRGB-encoded RGB in 0..1. `to_crop` takes picture
/// coordinates to crop coordinates. Where the picture is shrunk, each value is the average over the crop pixel's footprint
/// (of ceil(k)² bilinear samples, k being picture pixels per crop pixel); where it is enlarged, Catmull-Rom; outside the
/// picture the border is replicated.
///
/// All zeros if `to_crop` cannot be undone, shrinks thousands of times, or the crop lies millions of pixels away.
pub fn crop(view: &View, to_crop: &Similarity, width: usize, height: usize) -> Array3<f32> {
    let mut go_on = || true;
    crop_at(view, to_crop, width, height, &mut Pace::new(&mut go_on))
        .unwrap_or_else(|| Array3::zeros((3, height, width)))
}

/// As [`crop()`], at a pace: none if it was stopped.
pub fn crop_at(
    view: &View,
    to_crop: &Similarity,
    width: usize,
    height: usize,
    pace: &mut Pace,
) -> Option<Array3<f32>> {
    crop_in_parallel(view, to_crop, width, height, 1, pace)
}

/// As [`crop_at`], bit for bit, on up to `threads` threads where it takes that much of the picture. The pace is asked on this one.
pub fn crop_in_parallel(
    view: &View,
    to_crop: &Similarity,
    width: usize,
    height: usize,
    threads: usize,
    pace: &mut Pace,
) -> Option<Array3<f32>> {
    let mut crop = Array3::zeros((3, height, width));
    let Some(frame) = Frame::new(view, to_crop) else {
        return Some(crop);
    };
    let tiles: Vec<Tile> = (0..height)
        .step_by(TILE)
        .flat_map(|top| (0..width).step_by(TILE).map(move |left| (left, top)))
        .map(|(left, top)| Tile {
            left,
            top,
            right: (left + TILE).min(width),
            bottom: (top + TILE).min(height),
        })
        .collect();
    let pixels = (width * height) as f64 / (to_crop.scale() * to_crop.scale());
    let helpers = threads.min((pixels / THREAD) as usize).saturating_sub(1);
    let (left, done) = (Mutex::new(tiles.into_iter()), Mutex::new(Vec::new()));
    let stopped = AtomicBool::new(false);
    let drain = |pace: &mut Pace| {
        while !stopped.load(Ordering::Relaxed) {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(tile) = next else { break };
            let colours = frame.colours(&tile, pace);
            if pace.is_stopped() {
                stopped.store(true, Ordering::Relaxed);
            }
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((tile, colours));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|| drain(&mut Pace::new(&mut || !stopped.load(Ordering::Relaxed))));
        }
        drain(pace);
    });
    // The helpers may have left this thread nothing to do, and so no occasion to ask.
    if pace.is_stopped() || (helpers > 0 && !pace.after(usize::MAX)) {
        return None;
    }
    for (tile, colours) in done.into_inner().unwrap_or_else(PoisonError::into_inner) {
        let Some(colours) = colours else {
            return Some(Array3::zeros((3, height, width)));
        };
        let mut colours = colours.into_iter();
        for y in tile.top..tile.bottom {
            for (x, colour) in (tile.left..tile.right).zip(&mut colours) {
                for (c, value) in colour.into_iter().take(3).enumerate() {
                    crop[(c, y, x)] = clamp(value);
                }
            }
        }
    }
    Some(crop)
}

struct Tile {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

/// A crop's place in a picture that has been shrunk by a whole factor.
struct Frame<'a> {
    picture: Shrunk<'a>,
    /// Crop coordinates to shrunk picture coordinates.
    back: Similarity,
    /// Samples across a crop pixel; 0 for Catmull-Rom.
    across: usize,
}

impl<'a> Frame<'a> {
    fn new(view: &View<'a>, to_crop: &Similarity) -> Option<Self> {
        let back = to_crop.inverse()?;
        let factor = (back.scale() / SAMPLES).floor().max(1.0);
        if factor > LARGEST_FACTOR {
            return None;
        }
        let rect = view.rect();
        let back = Similarity {
            a: back.a / factor,
            b: back.b / factor,
            tx: (back.tx - f64::from(rect.x)) / factor,
            ty: (back.ty - f64::from(rect.y)) / factor,
        };
        Some(Self {
            picture: Shrunk::new(*view, factor as usize),
            across: samples_across(back.scale()),
            back,
        })
    }

    /// The colours of a tile, row by row; None if it lies too far away, or the pace stopped.
    fn colours(&self, tile: &Tile, pace: &mut Pace) -> Option<Vec<[f32; 4]>> {
        let corners = [
            (tile.left, tile.top),
            (tile.right, tile.top),
            (tile.left, tile.bottom),
            (tile.right, tile.bottom),
        ]
        .map(|(x, y)| {
            self.back.apply(Point {
                x: x as f64,
                y: y as f64,
            })
        });
        for corner in corners {
            fixed(corner.x).and(fixed(corner.y))?;
        }
        // Catmull-Rom looks two pixels to each side of a position.
        let left = corners
            .iter()
            .map(|p| p.x)
            .fold(f64::INFINITY, f64::min)
            .floor() as i32
            - 3;
        let top = corners
            .iter()
            .map(|p| p.y)
            .fold(f64::INFINITY, f64::min)
            .floor() as i32
            - 3;
        let right = corners
            .iter()
            .map(|p| p.x)
            .fold(-f64::INFINITY, f64::max)
            .ceil() as i32
            + 3;
        let bottom = corners
            .iter()
            .map(|p| p.y)
            .fold(-f64::INFINITY, f64::max)
            .ceil() as i32
            + 3;
        let (width, height) = ((right - left) as usize, (bottom - top) as usize);
        let plane = self.picture.plane(left, top, width, height, pace)?;

        let (a, b) = (fixed(self.back.a)?, fixed(self.back.b)?);
        let offsets = offsets(a, b, self.across);
        let share = 1.0 / offsets.len().max(1) as f32;
        let mut colours = Vec::with_capacity(TILE * TILE);
        for y in tile.top..tile.bottom {
            // A crop pixel of Catmull-Rom is made of 16 of the picture's.
            let samples = offsets.len().max(16) * (tile.right - tile.left);
            if !pace.after(samples) {
                return None;
            }
            let first = self.back.apply(Point {
                x: tile.left as f64 + 0.5,
                y: y as f64 + 0.5,
            });
            let (mut u, mut v) = (fixed(first.x)? - HALF, fixed(first.y)? - HALF);
            for _ in tile.left..tile.right {
                let colour = if offsets.is_empty() {
                    let ((x, fx), (y, fy)) = (split(u), split(v));
                    plane.around(x, y).at(fx, fy)
                } else {
                    let mut sum = Cell::ZERO;
                    for (du, dv) in &offsets {
                        let ((x, fx), (y, fy)) = (split(u + du), split(v + dv));
                        sum += plane.bilinear(x, y, fx, fy);
                    }
                    sum * Cell::splat(share)
                };
                colours.push(colour.to_array());
                (u, v) = (u + a, v + b);
            }
        }
        Some(colours)
    }
}

/// Samples across a target pixel that covers `scale` source pixels: ceil(scale), or 0 (Catmull-Rom) where nothing is shrunk. A
/// fit to measured points may miss a scale of 1 by a rounding error, which must not blur.
pub(crate) fn samples_across(scale: f64) -> usize {
    if scale <= 1.0 + 1e-6 {
        0
    } else {
        (scale - 1e-6).ceil() as usize
    }
}

/// Where the samples of a target pixel lie from its centre, in the source: an even grid over its footprint. (a, b) is the step
/// from a target pixel to the next.
pub(crate) fn offsets(a: Fixed, b: Fixed, across: usize) -> Vec<(Fixed, Fixed)> {
    let n = across as i64;
    let along = |i: i64| 2 * i + 1 - n;
    (0..n)
        .flat_map(|j| (0..n).map(move |i| (along(i), along(j))))
        .map(|(i, j)| ((a * i - b * j) / (2 * n), (b * i + a * j) / (2 * n)))
        .collect()
}
