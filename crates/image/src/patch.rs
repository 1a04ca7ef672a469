//! One face's answer, warped back from its crop to rows of the picture.

use crate::colour::clamp;
use crate::crop::{offsets, samples_across};
use crate::geometry::{Point, Similarity};
use crate::layout::Rect;
use crate::line::Line;
use crate::plane::{Fixed, HALF, ONE, Plane, fixed, fraction, split};
use crate::sample::RUN;
use ndarray::{Array2, Array3};
use std::ops::Range;

/// One face's answer, all at crop size.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Takes picture coordinates to crop coordinates.
    pub to_crop: Similarity,
    /// xc: what the network saw, 3×H×W, straight sRGB-encoded RGB in 0..1.
    pub crop: Array3<f32>,
    /// T: what the network made of it, in the same colours and range.
    pub transformed: Array3<f32>,
    /// w·M: window times mask, H×W in 0..1; 0 at the outermost pixels.
    pub weight: Array2<f32>,
    /// g: the detail gate, H×W in 0..1.
    pub gate: Array2<f32>,
}

/// Crop pixels across a picture pixel: beyond it a face is no larger than a pixel, and its samples would be without number.
const LARGEST_SHRINK: f64 = 128.0;

/// Some of the 4×4 crop pixels around a point have a weight.
const WEIGHT: u8 = 1;
/// Some of the 4×4 crop pixels around a point have a gate.
const GATE: u8 = 2;

/// A patch laid out for speed: what is read together lies together.
pub(crate) struct Placed {
    /// T − xc, and w·M.
    change: Plane,
    /// xc, and g.
    crop: Plane,
    /// What there is between the crop pixels (x, y) and (x + 1, y + 1): [`WEIGHT`], [`GATE`].
    cells: Vec<u8>,
    width: i32,
    height: i32,
    /// Crop pixels from a picture pixel to the next, and the crop position of the `origin` pixel's centre.
    a: Fixed,
    b: Fixed,
    at_origin: (Fixed, Fixed),
    origin: (i32, i32),
    /// Samples of a picture pixel where the crop is shrunk; empty for Catmull-Rom.
    offsets: Vec<(Fixed, Fixed)>,
    /// The part of the crop that matters: u from, v from, u to, v to.
    extent: [f64; 4],
    back: Similarity,
    /// Pixels without weight are wanted, too.
    everywhere: bool,
}

impl Placed {
    /// None if the patch has no place in any picture: it cannot be undone, lies out of reach, its arrays differ in size, or
    /// nothing of it matters. `everywhere`: pixels of the crop without weight are wanted, too.
    pub(crate) fn new(patch: &Patch, everywhere: bool) -> Option<Self> {
        let (height, width) = patch.weight.dim();
        let colours = (3, height, width);
        if patch.crop.dim() != colours
            || patch.transformed.dim() != colours
            || patch.gate.dim() != (height, width)
            || width < 2
            || height < 2
        {
            return None;
        }
        let back = patch.to_crop.inverse()?;
        let middle = back.apply(Point {
            x: width as f64 / 2.0,
            y: height as f64 / 2.0,
        });
        fixed(middle.x).and(fixed(middle.y))?;
        let origin = (middle.x.floor() as i32, middle.y.floor() as i32);
        let centre = patch.to_crop.apply(Point {
            x: f64::from(origin.0) + 0.5,
            y: f64::from(origin.1) + 0.5,
        });
        let (a, b) = (fixed(patch.to_crop.a)?, fixed(patch.to_crop.b)?);
        let scale = patch.to_crop.scale();
        if scale > LARGEST_SHRINK {
            return None;
        }
        let offsets = offsets(a, b, samples_across(scale));
        let cells = cells(patch);
        let extent = if !offsets.is_empty() {
            // A pixel whose centre is outside may reach in.
            [-scale, -scale, width as f64 + scale, height as f64 + scale]
        } else if everywhere {
            [0.0, 0.0, width as f64, height as f64]
        } else {
            weighty(&cells, width + 1)?
        };
        let (t, x) = (&patch.transformed, &patch.crop);
        Some(Self {
            change: Plane::replicated(width, height, |i, j| {
                let [r, g, b] = [0, 1, 2].map(|c| t[(c, j, i)] - x[(c, j, i)]);
                [r, g, b, patch.weight[(j, i)]]
            }),
            crop: Plane::replicated(width, height, |i, j| {
                let [r, g, b] = [0, 1, 2].map(|c| x[(c, j, i)]);
                [r, g, b, patch.gate[(j, i)]]
            }),
            cells,
            width: width as i32,
            height: height as i32,
            a,
            b,
            at_origin: (fixed(centre.x)?, fixed(centre.y)?),
            origin,
            offsets,
            extent,
            back,
            everywhere,
        })
    }

