//! Neck, shoulders and what is worn on them.

use crate::colour::Colour;
use crate::curve::{blob, mix, step};
use crate::feature::suit;
use crate::noise::{cloud, noise};
use crate::random::SplitMix64;
use crate::relief::Relief;
use crate::shape::segment;
use crate::spot::Spot;
use crate::style::FaceStyle;

/// How the garment ends at the neck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neckline {
    /// Jacket, shirt and tie.
    Suit,
    /// A round collar.
    Round,
    /// An open V.
    Open,
}

/// What is worn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clothes {
    /// Cut at the neck.
    pub neckline: Neckline,
    /// Colour of jacket, pullover or blouse.
    pub colour: Colour,
    /// Colour of shirt and collar.
    pub shirt: Colour,
    /// Colour of the tie.
    pub tie: Colour,
    /// Half the width of the neck, in eye distances; 0.5..0.72.
    pub neck: f64,
}

const CLOTHS: [Colour; 6] = [
    Colour([0.13, 0.14, 0.17]),
    Colour([0.17, 0.21, 0.32]),
    Colour([0.33, 0.34, 0.37]),
    Colour([0.42, 0.19, 0.20]),
    Colour([0.22, 0.38, 0.36]),
    Colour([0.55, 0.47, 0.38]),
];

const TIES: [Colour; 4] = [
    Colour([0.55, 0.13, 0.15]),
    Colour([0.18, 0.25, 0.45]),
    Colour([0.32, 0.16, 0.32]),
    Colour([0.60, 0.48, 0.24]),
];

impl Clothes {
    pub(crate) fn pick(random: &mut SplitMix64, male: bool) -> Self {
        let [cut, cloth, shirt, tie, neck] = core::array::from_fn(|_| random.unit());
        let neckline = match (male, cut < 0.6) {
            (true, true) => Neckline::Suit,
            (false, true) => Neckline::Open,
            (_, false) => Neckline::Round,
        };
        Self {
            neckline,
            colour: Colour::along(&CLOTHS, cloth),
            shirt: Colour([0.93, 0.94, 0.96]).mixed(Colour([0.72, 0.80, 0.92]), shirt * shirt),
            tie: Colour::along(&TIES, tie),
            neck: mix(0.6, 0.7, neck) - if male { 0.0 } else { 0.1 },
        }
    }
}

/// Neck and garment over the background. `head` is the spot in the head's coordinates, `body` in the upright body's.
pub(crate) fn paint(
    style: &FaceStyle,
    relief: &Relief,
    head: Spot,
    body: Spot,
    under: Colour,
) -> Colour {
    let clothes = &style.clothes;
    let (x, y) = (body.x, body.y);
    let chin = style.head.chin;
    let mut seen = under;
    // Neck: a column that widens into the shoulders.
    let base = chin + 0.42;
    let flare = match clothes.neckline {
        Neckline::Suit => 0.0,
        Neckline::Round | Neckline::Open => 0.42,
    };
    let half = clothes.neck
        + 0.05 * step(base - 0.2, base - 0.8, y)
        + flare * step(base - 0.4, base + 0.2, y);
    let neck = body.cover((x.abs() - half).max(0.4 - y), 0.02);
    if neck > 0.0 {
        seen = seen.mixed(skin_of_neck(style, relief, head, (x, y), half), neck);
    }
    // Shoulders: from the neck's side down to the arm.
    let shoulder = base - 0.12
        + 0.30 * (x.abs() - clothes.neck).max(0.0)
        + 0.10 * step(0.5, 1.2, x.abs())
        + 1.4 * step(1.9, 3.0, x.abs());
    let top = match clothes.neckline {
        Neckline::Suit if x.abs() < clothes.neck + 0.03 => suit::collar_top(clothes, base, x),
        _ => shoulder,
    };
    let cloth = body.cover(top - y, 0.02);
    if cloth > 0.0 {
        let garment = garment(style, relief, body, (shoulder, base), seen);
        seen = seen.mixed(garment, cloth);
    }
    seen
}

fn skin_of_neck(
    style: &FaceStyle,
    relief: &Relief,
    head: Spot,
    (x, y): (f64, f64),
    half: f64,
) -> Colour {
    let u = (x / half).clamp(-1.0, 1.0);
    let lit = relief.lit([0.8 * u, 0.1, (1.0 - 0.64 * u * u - 0.01).max(0.1).sqrt()]);
    // The chin's shadow, soft below and away from the lamp.
    let under_chin = style
        .head
        .distance(head.x + 0.2 * style.light.x, head.y - 0.12);
    let shadow = mix(0.58, 1.0, step(-0.05, 0.42, under_chin));
    let cord = segment(
        x.abs(),
        y,
        (0.5, style.head.chin - 0.2),
        (0.14, style.head.chin + 0.75),
    );
    let pit = blob(x, y, (0.0, style.head.chin + 0.78), (0.13, 0.12));
    let form = 1.0 + 0.05 * step(0.12, 0.0, cord) - 0.12 * pit;
    style
        .skin
        .colour
        .tinted([1.0, 0.95, 0.94])
        .shaded(0.95 * lit.light * shadow * form)
}

fn garment(
    style: &FaceStyle,
    relief: &Relief,
    body: Spot,
    (shoulder, base): (f64, f64),
    skin: Colour,
) -> Colour {
    let clothes = &style.clothes;
    let (x, y) = (body.x, body.y);
    let slope = 0.5 * step(1.2, 2.6, x.abs()) * x.signum();
    let top = step(0.35, 0.0, y - shoulder);
    let lit = relief.lit([slope, 0.15 - 0.6 * top, 0.75]);
    let folds = cloud(style.seed ^ 0xC1, x * 1.6 + 0.5 * y, y * 0.9, 3);
    let weave = noise(style.seed ^ 0xC2, x * 60.0, y * 60.0);
    let form = lit.light * (1.0 + 0.10 * folds + 0.025 * weave);
    let cloth = clothes.colour.shaded(form);
    match clothes.neckline {
        Neckline::Suit => suit::paint(style, body, base, form, cloth),
        Neckline::Round => {
            let edge = round_edge(clothes, x, y, base);
            let ribbing = body.line(edge + 0.09, 0.012, 0.03);
            let cloth = cloth.times(1.0 - 0.25 * ribbing);
            let shadow = 1.0 - 0.25 * step(0.1, 0.0, edge.abs()) * step(-0.01, 0.01, edge);
            cloth.mixed(skin.shaded(shadow), body.cover(-edge, 0.02))
        }
        Neckline::Open => {
            let side = x.abs() - (clothes.neck + 0.02) * (base + 1.05 - y) / 1.2;
            let collar = body.line(side - 0.1, 0.02, 0.05);
            let shadow = 1.0 - 0.3 * step(-0.1, 0.0, side);
            cloth
                .times(1.0 - 0.2 * collar)
                .mixed(skin.shaded(shadow), body.cover(side, 0.02))
        }
    }
}

/// Signed distance to the round collar's edge: positive on the skin's side.
fn round_edge(clothes: &Clothes, x: f64, y: f64, base: f64) -> f64 {
    let u = x / (clothes.neck + 0.28);
    -(y - base - 0.33 + 0.45 * u * u)
}
