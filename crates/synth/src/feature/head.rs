//! The outline of the head.

use crate::curve::mix;
use crate::random::SplitMix64;
use crate::shape::{ellipse, joined, squarish};

/// Proportions of the head, in eye distances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    /// Half the width at the cheekbones; 1.05..1.13.
    pub width: f64,
    /// Width of the jaw, 1 = average; 0.9..1.1.
    pub jaw: f64,
    /// Where the chin ends below the eyes; 1.62..1.81.
    pub chin: f64,
    /// How much brow, cheekbone and jaw stand out, 1 = average; 0.7..1.3.
    pub bones: f64,
}

impl Head {
    pub(crate) fn pick(random: &mut SplitMix64, male: bool) -> Self {
        let [width, jaw, chin, bones] = core::array::from_fn(|_| random.unit());
        let (broad, long) = if male { (1.03, 0.06) } else { (0.94, -0.02) };
        Self {
            width: mix(1.05, 1.13, width),
            jaw: broad * mix(0.95, 1.07, jaw),
            chin: mix(1.64, 1.75, chin) + long,
            bones: mix(0.75, 1.1, bones) + if male { 0.2 } else { 0.0 },
        }
    }

    /// Signed distance to the outline of the face and the skull.
    pub(crate) fn distance(&self, x: f64, y: f64) -> f64 {
        let skull = dome(x, y + 0.42, self.width, 1.27);
        let cheeks = ellipse(x, y - 0.25, self.width - 0.02, 0.95);
        let half = 0.5 * (self.chin + 0.1);
        let jaw = mix(
            ellipse(x, y - (self.chin - half), 0.87 * self.jaw, half),
            squarish(x, y - (self.chin - half), 0.76 * self.jaw, half),
            0.45,
        );
        joined(joined(skull, cheeks, 0.3), jaw, 0.4)
    }
}

/// Signed distance to the skull's outline, a little squarer than an ellipse; hair lies round it in the same form.
pub(crate) fn dome(x: f64, y: f64, rx: f64, ry: f64) -> f64 {
    mix(ellipse(x, y, rx, ry), squarish(x, y, rx, ry), 0.4)
}
