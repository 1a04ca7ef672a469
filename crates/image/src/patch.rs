//! One face's answer, warped back from its crop to rows of the picture.

use crate::colour::clamp;
use crate::contents::{Content, Contents};
use crate::crop::{offsets, samples_across};
use crate::geometry::{Point, Similarity};
use crate::grain::Grain;
use crate::layout::Rect;
use crate::line::Line;
use crate::plane::{Cell, Fixed, HALF, ONE, Plane, fixed, fraction, split};
use ndarray::{Array2, Array3, ArrayView1, s};
use std::borrow::Cow;
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
    /// The noise that takes the place of that which goes with the detail; none for smooth replacements.
    pub grain: Option<Grain>,
}

/// Crop pixels across a picture pixel: beyond it a face is no larger than a pixel, and its samples would be without number.
const LARGEST_SHRINK: f64 = 128.0;

/// From this crop pixels per picture pixel on (along the row and across it together) each pixel is sampled for itself: where the
/// two take the same time.
const MANY_BETWEEN: f64 = 1.0 / 6.0;

/// Lets a weight that is 1 all around be 1 between, too, which rounding may miss: of two faces that are whole the first wins.
const WHOLE: f32 = 1.0 + 1e-6;

/// A patch laid out for speed: what is read together lies together.
pub(crate) struct Placed {
    /// T − xc, and w·M.
    change: Plane,
    /// T, and w·M.
    replacement: Plane,
    /// xc, and g.
    crop: Plane,
    contents: Contents,
    width: i32,
    height: i32,
    /// Crop pixels from a picture pixel to the next, and the crop position of the `origin` pixel's centre.
    a: Fixed,
    b: Fixed,
    at_origin: (Fixed, Fixed),
    origin: (i32, i32),
    /// So many pixels of a row lie between the same four crop pixels that it is worth while to prepare for them.
    many_between: bool,
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
        let contents = Contents::new(&patch.weight, &patch.gate, everywhere);
        let extent = if !offsets.is_empty() {
            // A pixel whose centre is outside may reach in.
            [-scale, -scale, width as f64 + scale, height as f64 + scale]
        } else if everywhere {
            [0.0, 0.0, width as f64, height as f64]
        } else {
            contents.extent()?
        };
        let plane = |colours, fourth| {
            Plane::replicated(width, height, |y, row| cells(colours, fourth, y, row))
        };
        let replacement = plane(&patch.transformed, &patch.weight);
        let crop = plane(&patch.crop, &patch.gate);
        Some(Self {
            change: replacement.less_colours(&crop),
            replacement,
            crop,
            contents,
            width: width as i32,
            height: height as i32,
            a,
            b,
            at_origin: (fixed(centre.x)?, fixed(centre.y)?),
            origin,
            many_between: patch.to_crop.a.abs() + patch.to_crop.b.abs() < MANY_BETWEEN,
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

    /// The columns of row `y` of the picture, of those in `within`, that the patch may have something to say about.
    pub(crate) fn span(&self, y: i32, within: Rect) -> Range<i32> {
        let row = self.columns(self.bounds(Rect::new(within.x, y, within.w, 1)));
        row.x..row.x + row.w
    }

    /// Writes what the patch says about `columns` of row `y` to the pixels of a line from `from` on; those of which it says
    /// nothing are left alone.
    pub(crate) fn draw(&self, y: i32, columns: Range<i32>, from: usize, line: &mut Line) {
        let dx = i64::from(columns.start) - i64::from(self.origin.0);
        let dy = i64::from(y) - i64::from(self.origin.1);
        let u = self.at_origin.0 + self.a * dx - self.b * dy;
        let v = self.at_origin.1 + self.b * dx + self.a * dy;
        let pixels = from..from + columns.len();
        if self.offsets.is_empty() {
            self.enlarge(u, v, pixels, line);
        } else {
            self.shrink(u, v, pixels, line);
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

    /// The crop is enlarged: Catmull-Rom between its pixels. The first of `pixels` lies at (u, v).
    fn enlarge(&self, u: Fixed, v: Fixed, pixels: Range<usize>, line: &mut Line) {
        let (mut u, mut v) = (u - HALF, v - HALF);
        let mut start = pixels.start;
        while start < pixels.end {
            // Those that follow and lie between the same four crop pixels are drawn together.
            let first = (u, v);
            let mut end = start;
            while end < pixels.end && ((u ^ first.0) | (v ^ first.1)) >> 32 == 0 {
                (u, v) = (u + self.a, v + self.b);
                end += 1;
            }
            self.enlarge_between(first, start..end, line);
            start = end;
        }
    }

    /// As [`Placed::enlarge`], for pixels that lie between the same four crop pixels; (u, v) counts from their centres.
    #[inline]
    fn enlarge_between(&self, (u, v): (Fixed, Fixed), pixels: Range<usize>, line: &mut Line) {
        let (x, y) = ((u >> 32) as i32, (v >> 32) as i32);
        let content = self.contents.between(x, y);
        let first = match content {
            Content::Nothing => return,
            Content::Change | Content::Mixture => &self.change,
            Content::Replacement => &self.replacement,
        };
        let change = &mut line.change[pixels.clone()];
        self.surface(first, (u, v), change);
        // Beyond the outermost pixels' centres there is no weight, whatever the cubic makes of it.
        let outermost = x < 0 || y < 0 || x >= self.width - 1 || y >= self.height - 1;
        let most = if outermost { 0.0 } else { 1.0 };
        for (m, change) in line.m[pixels.clone()].iter_mut().zip(change) {
            *m = (change.to_array()[3] * WHOLE).max(0.0).min(most);
        }
        let gate = &mut line.gate[pixels.clone()];
        let crop = &mut line.crop[pixels.clone()];
        if content == Content::Mixture {
            self.surface(&self.crop, (u, v), crop);
            for (gate, crop) in gate.iter_mut().zip(crop) {
                *gate = clamp(crop.to_array()[3]);
            }
        } else {
            gate.fill(if content == Content::Change { 0.0 } else { 1.0 });
            crop.fill(Cell::ZERO);
        }
        if self.everywhere {
            for (k, m) in line.m[pixels].iter_mut().enumerate() {
                let (u, v) = (u + self.a * k as i64, v + self.b * k as i64);
                if !self.inside((u + HALF, v + HALF)) {
                    *m = -1.0;
                }
            }
        }
    }

    /// The plane at a row's pixels between the same four crop pixels, the first of them at (u, v) from their centres.
    fn surface(&self, plane: &Plane, (u, v): (Fixed, Fixed), values: &mut [Cell]) {
        let surface = plane.around((u >> 32) as i32, (v >> 32) as i32);
        if !self.many_between {
            for (k, value) in values.iter_mut().enumerate() {
                let (u, v) = (u + self.a * k as i64, v + self.b * k as i64);
                *value = surface.at(fraction(u), fraction(v));
            }
            return;
        }
        // Counted from the row's first pixel between those four, wherever the region of the picture begins.
        let before = steps_since_entry(u, self.a).min(steps_since_entry(v, self.b));
        let first = (u - self.a * before, v - self.b * before);
        let step = |fixed: Fixed| fixed as f32 / ONE as f32;
        surface
            .along(
                (fraction(first.0), fraction(first.1)),
                (step(self.a), step(self.b)),
            )
            .values(before as usize, values);
    }

    fn inside(&self, (u, v): (Fixed, Fixed)) -> bool {
        u >= 0 && v >= 0 && u >> 32 < i64::from(self.width) && v >> 32 < i64::from(self.height)
    }

    /// The crop is shrunk: the average over each picture pixel's footprint.
    fn shrink(&self, u: Fixed, v: Fixed, pixels: Range<usize>, line: &mut Line) {
        for (k, i) in pixels.enumerate() {
            let (u, v) = (u + self.a * k as i64, v + self.b * k as i64);
            if self.everywhere && !self.inside((u, v)) {
                continue;
            }
            line.change[i] = self.average(&self.change, u, v);
            line.m[i] = clamp(line.change[i].to_array()[3]);
            if line.m[i] > 0.0 || self.everywhere {
                line.crop[i] = self.average(&self.crop, u, v);
                line.gate[i] = clamp(line.crop[i].to_array()[3]);
            }
        }
    }

    /// The mean of the samples around (u, v).
    fn average(&self, plane: &Plane, u: Fixed, v: Fixed) -> Cell {
        let mut sum = Cell::ZERO;
        for (du, dv) in &self.offsets {
            let u = (u + du - HALF).clamp(-HALF, i64::from(self.width) * ONE - HALF);
            let v = (v + dv - HALF).clamp(-HALF, i64::from(self.height) * ONE - HALF);
            let ((x, fx), (y, fy)) = (split(u), split(v));
            sum += plane.bilinear(x, y, fx, fy);
        }
        sum / Cell::splat(self.offsets.len() as f32)
    }
}

/// How many steps back a position stays between the same two crop pixels.
fn steps_since_entry(position: Fixed, step: Fixed) -> i64 {
    let behind = position & (ONE - 1);
    match step {
        0 => i64::MAX,
        1.. => behind / step,
        _ => (ONE - 1 - behind) / -step,
    }
}

/// Appends row `y` of three colours with a fourth number each.
fn cells(colours: &Array3<f32>, fourth: &Array2<f32>, y: usize, row: &mut Vec<Cell>) {
    let [r, g, b] = [0, 1, 2].map(|c| line(colours.slice(s![c, y, ..])));
    let fourth = line(fourth.row(y));
    let colours = r.iter().zip(&*g).zip(&*b);
    let cells = colours.zip(&*fourth);
    row.extend(cells.map(|(((r, g), b), fourth)| Cell::new([*r, *g, *b, *fourth])));
}

/// Numbers that lie side by side, which are the quicker to go through.
fn line(row: ArrayView1<'_, f32>) -> Cow<'_, [f32]> {
    row.to_slice()
        .map_or_else(|| Cow::Owned(row.to_vec()), Cow::Borrowed)
}
