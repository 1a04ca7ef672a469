//! What the faces say about some pixels of a row of the picture.

use crate::plane::Cell;
use crate::sample::RUN;

/// What the faces say about one pixel. Of four numbers the last means nothing.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    /// m of the face that has the pixel; below 0 outside of all crops.
    pub(crate) m: f32,
    /// up(T − xc), or up(T) where `crop` is 0.
    pub(crate) change: Cell,
    /// up(g).
    pub(crate) gate: f32,
    /// up(xc), or 0 where that makes no difference: where the gate is shut, and where `change` is up(T).
    pub(crate) crop: Cell,
}

/// What the faces say about up to [`RUN`] pixels of a row: so few that all of it stays in the nearest cache.
pub(crate) struct Line {
    pub(crate) m: [f32; RUN],
    pub(crate) change: [Cell; RUN],
    pub(crate) gate: [f32; RUN],
    pub(crate) crop: [Cell; RUN],
}

impl Line {
    /// Pixels of which no face says anything.
    pub(crate) fn new() -> Self {
        Self {
            m: [-1.0; RUN],
            change: [Cell::ZERO; RUN],
            gate: [0.0; RUN],
            crop: [Cell::ZERO; RUN],
        }
    }

    /// What is said about pixel `i`.
    #[inline]
    pub(crate) fn at(&self, i: usize) -> Found {
        Found {
            m: self.m[i],
            change: self.change[i],
            gate: self.gate[i],
            crop: self.crop[i],
        }
    }

    /// As [`Line::new`].
    pub(crate) fn clear(&mut self) {
        self.m.fill(-1.0);
    }

    /// Gives the pixels to `other` where its m is larger.
    pub(crate) fn yield_to(&mut self, other: &Self) {
        for i in 0..RUN {
            if other.m[i] > self.m[i] {
                self.m[i] = other.m[i];
                self.change[i] = other.change[i];
                self.gate[i] = other.gate[i];
                self.crop[i] = other.crop[i];
            }
        }
    }
}
