//! A jacket over shirt and tie.

use crate::colour::Colour;
use crate::curve::{mix, step};
use crate::feature::clothes::Clothes;
use crate::shape::segment;
use crate::spot::Spot;
use crate::style::FaceStyle;

/// The shirt's collar stands up round the neck and opens at the throat.
pub(crate) fn collar_top(clothes: &Clothes, base: f64, x: f64) -> f64 {
    let side = (x.abs() / clothes.neck).min(1.0);
    base - 0.24 + 0.42 * (1.0 - side * side)
}

/// Lapels, shirt with its collar, and tie.
pub(crate) fn paint(style: &FaceStyle, body: Spot, base: f64, form: f64, cloth: Colour) -> Colour {
    let clothes = &style.clothes;
    let (x, y) = (body.x.abs(), body.y - base);
    // The jacket's opening, with the lapel's edge as a shadow on the shirt and a line on the jacket.
    let opening = x - 0.50 * (1.75 - y).max(0.0) / 1.6 - 0.06;
    // The collar hides the jacket at the neck.
    let opening = opening.min((x - clothes.neck - 0.06).max(y + 0.06));
    let lapel =
        segment(x, y, (0.62, -0.1), (0.86, 0.55)).min(segment(x, y, (0.86, 0.55), (0.66, 0.6)));
    let lapel = lapel.min(segment(x, y, (0.80, 0.66), (0.3, 1.7)));
    let jacket = cloth.times(1.0 - 0.35 * body.line(lapel, 0.015, 0.03));
    let shade = 1.0 - 0.3 * step(-0.09, 0.0, opening);
    let mut shirt = clothes.shirt.shaded(mix(0.95, form, 0.5) * shade);
    let flap = (y - 0.46 - 0.1 * x).max(0.14 - x + 0.6 * (y - 0.2).max(-0.2));
    let flap_edge = body.line(flap, 0.012, 0.03);
    shirt = shirt.times(1.0 - 0.22 * flap_edge);
    // Tie: a knot and a blade under the collar's flaps.
    let knot = (x - 0.135 + 0.25 * (y - 0.2)).max((y - 0.38).abs() - 0.14);
    let blade = (x - 0.085 - 0.06 * (y - 0.5)).max(0.5 - y);
    let stripe = {
        let t = (body.x + y) * 4.5;
        let place = t - t.floor();
        step(0.08, 0.0, (place - 0.5).abs() - 0.14)
    };
    let tie = clothes
        .tie
        .mixed(clothes.tie.plus(0.2), 0.6 * stripe)
        .shaded(form * (1.0 - 0.3 * step(0.0, 0.14, x)));
    let tie = tie.times(1.0 - 0.25 * step(0.08, 0.0, (y - 0.55).abs()));
    let on_shirt = body.cover(knot.min(blade), 0.02);
    let shirt = shirt.mixed(tie, on_shirt);
    jacket.mixed(shirt, body.cover(opening, 0.02))
}
