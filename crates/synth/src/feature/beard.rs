//! Moustache, beard and stubble.

use crate::colour::Colour;
use crate::curve::{mix, ridge, step};
use crate::noise::noise;
use crate::random::SplitMix64;
use crate::spot::Spot;
use crate::style::FaceStyle;

/// What grows on the lower face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beard {
    /// How well the moustache covers the skin; 0..0.95.
    pub moustache: f64,
    /// How well chin and jaw are covered; 0..0.95.
    pub chin: f64,
    /// Whether it goes up the jaw to the ears (1) or stays on the chin (0).
    pub cheeks: f64,
}

impl Beard {
    pub(crate) fn pick(random: &mut SplitMix64) -> Self {
        let [kind, density, cheeks] = core::array::from_fn(|_| random.unit());
        let density = mix(0.6, 0.92, density);
        Self {
            moustache: density,
            chin: if kind < 0.25 { 0.0 } else { density },
            cheeks: if cheeks < 0.7 { 1.0 } else { 0.0 },
        }
    }

    /// Beards lie between these heights below the eyes, as far out as the head.
    pub(crate) const TOP: f64 = 0.1;
}

/// The beard over the skin; the lips come later.
pub(crate) fn paint(style: &FaceStyle, spot: Spot, light: f64, under: Colour) -> Colour {
    let Some(beard) = &style.beard else {
        return under;
    };
    let s = spot.folded();
    if s.y < Beard::TOP {
        return under;
    }
    let mouth = &style.mouth;
    let hairs = 0.6 * noise(style.seed ^ 0xBE, spot.x * 34.0, s.y * 9.0)
        + 0.4 * noise(style.seed ^ 0xBF, spot.x * 70.0, s.y * 22.0);
    let rough = 0.035 * hairs;
    // Moustache: from under the nose, over the lip, round the corners.
    let along = s.x / (mouth.half_width + 0.08);
    let roof = style.nose.tip + 0.17 + 0.16 * along * along;
    let floor = mouth.y + 0.02 + 0.14 * step(0.75, 1.1, along);
    let moustache = step(roof - 0.03, roof + 0.05, s.y + rough)
        * step(floor + 0.06, floor - 0.03, s.y + rough)
        * step(1.15, 0.92, along)
        * (1.0 - 0.25 * ridge(s.x, 0.0, 0.05));
    // Chin and jaw: below a line that comes down from the ear and passes under the cheek.
    let cheek_line = mix(
        mouth.y + 0.12,
        mouth.y - 0.05 - 0.75 * step(0.55, 1.15, s.x),
        beard.cheeks,
    );
    let goatee = mix(step(0.62, 0.45, s.x), 1.0, beard.cheeks);
    let lip_bay = {
        let (u, v) = (
            s.x / (mouth.half_width + 0.02),
            (s.y - mouth.y - 0.04) / (0.2 + 0.75 * mouth.open),
        );
        step(0.85, 1.15, (u * u + v * v).sqrt() + rough)
    };
    let chin = step(cheek_line - 0.06, cheek_line + 0.1, s.y + rough) * goatee * lip_bay;
    let amount = (beard.moustache * moustache).max(beard.chin * chin) * (0.9 + 0.2 * hairs);
    let colour = style
        .hair
        .brow_colour()
        .mixed(style.hair.colour, 0.5)
        .times(1.0 + 0.28 * hairs)
        .shaded(mix(0.45, light, 0.8));
    under.mixed(colour, amount.clamp(0.0, 1.0))
}
