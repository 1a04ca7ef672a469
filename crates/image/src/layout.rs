//! What the bytes of a picture mean: sample format, alpha, transfer curve, and which pixels are there.

/// Samples of an interleaved RGBA pixel, native endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// 8 bits, 0..255 stands for 0..1.
    RgbaU8,
    /// 16 bits, 0..65535 stands for 0..1.
    RgbaU16,
    /// 32-bit floats, nominally 0..1, kept as they are outside of it.
    RgbaF32,
}

impl Format {
    /// Bytes of one sample: 1, 2 or 4.
    pub const fn bytes_per_sample(self) -> usize {
        match self {
            Self::RgbaU8 => 1,
            Self::RgbaU16 => 2,
            Self::RgbaF32 => 4,
        }
    }

    /// Bytes of one pixel: 4, 8 or 16.
    pub const fn bytes_per_pixel(self) -> usize {
        4 * self.bytes_per_sample()
    }
}

/// What the fourth sample does to the other three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alpha {
    /// Colours are stored as they are.
    Straight,
    /// Colours are stored multiplied by alpha.
    Premultiplied,
    /// The fourth sample means nothing; it is carried along.
    Opaque,
}

/// Transfer curve of the colours (ITU-T H.273 numbers in brackets).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transfer {
    /// IEC 61966-2-1 (13).
    Srgb,
    /// Light itself (8).
    Linear,
}

/// How the bytes of a picture are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Sample format.
    pub format: Format,
    /// Meaning of the fourth sample.
    pub alpha: Alpha,
    /// Transfer curve of the other three, whose primaries are sRGB's; without meaning in a
    /// [`ColourSpace`](crate::ColourSpace), which brings its own.
    pub transfer: Transfer,
}

impl Layout {
    /// Straight alpha, sRGB curve: what picture files hold.
    pub const fn srgb(format: Format) -> Self {
        Self {
            format,
            alpha: Alpha::Straight,
            transfer: Transfer::Srgb,
        }
    }
}

/// A rectangle of pixels in picture coordinates, y downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rect {
    /// First column.
    pub x: i32,
    /// First row.
    pub y: i32,
    /// Columns.
    pub w: i32,
    /// Rows.
    pub h: i32,
}

impl Rect {
    /// A rectangle from its first pixel and its size.
    pub const fn new(x: i32, y: i32, w: i32, h: i32) -> Self {
        Self { x, y, w, h }
    }

    /// True if it holds no pixel.
    pub const fn is_empty(&self) -> bool {
        self.w <= 0 || self.h <= 0
    }

    /// The column after the last one; 64 bits, so that it cannot overflow.
    pub const fn right(&self) -> i64 {
        self.x as i64 + self.w as i64
    }

    /// The row after the last one; 64 bits, so that it cannot overflow.
    pub const fn bottom(&self) -> i64 {
        self.y as i64 + self.h as i64
    }

    /// The pixels in both; empty (0 by 0) if there are none.
    pub fn intersection(&self, other: &Self) -> Self {
        let x = self.x.max(other.x);
        let y = self.y.max(other.y);
        let w = self.right().min(other.right()) - i64::from(x);
        let h = self.bottom().min(other.bottom()) - i64::from(y);
        if w <= 0 || h <= 0 || self.is_empty() || other.is_empty() {
            return Self::new(x, y, 0, 0);
        }
        // Both are no larger than the smaller rectangle's sides, which fit.
        Self::new(x, y, w as i32, h as i32)
    }

    /// True if every pixel of `other` is in this one; an empty rectangle is in any.
    pub fn contains(&self, other: &Self) -> bool {
        other.is_empty()
            || (other.x >= self.x
                && other.y >= self.y
                && other.right() <= self.right()
                && other.bottom() <= self.bottom())
    }

    /// Width and height as sizes (0 if negative).
    pub fn size(&self) -> (usize, usize) {
        (self.w.max(0) as usize, self.h.max(0) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Rect;

    #[test]
    fn rectangles_at_the_ends_of_i32_neither_overflow_nor_wrap() {
        let far = Rect::new(i32::MAX - 1, i32::MAX - 1, i32::MAX, i32::MAX);
        let near = Rect::new(i32::MIN, i32::MIN, i32::MAX, i32::MAX);
        assert!(far.intersection(&near).is_empty());
        assert!(!near.contains(&far));
        assert_eq!(
            Rect::new(-5, -5, 10, 10).intersection(&Rect::new(0, 1, 100, 100)),
            Rect::new(0, 1, 5, 4)
        );
    }
}
