//! Hair: a shell round the skull with an opening for the face.

use crate::colour::Colour;
use crate::curve::{mix, step};
use crate::feature::head::dome;
use crate::feature::strands;
use crate::noise::{cloud, noise};
use crate::random::SplitMix64;
use crate::relief::Relief;
use crate::shape::{ellipse, squarish};
use crate::spot::Spot;
use crate::style::FaceStyle;

/// Cut and colour of the hair, in eye distances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hair {
    /// In full light.
    pub colour: Colour,
    /// Height above the skull; 0..0.3.
    pub top: f64,
    /// Breadth beside the skull; 0.02..0.4.
    pub side: f64,
    /// Where it ends below the eyes: 0.1 above the ears, 2.6 on the shoulders.
    pub length: f64,
    /// Where it begins above the middle of the forehead; −0.9..−1.2, and −2.6 on a bald head.
    pub hairline: f64,
    /// Half the width of the opening for the face; 0.9..1.05.
    pub opening: f64,
    /// How square the temples are; 0..1.
    pub temples: f64,
    /// Where the parting is; −0.6..0.6.
    pub part: f64,
    /// How far the hair falls over the forehead on the other side of the parting; 0..0.35.
    pub sweep: f64,
    /// Waves; 0..1.
    pub wave: f64,
}

const COLOURS: [Colour; 7] = [
    Colour([0.11, 0.09, 0.085]),
    Colour([0.17, 0.12, 0.10]),
    Colour([0.25, 0.17, 0.12]),
    Colour([0.36, 0.24, 0.16]),
    Colour([0.47, 0.27, 0.16]),
    Colour([0.62, 0.46, 0.29]),
    Colour([0.78, 0.64, 0.44]),
];

impl Hair {
    pub(crate) fn pick(random: &mut SplitMix64, male: bool, young: bool, dark_skin: f64) -> Self {
        let [
            tone,
            grey,
            top,
            side,
            length,
            line,
            square,
            part,
            sweep,
            wave,
            bald,
        ] = core::array::from_fn(|_| random.unit());
        let colour = Colour::along(&COLOURS, tone * (1.0 - 0.85 * dark_skin));
        let silver = Colour::grey(mix(0.52, 0.82, grey)).tinted([1.0, 0.99, 0.96]);
        let colour = if young {
            colour
        } else {
            colour.mixed(silver, mix(0.35, 1.0, grey))
        };
        let part = mix(0.2, 0.55, part) * if part * 8.0 % 2.0 < 1.0 { -1.0 } else { 1.0 };
        if male {
            let bald = !young && bald < 0.3;
            Self {
                colour,
                top: if bald { 0.0 } else { mix(0.06, 0.22, top) },
                side: mix(0.03, 0.10, side),
                length: mix(0.05, 0.25, length),
                hairline: if bald {
                    -2.6
                } else {
                    mix(-0.95, -1.12, line) - if young { 0.0 } else { 0.06 }
                },
                opening: mix(0.96, 1.02, side),
                temples: mix(0.2, 0.9, square),
                part,
                sweep: mix(0.0, 0.18, sweep),
                wave: mix(0.1, 0.7, wave),
            }
        } else {
            Self {
                colour,
                top: mix(0.10, 0.24, top),
                side: mix(0.12, 0.30, side),
                length: if length < 0.5 {
                    mix(0.95, 1.4, 2.0 * length)
                } else {
                    mix(1.9, 2.7, 2.0 * length - 1.0)
                },
                hairline: mix(-0.88, -1.08, line),
                opening: mix(0.90, 0.98, side),
                temples: mix(0.0, 0.4, square),
                part,
                sweep: mix(0.05, 0.35, sweep),
                wave: mix(0.1, 1.0, wave),
            }
        }
    }

