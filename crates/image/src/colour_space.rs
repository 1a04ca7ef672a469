//! Colours that are not sRGB's: how a picture's numbers become the network's, and how a move of those is taken back.

use crate::curve::Curve;
use crate::layout::Transfer;
use crate::lookup::Lookup;
use crate::transfer::{decode, encode};
use moxcms::{Chromaticity, ColorPrimaries, Matrix3d, Xyz, adapt_to_illuminant_d};
use std::fmt;
use std::sync::Arc;

/// What the three colour samples of a pixel stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// sRGB's primaries.
    Srgb(Transfer),
    /// Anything else.
    Space(Arc<ColourSpace>),
}

impl Encoding {
    /// sRGB itself.
    pub const SRGB: Self = Self::Srgb(Transfer::Srgb);

    /// The curve for [`Layout::transfer`](crate::Layout): where a space brings its own, sRGB's.
    pub fn transfer(&self) -> Transfer {
        match self {
            Self::Srgb(transfer) => *transfer,
            Self::Space(_) => Transfer::Srgb,
        }
    }

    /// Whether the numbers are light itself, of whatever primaries.
    pub fn is_linear(&self) -> bool {
        match self {
            Self::Srgb(transfer) => *transfer == Transfer::Linear,
            Self::Space(space) => {
                matches!(&space.model, Model::Shaper(shaper) if shaper.is_linear())
            }
        }
    }

    /// The space for [`View::in_space`](crate::View::in_space).
    pub fn space(&self) -> Option<&ColourSpace> {
        match self {
            Self::Srgb(_) => None,
            Self::Space(space) => Some(space),
        }
    }
}

/// A colour space of RGB pixels: an ICC profile's, or one of H.273's. Two are equal if they were made of the same bytes.
pub struct ColourSpace {
    definition: Vec<u8>,
    model: Model,
}

/// How its numbers become colours.
pub(crate) enum Model {
    Shaper(Shaper),
    Lookup(Lookup),
}

impl fmt::Debug for ColourSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ColourSpace").finish_non_exhaustive()
    }
}

impl PartialEq for ColourSpace {
    fn eq(&self, other: &Self) -> bool {
        self.definition == other.definition
    }
}

impl Eq for ColourSpace {}

/// Numbers that differ by less are one: half a step of 8 bits.
const SAME: f32 = 0.5 / 255.0;
/// Lights that differ by less are one: what the many profiles of sRGB differ by in their primaries.
const SAME_LIGHT: f32 = 1e-3;

impl ColourSpace {
    /// The space, or what it is the same as. `definition` is what it was made of.
    pub(crate) fn encoding(model: Model, definition: Vec<u8>) -> Encoding {
        if model.is(|code| code) {
            return Encoding::Srgb(Transfer::Srgb);
        }
        if model.is(encode) {
            return Encoding::Srgb(Transfer::Linear);
        }
        Encoding::Space(Arc::new(Self { definition, model }))
    }

    /// What it was made of: equal bytes, equal spaces.
    pub fn definition(&self) -> &[u8] {
        &self.definition
    }

    /// Straight samples as the network's colours, not clamped: sRGB's numbers go below 0 and beyond 1 for colours that sRGB
    /// does not hold. Here and below the fourth number is carried along or means nothing.
    #[inline]
    pub(crate) fn to_network(&self, own: [f32; 4]) -> [f32; 4] {
        self.model.to_network(own)
    }

    /// As [`Self::to_network`] for pixels of straight bytes, where there is a faster way; false where there is none.
    pub(crate) fn read_bytes(&self, bytes: &[u8], colours: &mut [[f32; 4]]) -> bool {
        let Model::Shaper(shaper) = &self.model else {
            return false;
        };
        for (colour, bytes) in colours.iter_mut().zip(bytes.as_chunks::<4>().0) {
            let light = std::array::from_fn(|c| shaper.curves[c].light_of_byte(bytes[c]));
            *colour = with(shaper.network_of(light), f32::from(bytes[3]) / 255.0);
        }
        true
    }

    /// The network's colours as straight samples.
    #[inline]
    pub(crate) fn of_network(&self, colours: [f32; 4]) -> [f32; 4] {
        let [r, g, b, a] = colours;
        match &self.model {
            Model::Shaper(shaper) => shaper.of_network(colours),
            Model::Lookup(lookup) => with(lookup.of_network([r, g, b]), a),
        }
    }

    /// By how much straight samples move when their network colours `x` move by `change`; exactly 0 where `change` is.
    #[inline]
    pub(crate) fn move_of(&self, own: [f32; 4], x: [f32; 4], change: [f32; 4]) -> [f32; 4] {
        match &self.model {
            Model::Shaper(shaper) => shaper.move_of(own, x, change),
            Model::Lookup(lookup) => {
                let three = |[r, g, b, _]: [f32; 4]| [r, g, b];
                with(lookup.move_of(three(own), three(x), three(change)), 0.0)
            }
        }
    }
}

