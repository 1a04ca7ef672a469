//! Distances to shapes: negative inside, in the unit of the coordinates, near enough to the true ones at the edge.

/// To an ellipse round the origin.
pub(crate) fn ellipse(x: f64, y: f64, rx: f64, ry: f64) -> f64 {
    let (u, v) = (x / rx, y / ry);
    let (gu, gv) = (u / rx, v / ry);
    let radius = (u * u + v * v).sqrt();
    let slope = (gu * gu + gv * gv).sqrt();
    if slope < 1e-9 {
        return -rx.min(ry);
    }
    radius * (radius - 1.0) / slope
}

/// To the shape |x/rx|⁴ + |y/ry|⁴ = 1, between an ellipse and its box.
pub(crate) fn squarish(x: f64, y: f64, rx: f64, ry: f64) -> f64 {
    let (u, v) = ((x / rx) * (x / rx), (y / ry) * (y / ry));
    let radius = (u * u + v * v).sqrt().sqrt();
    (radius - 1.0) * rx.min(ry)
}

/// To a box round the origin with half sides `w`, `h` and rounded corners.
pub(crate) fn rounded_box(x: f64, y: f64, w: f64, h: f64, corner: f64) -> f64 {
    let (u, v) = (x.abs() - w + corner, y.abs() - h + corner);
    let outside = (u.max(0.0) * u.max(0.0) + v.max(0.0) * v.max(0.0)).sqrt();
    outside + u.max(v).min(0.0) - corner
}

/// From a point to the line between two others (never negative).
pub(crate) fn segment(x: f64, y: f64, from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (px, py) = (x - from.0, y - from.1);
    let along = ((px * dx + py * dy) / (dx * dx + dy * dy).max(1e-12)).clamp(0.0, 1.0);
    let (ex, ey) = (px - along * dx, py - along * dy);
    (ex * ex + ey * ey).sqrt()
}

/// The union of two shapes with the corner between them filled out over a length `round`.
pub(crate) fn joined(a: f64, b: f64, round: f64) -> f64 {
    let h = (round - (a - b).abs()).max(0.0) / round;
    a.min(b) - 0.25 * h * h * round
}
