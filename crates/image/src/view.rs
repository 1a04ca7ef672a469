//! Checked views of somebody else's pixels: any stride, padded or negative, any alignment, no `unsafe`.

use crate::colour_space::ColourSpace;
use crate::layout::{Layout, Rect};
use crate::sample;

/// Why bytes cannot be seen as a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// The rectangle holds no pixel or leaves the 32-bit coordinates.
    #[error("a picture of {w}×{h} pixels at ({x}, {y}): at least 1×1 is needed, and corners that fit 32 bits", w = .0.w, h = .0.h, x = .0.x, y = .0.y)]
    Rect(Rect),
    /// Rows would overlap.
    #[error("a stride of {stride} bytes for rows of {row} bytes: rows must not overlap")]
    Stride {
        /// Bytes from a row to the one below.
        stride: isize,
        /// Bytes of the pixels of one row.
        row: usize,
    },
    /// Pixels would lie outside the memory.
    #[error("the pixels reach from byte {from} to byte {to} of a buffer of {len} bytes")]
    Bounds {
        /// First byte of any pixel.
        from: i128,
        /// One past the last byte of any pixel.
        to: i128,
        /// Bytes there are.
        len: usize,
    },
    /// Two pictures that must match do not.
    #[error("{0}")]
    Mismatch(&'static str),
}

/// Where the rows lie: checked once, then every row is inside the bytes.
#[derive(Clone, Copy, Debug)]
struct Rows {
    first: usize,
    stride: isize,
    rect: Rect,
    layout: Layout,
}

impl Rows {
    fn check(
        len: usize,
        first: usize,
        stride: isize,
        rect: Rect,
        layout: Layout,
    ) -> Result<Self, ViewError> {
        let end = i64::from(i32::MAX);
        if rect.is_empty() || rect.right() > end || rect.bottom() > end {
            return Err(ViewError::Rect(rect));
        }
        let row = rect.w as usize as i128 * layout.format.bytes_per_pixel() as i128;
        if rect.h > 1 && (stride as i128).abs() < row {
            return Err(ViewError::Stride {
                stride,
                row: row as usize,
            });
        }
        let last = first as i128 + i128::from(rect.h - 1) * stride as i128;
        let from = last.min(first as i128);
        let to = last.max(first as i128) + row;
        if from < 0 || to > len as i128 {
            return Err(ViewError::Bounds { from, to, len });
        }
        Ok(Self {
            first,
            stride,
            rect,
            layout,
        })
    }

    fn packed(rect: Rect, layout: Layout) -> Self {
        let stride = rect.w as isize * layout.format.bytes_per_pixel() as isize;
        Self {
            first: 0,
            stride,
            rect,
            layout,
        }
    }

    fn row_bytes(&self) -> usize {
        self.rect.w as usize * self.layout.format.bytes_per_pixel()
    }

    /// Offset of the row's first pixel; rows outside are replicated.
    fn row_start(&self, y: i32) -> usize {
        let down = i64::from(y) - i64::from(self.rect.y);
        let down = down.clamp(0, i64::from(self.rect.h) - 1);
        // In range by `check`; the sum of the two fits because both ends do.
        (self.first as isize).wrapping_add(down as isize * self.stride) as usize
    }

    fn column(&self, x: i32) -> usize {
        (i64::from(x) - i64::from(self.rect.x)).clamp(0, i64::from(self.rect.w) - 1) as usize
    }
}

/// Pixels to read.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    bytes: &'a [u8],
    rows: Rows,
    space: Option<&'a ColourSpace>,
}

impl<'a> View<'a> {
    /// Looks at `bytes` as the pixels of `rect`: `first` is the offset of pixel (rect.x, rect.y), `stride` the bytes from
    /// a row to the one below, which may be negative or padded. Bytes need no alignment.
    ///
    /// # Errors
    /// An empty rectangle, overlapping rows, or pixels outside of `bytes`.
    pub fn new(
        bytes: &'a [u8],
        first: usize,
        stride: isize,
        rect: Rect,
        layout: Layout,
    ) -> Result<Self, ViewError> {
        Ok(Self {
            bytes,
            rows: Rows::check(bytes.len(), first, stride, rect, layout)?,
            space: None,
        })
    }

    /// The same pixels with colours of that space instead of the layout's curve and sRGB's primaries.
    #[must_use]
    pub fn in_space(self, space: Option<&'a ColourSpace>) -> Self {
        Self { space, ..self }
    }

    /// Bytes that a [`Picture`](crate::Picture) has checked.
    pub(crate) fn packed(bytes: &'a [u8], rect: Rect, layout: Layout) -> Self {
        Self {
            bytes,
            rows: Rows::packed(rect, layout),
            space: None,
        }
    }

    /// The pixels it holds, in picture coordinates.
    pub fn rect(&self) -> Rect {
        self.rows.rect
    }

    /// How its bytes are to be read.
    pub fn layout(&self) -> Layout {
        self.rows.layout
    }

