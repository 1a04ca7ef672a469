//! A convolution's three passes on plain numbers.
//!
//! The unfolded picture has a row for each input channel and place in the kernel, and a column for each output pixel; the
//! convolution is weight × unfolded. It is made in bands of whole output rows that fit a processor's cache. Pictures are spread
//! over threads and sums are in one order, whatever the number of threads.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, s};
use rayon::prelude::*;

/// Numbers in one band of the unfolded picture: half a megabyte.
const BAND: usize = 1 << 17;

/// Groups of pictures whose gradients of the weight are summed apart, so that threads can share the work.
const GROUPS: usize = 8;

/// A square convolution of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unfolded {
    pub(super) count: usize,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) padding: usize,
}

/// A run of one row of the unfolded picture and where it lies in the picture.
struct Run {
    unfolded: usize,
    picture: usize,
    length: usize,
}

impl Unfolded {
    /// Height and width of the output.
    pub(super) fn size(&self) -> [usize; 2] {
        let outputs = |side: usize| (side + 2 * self.padding - self.kernel) / self.stride + 1;
        [outputs(self.height), outputs(self.width)]
    }

    /// Pixels of one output channel.
    pub(super) fn pixels(&self) -> usize {
        let [height, width] = self.size();
        height * width
    }

    /// The output, N × outputs × pixels.
    pub(super) fn forward(&self, x: &[f32], weight: &[f32]) -> Vec<f32> {
        let mut y = vec![0.0; self.count * self.outputs * self.pixels()];
        let pictures = y.par_chunks_exact_mut(self.outputs * self.pixels());
        let pictures = pictures.zip(x.par_chunks_exact(self.picture()));
        pictures.for_each_init(
            || vec![0.0; self.band()],
            |buffer, (y, x)| {
                for rows in self.bands() {
                    let (unfolded, columns) = self.unfold(x, rows, buffer);
                    let mut y = matrix_mut(y, self.outputs, self.pixels());
                    let mut y = y.slice_mut(s![.., columns]);
                    general_mat_mul(1.0, &self.weight(weight), &unfolded, 0.0, &mut y);
                }
            },
        );
        y
    }

    /// The gradient of x from that of the output.
    pub(super) fn input_gradient(&self, gradient: &[f32], weight: &[f32]) -> Vec<f32> {
        let mut of_x = vec![0.0; self.count * self.picture()];
        let pictures = of_x.par_chunks_exact_mut(self.picture());
        let pictures = pictures.zip(gradient.par_chunks_exact(self.outputs * self.pixels()));
        pictures.for_each_init(
            || vec![0.0; self.band()],
            |buffer, (of_x, gradient)| {
                let gradient = matrix(gradient, self.outputs, self.pixels());
                for rows in self.bands() {
                    let columns = self.columns(&rows);
                    let size = self.depth() * columns.len();
                    let buffer = &mut buffer[..size];
                    let mut unfolded = matrix_mut(buffer, self.depth(), columns.len());
                    let gradient = gradient.slice(s![.., columns]);
                    let weight = self.weight(weight);
                    general_mat_mul(1.0, &weight.t(), &gradient, 0.0, &mut unfolded);
                    self.fold(buffer, rows, of_x);
                }
            },
        );
        of_x
    }

    /// The gradient of the weight from that of the output.
    pub(super) fn weight_gradient(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        let group = self.count.div_ceil(GROUPS);
        let groups = x.par_chunks(group * self.picture());
        let groups = groups.zip(gradient.par_chunks(group * self.outputs * self.pixels()));
        let sums: Vec<Vec<f32>> = groups
            .map(|(x, gradient)| self.weight_gradient_of(x, gradient))
            .collect();
        let mut sums = sums.into_iter();
        let mut total = sums.next().unwrap_or_default();
        for sum in sums {
            total
                .iter_mut()
                .zip(sum)
                .for_each(|(total, one)| *total += one);
        }
        total
    }

    fn weight_gradient_of(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        let mut sum = vec![0.0; self.outputs * self.depth()];
        let mut buffer = vec![0.0; self.band()];
        let pictures = x.chunks_exact(self.picture());
        let pictures = pictures.zip(gradient.chunks_exact(self.outputs * self.pixels()));
        for (x, gradient) in pictures {
            let gradient = matrix(gradient, self.outputs, self.pixels());
            for rows in self.bands() {
                let (unfolded, columns) = self.unfold(x, rows, &mut buffer);
                let gradient = gradient.slice(s![.., columns]);
                let mut sum = matrix_mut(&mut sum, self.outputs, self.depth());
                general_mat_mul(1.0, &gradient, &unfolded.t(), 1.0, &mut sum);
            }
        }
        sum
    }

