//! How glasses look: colours, lenses, reflections and shadow.

use super::frame::{Frame, Own, Rim};
use super::{mix, step};
use diat_image::Point;
use diat_synth::SplitMix64;

type Rgb = [f64; 3];

/// Colours and light.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    colour: Rgb,
    metal: bool,
    /// Blotches of a lighter brown, by place.
    tortoise: Option<[f64; 4]>,
    /// Light on the rim's upper edge.
    shine: f64,
    /// Extra softness of every edge, in pixels.
    blur: f64,
    /// Colour of light that the lens lets through, and how much of it the upper edge takes more.
    glass: Rgb,
    gradient: f64,
    /// Light that the lens adds.
    haze: f64,
    reflection: Option<Reflection>,
    /// How dark the shadow is, how soft, and where it falls.
    shadow: (f64, f64, Point),
    pads: bool,
}

/// A lamp or window in the lenses.
#[derive(Clone, Debug, PartialEq)]
struct Reflection {
    colour: Rgb,
    strength: f64,
    /// In each lens's middle.
    centre: Point,
    half: (f64, f64),
    slant: f64,
    soft: f64,
    /// A band through the whole lens.
    band: bool,
}

impl Look {
    pub(super) fn pick(random: &mut SplitMix64, frame: &Frame) -> Self {
        let metal = frame.rim != Rim::Full || frame.thickness < 0.034 && random.chance(0.75);
        let colour = if metal {
            pick_one(random, &METALS)
        } else {
            pick_one(random, &PLASTICS)
        };
        let tint = if random.chance(0.12) {
            random.range(0.1, 0.35)
        } else {
            random.range(0.0, 0.06)
        };
        let hue = pick_one(
            random,
            &[[0.35, 0.38, 0.4], [0.5, 0.4, 0.25], [0.4, 0.5, 0.45]],
        );
        Self {
            colour: tinted(random, colour),
            metal,
            tortoise: (!metal && random.chance(0.3))
                .then(|| [(); 4].map(|()| random.range(0.0, std::f64::consts::TAU))),
            shine: random.range(0.02, if metal { 0.35 } else { 0.16 }),
            blur: random.range(0.1, 0.9),
            glass: hue.map(|value| 1.0 - tint * (1.0 - value)),
            gradient: if random.chance(0.15) {
                random.range(0.1, 0.4)
            } else {
                0.0
            },
            haze: random.range(0.0, 0.04),
            reflection: random.chance(0.4).then(|| Reflection::pick(random)),
            shadow: (
                random.range(0.05, 0.32),
                random.range(0.025, 0.1),
                Point {
                    x: random.range(-0.04, 0.04),
                    y: random.range(0.015, 0.09),
                },
            ),
            pads: metal && random.chance(0.7),
        }
    }

    /// What is seen at a place of the face's axes; colours sRGB-encoded, 0..1.
    pub(super) fn over(
        &self,
        frame: &Frame,
        place: Point,
        pixel: f64,
        exposure: f64,
        under: Rgb,
    ) -> Rgb {
        let p = frame.place(place);
        let own = frame.own(p);
        let mut seen = self.shadowed(frame, p, under);
        let outline = frame.lens(own);
        let edge = (1.0 + self.blur) * pixel;
        let cover = |distance: f64| (0.5 - distance / edge).clamp(0.0, 1.0);
        seen = self.through(own, cover(outline), outline, exposure, seen);
        if self.pads {
            seen = blend(
                seen,
                [0.75, 0.72, 0.68].map(|v| v * exposure),
                0.3 * cover(frame.pad(p, own)),
            );
        }
        let (temple, along) = frame.temple(p, own);
        // Temples run away from the light, and under the hair.
        let dark = self.painted(place, exposure, mix(0.05, -0.08, along.clamp(0.0, 1.0)));
        seen = blend(seen, dark, cover(temple) * step(1.15, 0.75, along));
        let bridge = frame.bridge(p);
        seen = blend(
            seen,
            self.painted(place, exposure, self.lit(bridge, p.y + 0.1)),
            cover(bridge),
        );
        let half = frame.half_rim(own);
        let rim = outline.abs() - half;
        // Thinner than a pixel, a rim covers only its share of it.
        let opaque = match frame.rim {
            Rim::None => 0.5,
            _ => 1.0,
        };
        let round = own.y + 0.25 * own.x * own.side;
        let paint = match frame.rim {
            Rim::None => [0.62; 3].map(|v| v * exposure),
            _ => self.painted(
                place,
                exposure,
                self.lit(outline.abs() / half.max(1e-6) * 0.5 - 0.25, round),
            ),
        };
        let line = cover(rim).min(2.0 * half / edge);
        blend(seen, paint, opaque * line)
    }

