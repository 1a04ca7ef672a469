//! Pictures without faces.

use crate::colour::Colour;
use crate::curve::step;
use crate::draw::raster;
use crate::noise::{cloud, lattice, noise};
use crate::random::SplitMix64;
use crate::scene::SceneError;
use diat_image::Picture;

/// A picture without a face for tests of false alarms: clouds, stripes, tiles, bark or pebbles, in two colours of chance.
/// Opaque RGBA, 8 bits, sRGB; the same seed and size give the same bytes.
///
/// # Errors
/// A picture without pixels.
pub fn texture(seed: u64, width: usize, height: usize) -> Result<Picture, SceneError> {
    let mut random = SplitMix64::stream(seed, "texture");
    let mut colour = |from, to| Colour::grey(random.range(from, to)).varied(&mut random, 0.15);
    let (dark, light) = (colour(0.1, 0.4), colour(0.55, 0.9));
    let kind = random.next_u64() % 5;
    let scale = 1.0 / random.range(12.0, 90.0);
    let lean = random.range(-1.0, 1.0);
    raster(width, height, |i, j| {
        let (x, y) = (i as f64 * scale, j as f64 * scale);
        let share = match kind {
            0 => 0.5 + 0.9 * cloud(seed, x, y, 5),
            1 => stripe(x + lean * y + 0.3 * noise(seed, x, y)),
            2 => tile(seed, x + lean * 0.2 * y, y),
            3 => 0.5 + 0.8 * cloud(seed, x * 4.0, y * 0.5, 4),
            _ => pebble(seed, x, y),
        };
        let grain = lattice(seed ^ 0x7E, i as i64, j as i64) - 0.5;
        dark.mixed(light, share.clamp(0.0, 1.0)).plus(0.03 * grain)
    })
}

fn stripe(place: f64) -> f64 {
    let t = place - place.floor();
    step(0.2, 0.3, t) * step(0.8, 0.7, t)
}

fn tile(seed: u64, x: f64, y: f64) -> f64 {
    let (i, j) = (x.floor(), y.floor());
    let (u, v) = ((x - i - 0.5).abs(), (y - j - 0.5).abs());
    (0.3 + 0.7 * lattice(seed, i as i64, j as i64)) * step(0.5, 0.44, u.max(v))
}

/// Distance to the nearest of one point of chance in each cell (Worley 1996).
fn pebble(seed: u64, x: f64, y: f64) -> f64 {
    let (i, j) = (x.floor() as i64, y.floor() as i64);
    let mut nearest = f64::INFINITY;
    for (a, b) in (-1..=1).flat_map(|a| (-1..=1).map(move |b| (i + a, j + b))) {
        let (u, v) = (
            a as f64 + lattice(seed, a, b) - x,
            b as f64 + lattice(seed ^ 1, a, b) - y,
        );
        nearest = nearest.min(u * u + v * v);
    }
    1.0 - nearest.sqrt()
}
