//! The network's answer, taken back at the picture's own resolution.

use crate::colour::Colours;
use crate::grain::Grain;
use crate::layout::Rect;
use crate::line::{Found, Line};
use crate::patch::{Patch, Placed};
use crate::plane::Cell;
use crate::sample::{RUN, load, rounded, store_colours};
use crate::view::ViewMut;
use std::ops::Range;
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
/// where clamp(x) is x without what is beyond the picture's own black and white (sRGB's numbers of wider colours leave 0..1);
/// where the patch has grain n, √(a·(2 − a))·n comes on top, with a = strength·m·clamp(up(g), 0, 1).
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
    let with_grain = matches!(show, Show::Result | Show::Difference);
    let faces: Vec<Face> = patches
        .iter()
        .filter_map(|patch| {
            Some(Face {
                placed: Placed::new(patch, everywhere)?,
                grain: patch.grain.as_ref().filter(|_| with_grain),
            })
        })
        .collect();
    let area = match show {
        Show::Mask | Show::Difference => roi,
        Show::Result if strength == 0.0 => Rect::new(roi.x, roi.y, 0, 0),
        Show::Result | Show::Transformed => {
            around(faces.iter().map(|face| face.placed.bounds(roi)))
        }
    };
    let work = Work {
        faces,
        area,
        strength,
        show,
        colours: Colours::of(out.layout(), out.space()),
    };
    work.run(out, threads, progress)
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

/// What a thread works with: the line that counts, one for further faces, and the columns of each face in a row.
type Room = (Line, Line, Vec<Range<i32>>);

/// A face and, where it is wanted, its grain.
struct Face<'a> {
    placed: Placed,
    grain: Option<&'a Grain>,
}

impl Face<'_> {
    /// As [`Placed::draw`], at this strength.
    fn draw(&self, y: i32, columns: Range<i32>, from: usize, line: &mut Line, strength: f32) {
        self.placed.draw(y, columns.clone(), from, line);
        if let Some(grain) = self.grain {
            grain.draw(y, columns, from, line, strength);
        }
    }
}

struct Work<'a> {
    faces: Vec<Face<'a>>,
    area: Rect,
    strength: f32,
    show: Show,
    colours: Colours<'a>,
}

impl Work<'_> {
    /// Shares the rows out among threads, this one among them.
    fn run(
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
            let mut room = (Line::new(), Line::new(), Vec::new());
            while !cancelled.load(Ordering::Relaxed) {
                let next = blocks.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some((block, top)) = next else { break };
                for (row, y) in block.iter_mut().zip(top..) {
                    if self.row(y, row, &mut room) {
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
    fn row(&self, y: i32, row: &mut [u8], (line, other, spans): &mut Room) -> bool {
        spans.clear();
        spans.extend(self.faces.iter().map(|face| face.placed.span(y, self.area)));
        let everything = matches!(self.show, Show::Mask | Show::Difference);
        let size = self.colours.layout.format.bytes_per_pixel();
        let mut changed = false;
        for (bytes, left) in row.chunks_mut(RUN * size).zip((self.area.x..).step_by(RUN)) {
            let columns = left..left + (bytes.len() / size) as i32;
            line.clear();
            let mut drawn = 0;
            for (face, span) in self.faces.iter().zip(&*spans) {
                let span = span.start.max(columns.start)..span.end.min(columns.end);
                if span.is_empty() {
                    continue;
                }
                let from = (span.start - left) as usize;
                if drawn == 0 {
                    face.draw(y, span, from, line, self.strength);
                } else {
                    other.clear();
                    face.draw(y, span, from, other, self.strength);
                    line.yield_to(other);
                }
                drawn += 1;
            }
            if drawn > 0 || everything {
                changed |= self.write(bytes, line);
            }
        }
        changed
    }

    /// Writes the pixels of a line that are wanted; true if some byte changed.
    fn write(&self, bytes: &mut [u8], line: &Line) -> bool {
        // Pixels whose m is above this are written.
        let bound = match self.show {
            Show::Result => 0.0,
            Show::Transformed => -0.5,
            Show::Mask | Show::Difference => -2.0,
        };
        let format = self.colours.layout.format;
        let size = format.bytes_per_pixel();
        let (mut own, mut new) = ([[0.0; 4]; RUN], [[0.0; 4]; RUN]);
        let mut changed = false;
        let mut from = 0;
        let count = bytes.len() / size;
        while from < count {
            let some = line.m[from..count].iter();
            let length = some.take_while(|m| **m > bound).count();
            if length > 0 {
                let bytes = &mut bytes[from * size..(from + length) * size];
                load(format, bytes, &mut own[..length]);
                self.paint(&own[..length], from, line, &mut new[..length]);
                changed |= store_colours(format, &new[..length], bytes);
            }
            from += length.max(1);
        }
        changed
    }

    /// New samples for the pixels `own`, which are the line's from `from` on and all wanted.
    fn paint(&self, own: &[[f32; 4]], from: usize, line: &Line, new: &mut [[f32; 4]]) {
        if self.show == Show::Result && self.colours.are_the_networks() {
            return self.paint_plain(own, from, line, new);
        }
        let found = (from..).map(|i| line.at(i));
        let pixels = own.iter().zip(found).zip(new);
        match self.show {
            Show::Result => {
                pixels.for_each(|((own, found), new)| *new = self.result(own, found));
            }
            Show::Mask => pixels.for_each(|((_, found), new)| *new = [found.m.max(0.0); 4]),
            Show::Transformed => {
                for ((own, found), new) in pixels {
                    let t = found.change + found.crop;
                    *new = self.colours.of_network(t.to_array(), own[3]);
                }
            }
            Show::Difference => {
                let format = self.colours.layout.format;
                for ((own, found), new) in pixels {
                    let out = if found.m > 0.0 {
                        self.result(own, found)
                    } else {
                        *own
                    };
                    let half = |c| 0.5 + (rounded(format, out[c]) - own[c]) / 2.0;
                    *new = std::array::from_fn(half);
                }
            }
        }
    }

    /// The result in the common case, where own samples are the network's colours: the same formula, laid out so that four
    /// numbers at a time are dealt with alike.
    fn paint_plain(&self, own: &[[f32; 4]], from: usize, line: &Line, new: &mut [[f32; 4]]) {
        for ((own, new), i) in own.iter().zip(new).zip(from..) {
            let Found {
                m,
                change,
                gate,
                crop,
            } = line.at(i);
            let (amount, own) = (Cell::splat(self.strength * m), Cell::new(*own));
            let seen = own.max(Cell::ZERO).fast_min(Cell::ONE);
            *new = (own + amount * (change - Cell::splat(gate) * (seen - crop))).to_array();
        }
    }

    /// What becomes of a pixel's own samples where m is above 0.
    fn result(&self, own: &[f32; 4], found: Found) -> [f32; 4] {
        let x = self.colours.to_network(*own);
        let held = self.colours.held(*own, x);
        self.colours.moved(*own, x, self.change(&held, found))
    }

    /// The formula: what is added to x, of which clamp(x) is given.
    #[inline(always)]
    fn change(
        &self,
        held: &[f32; 4],
        Found {
            m,
            change,
            gate,
            crop,
        }: Found,
    ) -> [f32; 4] {
        let amount = self.strength * m;
        // Where the gate is shut the crop is unspecified, but a number, and 0 times a number is 0.
        let (change, crop) = (change.to_array(), crop.to_array());
        std::array::from_fn(|c| amount * (change[c] - gate * (held[c] - crop[c])))
    }
}
