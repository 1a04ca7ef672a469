//! Everything that makes one face differ from another.

use crate::attribute::{Attribute, Attributes};
use crate::curve::step;
use crate::feature::beard::Beard;
use crate::feature::brows::Brows;
use crate::feature::clothes::Clothes;
use crate::feature::eyes::Eyes;
use crate::feature::glasses::Glasses;
use crate::feature::hair::Hair;
use crate::feature::head::Head;
use crate::feature::mouth::Mouth;
use crate::feature::nose::Nose;
use crate::feature::skin::Skin;
use crate::random::SplitMix64;
use crate::relief::Light;

/// A face. The parts may be changed at will; [`FaceStyle::with`] changes what an attribute means and nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceStyle {
    /// Where it came from; also the seed of pores, strands and cloth.
    pub seed: u64,
    /// What is true of it.
    pub attributes: Attributes,
    /// Skin.
    pub skin: Skin,
    /// Outline and bones.
    pub head: Head,
    /// Eyes.
    pub eyes: Eyes,
    /// Eyebrows.
    pub brows: Brows,
    /// Nose.
    pub nose: Nose,
    /// Mouth.
    pub mouth: Mouth,
    /// Hair on the head.
    pub hair: Hair,
    /// Hair on the lower face.
    pub beard: Option<Beard>,
    /// Glasses, where worn.
    pub glasses: Option<Glasses>,
    /// Neck and clothes.
    pub clothes: Clothes,
    /// The lamp.
    pub light: Light,
}

impl FaceStyle {
    /// The face of this seed, with attributes of its own: half are men, a third of them bearded, half wear glasses, half have
    /// the mouth open, two in three are young.
    pub fn from_seed(seed: u64) -> Self {
        let mut random = SplitMix64::stream(seed, "attributes");
        let [glasses, open, male, beard, young] = core::array::from_fn(|_| random.unit());
        let male = male < 0.5;
        Self::new(
            seed,
            Attributes {
                eyeglasses: glasses < 0.5,
                mouth_slightly_open: open < 0.5,
                male,
                no_beard: !(male && beard < 0.33),
                young: young < 0.66,
            },
        )
    }

    /// The face of this seed with these attributes. Every part has a stream of chance of its own and draws the same numbers
    /// whatever the attributes, so two faces of one seed differ only in what their attributes say.
    pub fn new(seed: u64, attributes: Attributes) -> Self {
        let stream = |purpose| SplitMix64::stream(seed, purpose);
        let Attributes { male, young, .. } = attributes;
        let skin = Skin::pick(&mut stream("skin"), young);
        // Dark skin goes with dark eyes and hair.
        let dark_skin = step(0.8, 0.45, skin.colour.0.iter().sum::<f64>() / 3.0);
        Self {
            seed,
            attributes,
            skin,
            head: Head::pick(&mut stream("head"), male),
            eyes: Eyes::pick(&mut stream("eyes"), male, dark_skin),
            brows: Brows::pick(&mut stream("brows"), male),
            nose: Nose::pick(&mut stream("nose")),
            mouth: Mouth::pick(&mut stream("mouth"), male, attributes.mouth_slightly_open),
            hair: Hair::pick(&mut stream("hair"), male, young, dark_skin),
            beard: (!attributes.no_beard).then(|| Beard::pick(&mut stream("beard"))),
            glasses: attributes
                .eyeglasses
                .then(|| Glasses::pick(&mut stream("glasses"))),
            clothes: Clothes::pick(&mut stream("clothes"), male),
            light: Light::pick(&mut stream("light")),
        }
    }

