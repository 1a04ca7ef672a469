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
