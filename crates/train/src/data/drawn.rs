//! Drawn faces as a data set in CelebA's in-the-wild layout, with what no photograph has: every face's counterfactual.

use super::Error;
use diat_synth::{Attribute, FaceStyle, Scene, SplitMix64, draw};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageError};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The folder of the counterfactuals: `img_counterfactual/NAME` is the face of `img_celeba/NAME` with the effect's attribute changed.
pub const COUNTERFACTUAL: &str = "img_counterfactual";
/// What the set is; written last, so that a folder that has it is complete.
pub const CARD: &str = "dataset.toml";

/// Each part of the set needs both values of the attribute.
const FEWEST: usize = 20;
/// Names have six digits.
const MOST: usize = 999_999;
/// Larger drawings only take longer to draw and to read: networks see about fifty pixels between the eyes.
const LARGEST_SIDE: usize = 400;

/// The effects whose attribute a drawing can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Takes glasses off.
    EyeglassesOff,
    /// Opens the mouth.
    MouthOpen,
    /// Closes the mouth.
    MouthClose,
    /// Makes a man's face a woman's; all faces of the set are shaven.
    MaleToFemale,
    /// Takes wrinkles and grey hair away.
    OlderToYounger,
}

impl Effect {
    /// The attribute that it changes, and its value before.
    pub const fn changes(self) -> (Attribute, bool) {
        match self {
            Self::EyeglassesOff => (Attribute::Eyeglasses, true),
            Self::MouthOpen => (Attribute::MouthSlightlyOpen, false),
            Self::MouthClose => (Attribute::MouthSlightlyOpen, true),
            Self::MaleToFemale => (Attribute::Male, true),
            Self::OlderToYounger => (Attribute::Young, false),
        }
    }
}

/// What `dataset.toml` says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Card {
    /// The effect whose attribute half of the faces have.
    pub effect: Effect,
    /// The column of `list_attr_celeba.txt` that the counterfactuals change.
    pub attribute: String,
    /// Number of faces.
    pub count: usize,
    /// Side of the crop that the set is meant for, in pixels; the pictures are larger.
    pub size: usize,
    /// What the faces come from.
    pub seed: u64,
}