    /// Whose colours they are; None: sRGB's primaries and the layout's curve.
    pub fn space(&self) -> Option<&'a ColourSpace> {
        self.space
    }

    /// The bytes of picture row `y`, without padding; rows outside are replicated.
    pub fn row(&self, y: i32) -> &'a [u8] {
        let start = self.rows.row_start(y);
        &self.bytes[start..start + self.rows.row_bytes()]
    }

    /// The four samples of picture pixel (x, y) as stored, integers divided by their largest value; no conversion of colour
    /// or alpha. Pixels outside are replicated.
    pub fn rgba_f32(&self, x: i32, y: i32) -> [f32; 4] {
        let size = self.rows.layout.format.bytes_per_pixel();
        let start = self.rows.column(x) * size;
        let mut pixel = [[0.0; 4]];
        sample::load(
            self.rows.layout.format,
            &self.row(y)[start..start + size],
            &mut pixel,
        );
        pixel[0]
    }
}

/// Pixels to read and write.
#[derive(Debug)]
pub struct ViewMut<'a> {
    bytes: &'a mut [u8],
    rows: Rows,
    space: Option<&'a ColourSpace>,
}

impl<'a> ViewMut<'a> {
    /// As [`View::new`], for writing.
    ///
    /// # Errors
    /// As [`View::new`].
    pub fn new(
        bytes: &'a mut [u8],
        first: usize,
        stride: isize,
        rect: Rect,
        layout: Layout,
    ) -> Result<Self, ViewError> {
        let rows = Rows::check(bytes.len(), first, stride, rect, layout)?;
        Ok(Self {
            bytes,
            rows,
            space: None,
        })
    }

    /// As [`View::in_space`].
    #[must_use]
    pub fn in_space(self, space: Option<&'a ColourSpace>) -> Self {
        Self { space, ..self }
    }

    /// Bytes that a [`Picture`](crate::Picture) has checked.
    pub(crate) fn packed(bytes: &'a mut [u8], rect: Rect, layout: Layout) -> Self {
        Self {
            bytes,
            rows: Rows::packed(rect, layout),
            space: None,
        }
    }

    /// The pixels it holds, in picture coordinates.
    pub fn rect(&self) -> Rect {
        self.rows.rect
    }

    /// How its bytes are to be read.
    pub fn layout(&self) -> Layout {
        self.rows.layout
    }

    /// As [`View::space`].
    pub fn space(&self) -> Option<&'a ColourSpace> {
        self.space
    }

    /// The same pixels to read.
    pub fn as_view(&self) -> View<'_> {
        View {
            bytes: self.bytes,
            rows: self.rows,
            space: self.space,
        }
    }

    /// The bytes of picture row `y`, without padding; rows outside are replicated.
    pub fn row_mut(&mut self, y: i32) -> &mut [u8] {
        let start = self.rows.row_start(y);
        let len = self.rows.row_bytes();
        &mut self.bytes[start..start + len]
    }

    /// The bytes of each row of `area` (its part inside this view), top down, without padding: disjoint, so that threads may
    /// share them.
    pub fn rows_mut(&mut self, area: Rect) -> Vec<&mut [u8]> {
        let area = self.rect().intersection(&area);
        if area.is_empty() {
            return Vec::new();
        }
        let size = self.layout().format.bytes_per_pixel();
        let from = (area.x - self.rows.rect.x) as usize * size;
        let to = from + area.w as usize * size;
        let (top, bottom) = (
            self.rows.row_start(area.y),
            self.rows.row_start(area.y + (area.h - 1)),
        );
        let lowest = top.min(bottom);
        let highest = top.max(bottom) + self.rows.row_bytes();
        // One row may come with any stride, even 0.
        let step = self.rows.stride.unsigned_abs().max(self.rows.row_bytes());
        let mut rows: Vec<&mut [u8]> = self.bytes[lowest..highest]
            .chunks_mut(step)
            .map(|row| &mut row[from..to])
            .collect();
        if top > bottom {
            rows.reverse();
        }
        rows
    }

    /// Stores four samples at picture pixel (x, y) as they are; integers are rounded to the nearest and clamped. A pixel
    /// outside is ignored.
    pub fn set_rgba_f32(&mut self, x: i32, y: i32, rgba: [f32; 4]) {
        if !self.rect().contains(&Rect::new(x, y, 1, 1)) {
            return;
        }
        let format = self.rows.layout.format;
        let size = format.bytes_per_pixel();
        let start = self.rows.column(x) * size;
        sample::store(format, &[rgba], &mut self.row_mut(y)[start..start + size]);
    }

    /// Copies the pixels of `roi` from `source`, byte for byte.
    ///
    /// # Errors
    /// Another layout, or a `roi` that is not inside both.
    pub fn copy_from(&mut self, source: &View, roi: Rect) -> Result<(), ViewError> {
        if source.layout() != self.layout() || source.space() != self.space() {
            return Err(ViewError::Mismatch(
                "the two pictures have different layouts",
            ));
        }
        if !source.rect().contains(&roi) || !self.rect().contains(&roi) {
            return Err(ViewError::Mismatch(
                "the region is not inside both pictures",
            ));
        }
        let size = self.layout().format.bytes_per_pixel();
        let from = (i64::from(roi.x) - i64::from(source.rect().x)) as usize * size;
        for (row, y) in self.rows_mut(roi).into_iter().zip(roi.y..) {
            row.copy_from_slice(&source.row(y)[from..from + row.len()]);
        }
        Ok(())
    }
}