    /// The pixels of `within` that the patch may have something to say about.
    pub(crate) fn bounds(&self, within: Rect) -> Rect {
        let [left, top, right, bottom] = self.extent;
        let corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
            .map(|(x, y)| self.back.apply(Point { x, y }));
        let least = |f: fn(&Point) -> f64| corners.iter().map(f).fold(f64::INFINITY, f64::min);
        let most = |f: fn(&Point) -> f64| corners.iter().map(f).fold(-f64::INFINITY, f64::max);
        // `as` saturates, so that no size of face can overflow.
        let x0 = (least(|p| p.x).floor() as i64 - 1).max(i64::from(within.x));
        let y0 = (least(|p| p.y).floor() as i64 - 1).max(i64::from(within.y));
        let x1 = (most(|p| p.x).ceil() as i64 + 1).min(within.right());
        let y1 = (most(|p| p.y).ceil() as i64 + 1).min(within.bottom());
        if x1 <= x0 || y1 <= y0 {
            return Rect::new(within.x, within.y, 0, 0);
        }
        Rect::new(x0 as i32, y0 as i32, (x1 - x0) as i32, (y1 - y0) as i32)
    }

    /// Writes what the patch says about row `y` over what `line` says where its m is larger.
    pub(crate) fn draw(&self, y: i32, line: &mut Line) {
        let row = Rect::new(line.left, y, line.m.len() as i32, 1);
        let row = self.columns(self.bounds(row));
        if row.is_empty() {
            return;
        }
        let dx = i64::from(row.x) - i64::from(self.origin.0);
        let dy = i64::from(y) - i64::from(self.origin.1);
        let mut u = self.at_origin.0 + self.a * dx - self.b * dy;
        let mut v = self.at_origin.1 + self.b * dx + self.a * dy;
        let from = (row.x - line.left) as usize;
        let mut i = from;
        let end = from + row.w as usize;
        while i < end {
            let run = if self.offsets.is_empty() {
                self.enlarge(u, v, i..end, line)
            } else {
                self.shrink(u, v, i, line)
            };
            i += run;
            u += self.a * run as i64;
            v += self.b * run as i64;
        }
    }

    /// A row cut down to the columns between which it crosses the extent, one more on each side.
    fn columns(&self, row: Rect) -> Rect {
        if row.is_empty() {
            return row;
        }
        let to_f64 = |v: Fixed| v as f64 / ONE as f64;
        let (a, b) = (to_f64(self.a), to_f64(self.b));
        let dx = f64::from(row.x) - f64::from(self.origin.0);
        let dy = f64::from(row.y) - f64::from(self.origin.1);
        let u = to_f64(self.at_origin.0) + a * dx - b * dy;
        let v = to_f64(self.at_origin.1) + b * dx + a * dy;
        let [left, top, right, bottom] = self.extent;
        let (mut from, mut to) = (0.0, f64::from(row.w));
        for (start, step, low, high) in [(u, a, left, right), (v, b, top, bottom)] {
            if step.abs() > 1e-9 {
                let (one, other) = ((low - start) / step, (high - start) / step);
                from = f64::max(from, one.min(other).floor() - 1.0);
                to = f64::min(to, one.max(other).ceil() + 1.0);
            }
        }
        if to <= from {
            return Rect::new(row.x, row.y, 0, 0);
        }
        Rect::new(row.x + from as i32, row.y, (to - from) as i32, 1)
    }

