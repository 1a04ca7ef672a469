//! The network's answer, taken back at the picture's own resolution.

use crate::colour::{Colours, clamp};
use crate::layout::{Format, Rect};
use crate::patch::{Line, Patch, Placed};
use crate::sample::{F32, Samples, U8, U16};
use crate::view::ViewMut;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Show {
    /// The edited picture.
    Result,
    /// m as a grey of plain numbers, whatever the strength.
    Mask,
    /// up(T) in the picture's colours inside the crops; the input elsewhere.
    Transformed,
    /// 0.5 + (out − x)/2 in the picture's own numbers, out being what [`Show::Result`] gives.
    Difference,
}

/// What a composite came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composite {
    /// Some byte of `out` is not what it was.
    pub changed: bool,
    /// `progress` asked to stop; `out` is partly written.
    pub cancelled: bool,
}

/// Rows between two looks at `progress`, and the share of work that a thread takes at a time.
const BLOCK: usize = 16;

/// Blends the faces' answers into `out`, which holds the input's pixels in `roi`:
///
/// m = clamp(up(weight), 0, 1), out = x + strength·m·[ up(T − xc) − clamp(up(g), 0, 1)·(clamp(x) − up(xc)) ]
///
/// Where m is 0 nothing is touched; alpha never is; where faces overlap the larger m wins, the earlier patch among equals.
/// `show` may ask for something else than the result. The bytes do not depend on `threads` nor on how a picture is cut into
/// regions. `progress` is called on this thread with a share that grows to 1, and stops the work by returning false.
pub fn composite(
    out: &mut ViewMut,
    roi: Rect,
    patches: &[Patch],
    strength: f32,
    show: Show,
    threads: usize,
    progress: &mut dyn FnMut(f32) -> bool,
) -> Composite {
    let everywhere = show == Show::Transformed;
    let roi = out.rect().intersection(&roi);
    let placed: Vec<Placed> = patches
        .iter()
        .filter_map(|patch| Placed::new(patch, everywhere))
        .collect();
    let area = match show {
        Show::Mask | Show::Difference => roi,
        Show::Result if strength == 0.0 => Rect::new(roi.x, roi.y, 0, 0),
        Show::Result | Show::Transformed => around(placed.iter().map(|p| p.bounds(roi))),
    };
    let work = Work {
        placed,
        area,
        strength,
        show,
        colours: Colours::of(out.layout()),
    };
    match out.layout().format {
        Format::RgbaU8 => work.run::<U8>(out, threads, progress),
        Format::RgbaU16 => work.run::<U16>(out, threads, progress),
        Format::RgbaF32 => work.run::<F32>(out, threads, progress),
    }
}

/// The smallest rectangle around some, empty ones left out.
fn around(rects: impl Iterator<Item = Rect>) -> Rect {
    rects
        .filter(|rect| !rect.is_empty())
        .reduce(|a, b| {
            let (x, y) = (a.x.min(b.x), a.y.min(b.y));
            let (right, bottom) = (a.right().max(b.right()), a.bottom().max(b.bottom()));
            Rect::new(
                x,
                y,
                (right - i64::from(x)) as i32,
                (bottom - i64::from(y)) as i32,
            )
        })
        .unwrap_or(Rect::new(0, 0, 0, 0))
}

struct Work {
    placed: Vec<Placed>,
    area: Rect,
    strength: f32,
    show: Show,
    colours: Colours,
}

impl Work {
    /// Shares the rows out among threads, this one among them.
    fn run<S: Samples>(
        &self,
        out: &mut ViewMut,
        threads: usize,
        progress: &mut dyn FnMut(f32) -> bool,
    ) -> Composite {
        let mut rows = out.rows_mut(self.area);
        let total = rows.len();
        let helpers = threads.min(total.div_ceil(BLOCK)).saturating_sub(1);
        let blocks = Mutex::new(rows.chunks_mut(BLOCK).zip((self.area.y..).step_by(BLOCK)));
        let (changed, cancelled) = (AtomicBool::new(false), AtomicBool::new(false));
        let done = AtomicUsize::new(0);
        let drain = |after_block: &mut dyn FnMut() -> bool| {
            let mut line = Line::new(self.area);
            while !cancelled.load(Ordering::Relaxed) {
                let next = blocks.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some((block, top)) = next else { break };
                for (row, y) in block.iter_mut().zip(top..) {
                    if self.row::<S>(y, row, &mut line) {
                        changed.store(true, Ordering::Relaxed);
                    }
                }
                done.fetch_add(block.len(), Ordering::Relaxed);
                if !after_block() {
                    cancelled.store(true, Ordering::Relaxed);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..helpers {
                scope.spawn(|| drain(&mut || true));
            }
            drain(&mut || progress(done.load(Ordering::Relaxed) as f32 / total as f32));
        });
        Composite {
            changed: changed.into_inner(),
            cancelled: cancelled.into_inner(),
        }
    }

    /// Writes one row; true if some byte changed.
    fn row<S: Samples>(&self, y: i32, row: &mut [u8], line: &mut Line) -> bool {
        line.clear();
        for placed in &self.placed {
            placed.draw(y, line);
        }
        let mut changed = false;
        for (i, pixel) in S::pixels_mut(row).iter_mut().enumerate() {
            let m = line.m[i];
            let colours = match self.show {
                Show::Result if m > 0.0 => self.result(S::load(pixel), i, line),
                Show::Mask => [m.max(0.0); 3],
                Show::Transformed if m >= 0.0 => {
                    let t = std::array::from_fn(|c| line.change[i][c] + line.crop[i][c]);
                    self.colours.of_network(t, S::load(pixel)[3])
                }
                Show::Difference if m > 0.0 => {
                    let own = S::load(pixel);
                    let out = self.result(own, i, line);
                    std::array::from_fn(|c| 0.5 + (S::rounded(out[c]) - own[c]) / 2.0)
                }
                Show::Difference => [0.5; 3],
                Show::Result | Show::Transformed => continue,
            };
            changed |= S::store_colours(pixel, colours);
        }
        changed
    }

    /// The formula, for one pixel whose m is above 0.
    #[inline]
    fn result(&self, own: [f32; 4], i: usize, line: &Line) -> [f32; 3] {
        let x = self.colours.to_network(own);
        let [r, g, b, gate] = line.change[i];
        let amount = self.strength * line.m[i];
        let change = if gate > 0.0 {
            let detail: [f32; 3] = std::array::from_fn(|c| clamp(x[c]) - line.crop[i][c]);
            [
                r - gate * detail[0],
                g - gate * detail[1],
                b - gate * detail[2],
            ]
        } else {
            [r, g, b]
        };
        self.colours.moved(own, x, change.map(|c| amount * c))
    }
}
