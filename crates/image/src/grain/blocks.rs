//! Small squares of a picture around what changes, and what is noise in them.

use crate::colour::Colours;
use crate::geometry::Point;
use crate::layout::Rect;
use crate::patch::Patch;
use crate::plane::Cell;
use crate::view::View;
use ndarray::s;

/// Pixels along a block's side: enough for grain a few pixels wide, few enough to lie between a face's features.
pub(super) const SIDE: usize = 16;
/// Blocks looked at, at most about.
const MOST: f64 = 1024.0;
/// A block lies outside of the change if its gate's mean is below this.
const SHUT: f32 = 0.05;
/// Pixels between blocks, at least.
const CLOSEST: usize = SIDE / 4;
/// Crop pixels that Catmull-Rom looks at beyond a position.
const REACH: f64 = 2.0;

/// The pixels of a block, row by row, in the network's colours; the fourth number is 0.
pub(super) type Block = [Cell; SIDE * SIDE];
/// What a block deviates from smooth shading.
pub(super) type Residual = Block;

/// First pixels of the blocks that lie wholly in the picture and in the patch's crop where its gate is shut, row by row.
pub(super) fn candidates<'a>(
    view: &View,
    patch: &'a Patch,
) -> impl Iterator<Item = (i32, i32)> + use<'a> {
    let area = frame(patch).intersection(&view.rect());
    let pixels = f64::from(area.w) * f64::from(area.h);
    let step = ((pixels / MOST).sqrt().ceil() as usize).max(CLOSEST);
    let side = SIDE as i64;
    let rows = (i64::from(area.y)..=area.bottom() - side).step_by(step);
    let columns = move || (i64::from(area.x)..=area.right() - side).step_by(step);
    rows.flat_map(move |y| columns().map(move |x| (x as i32, y as i32)))
        .filter(|&(x, y)| is_outside_the_change(patch, x, y))
}

/// The pixels around a patch's crop.
fn frame(patch: &Patch) -> Rect {
    let nothing = Rect::new(0, 0, 0, 0);
    let Some(back) = patch.to_crop.inverse() else {
        return nothing;
    };
    let (height, width) = patch.gate.dim();
    let (u, v) = (width as f64, height as f64);
    let corners = [(0.0, 0.0), (u, 0.0), (0.0, v), (u, v)].map(|(x, y)| back.apply(Point { x, y }));
    let least = |of: fn(&Point) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&Point) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    // `as` saturates; the intersection with the picture is all that is used.
    let (x, y) = (least(|p| p.x).floor() as i32, least(|p| p.y).floor() as i32);
    let w = (most(|p| p.x) - f64::from(x)).ceil() as i32;
    let h = (most(|p| p.y) - f64::from(y)).ceil() as i32;
    Rect::new(x, y, w, h)
}

/// True if the gate is shut for all of the block's pixels, which lie in the crop.
fn is_outside_the_change(patch: &Patch, x: i32, y: i32) -> bool {
    let (x, y, side) = (f64::from(x), f64::from(y), SIDE as f64);
    let corners = [(x, y), (x + side, y), (x, y + side), (x + side, y + side)]
        .map(|(x, y)| patch.to_crop.apply(Point { x, y }));
    let span = |of: fn(&Point) -> f64, length: usize| {
        let least = corners.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let inside = least >= 0.0 && most <= length as f64;
        let from = (least - REACH).max(0.0) as usize;
        let to = ((most + REACH).ceil() as usize).min(length);
        inside.then_some(from..to)
    };
    let (height, width) = patch.gate.dim();
    match (span(|p| p.x, width), span(|p| p.y, height)) {
        (Some(columns), Some(rows)) => {
            let gate = patch.gate.slice(s![rows, columns]);
            gate.mean().is_some_and(|mean| mean < SHUT)
        }
        _ => false,
    }
}

/// A block of the picture; None where some of it is black or white, beyond which noise is cut off.
pub(super) fn read(view: &View, (x, y): (i32, i32)) -> Option<Block> {
    let colours = Colours::of(view.layout(), view.space());
    let size = view.layout().format.bytes_per_pixel();
    let start = (i64::from(x) - i64::from(view.rect().x)) as usize * size;
    let mut pixels = [[0.0; 4]; SIDE * SIDE];
    for (row, y) in pixels.chunks_exact_mut(SIDE).zip(y..) {
        colours.read(&view.row(y)[start..start + SIDE * size], row);
    }
    let cut_off = |[r, g, b, _]: &[f32; 4]| [r, g, b].iter().all(|c| **c <= 0.0 || **c >= 1.0);
    let whole = !pixels.iter().any(cut_off);
    whole.then(|| pixels.map(|[r, g, b, _]| Cell::new([r, g, b, 0.0])))
}

/// What smooth shading can look like in a block.
pub(super) struct Shading([[f32; SIDE * SIDE]; 6]);

impl Shading {
    pub(super) fn new() -> Self {
        Self(surfaces())
    }

    /// A block minus the surface of second degree that fits it best, colour by colour.
    pub(super) fn residual(&self, mut block: Block) -> Residual {
        for surface in &self.0 {
            let mut share = Cell::ZERO;
            for (value, height) in block.iter().zip(surface) {
                share += *value * Cell::splat(*height);
            }
            for (value, height) in block.iter_mut().zip(surface) {
                *value -= share * Cell::splat(*height);
            }
        }
        block
    }
}

/// 1, x, y, x², y² and xy over a block, orthogonal to each other and of length 1.
fn surfaces() -> [[f32; SIDE * SIDE]; 6] {
    let middle = (SIDE as f32 - 1.0) / 2.0;
    let mean_square = (SIDE * SIDE - 1) as f32 / 12.0;
    let forms: [fn(f32, f32, f32) -> f32; 6] = [
        |_, _, _| 1.0,
        |x, _, _| x,
        |_, y, _| y,
        |x, _, mean| x * x - mean,
        |_, y, mean| y * y - mean,
        |x, y, _| x * y,
    ];
    forms.map(|form| {
        let height = |i: usize| {
            let (x, y) = ((i % SIDE) as f32 - middle, (i / SIDE) as f32 - middle);
            form(x, y, mean_square)
        };
        let surface: [f32; SIDE * SIDE] = std::array::from_fn(height);
        let length = surface.iter().map(|h| h * h).sum::<f32>().sqrt();
        surface.map(|h| h / length)
    })
}
