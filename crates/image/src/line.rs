//! What the faces say about the pixels of one row of the picture.

use crate::layout::Rect;
use crate::sample::RUN;

/// What the faces say about one pixel. Of four numbers the last means nothing.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    /// m of the face that has the pixel; below 0 outside of all crops.
    pub(crate) m: f32,
    /// up(T − xc).
    pub(crate) change: &'a [f32; 4],
    /// up(g).
    pub(crate) gate: f32,
    /// up(xc); numbers without meaning where the gate is shut.
    pub(crate) crop: &'a [f32; 4],
}

/// What the faces say about the pixels of one row.
pub(crate) struct Line {
    /// The column of the first.
    pub(crate) left: i32,
    pub(crate) m: Vec<f32>,
    pub(crate) change: Vec<[f32; 4]>,
    pub(crate) gate: Vec<f32>,
    pub(crate) crop: Vec<[f32; 4]>,
    /// Room for the pixels at work: where they lie between crop pixels, what is found there, and whether it is wanted.
    pub(crate) places: [(f32, f32); RUN],
    pub(crate) values: [[f32; 4]; RUN],
    pub(crate) wins: [bool; RUN],
}

impl Line {
    pub(crate) fn new(area: Rect) -> Self {
        let (n, _) = area.size();
        let (change, crop) = (vec![[0.0; 4]; n], vec![[0.0; 4]; n]);
        Self {
            left: area.x,
            m: vec![-1.0; n],
            change,
            gate: vec![0.0; n],
            crop,
            places: [(0.0, 0.0); RUN],
            values: [[0.0; 4]; RUN],
            wins: [false; RUN],
        }
    }

    /// The pixels from the one numbered `from` on.
    #[inline]
    pub(crate) fn pixels(&self, from: usize) -> impl Iterator<Item = Found<'_>> {
        let colours = self.change[from..].iter().zip(&self.crop[from..]);
        let numbers = self.m[from..].iter().zip(&self.gate[from..]);
        numbers
            .zip(colours)
            .map(|((&m, &gate), (change, crop))| Found {
                m,
                change,
                gate,
                crop,
            })
    }

    pub(crate) fn clear(&mut self) {
        self.m.fill(-1.0);
    }
}
