//! A picture's buffer as a host may lay it out, with canaries wherever there is no pixel.

use std::ffi::c_void;

use diat_plugin_abi::diat_image;

use super::memory::{CANARY, Memory, Place};
use super::{Finding, Verdict, ensure};
use crate::{ImageMut, Pixels, Rect};

/// How rows lie in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Bytes between the end of a row and the start of the next.
    pub(crate) padding: usize,
    /// The last row comes first.
    pub(crate) bottom_up: bool,
    pub(crate) place: Place,
}

impl Shape {
    /// Rows top down without padding.
    pub(crate) const PACKED: Self = Self {
        padding: 0,
        bottom_up: false,
        place: Place::Roomy(0),
    };

    /// In words.
    pub(crate) fn words(&self) -> String {
        let order = if self.bottom_up {
            "bottom-up"
        } else {
            "top-down"
        };
        let place = match self.place {
            Place::Roomy(0) => String::new(),
            Place::Roomy(shift) => format!(", {shift} bytes off"),
            Place::AtStart => ", right behind a forbidden page".to_owned(),
            Place::AtEnd => ", right before a forbidden page".to_owned(),
        };
        format!("{order} rows with {} bytes of padding{place}", self.padding)
    }
}

/// Pixels in memory.
#[derive(Debug)]
pub(crate) struct Canvas {
    memory: Memory,
    pub(crate) rect: Rect,
    pixels: Pixels<'static>,
    row: usize,
    step: usize,
    bottom_up: bool,
}

impl Canvas {
    /// A buffer of canaries.
    pub(crate) fn new(rect: Rect, pixels: Pixels<'static>, shape: Shape) -> Result<Self, Finding> {
        let (w, h) = (
            rect.w.unsigned_abs() as usize,
            rect.h.unsigned_abs() as usize,
        );
        let row = w * pixels.format.bytes_per_pixel();
        let step = row + shape.padding;
        let memory = Memory::new(step * (h - 1) + row, shape.place)?;
        Ok(Self {
            memory,
            rect,
            pixels,
            row,
            step,
            bottom_up: shape.bottom_up,
        })
    }

    /// The same buffer as the ABI has it.
    pub(crate) fn image(&mut self) -> Result<diat_image, Finding> {
        let first = if self.bottom_up { self.start_of(0) } else { 0 };
        let stride = if self.bottom_up {
            -(self.step as isize)
        } else {
            self.step as isize
        };
        let start = self.memory.start();
        let image = ImageMut::new(
            self.memory.bytes_mut(),
            first,
            stride,
            self.rect,
            self.pixels,
        );
        let image = image
            .map_err(|error| Finding::skipped(error.to_string()))?
            .describe();
        Ok(diat_image {
            data: start.wrapping_add(first).cast::<c_void>(),
            ..image
        })
    }

    /// Fills the pixels, row by row from the top.
    pub(crate) fn put(&mut self, rows: &[u8]) {
        for (y, row) in rows.chunks_exact(self.row).enumerate() {
            let start = self.start_of(y);
            let len = self.row;
            self.memory.bytes_mut()[start..start + len].copy_from_slice(row);
        }
    }

    /// Makes every byte of every pixel the same.
    pub(crate) fn fill(&mut self, byte: u8) {
        let rows = vec![byte; self.row * self.height()];
        self.put(&rows);
    }

    /// The pixels, row by row from the top.
    pub(crate) fn rows(&self) -> Vec<u8> {
        let row = |y| &self.memory.bytes()[self.start_of(y)..self.start_of(y) + self.row];
        (0..self.height()).flat_map(row).copied().collect()
    }

    /// From here on writing to the buffer ends the process, where the system can do that.
    pub(crate) fn seal(&self) {
        self.memory.seal();
    }

    /// Fails where a byte is gone that is no pixel's.
    pub(crate) fn intact(&self, what: &str) -> Verdict {
        if let Some(place) = self.memory.stray() {
            let text = format!("{what}: byte {place} of the buffer was written, which is outside");
            return Err(Finding::failed(text));
        }
        let bytes = self.memory.bytes();
        let gone =
            (0..bytes.len()).find(|place| place % self.step >= self.row && bytes[*place] != CANARY);
        let place = gone.unwrap_or_default();
        ensure!(
            gone.is_none(),
            "{what}: byte {place} of the buffer was written, which is padding"
        );
        Ok(())
    }

    fn height(&self) -> usize {
        self.rect.h.unsigned_abs() as usize
    }

    fn start_of(&self, y: usize) -> usize {
        let y = if self.bottom_up {
            self.height() - 1 - y
        } else {
            y
        };
        y * self.step
    }
}
