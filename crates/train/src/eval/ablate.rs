//! §IV-F: what the parts are worth. DIAT, DIAT-1, TV and F without the mask, from one recipe, looked at after equal steps.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Error;
use super::statistics::Rate;
use super::tables::{Table, rate};
use crate::recipe::{Network, Of, Perceiver, Perceptual, Recipe, Smoothness};

/// How often each variant is looked at, at equal distances, the last time at the end.
pub const POINTS: usize = 5;

/// A training with one part changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// The recipe as it is.
    Diat,
    /// The perceptual loss on a fixed network instead of D.
    Diat1,
    /// Total variation instead of the perceptual regularisation.
    Tv,
    /// F is T.
    NoMask,
}

impl Variant {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Diat, Self::Diat1, Self::Tv, Self::NoMask];

    /// Name in tables and of folders.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Diat => "DIAT",
            Self::Diat1 => "DIAT-1",
            Self::Tv => "TV",
            Self::NoMask => "no-mask",
        }
    }

    /// The recipe with this part changed. `vgg_face` is DIAT-1's network; without it that is the judge's second residual block, trained for
    /// `judge_steps` steps on the training's own sets first.
    #[must_use]
    pub fn of(self, recipe: &Recipe, vgg_face: Option<&Path>, judge_steps: usize) -> Recipe {
        let mut changed = recipe.clone();
        let loss = &mut changed.loss;
        match self {
            Self::Diat => {}
            Self::Diat1 => {
                let on = match vgg_face {
                    Some(path) => Perceiver::VggFace(path.to_owned()),
                    None => Perceiver::Judge(judge_steps),
                };
                // The weight stays, so that only the network is another.
                let same = loss.perceptual.take();
                loss.perceptual = Some(match same {
                    Some(perceptual) => Perceptual { on, ..perceptual },
                    None => Perceptual {
                        weight: 1.0,
                        of: Of::T,
                        relative: true,
                        on,
                    },
                });
            }
            Self::Tv => {
                let weight = match &loss.smoothness {
                    Some(Smoothness::Denoiser { weight, .. } | Smoothness::Tv { weight }) => {
                        *weight
                    }
                    None => 1.0,
                };
                loss.smoothness = Some(Smoothness::Tv { weight });
                changed.denoiser = None;
            }
            Self::NoMask => {
                changed.network = Network {
                    mask: false,
                    region: None,
                    ..changed.network
                };
                loss.ratio = None;
                loss.map_smoothness = 0.0;
                loss.outside = 0.0;
            }
        }
        changed
    }
}

/// What an ablation found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Ablation {
    /// What was trained, for people.
    pub recipe: String,
    /// The network that DIAT-1 perceives with.
    pub perceiver: String,
    /// Rounds of the adversarial training at each point.
    pub rounds: Vec<u64>,
    /// A row each.
    pub rows: Vec<AblationRow>,
}

/// One variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AblationRow {
    /// Which.
    pub variant: Variant,
    /// Edits accepted at each point.
    pub accepted: Vec<Rate>,
    /// Share of the pixels outside the attribute's region that change, at the last point.
    pub outside: f64,
    /// Strips of all points together, a row of pictures for each face; the file's name.
    pub grid: String,
}

/// After how many rounds a training of `rounds` is looked at.
#[must_use]
pub fn points(rounds: usize) -> Vec<u64> {
    (1..=POINTS)
        .map(|point| (rounds * point / POINTS) as u64)
        .collect()
}

/// The table of §IV-F.
#[must_use]
pub fn table(ablation: &Ablation) -> Table {
    let mut head = vec!["".to_owned()];
    head.extend(
        ablation
            .rounds
            .iter()
            .map(|rounds| format!("{rounds} rounds")),
    );
    head.push("changed outside the region".to_owned());
    let row = |row: &AblationRow| {
        let mut cells = vec![row.variant.name().to_owned()];
        cells.extend(row.accepted.iter().map(rate));
        cells.push(format!("{:.1}%", 100.0 * row.outside));
        cells
    };
    Table {
        title: "§IV-F · edits accepted after equal steps".into(),
        head,
        rows: ablation.rows.iter().map(row).collect(),
        note: format!(
            "One recipe ({}), one seed, one part changed. DIAT-1: the perceptual loss on {} instead of D. TV: total variation instead of \
             the perceptual regularisation. no-mask: F is T. The paper shows pictures only (Fig. 9: DIAT after 4 epochs does what DIAT-1 \
             begins to do after 18; Fig. 10).",
            ablation.recipe, ablation.perceiver
        ),
    }
}

/// Refuses a recipe whose variants cannot be told apart or trained.
///
/// # Errors
/// [`Error::Asked`] with every fault.
pub fn checked(recipe: &Recipe) -> Result<Recipe, Error> {
    let text = recipe
        .to_toml()
        .map_err(|error| Error::Asked(error.to_string()))?;
    Recipe::parse(&text, Path::new("variant.toml"), &[]).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Error::Asked(faults.join("\n"))
    })
}