    /// Numbers of one picture.
    fn picture(&self) -> usize {
        self.inputs * self.height * self.width
    }

    /// Rows of the unfolded picture.
    fn depth(&self) -> usize {
        self.inputs * self.kernel * self.kernel
    }

    fn weight<'a>(&self, weight: &'a [f32]) -> ArrayView2<'a, f32> {
        matrix(weight, self.outputs, self.depth())
    }

    /// Output rows of one band.
    fn band_rows(&self) -> usize {
        let [height, width] = self.size();
        (BAND / (self.depth() * width)).clamp(1, height)
    }

    /// Numbers of one band.
    fn band(&self) -> usize {
        let [_, width] = self.size();
        self.depth() * self.band_rows() * width
    }

    fn bands(&self) -> impl Iterator<Item = Range<usize>> {
        let ([height, _], rows) = (self.size(), self.band_rows());
        let starts = (0..height).step_by(rows);
        starts.map(move |start| start..(start + rows).min(height))
    }

    /// The output pixels of these output rows.
    fn columns(&self, rows: &Range<usize>) -> Range<usize> {
        let [_, width] = self.size();
        rows.start * width..rows.end * width
    }

    /// These output rows' part of the unfolded picture, and which columns it is.
    fn unfold<'a>(
        &self,
        x: &[f32],
        rows: Range<usize>,
        buffer: &'a mut [f32],
    ) -> (ArrayView2<'a, f32>, Range<usize>) {
        let columns = self.columns(&rows);
        let buffer = &mut buffer[..self.depth() * columns.len()];
        // Outside the picture is 0.
        buffer.fill(0.0);
        self.runs(
            rows,
            |Run {
                 unfolded,
                 picture,
                 length,
             }| {
                let to = &mut buffer[unfolded..unfolded + length];
                if self.stride == 1 {
                    to.copy_from_slice(&x[picture..picture + length]);
                } else {
                    let from = x[picture..].iter().step_by(self.stride);
                    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
                }
            },
        );
        (matrix(buffer, self.depth(), columns.len()), columns)
    }

    /// Adds each number of these output rows' part to where it came from.
    fn fold(&self, buffer: &[f32], rows: Range<usize>, picture: &mut [f32]) {
        self.runs(rows, |run| {
            let from = &buffer[run.unfolded..run.unfolded + run.length];
            let to = picture[run.picture..].iter_mut().step_by(self.stride);
            to.zip(from).for_each(|(to, from)| *to += from);
        });
    }

    /// All runs within the picture, in one order.
    fn runs(&self, rows: Range<usize>, mut with: impl FnMut(Run)) {
        let [_, width] = self.size();
        let columns = rows.len() * width;
        let places = self.kernel * self.kernel;
        for row in 0..self.depth() {
            let (channel, place) = (row / places, row % places);
            let [down, right] = [place / self.kernel, place % self.kernel];
            let across = self.within(right, self.width, width);
            if across.is_empty() {
                continue;
            }
            for y in self
                .within(down, self.height, rows.end)
                .filter(|y| *y >= rows.start)
            {
                let from_y = y * self.stride + down - self.padding;
                let from_x = across.start * self.stride + right - self.padding;
                with(Run {
                    unfolded: row * columns + (y - rows.start) * width + across.start,
                    picture: (channel * self.height + from_y) * self.width + from_x,
                    length: across.len(),
                });
            }
        }
    }

    /// The outputs below `outputs` that see a pixel of the picture at this place of the kernel.
    fn within(&self, place: usize, side: usize, outputs: usize) -> Range<usize> {
        let first = self.padding.saturating_sub(place).div_ceil(self.stride);
        let last = (side + self.padding)
            .saturating_sub(place)
            .div_ceil(self.stride);
        first..last.min(outputs).max(first)
    }
}

/// A matrix in rows; of a slice of another length an empty one, with which no product is taken.
fn matrix(values: &[f32], rows: usize, columns: usize) -> ArrayView2<'_, f32> {
    let shaped = ArrayView2::from_shape((rows, columns), values);
    shaped.unwrap_or_else(|_| ArrayView2::from(&[[]; 0]))
}

/// See [`matrix`].
fn matrix_mut(values: &mut [f32], rows: usize, columns: usize) -> ArrayViewMut2<'_, f32> {
    let shaped = ArrayViewMut2::from_shape((rows, columns), values);
    shaped.unwrap_or_else(|_| ArrayViewMut2::from(&mut [[]; 0]))
}