    /// Brows are a little darker than light hair and never white.
    pub(crate) fn brow_colour(&self) -> Colour {
        let level = (self.colour.0[0] + self.colour.0[1] + self.colour.0[2]) / 3.0;
        self.colour.times(mix(0.92, 0.55, step(0.15, 0.75, level)))
    }

    /// Signed distance to the outside of the hair.
    fn outside(&self, head_width: f64, x: f64, y: f64) -> f64 {
        let (rx, ry) = (head_width + self.side, 1.27 + self.top);
        let shell = dome(x, y + 0.42, rx, ry);
        if y < -0.42 {
            return shell;
        }
        // Below the widest place long hair hangs down and draws in at the ends.
        let fallen = ((y + 0.42) / (self.length + 0.42)).clamp(0.0, 1.2);
        let hanging = x.abs() - rx * (1.0 - 0.13 * fallen * fallen * fallen);
        let long = step(0.5, 0.9, self.length);
        let out = x.abs() / rx;
        let end = y - self.length
            + mix(
                0.25 * (1.12 - x.abs()).max(0.0),
                0.22 * out * out * out * out,
                long,
            );
        mix(shell, hanging, long).max(end)
    }

    /// Signed distance to the opening for the face, negative within it.
    pub(crate) fn opening_distance(&self, x: f64, y: f64) -> f64 {
        let from_part = x - self.part;
        let away = from_part * -self.part.signum();
        // On the short side of the parting the hairline rises, on the long side it falls.
        let fall = self.sweep * (away.max(0.0) - 0.35 * (-away).max(0.0));
        let centre = 0.1;
        let height = centre - (self.hairline + fall * step(1.3, 0.3, x.abs()));
        if y >= centre {
            return x.abs() - self.opening;
        }
        let round = ellipse(x, y - centre, self.opening, height);
        let square = squarish(x, y - centre, self.opening, height);
        mix(round, square, self.temples)
    }
}

/// The hair behind head and neck; only long hair has any to show there.
pub(crate) fn paint_behind(
    style: &FaceStyle,
    relief: &Relief,
    spot: Spot,
    under: Colour,
) -> Colour {
    let edge = style.hair.outside(style.head.width, spot.x, spot.y) + ragged(style, spot);
    let cover = spot.cover(edge, 0.05);
    if cover == 0.0 {
        return under;
    }
    let inside = step(0.0, 0.5, -edge);
    under.mixed(
        strands::paint(style, relief, spot).times(mix(0.85, 0.45, inside)),
        cover,
    )
}

/// The hair in front of the forehead, temples and (if long) ears.
pub(crate) fn paint(style: &FaceStyle, relief: &Relief, spot: Spot, under: Colour) -> Colour {
    let rough = ragged(style, spot);
    let opening = style.hair.opening_distance(spot.x, spot.y);
    let edge =
        (style.hair.outside(style.head.width, spot.x, spot.y) + rough).max(-opening - 1.6 * rough);
    let cover = spot.cover(edge, 0.06);
    if cover == 0.0 {
        return under;
    }
    let root = mix(0.8, 1.0, step(0.0, 0.2, opening));
    under.mixed(strands::paint(style, relief, spot).times(root), cover)
}

/// The shadow that the fringe throws on the skin, as a factor for light.
pub(crate) fn shadow(style: &FaceStyle, spot: Spot) -> f64 {
    let opening = style.hair.opening_distance(spot.x, spot.y - 0.03);
    1.0 - 0.30 * step(-0.16, 0.02, opening) * step(0.9, -0.2, spot.y)
}

/// Locks break the outline.
fn ragged(style: &FaceStyle, spot: Spot) -> f64 {
    let (x, y) = (spot.x, spot.y);
    let tips = step(style.hair.length - 0.5, style.hair.length, y);
    (0.035 - 0.019 * step(0.5, 0.9, style.hair.length))
        * cloud(style.seed ^ 0xA1, x * 7.0, y * 4.0, 3)
        + tips * 0.05 * noise(style.seed ^ 0xA6, x * 16.0, y * 1.5)
}
