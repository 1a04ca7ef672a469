//! Drawn faces: procedural, the same from the same seed on every machine, with exact points and exact counterfactuals.
//!
//! What no photograph has, a drawing has: the same face with and without glasses, with the mouth closed and open, bearded
//! and shaven, and every pixel outside the attribute's [region](Scene::region) equal to the bit.
//!
//! Two coordinate systems, both with y downwards. *Picture*: pixel (i, j) covers [i, i+1)×[j, j+1), its centre is at +0.5.
//! *Face*: the origin is midway between the eyes, the unit is the eye distance, the eyes lie at (∓0.5, 0) and the head's own
//! axis is x = 0; every length in a [`FaceStyle`] is in this unit. Colours are sRGB-encoded, 0..1.
//!
//! Only additions, multiplications, divisions and square roots are used, which IEEE 754 fixes to the bit; neither the
//! platform's `sin` nor its `exp` has a say in a pixel.
//!
//! ```
//! use diat_synth::{Attribute, FaceStyle, Scene, draw};
//!
//! let bare = Scene::portrait(FaceStyle::from_seed(7).with(Attribute::Eyeglasses, false), 160, 200);
//! let mut worn = bare.clone();
//! worn.style = bare.style.with(Attribute::Eyeglasses, true);
//! let (bare, worn) = (draw(&bare)?, draw(&worn)?);
//! assert_eq!(bare.points, worn.points);
//! # Ok::<(), diat_synth::SceneError>(())
//! ```

mod attribute;
mod background;
mod colour;
mod curve;
mod draw;
mod feature;
mod noise;
mod random;
mod relief;
mod scene;
mod shape;
mod spot;
mod style;
mod texture;

pub use attribute::{Attribute, Attributes};
pub use background::Background;
pub use colour::Colour;
pub use draw::{Drawn, draw};
pub use feature::beard::Beard;
pub use feature::brows::Brows;
pub use feature::clothes::{Clothes, Neckline};
pub use feature::eyes::Eyes;
pub use feature::glasses::Glasses;
pub use feature::hair::Hair;
pub use feature::head::Head;
pub use feature::mouth::Mouth;
pub use feature::nose::Nose;
pub use feature::skin::Skin;
pub use random::SplitMix64;
pub use relief::Light;
pub use scene::{Pose, Scene, SceneError};
pub use style::FaceStyle;
pub use texture::texture;
