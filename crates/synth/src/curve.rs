//! The few curves everything is drawn with, in operations that are exact on every machine.

/// `from` at 0, `to` at 1, straight between and beyond.
pub(crate) fn mix(from: f64, to: f64, share: f64) -> f64 {
    from + (to - from) * share
}

/// 0 up to `from`, 1 from `to` on, smooth between; falls where `from` > `to`.
pub(crate) fn step(from: f64, to: f64, value: f64) -> f64 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A bell over the squared distance: (1 − q/4)⁴, near to exp(−q), and 0 from q = 4 (distance 2) on, so that what
/// it changes has an edge.
fn bell(square: f64) -> f64 {
    let t = (1.0 - 0.25 * square).max(0.0);
    (t * t) * (t * t)
}

/// [`bell`] over a line: 1 in the middle, 0 from twice the radius on.
pub(crate) fn ridge(x: f64, middle: f64, radius: f64) -> f64 {
    let u = (x - middle) / radius;
    bell(u * u)
}

/// [`bell`] over an ellipse: 1 at the centre, 0 from twice the radii on.
pub(crate) fn blob(x: f64, y: f64, centre: (f64, f64), radii: (f64, f64)) -> f64 {
    let (u, v) = ((x - centre.0) / radii.0, (y - centre.1) / radii.1);
    bell(u * u + v * v)
}

/// Sine and cosine of an angle within ±π/2 by Taylor's series to the 13th power: off by less than 1e-7, the same everywhere.
pub(crate) fn sin_cos(angle: f64) -> (f64, f64) {
    let a = angle.clamp(-core::f64::consts::FRAC_PI_2, core::f64::consts::FRAC_PI_2);
    let q = a * a;
    let (mut sine, mut cosine) = (1.0, 1.0);
    for n in [6.0, 5.0, 4.0, 3.0, 2.0, 1.0] {
        sine = 1.0 - q / ((2.0 * n) * (2.0 * n + 1.0)) * sine;
        cosine = 1.0 - q / ((2.0 * n - 1.0) * (2.0 * n)) * cosine;
    }
    (a * sine, cosine)
}

#[cfg(test)]
mod tests {
    use super::{bell, sin_cos, step};

    #[test]
    fn sine_and_cosine_are_those_of_the_circle() {
        for degrees in -90..=90 {
            let angle = f64::from(degrees).to_radians();
            let (sine, cosine) = sin_cos(angle);
            assert!((sine - angle.sin()).abs() < 1e-6 && (cosine - angle.cos()).abs() < 1e-6);
        }
    }

    #[test]
    fn curves_keep_their_ends() {
        assert_eq!((bell(0.0), bell(4.0), bell(9.0)), (1.0, 0.0, 0.0));
        assert_eq!((step(1.0, 2.0, 1.0), step(1.0, 2.0, 2.0)), (0.0, 1.0));
        assert_eq!((step(2.0, 1.0, 1.0), step(2.0, 1.0, 2.0)), (1.0, 0.0));
    }
}
