//! The sizes in which a picture is searched, cut into bands.

use super::WINDOW;
use super::codes::Codes;
use super::file::Cascade;
use super::resample::Source;
use super::spot::Spot;

/// From one size of the picture to the next.
const RATIO: f32 = 0.8;

/// A picture of no more pixels is searched in every size and in all windows. In a larger one no size follows another that already
/// finds its faces: a window finds faces up to twice the smallest that it finds. And in a size of more pixels, which is where the
/// time goes, only every other window is looked at, as on a chequerboard.
const EVERY_SIZE: usize = 1_500_000;
const FARTHEST: f32 = 0.5;

/// Pixels from a window to the next, across and down.
const STRIDE: usize = 4;

/// Rows of windows in a band at most: enough to make little of the pixels that it shares with its neighbours, few enough to stay
/// in a processor's cache and to let a caller who wants to stop do so soon.
const BAND: usize = 48;

/// A window's grey values must deviate by more than this (root mean square).
const FLAT: f64 = 10.0;

/// One size of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Level {
    scale: f32,
    width: usize,
    height: usize,
}

/// Some rows of windows of one size of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Band {
    level: Level,
    /// The first row of windows, and how many.
    first: usize,
    count: usize,
}

/// The bands of all sizes from the picture's own down to one window, the largest first.
pub(super) fn bands(width: usize, height: usize) -> Vec<Band> {
    let mut bands = Vec::new();
    let smallest = WINDOW as f32 / width.min(height) as f32;
    let mut scale = 1.0_f32;
    let mut searched = f32::INFINITY;
    while scale >= smallest {
        let level = Level {
            scale,
            width: (width as f32 * scale) as usize,
            height: (height as f32 * scale) as usize,
        };
        let reached = scale * RATIO > FARTHEST * searched;
        let passed_over = width * height > EVERY_SIZE && reached;
        // Rounding may leave one pixel less than a window.
        if !passed_over && level.width.min(level.height) >= WINDOW {
            searched = scale;
            let rows = (level.height - WINDOW) / STRIDE + 1;
            let parts = rows.div_ceil(BAND);
            bands.extend((0..parts).map(|part| {
                let (first, next) = (rows * part / parts, rows * (part + 1) / parts);
                Band {
                    level,
                    first,
                    count: next - first,
                }
            }));
        }
        scale *= RATIO;
    }
    bands
}

impl Band {
    /// The windows that each boosted classifier lets through, row by row.
    pub(super) fn search(&self, cascade: &Cascade, picture: &Source) -> Vec<Vec<Spot>> {
        let Level { width, height, .. } = self.level;
        let top = self.first * STRIDE;
        let rows = (self.count - 1) * STRIDE + WINDOW;
        let mut pixels = vec![0; rows * width];
        picture.resample(width, height, top..top + rows, &mut pixels);
        let codes = Codes::of(&pixels, width);
        let across = (width - WINDOW) / STRIDE + 1;
        let every_other = width * self.level.height > EVERY_SIZE;
        let windows: Vec<usize> = (0..self.count)
            .flat_map(|y| (0..across).map(move |x| (y, x)))
            .filter(|(y, x)| !every_other || (self.first + y + x).is_multiple_of(2))
            .map(|(y, x)| (y * codes.width() + x) * STRIDE)
            .collect();
        let textured = |at: usize| {
            let (x, y) = (at % codes.width(), at / codes.width());
            deviation(&pixels[y * width + x..], width) > FLAT
        };
        let spot = |at: usize, score: f32| {
            let (x, y) = (at % codes.width(), at / codes.width() + top);
            // As the cascade's authors round.
            let enlarged = |pixels: usize| (pixels as f32 / self.level.scale + 0.5) as i64;
            Spot {
                x: enlarged(x),
                y: enlarged(y),
                side: enlarged(WINDOW),
                score: f64::from(score),
            }
        };
        let votes = |classifier: &super::boosted::Boosted| {
            let votes = classifier.votes(&codes, &windows).into_iter();
            let votes = votes.filter(|vote| textured(vote.at));
            votes.map(|vote| spot(vote.at, vote.score)).collect()
        };
        cascade.first.iter().map(votes).collect()
    }
}

/// Standard deviation of the window at the first of `pixels`, whose rows are `stride` apart.
fn deviation(pixels: &[u8], stride: usize) -> f64 {
    let (mut sum, mut squares) = (0_u32, 0_u32);
    for row in pixels.chunks(stride).take(WINDOW) {
        for pixel in &row[..WINDOW] {
            let pixel = u32::from(*pixel);
            sum += pixel;
            squares += pixel * pixel;
        }
    }
    let area = (WINDOW * WINDOW) as f64;
    let mean = f64::from(sum) / area;
    (f64::from(squares) / area - mean * mean).sqrt()
}