    /// The same face with one attribute changed: the counterfactual. Parts that the attribute does not touch are kept
    /// as they are, also where they were changed by hand.
    #[must_use]
    pub fn with(&self, attribute: Attribute, value: bool) -> Self {
        if self.attributes.has(attribute) == value {
            return self.clone();
        }
        let attributes = self.attributes.with(attribute, value);
        let other = Self::new(self.seed, attributes);
        let mut changed = self.clone();
        changed.attributes = attributes;
        match attribute {
            Attribute::Eyeglasses => changed.glasses = other.glasses,
            Attribute::MouthSlightlyOpen => changed.mouth.open = other.mouth.open,
            Attribute::NoBeard => changed.beard = other.beard,
            Attribute::Young => {
                changed.skin.age = other.skin.age;
                changed.hair = other.hair;
            }
            Attribute::Male => {
                changed.head = other.head;
                changed.eyes = other.eyes;
                changed.brows = other.brows;
                changed.mouth.fullness = other.mouth.fullness;
                changed.mouth.tint = other.mouth.tint;
                changed.hair = other.hair;
                changed.clothes = other.clothes;
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::FaceStyle;
    use crate::attribute::Attribute;

    #[test]
    fn every_number_stays_in_its_documented_range() {
        for seed in 0..2000 {
            for male in [false, true] {
                let face = FaceStyle::from_seed(seed)
                    .with(Attribute::Male, male)
                    .with(Attribute::Eyeglasses, true)
                    .with(Attribute::MouthSlightlyOpen, true)
                    .with(Attribute::NoBeard, false);
                let (glasses, beard) = (face.glasses.unwrap(), face.beard.unwrap());
                for (name, value, least, most) in [
                    ("head.width", face.head.width, 1.05, 1.13),
                    ("head.jaw", face.head.jaw, 0.88, 1.11),
                    ("head.chin", face.head.chin, 1.62, 1.81),
                    ("head.bones", face.head.bones, 0.7, 1.3),
                    ("eyes.half_length", face.eyes.half_length, 0.21, 0.25),
                    ("eyes.upper", face.eyes.upper, 0.06, 0.1),
                    ("eyes.lower", face.eyes.lower, 0.06, 0.08),
                    ("eyes.tilt", face.eyes.tilt, 0.0, 0.03),
                    ("eyes.lashes", face.eyes.lashes, 0.3, 1.0),
                    ("brows.height", face.brows.height, -0.42, -0.28),
                    ("brows.thickness", face.brows.thickness, 0.05, 0.14),
                    ("brows.arch", face.brows.arch, 0.03, 0.1),
                    ("brows.density", face.brows.density, 0.5, 0.95),
                    ("nose.tip", face.nose.tip, 0.57, 0.67),
                    ("nose.width", face.nose.width, 0.85, 1.25),
                    ("mouth.open", face.mouth.open, 0.06, 0.2),
                    ("mouth.y", face.mouth.y, 0.99, 1.07),
                    ("mouth.half_width", face.mouth.half_width, 0.38, 0.46),
                    ("mouth.smile", face.mouth.smile, 0.0, 0.08),
                    ("mouth.fullness", face.mouth.fullness, 0.7, 1.4),
                    ("skin.age", face.skin.age, 0.0, 1.0),
                    ("skin.flush", face.skin.flush, 0.0, 1.0),
                    ("skin.gloss", face.skin.gloss, 0.02, 0.12),
                    ("hair.top", face.hair.top, 0.0, 0.3),
                    ("hair.side", face.hair.side, 0.02, 0.4),
                    ("hair.part", face.hair.part, -0.6, 0.6),
                    ("hair.sweep", face.hair.sweep, 0.0, 0.35),
                    ("glasses.half_width", glasses.half_width, 0.36, 0.42),
                    ("glasses.half_height", glasses.half_height, 0.22, 0.34),
                    ("glasses.corner", glasses.corner, 0.08, glasses.half_height),
                    ("glasses.rim", glasses.rim, 0.025, 0.07),
                    ("glasses.half_bridge", glasses.half_bridge, 0.11, 0.15),
                    ("glasses.drop", glasses.drop, 0.02, 0.08),
                    ("beard.moustache", beard.moustache, 0.0, 0.95),
                    ("light.x", face.light.x, -0.6, 0.6),
                    ("light.y", face.light.y, -0.7, 0.0),
                ] {
                    let range = least..=most;
                    assert!(range.contains(&value), "seed {seed}: {name} is {value}");
                }
            }
        }
    }

    #[test]
    fn attributes_come_in_the_shares_that_are_promised() {
        let share = |attribute| {
            let faces = (0..4000).map(FaceStyle::from_seed);
            faces.filter(|f| f.attributes.has(attribute)).count() as f64 / 4000.0
        };
        for (attribute, promised) in [
            (Attribute::Eyeglasses, 0.5),
            (Attribute::MouthSlightlyOpen, 0.5),
            (Attribute::Male, 0.5),
            (Attribute::NoBeard, 1.0 - 0.5 * 0.33),
            (Attribute::Young, 0.66),
        ] {
            let found = share(attribute);
            assert!((found - promised).abs() < 0.03, "{attribute:?}: {found}");
        }
    }

    #[test]
    fn there_and_back_is_the_same_face() {
        for seed in 0..200 {
            let face = FaceStyle::from_seed(seed);
            for attribute in Attribute::ALL {
                let value = face.attributes.has(attribute);
                let other = face.with(attribute, !value);
                assert_ne!(other, face);
                assert_eq!(other.attributes.has(attribute), !value);
                assert_eq!(other.with(attribute, value), face, "{seed} {attribute:?}");
            }
        }
    }

    #[test]
    fn a_part_changed_by_hand_survives_the_change_of_another() {
        let mut face = FaceStyle::from_seed(5).with(Attribute::Eyeglasses, true);
        face.nose.width = 1.01;
        if let Some(glasses) = &mut face.glasses {
            glasses.rim = 0.05;
        }
        let other = face.with(
            Attribute::MouthSlightlyOpen,
            !face.attributes.mouth_slightly_open,
        );
        assert_eq!((other.nose, other.glasses), (face.nose, face.glasses));
    }
}