/// Writes a set of `count` drawn faces (at least 20) into the folder `out`: `img_celeba/` (PNG, 256 to 400 pixels a side), their
/// counterfactuals in [`COUNTERFACTUAL`], CelebA's lists with exact points, and [`CARD`], where `size` (a multiple of 32) stands too. Every
/// second face has the effect's attribute; the first 80% of the faces are partition 0, the next 10% partition 1, the rest partition
/// 2; every face is an identity of its own. The same arguments give the same bytes. `progress` hears the number of faces done, on
/// any thread.
///
/// A run that was cut off is taken up where it was; one that was complete does nothing.
///
/// # Errors
/// Numbers outside these ranges, a folder that holds anything else, or a disk that does not take it.
pub fn write(
    effect: Effect,
    count: usize,
    size: usize,
    seed: u64,
    out: &Path,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<(), Error> {
    allowed(
        "count",
        count,
        (FEWEST..=MOST).contains(&count),
        "20 to 999999",
    )?;
    let fits = size.is_multiple_of(32) && (32..=1024).contains(&size);
    allowed("size", size, fits, "multiples of 32 from 32 to 1024")?;
    let (attribute, _) = effect.changes();
    let card = Card {
        effect,
        attribute: attribute.name().to_owned(),
        count,
        size,
        seed,
    };
    if begin(&card, out)? == State::Complete {
        progress(count);
        return Ok(());
    }
    let faces: Vec<Face> = (0..count).map(|index| Face::new(&card, index)).collect();
    let done = AtomicUsize::new(0);
    faces.into_par_iter().try_for_each(|face| {
        face.write(attribute, out)?;
        progress(done.fetch_add(1, Ordering::Relaxed) + 1);
        Ok::<(), Error>(())
    })?;
    lists(&card, out)?;
    let card = out.join(CARD);
    fs::rename(begun(&card), &card).map_err(Error::io(&card))
}

fn allowed(
    what: &'static str,
    found: usize,
    fits: bool,
    allowed: &'static str,
) -> Result<(), Error> {
    let error = Error::Range {
        what,
        found,
        allowed,
    };
    if fits { Ok(()) } else { Err(error) }
}

#[derive(PartialEq)]
enum State {
    Begun,
    Complete,
}

/// Claims the folder: the card lies there under another name until everything else does.
fn begin(card: &Card, out: &Path) -> Result<State, Error> {
    let text = toml::to_string(card).map_err(|error| Error::Io {
        path: out.join(CARD),
        source: io::Error::other(error),
    })?;
    let file = out.join(CARD);
    for (path, state) in [
        (file.clone(), State::Complete),
        (begun(&file), State::Begun),
    ] {
        match fs::read_to_string(&path) {
            Ok(found) if found == text => return Ok(state),
            Ok(_) => return Err(occupied(out, "another drawn set", card)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io(&path)(error)),
        }
    }
    fs::create_dir_all(out).map_err(Error::io(out))?;
    if let Some(entry) = fs::read_dir(out).map_err(Error::io(out))?.next() {
        let entry = entry.map_err(Error::io(out))?;
        return Err(occupied(out, &entry.file_name().to_string_lossy(), card));
    }
    put(&begun(&file), text.as_bytes())?;
    Ok(State::Begun)
}

/// The card of a set that is being written.
fn begun(card: &Path) -> PathBuf {
    card.with_extension("begun")
}

fn occupied(out: &Path, found: &str, card: &Card) -> Error {
    Error::Occupied {
        folder: out.to_owned(),
        found: found.to_owned(),
        wanted: format!("{card:?}"),
    }
}

/// One face of a set.
struct Face {
    name: String,
    scene: Scene,
}

impl Face {
    fn new(card: &Card, index: usize) -> Self {
        let seed = SplitMix64::stream(card.seed, &format!("face {index}")).next_u64();
        let (attribute, before) = card.effect.changes();
        // Every second face, so that each partition has both.
        let value = index.is_multiple_of(2) == before;
        let mut scene = Scene::from_seed_up_to(seed, LARGEST_SIDE);
        scene.style = FaceStyle::from_seed(seed).with(attribute, value);
        if attribute == Attribute::Male {
            // The counterfactual of a bearded man would be a bearded woman.
            scene.style = scene.style.with(Attribute::NoBeard, true);
        }
        Self {
            name: format!("{:06}.png", index + 1),
            scene,
        }
    }

    fn write(&self, attribute: Attribute, out: &Path) -> Result<(), Error> {
        let mut other = self.scene.clone();
        let value = other.style.attributes.has(attribute);
        other.style = other.style.with(attribute, !value);
        for (folder, scene) in [("img_celeba", &self.scene), (COUNTERFACTUAL, &other)] {
            let file = out.join(folder).join(&self.name);
            // Files appear complete, so that one that is there is done.
            if !file.exists() {
                fs::create_dir_all(out.join(folder)).map_err(Error::io(&file))?;
                put(&file, &self.png(scene)?)?;
            }
        }
        Ok(())
    }

    fn png(&self, scene: &Scene) -> Result<Vec<u8>, Error> {
        let drawn = draw(scene).map_err(|source| Error::Draw {
            name: self.name.clone(),
            source,
        })?;
        let rgb: Vec<u8> = drawn
            .picture
            .bytes()
            .chunks_exact(4)
            .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
            .collect();
        let mut png = Vec::new();
        let rect = drawn.picture.rect();
        PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive)
            .write_image(
                &rgb,
                rect.w.unsigned_abs(),
                rect.h.unsigned_abs(),
                ExtendedColorType::Rgb8,
            )
            .map_err(|error: ImageError| Error::Io {
                path: self.name.clone().into(),
                source: io::Error::other(error),
            })?;
        Ok(png)
    }

    /// This face's line in a list: its name and these words.
    fn line(&self, words: impl IntoIterator<Item = String>) -> String {
        let mut line = self.name.clone();
        for word in words {
            line.push(' ');
            line.push_str(&word);
        }
        line.push('\n');
        line
    }
}

const LANDMARK_COLUMNS: &str = "lefteye_x lefteye_y righteye_x righteye_y nose_x nose_y leftmouth_x leftmouth_y rightmouth_x rightmouth_y";

fn lists(card: &Card, out: &Path) -> Result<(), Error> {
    let names = Attribute::ALL.map(Attribute::name).join(" ");
    let mut attributes = format!("{}\n{names}\n", card.count);
    let mut landmarks = format!("{}\n{LANDMARK_COLUMNS}\n", card.count);
    let (mut partitions, mut identities) = (String::new(), String::new());
    for index in 0..card.count {
        let face = Face::new(card, index);
        let has = face.scene.style.attributes;
        let value = |attribute| if has.has(attribute) { "1" } else { "-1" };
        attributes += &face.line(Attribute::ALL.map(|a| value(a).to_owned()));
        let points = face.scene.points();
        landmarks += &face.line(
            points
                .iter()
                .flat_map(|p| [format!("{:.3}", p.x), format!("{:.3}", p.y)]),
        );
        partitions += &face.line([partition(index, card.count).to_string()]);
        identities += &face.line([(index + 1).to_string()]);
    }
    for (name, text) in [
        ("list_attr_celeba.txt", attributes),
        ("list_landmarks_celeba.txt", landmarks),
        ("list_eval_partition.txt", partitions),
        ("identity_CelebA.txt", identities),
    ] {
        put(&out.join(name), text.as_bytes())?;
    }
    Ok(())
}

fn partition(index: usize, count: usize) -> u8 {
    match index * 10 / count {
        0..8 => 0,
        8 => 1,
        _ => 2,
    }
}

/// Writes a file that is there whole or not at all.
fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    fs::write(&part, bytes)
        .and_then(|()| fs::rename(&part, path))
        .map_err(Error::io(path))
}

#[cfg(test)]
mod tests;