    /// The crop is enlarged: Catmull-Rom between its pixels. Draws the first pixel of `range`, which lies at (u, v), and those
    /// after it that lie between the same crop pixels; gives their number.
    fn enlarge(&self, u: Fixed, v: Fixed, range: Range<usize>, line: &mut Line) -> usize {
        let at = |k: usize| (u + self.a * k as i64, v + self.b * k as i64);
        let cell = |(u, v): (Fixed, Fixed)| ((u - HALF) >> 32, (v - HALF) >> 32);
        let (x, y) = cell((u, v));
        let mut length = 1;
        while length < range.len().min(RUN) && cell(at(length)) == (x, y) {
            length += 1;
        }
        if x < -1 || y < -1 || x >= i64::from(self.width) || y >= i64::from(self.height) {
            return length;
        }
        let (x, y) = (x as i32, y as i32);
        let holds = self.cells[((y + 1) * (self.width + 1) + x + 1) as usize];
        if holds & WEIGHT == 0 && !self.everywhere {
            return length;
        }
        let (places, values) = (&mut line.places[..length], &mut line.values[..length]);
        for (k, place) in places.iter_mut().enumerate() {
            let (u, v) = at(k);
            *place = (fraction(u - HALF), fraction(v - HALF));
        }
        self.change.bicubic(x, y).at(places, values);
        let mut any = false;
        for (k, value) in values.iter().enumerate() {
            let i = range.start + k;
            // Beyond the outermost pixels' centres there is no weight, whatever the cubic makes of it.
            let m = if holds & WEIGHT == 0 {
                0.0
            } else {
                clamp(value[3])
            };
            let wanted = m > 0.0 || (self.everywhere && self.inside(at(k)));
            line.wins[k] = wanted && m > line.m[i];
            if line.wins[k] {
                any = true;
                line.m[i] = m;
                line.change[i] = *value;
                line.gate[i] = 0.0;
            }
        }
        if any && (holds & GATE != 0 || self.everywhere) {
            self.crop.bicubic(x, y).at(places, values);
            for (k, value) in values.iter().enumerate().filter(|(k, _)| line.wins[*k]) {
                line.crop[range.start + k] = *value;
                line.gate[range.start + k] = clamp(value[3]);
            }
        }
        length
    }

    fn inside(&self, (u, v): (Fixed, Fixed)) -> bool {
        u >= 0 && v >= 0 && u >> 32 < i64::from(self.width) && v >> 32 < i64::from(self.height)
    }

    /// The crop is shrunk: the average over the picture pixel's footprint.
    fn shrink(&self, u: Fixed, v: Fixed, i: usize, line: &mut Line) -> usize {
        if self.everywhere && !self.inside((u, v)) {
            return 1;
        }
        let sample = |plane: &Plane| {
            let mut sum = [0.0f32; 4];
            for (du, dv) in &self.offsets {
                let u = (u + du - HALF).clamp(-HALF, i64::from(self.width) * ONE - HALF);
                let v = (v + dv - HALF).clamp(-HALF, i64::from(self.height) * ONE - HALF);
                let ((x, fx), (y, fy)) = (split(u), split(v));
                let value = plane.bilinear(x, y, fx, fy);
                for c in 0..4 {
                    sum[c] += value[c];
                }
            }
            sum.map(|c| c / self.offsets.len() as f32)
        };
        let change = sample(&self.change);
        let m = clamp(change[3]);
        if m <= line.m[i] || (m == 0.0 && !self.everywhere) {
            return 1;
        }
        let crop = sample(&self.crop);
        line.m[i] = m;
        line.change[i] = change;
        line.crop[i] = crop;
        line.gate[i] = clamp(crop[3]);
        1
    }
}

/// For the space between each 2×2 crop pixels (and around the outermost) whether Catmull-Rom finds weight and gate there.
fn cells(patch: &Patch) -> Vec<u8> {
    let (height, width) = patch.weight.dim();
    let (across, down) = (width + 1, height + 1);
    let mut cells = vec![0; across * down];
    for y in 0..height {
        for x in 0..width {
            let weight = if patch.weight[(y, x)] != 0.0 {
                WEIGHT
            } else {
                0
            };
            let gate = if patch.gate[(y, x)] != 0.0 { GATE } else { 0 };
            let found = weight | gate;
            if found == 0 {
                continue;
            }
            for row in y.saturating_sub(1)..(y + 3).min(down) {
                for cell in &mut cells[row * across + x.saturating_sub(1)..]
                    [..(x + 3).min(across) - x.saturating_sub(1)]
                {
                    *cell |= found;
                }
            }
        }
    }
    for x in 0..across {
        cells[x] &= !WEIGHT;
        cells[(down - 1) * across + x] &= !WEIGHT;
    }
    for y in 0..down {
        cells[y * across] &= !WEIGHT;
        cells[y * across + across - 1] &= !WEIGHT;
    }
    cells
}

/// The smallest part of the crop outside of which no cell has weight; None if none has.
fn weighty(cells: &[u8], across: usize) -> Option<[f64; 4]> {
    let found = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| *cell & WEIGHT != 0);
    let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
    for (i, _) in found {
        (left, top) = (left.min(i % across), top.min(i / across));
        (right, bottom) = (right.max(i % across), bottom.max(i / across));
    }
    // Cell i lies between the centres of pixels i − 1 and i.
    let [left, top, right, bottom] = [left, top, right, bottom].map(|i| i as f64);
    (left <= right).then_some([left - 0.5, top - 0.5, right + 0.5, bottom + 0.5])
}
