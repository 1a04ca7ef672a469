//! Pixels of our own, tightly packed.

use crate::layout::{Layout, Rect};
use crate::view::{View, ViewError, ViewMut};

/// An owned picture: rows top down without padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    bytes: Vec<u8>,
    rect: Rect,
    layout: Layout,
}

impl Picture {
    /// A picture of zeros (transparent black).
    ///
    /// # Errors
    /// A rectangle without pixels or outside the 32-bit coordinates.
    pub fn new(rect: Rect, layout: Layout) -> Result<Self, ViewError> {
        let (w, h) = rect.size();
        let len = w
            .checked_mul(h)
            .and_then(|n| n.checked_mul(layout.format.bytes_per_pixel()))
            .filter(|&n| n <= isize::MAX as usize)
            .ok_or(ViewError::Rect(rect))?;
        Self::from_bytes(rect, layout, vec![0; len])
    }

    /// A picture from its bytes, rows top down without padding.
    ///
    /// # Errors
    /// A rectangle without pixels, or a number of bytes that does not fit it.
    pub fn from_bytes(rect: Rect, layout: Layout, bytes: Vec<u8>) -> Result<Self, ViewError> {
        let view = View::new(&bytes, 0, stride(rect, layout), rect, layout)?;
        let (w, h) = view.rect().size();
        let needed = w * h * layout.format.bytes_per_pixel();
        if bytes.len() != needed {
            return Err(ViewError::Bounds {
                from: 0,
                to: needed as i128,
                len: bytes.len(),
            });
        }
        Ok(Self {
            bytes,
            rect,
            layout,
        })
    }

    /// The pixels it holds, in picture coordinates.
    pub fn rect(&self) -> Rect {
        self.rect
    }

    /// How its bytes are to be read.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Its pixels to read.
    pub fn view(&self) -> View<'_> {
        View::packed(&self.bytes, self.rect, self.layout)
    }

    /// Its pixels to write.
    pub fn view_mut(&mut self) -> ViewMut<'_> {
        ViewMut::packed(&mut self.bytes, self.rect, self.layout)
    }

    /// Its bytes, rows top down without padding.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Gives its bytes away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

fn stride(rect: Rect, layout: Layout) -> isize {
    rect.w.max(0) as isize * layout.format.bytes_per_pixel() as isize
}
