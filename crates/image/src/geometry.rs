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

#[cfg(test)]
mod tests {
    use super::{Point, Points, Similarity};

    const FACE: Points = [
        Point { x: 41.5, y: 46.5 },
        Point { x: 87.5, y: 46.5 },
        Point { x: 64.1, y: 75.5 },
        Point { x: 44.9, y: 96.0 },
        Point { x: 85.0, y: 96.0 },
    ];

    fn similarity(scale: f64, angle: f64, tx: f64, ty: f64) -> Similarity {
        Similarity {
            a: scale * angle.cos(),
            b: scale * angle.sin(),
            tx,
            ty,
        }
    }

    #[test]
    fn a_similarity_is_found_again_with_its_scale_angle_and_way_back() {
        for (scale, angle) in [(1.0, 0.0), (0.046, 0.52), (21.0, -3.1), (3.0, 1.6)] {
            let truth = similarity(scale, angle, -310.0, 4100.5);
            let fit = Similarity::fit(&FACE, &FACE.map(|p| truth.apply(p))).unwrap();
            assert!((fit.scale() - scale).abs() < 1e-9 * scale);
            assert!((fit.angle() - angle).abs() < 1e-9);
            for p in FACE {
                let there = fit.apply(p);
                let want = truth.apply(p);
                assert!((there.x - want.x).hypot(there.y - want.y) < 1e-9);
                let back = fit.inverse().unwrap().apply(there);
                assert!((back.x - p.x).hypot(back.y - p.y) < 1e-9);
            }
        }
    }

    #[test]
    fn no_similarity_near_the_fit_comes_nearer_to_points_that_are_off() {
        let to: Points = std::array::from_fn(|i| {
            let p = similarity(2.0, 0.4, 5.0, 6.0).apply(FACE[i]);
            Point {
                x: p.x + [3.0, -4.0, 6.0, 1.0, -2.0][i],
                y: p.y + [1.0, 5.0, -3.0, -4.0, 2.0][i],
            }
        });
        let fit = Similarity::fit(&FACE, &to).unwrap();
        let error = |s: &Similarity| -> f64 {
            FACE.iter()
                .zip(&to)
                .map(|(p, q)| {
                    let p = s.apply(*p);
                    (p.x - q.x).powi(2) + (p.y - q.y).powi(2)
                })
                .sum()
        };
        let least = error(&fit);
        assert!(least > 1.0);
        for step in [-1e-3, 1e-3] {
            assert!(
                error(&Similarity {
                    a: fit.a + step,
                    ..fit
                }) > least
            );
            assert!(
                error(&Similarity {
                    b: fit.b + step,
                    ..fit
                }) > least
            );
            assert!(
                error(&Similarity {
                    tx: fit.tx + step,
                    ..fit
                }) > least
            );
            assert!(
                error(&Similarity {
                    ty: fit.ty + step,
                    ..fit
                }) > least
            );
        }
    }

    #[test]
    fn mirrored_points_are_not_mirrored_back() {
        let mirrored = FACE.map(|p| Point { x: -p.x, ..p });
        let fit = Similarity::fit(&FACE, &mirrored).unwrap();
        // Orientation is kept: a turn to the right stays one.
        let (o, e, n) = (fit.apply(FACE[0]), fit.apply(FACE[1]), fit.apply(FACE[2]));
        assert!((e.x - o.x) * (n.y - o.y) - (e.y - o.y) * (n.x - o.x) > 0.0);
    }

    #[test]
    fn points_that_fix_nothing_have_no_fit() {
        let same = [Point { x: 3.0, y: 4.0 }; 5];
        assert_eq!(Similarity::fit(&same, &FACE), None);
        assert_eq!(Similarity::fit(&FACE, &same), None);
        let mut broken = FACE;
        broken[2].y = f64::NAN;
        assert_eq!(Similarity::fit(&FACE, &broken), None);
        broken[2].y = f64::MAX;
        assert_eq!(Similarity::fit(&broken, &FACE), None);
    }
}
