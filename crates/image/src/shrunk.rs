//! A picture in the network's colours, shrunk by a whole factor, loaded piece by piece.

use crate::colour::Colours;
use crate::layout::Format;
use crate::pace::Pace;
use crate::plane::{Cell, Plane};
use crate::view::View;
use wide::i32x4;

/// A view whose blocks of `factor`×`factor` pixels, counted from the view's first pixel, are averaged into cells.
pub(crate) struct Shrunk<'a> {
    view: View<'a>,
    factor: usize,
}

impl<'a> Shrunk<'a> {
    pub(crate) fn new(view: View<'a>, factor: usize) -> Self {
        Self {
            view,
            factor: factor.max(1),
        }
    }

    /// Columns and rows of cells, a last one that is not full included.
    pub(crate) fn size(&self) -> (usize, usize) {
        let (w, h) = self.view.rect().size();
        (w.div_ceil(self.factor), h.div_ceil(self.factor))
    }

    /// True if the picture's samples are of 8 bits and the network's colours as they are.
    pub(crate) fn is_plain(&self) -> bool {
        let layout = self.view.layout();
        layout.format == Format::RgbaU8 && Colours::of(layout, self.view.space()).are_the_networks()
    }

    /// The cells from (left, top), rows of `width`; outside the picture its border pixels are replicated. None if the pace stopped.
    pub(crate) fn cells(
        &self,
        left: i32,
        top: i32,
        width: usize,
        height: usize,
        pace: &mut Pace,
    ) -> Option<Vec<Cell>> {
        let n = self.factor;
        let mut sums = Vec::with_capacity(width * height);
        let colours = Colours::of(self.view.layout(), self.view.space());
        // Sixteen bits hold the sum of so many bytes.
        let small = n > 1 && n <= usize::from(u16::MAX) / 255;
        let bytes = small
            && colours.are_the_networks()
            && self.view.layout().format == Format::RgbaU8
            && self.holds(left, top, width, height);
        for y in (i64::from(top)..).take(height) {
            if bytes {
                self.sum_bytes(left, y, width, &mut sums);
            } else {
                self.sum_pixels(left, y, width, &mut sums);
            }
            if !pace.after(width * n * n) {
                return None;
            }
        }
        if n > 1 {
            let share = 1.0 / (n * n) as f32;
            let share = Cell::splat(if bytes { share / 255.0 } else { share });
            sums.iter_mut().for_each(|sum| *sum *= share);
        }
        Some(sums)
    }

    /// True if every pixel of some cells is in the picture.
    fn holds(&self, left: i32, top: i32, width: usize, height: usize) -> bool {
        let (w, h) = self.view.rect().size();
        let inside = |from: i32, cells: usize, pixels: usize| {
            from >= 0 && (from as usize + cells) * self.factor <= pixels
        };
        inside(left, width, w) && inside(top, height, h)
    }

    /// Adds the sums of a row's cells, the picture's pixels being the network's colours as they are; in 0..255.
    fn sum_bytes(&self, left: i32, y: i64, width: usize, sums: &mut Vec<Cell>) {
        let n = self.factor;
        let rect = self.view.rect();
        let from = left as usize * n * 4;
        let length = width * n * 4;
        let row = |i: usize| {
            let row = i64::from(rect.y) + y * n as i64 + i as i64;
            &self.view.row(row as i32)[from..from + length]
        };
        // Three rows at a time: they come from memory side by side.
        let mut columns = vec![0u16; length];
        let mut done = 0;
        while done + 3 <= n {
            let three = row(done).iter().zip(row(done + 1)).zip(row(done + 2));
            for (column, ((a, b), c)) in columns.iter_mut().zip(three) {
                *column += u16::from(*a) + u16::from(*b) + u16::from(*c);
            }
            done += 3;
        }
        for i in done..n {
            for (column, byte) in columns.iter_mut().zip(row(i)) {
                *column += u16::from(*byte);
            }
        }
        let columns: Vec<i32> = columns.into_iter().map(i32::from).collect();
        let blocks = columns.as_chunks::<4>().0.chunks_exact(n);
        sums.extend(blocks.map(|block| {
            let sum = block
                .iter()
                .fold(i32x4::ZERO, |sum, pixel| sum + i32x4::new(*pixel));
            Cell::from_i32x4(sum)
        }));
    }

    /// Adds the sums of a row's cells; in 0..1.
    fn sum_pixels(&self, left: i32, y: i64, width: usize, sums: &mut Vec<Cell>) {
        let n = self.factor;
        let mut pixels = vec![[0.0f32; 4]; width * n];
        let first = sums.len();
        sums.resize(first + width, Cell::ZERO);
        for row in (y * n as i64..).take(n) {
            self.read(row, i64::from(left) * n as i64, &mut pixels);
            for (sum, block) in sums[first..].iter_mut().zip(pixels.chunks_exact(n)) {
                *sum = block
                    .iter()
                    .fold(*sum, |sum, pixel| sum + Cell::new(*pixel));
            }
        }
    }

    /// The same, to be sampled.
    pub(crate) fn plane(
        &self,
        left: i32,
        top: i32,
        width: usize,
        height: usize,
        pace: &mut Pace,
    ) -> Option<Plane> {
        let cells = self.cells(left, top, width, height, pace)?;
        Some(Plane::new(left, top, width, cells))
    }

    /// Pixels of row `y` from column `x`, both counted from the view's first pixel.
    fn read(&self, y: i64, x: i64, pixels: &mut [[f32; 4]]) {
        let layout = self.view.layout();
        let rect = self.view.rect();
        let clamp = |i: i64, n: i32| i.clamp(0, i64::from(n) - 1);
        let row = self.view.row((i64::from(rect.y) + clamp(y, rect.h)) as i32);
        // The part of `pixels` that lies in the picture; at least one pixel of it, to replicate.
        let end = x + pixels.len() as i64;
        let from = clamp(x, rect.w);
        let to = clamp(end - 1, rect.w) + 1;
        let size = layout.format.bytes_per_pixel();
        let bytes = &row[from as usize * size..to as usize * size];
        let before = (from - x).clamp(0, pixels.len() as i64 - (to - from)) as usize;
        let after = before + (to - from) as usize;
        Colours::of(layout, self.view.space()).read(bytes, &mut pixels[before..after]);
        let (first, last) = (pixels[before], pixels[after - 1]);
        pixels[..before].fill(first);
        pixels[after..].fill(last);
    }
}
