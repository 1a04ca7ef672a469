//! Bilinear resampling, as cascades were trained on it: without smoothing, counted from the corners, cut down to whole numbers.

use std::iter::repeat_n;

/// Where a resampled column or row comes from.
#[derive(Clone, Copy, Debug)]
struct Tap {
    /// The first of the two that it lies between.
    first: usize,
    /// How far it lies towards the second, 0..=1.
    share: f64,
}

/// The taps of `to` resampled columns or rows of `from`, which are at least two.
fn taps(from: usize, to: usize) -> impl ExactSizeIterator<Item = Tap> {
    let scale = from as f64 / to as f64;
    (0..to).map(move |i| {
        let place = scale * i as f64;
        let first = (place as usize).min(from - 2);
        Tap {
            first,
            share: place - first as f64,
        }
    })
}

/// A rectangle of a grey picture; beyond the picture it is black.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    /// Rows of the picture, one after the other.
    pub(super) pixels: &'a [u8],
    /// Pixels in a row of the picture.
    pub(super) stride: usize,
    pub(super) left: i64,
    pub(super) top: i64,
    /// At least two.
    pub(super) width: usize,
    /// At least two.
    pub(super) height: usize,
}

impl Source<'_> {
    /// Rows `rows` of the rectangle resampled to `width`×`height` pixels.
    pub(super) fn resample(
        &self,
        width: usize,
        height: usize,
        rows: std::ops::Range<usize>,
        resampled: &mut [u8],
    ) {
        if (width, height) == (self.width, self.height) {
            for (y, row) in rows.zip(resampled.chunks_exact_mut(width)) {
                let (before, pixels) = self.row(y);
                row.fill(0);
                row[before..][..pixels.len()].copy_from_slice(pixels);
            }
            return;
        }
        let columns: Vec<Tap> = taps(self.width, width).collect();
        // The two rows that were stretched last, and which they are.
        let mut above = Stretched::new(width);
        let mut below = Stretched::new(width);
        let taken = taps(self.height, height).skip(rows.start);
        for (tap, row) in taken
            .zip(resampled.chunks_exact_mut(width))
            .take(rows.len())
        {
            if above.row != Some(tap.first) {
                std::mem::swap(&mut above, &mut below);
            }
            above.stretch(self, tap.first, &columns);
            below.stretch(self, tap.first + 1, &columns);
            for (pixel, (above, below)) in
                row.iter_mut().zip(above.pixels.iter().zip(&below.pixels))
            {
                *pixel = ((1.0 - tap.share) * above + tap.share * below) as u8;
            }
        }
    }

    /// Row `y` of the rectangle: black pixels, pixels of the picture, black pixels.
    fn row(&self, y: usize) -> (usize, &[u8]) {
        let from = self.left.clamp(0, self.stride as i64) as usize;
        let to = (self.left + self.width as i64).clamp(0, self.stride as i64) as usize;
        let before = (from as i64 - self.left) as usize;
        let row = usize::try_from(self.top + y as i64)
            .ok()
            .and_then(|y| self.pixels.chunks_exact(self.stride).nth(y));
        (before, row.map_or(&[][..], |row| &row[from..to]))
    }
}

/// A row of the source, resampled across.
struct Stretched {
    row: Option<usize>,
    pixels: Vec<f64>,
}

impl Stretched {
    fn new(width: usize) -> Self {
        Self {
            row: None,
            pixels: repeat_n(0.0, width).collect(),
        }
    }

    fn stretch(&mut self, source: &Source, y: usize, columns: &[Tap]) {
        if self.row == Some(y) {
            return;
        }
        self.row = Some(y);
        let (before, row) = source.row(y);
        let between =
            |share: f64, a: u8, b: u8| (1.0 - share) * f64::from(a) + share * f64::from(b);
        let pixels = self.pixels.iter_mut().zip(columns);
        if row.len() == source.width {
            for (pixel, Tap { first, share }) in pixels {
                *pixel = between(*share, row[*first], row[first + 1]);
            }
            return;
        }
        let at = |x: usize| x.checked_sub(before).and_then(|x| row.get(x).copied());
        for (pixel, Tap { first, share }) in pixels {
            let (a, b) = (at(*first), at(first + 1));
            *pixel = between(*share, a.unwrap_or(0), b.unwrap_or(0));
        }
    }
}
