//! Points of a face and the similarity transform that carries them to a template.

/// A position in pixels; (0, 0) is the corner of the first pixel, whose centre is (0.5, 0.5).
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Point {
    /// Rightwards.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// Image-left eye, image-right eye, nose, image-left mouth corner, image-right mouth corner.
pub type Points = [Point; 5];

/// A turn, a scale and a shift: x' = a·x − b·y + tx, y' = b·x + a·y + ty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// Scale times the cosine of the angle.
    pub a: f64,
    /// Scale times the sine of the angle.
    pub b: f64,
    /// Shift rightwards, after the turn.
    pub tx: f64,
    /// Shift downwards, after the turn.
    pub ty: f64,
}

impl Similarity {
    /// Moves nothing.
    pub const IDENTITY: Self = Self {
        a: 1.0,
        b: 0.0,
        tx: 0.0,
        ty: 0.0,
    };

    /// The similarity without reflection that takes `from` nearest to `to` in the least-squares sense (Umeyama 1991; in the
    /// plane, with points as complex numbers, it is the quotient Σ conj(p)·q / Σ|p|² of the centred points). None if the
    /// points coincide, are not finite, or would be squeezed into one.
    pub fn fit(from: &Points, to: &Points) -> Option<Self> {
        let (p0, q0) = (mean(from), mean(to));
        let (mut real, mut imaginary, mut square) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(to) {
            let (px, py) = (p.x - p0.x, p.y - p0.y);
            let (qx, qy) = (q.x - q0.x, q.y - q0.y);
            real += px * qx + py * qy;
            imaginary += px * qy - py * qx;
            square += px * px + py * py;
        }
        let (a, b) = (real / square, imaginary / square);
        let fit = Self {
            a,
            b,
            tx: q0.x - a * p0.x + b * p0.y,
            ty: q0.y - b * p0.x - a * p0.y,
        };
        fit.inverse().map(|_| fit)
    }

    /// Where a point goes.
    pub fn apply(&self, p: Point) -> Point {
        Point {
            x: self.a * p.x - self.b * p.y + self.tx,
            y: self.b * p.x + self.a * p.y + self.ty,
        }
    }

    /// The way back. None if there is none: a scale of 0, or numbers that are not finite.
    pub fn inverse(&self) -> Option<Self> {
        let square = self.a * self.a + self.b * self.b;
        let (a, b) = (self.a / square, -self.b / square);
        let back = Self {
            a,
            b,
            tx: -(a * self.tx - b * self.ty),
            ty: -(b * self.tx + a * self.ty),
        };
        let finite = [square, back.a, back.b, back.tx, back.ty]
            .iter()
            .all(|v| v.is_finite());
        (finite && square > 0.0).then_some(back)
    }

    /// Lengths are multiplied by this.
    pub fn scale(&self) -> f64 {
        self.a.hypot(self.b)
    }

    /// The turn in radians, clockwise as seen in the picture (y grows downwards).
    pub fn angle(&self) -> f64 {
        self.b.atan2(self.a)
    }
}

fn mean(points: &Points) -> Point {
    let n = points.len() as f64;
    Point {
        x: points.iter().map(|p| p.x).sum::<f64>() / n,
        y: points.iter().map(|p| p.y).sum::<f64>() / n,
    }
}