    /// The frame's shadow on the skin.
    fn shadowed(&self, frame: &Frame, p: Point, under: Rgb) -> Rgb {
        let (dark, soft, fall) = &self.shadow;
        let q = Point {
            x: p.x - fall.x,
            y: p.y - fall.y,
        };
        let own = frame.own(q);
        let half = frame.half_rim(own);
        let near = |distance: f64| step(*soft, -0.5 * *soft, distance);
        let wire = near(frame.lens(own).abs() - half).max(near(frame.bridge(q)));
        let (temple, along) = frame.temple(q, own);
        let shade = wire.max(0.7 * near(temple) * step(1.1, 0.6, along));
        // A wire throws less of a shadow than a bar of the softness's width.
        let strength = dark * shade * (2.0 * half / soft).clamp(0.25, 1.0);
        // Skin's own shadows are warm: blue goes first.
        let weights = [0.9, 1.0, 1.05];
        [0, 1, 2].map(|c| under[c] * (1.0 - strength * weights[c]))
    }

    /// The face through a lens, and what the lens shows of the room.
    fn through(&self, own: Own, inside: f64, outline: f64, exposure: f64, under: Rgb) -> Rgb {
        if inside == 0.0 {
            return under;
        }
        let high = step(0.25, -0.3, own.y);
        let mut seen = under;
        for (value, glass) in seen.iter_mut().zip(self.glass) {
            let passes = glass * (1.0 - self.gradient * high);
            *value *= mix(1.0, passes, inside);
        }
        seen = blend(seen, [0.9 * exposure; 3], self.haze * inside);
        // The ground edge of the glass.
        let ground = step(-0.03, -0.005, outline) * inside;
        seen = seen.map(|value| value * (1.0 - 0.08 * ground));
        match &self.reflection {
            Some(reflection) => {
                let share = reflection.share(own) * inside;
                blend(
                    seen,
                    reflection.colour.map(|v| v * exposure.min(1.0)),
                    share,
                )
            }
            None => seen,
        }
    }

    /// Light on the round of a rim: more above, and on metal in turns along it.
    fn lit(&self, across: f64, along: f64) -> f64 {
        let upper = step(0.1, -0.2, along) * (1.0 - (3.0 * across).abs().min(1.0));
        let turns = if self.metal {
            0.5 + 0.5 * (9.0 * along).sin()
        } else {
            1.0
        };
        self.shine * upper.max(0.2) * turns
    }

    fn painted(&self, place: Point, exposure: f64, light: f64) -> Rgb {
        let mut colour = self.colour;
        if let Some([a, b, c, d]) = self.tortoise {
            let wave = (23.0 * place.x + a).sin() * (19.0 * place.y + b).sin()
                + 0.7
                    * (41.0 * place.x + 17.0 * place.y + c).sin()
                    * (37.0 * place.y - 11.0 * place.x + d).sin();
            colour = blend(
                [0.09, 0.055, 0.04],
                [0.33, 0.19, 0.09],
                step(-0.3, 0.9, wave),
            );
        }
        colour.map(|value| value * exposure + light)
    }
}

impl Reflection {
    fn pick(random: &mut SplitMix64) -> Self {
        let band = random.chance(0.35);
        let coated = random.chance(0.4);
        Self {
            colour: if coated {
                pick_one(
                    random,
                    &[[0.55, 0.85, 0.7], [0.6, 0.6, 0.95], [0.8, 0.65, 0.9]],
                )
            } else {
                [0.97; 3]
            },
            strength: if band {
                random.range(0.06, 0.3)
            } else {
                random.range(0.15, 0.85)
            },
            centre: Point {
                x: random.range(-0.22, 0.22),
                y: random.range(-0.2, 0.08),
            },
            half: if band {
                (random.range(0.03, 0.12), 2.0)
            } else {
                (random.range(0.02, 0.11), random.range(0.02, 0.09))
            },
            slant: random.range(-0.7, 0.7),
            soft: random.range(0.015, 0.06),
            band,
        }
    }

    /// The same lamp is at the same side of both lenses.
    fn share(&self, own: Own) -> f64 {
        let (x, y) = (own.x * own.side - self.centre.x, own.y - self.centre.y);
        let x = x - self.slant * y;
        let outside = (x.abs() - self.half.0).max(y.abs() - self.half.1);
        self.strength * step(self.soft, -0.5 * self.soft, outside)
    }
}

const METALS: [Rgb; 5] = [
    [0.46, 0.46, 0.48],
    [0.3, 0.3, 0.31],
    [0.5, 0.39, 0.22],
    [0.16, 0.16, 0.17],
    [0.24, 0.17, 0.13],
];

const PLASTICS: [Rgb; 8] = [
    [0.05, 0.05, 0.055],
    [0.06, 0.055, 0.05],
    [0.11, 0.08, 0.06],
    [0.2, 0.12, 0.07],
    [0.1, 0.11, 0.17],
    [0.3, 0.08, 0.08],
    [0.3, 0.3, 0.32],
    [0.62, 0.55, 0.47],
];

/// A little lighter or darker, and a little of another hue.
fn tinted(random: &mut SplitMix64, colour: Rgb) -> Rgb {
    let light = random.range(0.8, 1.2);
    colour.map(|value| value * light * random.range(0.94, 1.06))
}

fn pick_one(random: &mut SplitMix64, from: &[Rgb]) -> Rgb {
    let at = (random.unit() * from.len() as f64) as usize;
    from.get(at).copied().unwrap_or_default()
}

fn blend(under: Rgb, over: Rgb, share: f64) -> Rgb {
    [0, 1, 2].map(|c| mix(under[c], over[c], share))
}