impl Model {
    /// Whether the network's colours are each sample's `function`, looked at all over the cube.
    fn is(&self, function: impl Fn(f32) -> f32) -> bool {
        const STEPS: u16 = 8;
        let at = |i: u16| f32::from(i) / f32::from(STEPS);
        (0..=STEPS).all(|r| {
            (0..=STEPS).all(|g| {
                (0..=STEPS).all(|b| {
                    let own = [at(r), at(g), at(b), 0.0];
                    let network = self.to_network(own);
                    (0..3).all(|c: usize| {
                        let (one, other) = (network[c], function(own[c]));
                        (one - other).abs() < SAME
                            || (decode(one) - decode(other)).abs() < SAME_LIGHT
                    })
                })
            })
        })
    }

    #[inline]
    fn to_network(&self, own: [f32; 4]) -> [f32; 4] {
        let [r, g, b, a] = own;
        match self {
            Self::Shaper(shaper) => shaper.to_network(own),
            Self::Lookup(lookup) => with(lookup.to_network([r, g, b]), a),
        }
    }
}

#[inline]
fn with([r, g, b]: [f32; 3], a: f32) -> [f32; 4] {
    [r, g, b, a]
}

/// Light of these primaries, under this white, to XYZ under ICC's D50 (Bradford).
pub(crate) fn to_pcs(primaries: ColorPrimaries, white: Chromaticity) -> Matrix3d {
    const D50: Xyz = Xyz {
        x: 0.9642,
        y: 1.0,
        z: 0.8249,
    };
    let to_xyz = primaries.transform_to_xyz_d(white);
    adapt_to_illuminant_d(to_xyz, white.to_xyyb(), D50)
}

fn srgb() -> Matrix3d {
    to_pcs(ColorPrimaries::BT_709, Chromaticity::D65)
}

/// XYZ under D50 to the light of sRGB.
pub(crate) fn srgb_of_pcs() -> [[f32; 3]; 3] {
    narrow(srgb().inverse())
}

/// Three curves, then a matrix.
pub(crate) struct Shaper {
    curves: [Arc<Curve>; 3],
    /// Light of the space to that of sRGB, and back.
    to_srgb: [[f32; 3]; 3],
    of_srgb: [[f32; 3]; 3],
}

/// The smallest volume of three primaries that can be told apart from none; sRGB's have 0.16.
const LEAST_VOLUME: f64 = 1e-4;

impl Shaper {
    /// `own_to_pcs` takes light to XYZ under D50; None if it cannot be undone.
    pub(crate) fn new(curves: [Arc<Curve>; 3], own_to_pcs: Matrix3d) -> Option<Self> {
        let volume = own_to_pcs.determinant().map_or(0.0, f64::abs);
        if !(LEAST_VOLUME..1.0 / LEAST_VOLUME).contains(&volume) {
            return None;
        }
        let to_srgb = srgb().inverse().mat_mul(own_to_pcs);
        Some(Self {
            curves,
            to_srgb: narrow(to_srgb),
            of_srgb: narrow(to_srgb.inverse()),
        })
    }

    /// One curve for grey, which is grey for sRGB, too.
    pub(crate) fn grey(curve: Arc<Curve>) -> Self {
        let same = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        Self {
            curves: [Arc::clone(&curve), Arc::clone(&curve), curve],
            to_srgb: same,
            of_srgb: same,
        }
    }

    fn is_linear(&self) -> bool {
        let straight = |curve: &Arc<Curve>| (curve.light(0.5) - 0.5).abs() < SAME;
        self.curves.iter().all(straight)
    }

    #[inline]
    fn to_network(&self, own: [f32; 4]) -> [f32; 4] {
        with(self.network_of(self.light(own)), own[3])
    }

    #[inline]
    fn network_of(&self, light: [f32; 3]) -> [f32; 3] {
        times(&self.to_srgb, light).map(encode)
    }

    #[inline]
    fn of_network(&self, colours: [f32; 4]) -> [f32; 4] {
        let [r, g, b, a] = colours;
        let light = times(&self.of_srgb, [r, g, b].map(decode));
        let [r, g, b] = std::array::from_fn(|c| self.curves[c].code(light[c]));
        [r, g, b, a]
    }

    #[inline]
    fn move_of(&self, own: [f32; 4], x: [f32; 4], change: [f32; 4]) -> [f32; 4] {
        let brighter: [f32; 3] = std::array::from_fn(|c| decode(x[c] + change[c]) - decode(x[c]));
        if !brighter.iter().all(|light| light.is_finite()) {
            return [0.0; 4];
        }
        let (light, more) = (self.light(own), times(&self.of_srgb, brighter));
        let [r, g, b] = std::array::from_fn(|c| {
            let curve = &self.curves[c];
            curve.code(light[c] + more[c]) - curve.code(light[c])
        });
        [r, g, b, 0.0]
    }

    #[inline]
    fn light(&self, own: [f32; 4]) -> [f32; 3] {
        std::array::from_fn(|c| self.curves[c].light(own[c]))
    }
}

#[inline]
fn times(matrix: &[[f32; 3]; 3], [r, g, b]: [f32; 3]) -> [f32; 3] {
    matrix.map(|row| row[0] * r + row[1] * g + row[2] * b)
}

fn narrow(matrix: Matrix3d) -> [[f32; 3]; 3] {
    matrix.v.map(|row| row.map(|value| value as f32))
}
