//! A picture in the network's colours, shrunk by a whole factor, loaded piece by piece.

use crate::colour::Colours;
use crate::pace::Pace;
use crate::plane::{Cell, Plane};
use crate::view::View;

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
        let mut pixels = vec![[0.0f32; 4]; width * n];
        let mut sums = vec![Cell::ZERO; width * height];
        for (y, sums) in sums.chunks_exact_mut(width.max(1)).enumerate() {
            for row in 0..n {
                let row = (i64::from(top) + y as i64) * n as i64 + row as i64;
                self.read(row, i64::from(left) * n as i64, &mut pixels);
                if !pace.after(pixels.len()) {
                    return None;
                }
                for (sum, block) in sums.iter_mut().zip(pixels.chunks_exact(n)) {
                    *sum = block
                        .iter()
                        .fold(*sum, |sum, pixel| sum + Cell::new(*pixel));
                }
            }
        }
        if n > 1 {
            let share = Cell::splat(1.0 / (n * n) as f32);
            sums.iter_mut().for_each(|sum| *sum *= share);
        }
        Some(sums)
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
