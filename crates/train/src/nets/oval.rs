//! The soft oval of a recipe, as a picture.

use ndarray::Array2;

use crate::recipe::{Oval, UNIT_SIDE};

/// The oval at `size`×`size`, rows first, in \[0, 1\]: 0 on and outside the ellipse, rising evenly towards the centre to 1 where the
/// shorter half axis is `rim` pixels further in. Pixel (i, j) is taken at its centre, +0.5.
pub fn soft_oval(oval: &Oval, size: usize) -> Array2<f32> {
    let scale = size as f64 / UNIT_SIDE;
    let [a, b] = oval.half_axes.map(|axis| axis * scale);
    let [x0, y0] = oval.centre.map(|position| position * scale);
    let rise = a.min(b) / (oval.rim * scale).max(f64::MIN_POSITIVE);
    Array2::from_shape_fn((size, size), |(y, x)| {
        let radius = ((x as f64 + 0.5 - x0) / a).hypot((y as f64 + 0.5 - y0) / b);
        ((1.0 - radius) * rise).clamp(0.0, 1.0) as f32
    })
}
