//! The face as a landscape under a lamp: bumps and hollows on a curved ground, and how much light each place gets.

use crate::curve::{blob, mix, step};
use crate::random::SplitMix64;
use crate::style::FaceStyle;

/// A large lamp in front of the face and what the room gives back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// From the left of the picture (−0.6) to the right (0.6).
    pub x: f64,
    /// From above (−0.7) to level (0).
    pub y: f64,
    /// Brightness of a place that faces the lamp, beside the room's; 0.6..1.
    pub key: f64,
    /// Brightness of a place that faces away; 0.1..0.4.
    pub fill: f64,
    /// Cold (−0.05) to warm (0.05).
    pub warmth: f64,
}

impl Light {
    pub(crate) fn pick(random: &mut SplitMix64) -> Self {
        Self {
            x: random.range(-0.5, 0.5),
            y: random.range(-0.6, -0.25),
            key: random.range(0.72, 0.88),
            fill: random.range(0.18, 0.32),
            warmth: random.range(-0.03, 0.04),
        }
    }
}

/// What a place on the face gets of the light.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lit {
    /// Factor for an encoded colour; about 1 where the face looks at the lamp.
    pub(crate) light: f64,
    /// Mirror image of the lamp on moist or oily skin, 0..1.
    pub(crate) gloss: f64,
}

/// An elliptical hill (or hollow, `height` < 0).
struct Hill {
    centre: (f64, f64),
    radii: (f64, f64),
    height: f64,
}

pub(crate) struct Relief {
    hills: Vec<Hill>,
    light: Light,
    to_lamp: [f64; 3],
    half_way: [f64; 3],
    jaw: f64,
    chin: f64,
}

impl Relief {
    pub(crate) fn new(style: &FaceStyle) -> Self {
        let light = style.light;
        let to_lamp = unit([light.x, light.y, 0.8]);
        Self {
            hills: hills(style),
            light,
            to_lamp,
            half_way: unit([to_lamp[0], to_lamp[1], to_lamp[2] + 1.0]),
            jaw: style.head.jaw,
            chin: style.head.chin,
        }
    }

    /// The light at a place of the face, in face coordinates.
    pub(crate) fn at(&self, x: f64, y: f64) -> Lit {
        let (mut east, mut south) = self.ground(x, y);
        for hill in &self.hills {
            let (u, v) = (
                (x - hill.centre.0) / hill.radii.0,
                (y - hill.centre.1) / hill.radii.1,
            );
            let t = 1.0 - 0.25 * (u * u + v * v);
            if t > 0.0 {
                // d/dq of (1 − q/4)⁴ is −(1 − q/4)³, and q = u² + v².
                let fall = -2.0 * hill.height * t * t * t;
                east += fall * u / hill.radii.0;
                south += fall * v / hill.radii.1;
            }
        }
        self.lit([-east, -south, 1.0])
    }

    /// The light on a surface that faces this way (of any length; the third component points at the viewer).
    pub(crate) fn lit(&self, facing: [f64; 3]) -> Lit {
        let normal = unit(facing);
        // Half-Lambert: a large lamp reaches a little round the corner.
        let facing = (0.5 * dot(normal, self.to_lamp) + 0.5).max(0.0);
        let mirror = dot(normal, self.half_way).max(0.0);
        let sharp = {
            let p2 = mirror * mirror;
            let p8 = (p2 * p2) * (p2 * p2);
            (p8 * p8) * (p8 * p8)
        };
        Lit {
            light: (self.light.fill + self.light.key * facing * facing).sqrt(),
            gloss: sharp,
        }
    }

    /// Slope of the head without its features: round from side to side, flat in the middle, falling off at forehead and chin.
    fn ground(&self, x: f64, y: f64) -> (f64, f64) {
        let half_width = mix(1.14, 0.72 * self.jaw, step(0.2, self.chin, y));
        let u = (x / half_width).clamp(-1.0, 1.0);
        let v = ((y - 0.1) / (self.chin + 0.02)).clamp(-1.0, 1.0);
        (
            -0.62 * u / (1.16 - u * u).sqrt(),
            -0.75 * v * v * v / (1.12 - v * v).sqrt(),
        )
    }
}

