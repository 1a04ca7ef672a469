//! The format of a SeetaFace cascade's file.
//!
//! Little-endian 32-bit integers and floats, no header: the number of levels; for each level the number of its models; for each
//! model the number of its stages, the stages, and the number and the indices of the models of the level before whose
//! windows it judges (-1 and none in the first level). A stage begins with its kind.
//!
//! Kind 0, boosted: the number of features and of bins; x and y of each feature; a threshold for each; bins + 1 weights for
//! each. Kind 1, perceptron: the number of layers, the input among them, and of patches; the patches' numbers, counted from 1;
//! the threshold; the width of the input; and for each further layer its width, its weights (a row an output) and its biases.

use super::boosted::{Boosted, Feature, REACH};
use super::perceptron::{Layer, Perceptron};
use super::surf::{PATCH_VALUES, patches};

/// What the last layer of every perceptron answers: a score, and where in the window the face is.
pub(super) const ANSWERS: usize = 4;

/// A cascade in memory. Every number is finite, every index lies in what it points into.
#[derive(Debug)]
pub(super) struct Cascade {
    /// The classifiers that look at every window of the pyramid.
    pub(super) first: Vec<Boosted>,
    /// The levels that look at what is left, each with at least one model; the last has one only.
    pub(super) levels: Vec<Vec<Model>>,
}

/// Perceptrons that judge the windows of some models of the level before, one after the other.
#[derive(Debug)]
pub(super) struct Model {
    /// Indices into the level before, at least one.
    pub(super) sources: Vec<usize>,
    /// At least one.
    pub(super) stages: Vec<Perceptron>,
}

/// What is wrong with a cascade's file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {at}, {what}: found {found}, allowed {allowed}")]
pub struct Damage {
    at: usize,
    what: &'static str,
    found: String,
    allowed: String,
}

impl Cascade {
    /// Reads a whole file.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Damage> {
        let mut file = Reader { bytes, at: 0 };
        let count = file.count("levels", 2, 8)?;
        let models = file.count("models of the first level", 1, 64)?;
        let mut first = Vec::new();
        for _ in 0..models {
            file.count("stages of a model of the first level", 1, 1)?;
            file.count("kind of a stage of the first level", 0, 0)?;
            first.push(file.boosted()?);
            file.integer("sources of a model of the first level", -1, 0)?;
        }
        let mut levels: Vec<Vec<Model>> = Vec::new();
        for level in 1..count {
            let before = levels.last().map_or(first.len(), Vec::len);
            let most = if level == count - 1 { 1 } else { 64 };
            let models = file.count("models of a level", 1, most)?;
            levels.push(
                (0..models)
                    .map(|_| file.model(before))
                    .collect::<Result<_, _>>()?,
            );
        }
        match bytes.len() - file.at {
            0 => Ok(Self { first, levels }),
            more => Err(file.damage("end of the cascade", format!("{more} more bytes"), "none")),
        }
    }
}

/// Reads from front to back; nothing is trusted and no memory is taken for what the file does not hold.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn damage(&self, what: &'static str, found: String, allowed: impl Into<String>) -> Damage {
        Damage {
            at: self.at,
            what,
            found,
            allowed: allowed.into(),
        }
    }

    fn word(&mut self, what: &'static str) -> Result<[u8; 4], Damage> {
        let word = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk);
        let Some(word) = word else {
            return Err(self.damage(what, "the end of the file".to_owned(), "4 bytes"));
        };
        self.at += 4;
        Ok(*word)
    }

    fn integer(&mut self, what: &'static str, least: i64, most: i64) -> Result<i64, Damage> {
        let found = i64::from(i32::from_le_bytes(self.word(what)?));
        if (least..=most).contains(&found) {
            return Ok(found);
        }
        self.at -= 4;
        let allowed = match least == most {
            true => least.to_string(),
            false => format!("{least} to {most}"),
        };
        Err(self.damage(what, found.to_string(), allowed))
    }

    fn count(&mut self, what: &'static str, least: usize, most: usize) -> Result<usize, Damage> {
        // Bounds and what lies between them are small.
        Ok(self.integer(what, least as i64, most as i64)? as usize)
    }

    fn number(&mut self, what: &'static str) -> Result<f32, Damage> {
        let number = f32::from_le_bytes(self.word(what)?);
        if number.is_finite() {
            return Ok(number);
        }
        self.at -= 4;
        Err(self.damage(what, number.to_string(), "finite numbers"))
    }

    /// Refuses early, and before anything is made room for, what cannot all be there.
    fn numbers(&mut self, what: &'static str, count: usize) -> Result<Vec<f32>, Damage> {
        let left = (self.bytes.len() - self.at) / 4;
        if count > left {
            return Err(self.damage(
                what,
                format!("{left} numbers to the end"),
                count.to_string(),
            ));
        }
        (0..count).map(|_| self.number(what)).collect()
    }

    fn boosted(&mut self) -> Result<Boosted, Damage> {
        let count = self.count("features of a boosted classifier", 1, 4096)?;
        self.count("bins of a boosted classifier", 255, 255)?;
        let mut features = Vec::new();
        for _ in 0..count {
            let x = self.count("x of a feature", 0, REACH)?;
            let y = self.count("y of a feature", 0, REACH)?;
            features.push(Feature { x, y });
        }
        let thresholds = self.numbers("thresholds of a boosted classifier", count)?;
        let mut weights = Vec::new();
        for _ in 0..count {
            let row = self.numbers("weights of a boosted classifier", 256)?;
            weights.extend(row.first_chunk().copied());
        }
        Ok(Boosted::new(features, &thresholds, weights))
    }

    fn model(&mut self, before: usize) -> Result<Model, Damage> {
        let count = self.count("stages of a model", 1, 16)?;
        let mut stages = Vec::new();
        for _ in 0..count {
            self.count("kind of a stage after the first level", 1, 1)?;
            stages.push(self.perceptron()?);
        }
        let count = self.count("sources of a model", 1, before)?;
        let sources = (0..count)
            .map(|_| self.count("source of a model", 0, before - 1))
            .collect::<Result<_, _>>()?;
        Ok(Model { sources, stages })
    }

    fn perceptron(&mut self) -> Result<Perceptron, Damage> {
        let layers = self.count("layers of a perceptron", 2, 16)?;
        let pool = patches();
        let count = self.count("patches of a perceptron", 1, pool.len())?;
        let mut seen = Vec::new();
        for _ in 0..count {
            let number = self.count("patch of a perceptron", 1, pool.len())?;
            seen.push(pool[number - 1]);
        }
        let threshold = self.number("threshold of a perceptron")?;
        let wide = count * PATCH_VALUES;
        let mut inputs = self.count("inputs of a perceptron", wide, wide)?;
        let mut made = Vec::new();
        for layer in 1..layers {
            let outputs = if layer == layers - 1 {
                self.count("outputs of a perceptron", ANSWERS, ANSWERS)?
            } else {
                self.count("outputs of a layer", 1, 4096)?
            };
            let weights = self.numbers("weights of a layer", inputs * outputs)?;
            let biases = self.numbers("biases of a layer", outputs)?;
            made.push(Layer::new(inputs, &weights, &biases));
            inputs = outputs;
        }
        Ok(Perceptron::new(seen, threshold, made))
    }
}