fn hills(style: &FaceStyle) -> Vec<Hill> {
    let nose = &style.nose;
    let mouth = &style.mouth;
    let brow = style.brows.height;
    let tip = nose.tip;
    let bones = style.head.bones;
    let mut hills = Vec::new();
    let mut hill = |x: f64, y, rx, ry, height| {
        let sides: &[f64] = if x == 0.0 { &[0.0] } else { &[-x, x] };
        hills.extend(sides.iter().map(|&x| Hill {
            centre: (x, y),
            radii: (rx, ry),
            height,
        }));
    };
    // Forehead, brow ridge, the hollow of the eye and the ball in it.
    hill(0.32, -0.85, 0.5, 0.35, 0.07);
    hill(0.48, brow + 0.02, 0.36, 0.10, 0.045 * bones);
    hill(0.33, -0.06, 0.17, 0.16, -0.07 * bones);
    hill(0.50, 0.0, 0.33, 0.17, -0.055);
    hill(0.50, 0.0, 0.17, 0.12, 0.055);
    hill(0.86, -0.25, 0.2, 0.3, -0.03);
    // Cheekbone and cheek.
    hill(0.68, 0.40, 0.32, 0.24, 0.08 * bones);
    hill(0.50, 0.72, 0.3, 0.3, 0.05);
    hill(0.82, 0.95, 0.24, 0.42, -0.07 * bones);
    // Nose: bridge, back, ball, wings.
    hill(0.0, -0.12, 0.11, 0.22, 0.06);
    hill(0.0, 0.18, 0.12, 0.28, 0.12);
    hill(0.0, tip - 0.13, 0.13, 0.2, 0.10);
    hill(0.0, tip, 0.15 * nose.width, 0.13, 0.17);
    hill(0.185 * nose.width, tip + 0.05, 0.09, 0.09, 0.09);
    hill(0.0, tip + 0.2, 0.06, 0.12, -0.02);
    // Lips, the hollow under them, chin.
    hill(0.1, mouth.y - 0.06, 0.17, 0.06, 0.02);
    hill(0.0, mouth.y - 0.02, 0.5, 0.28, 0.05);
    hill(0.0, mouth.y + 0.31, 0.2, 0.08, -0.045);
    hill(0.0, style.head.chin - 0.22, 0.24, 0.16, 0.11);
    if !style.attributes.young {
        hill(0.46, 0.29, 0.2, 0.06, -0.025);
        hill(0.48, 0.2, 0.17, 0.06, 0.02);
    }
    hills
}

/// Dark where little of the room's light comes: the inner corners of the eyes, under the nose, beside it, under the lips.
pub(crate) fn shelter(style: &FaceStyle, x: f64, y: f64) -> f64 {
    let x = x.abs();
    let place = |cx: f64, cy: f64, rx: f64, ry: f64, depth: f64| {
        1.0 - depth * blob(x, y, (cx, cy), (rx, ry))
    };
    let tip = style.nose.tip;
    let wing = 0.2 * style.nose.width;
    place(0.5, -0.06, 0.27, 0.11, 0.16)
        * place(0.29, -0.03, 0.09, 0.1, 0.2)
        * place(0.5, 0.14, 0.22, 0.05, 0.06)
        * place(0.19, 0.22, 0.07, 0.22, 0.08)
        * place(0.0, tip + 0.17, 0.2, 0.07, 0.22)
        * place(wing + 0.1, tip + 0.03, 0.06, 0.13, 0.14)
        * place(0.0, style.mouth.y + 0.27, 0.24, 0.06, 0.14)
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn unit(v: [f64; 3]) -> [f64; 3] {
    let length = dot(v, v).sqrt();
    v.map(|c| c / length)
}
