//! What the manifest beside the weights says.

use diat_manifest::Template;

use crate::recipe::{Recipe, Task};

/// Name of the picture tensor, N×3×S×S.
pub(super) const IMAGE: &str = "image";
/// Name of T(x), N×3×S×S.
pub(super) const TRANSFORMED: &str = "transformed";
/// Name of M(x), N×1×S×S.
pub(super) const MASK: &str = "mask";
/// Name of the judge's probability, N×1.
pub(super) const SCORE: &str = "score";

/// A manifest that is complete but for the weights' size and SHA-256 and for the golden vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Name of the manifest and the weights.
    pub id: String,
    /// What the network is for.
    pub kind: Kind,
    /// `major.minor.patch`, of manifest and weights together.
    pub version: String,
    /// Name for people.
    pub label: String,
    /// What it does and to which faces.
    pub help: String,
    /// Side of the crop in pixels.
    pub size: usize,
    /// The five points in that crop.
    pub template: Template,
    /// Licence of the weights, an SPDX expression.
    pub licence: String,
    /// Who holds the rights.
    pub author: String,
    /// What whoever publishes an edited picture should be told; nothing for a judge.
    pub disclosure: String,
    /// How the weights were made.
    pub origin: Origin,
}

/// The kinds of network that are trained here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Changes an attribute inside a mask.
    Effect,
    /// Restores detail; no mask.
    Enhance,
    /// Scores an attribute.
    Judge,
}

/// How weights were made, for `[provenance]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// With what: program, recipe, seed.
    pub source: String,
    /// On what: counts and the data's digest.
    pub data: String,
    /// What else a user should know.
    pub notes: String,
}

impl Origin {
    /// Of weights that are not made yet.
    pub(crate) fn unknown() -> Self {
        Self {
            source: "None yet".to_owned(),
            ..Self::default()
        }
    }
}

impl Draft {
    /// What a recipe says of its effect, at the size of its network.
    pub fn of_recipe(recipe: &Recipe, origin: Origin) -> Self {
        Self {
            id: recipe.id.clone(),
            kind: match recipe.task {
                Task::Transfer { .. } => Kind::Effect,
                Task::Hallucinate { .. } => Kind::Enhance,
            },
            version: recipe.version.clone(),
            label: recipe.label.clone(),
            help: recipe.help.clone(),
            size: recipe.network.size,
            template: recipe.template.at(recipe.network.size),
            licence: recipe.licence.clone(),
            author: recipe.author.clone(),
            disclosure: recipe.disclosure.clone(),
            origin,
        }
    }

    /// The manifest's text, in the order of those in `manifests/`.
    pub fn text(&self) -> String {
        [
            self.head(),
            self.tensors(),
            self.points(),
            self.composition(),
            self.provenance(),
        ]
        .join("\n")
    }

    fn head(&self) -> String {
        let kind = match self.kind {
            Kind::Effect => "effect",
            Kind::Enhance => "enhance",
            Kind::Judge => "judge",
        };
        format!(
            "id = {id}\nkind = \"{kind}\"\nversion = {version}\nengine = \"0.1\"\nlabel = {label}\ncategory = \"Face\"\n\
             help = {help}\n\n[weights]\nfile = {file}\n",
            id = quoted(&self.id),
            version = quoted(&self.version),
            label = quoted(&self.label),
            help = quoted(&self.help),
            file = quoted(&self.weights()),
        )
    }

    /// Name of the weights' file.
    pub(super) fn weights(&self) -> String {
        format!("{}.onnx", self.id)
    }

    fn tensors(&self) -> String {
        const RANGE: &str = "range = [-1.0, 1.0]";
        let size = self.size;
        let outputs = match self.kind {
            Kind::Effect => {
                format!("transformed = \"{TRANSFORMED}\"\nmask = \"{MASK}\"\n{RANGE}\n")
            }
            Kind::Enhance => format!("transformed = \"{TRANSFORMED}\"\n{RANGE}\n"),
            Kind::Judge => format!("score = \"{SCORE}\"\n"),
        };
        format!(
            "[input]\nname = \"{IMAGE}\"\nwidth = {size}\nheight = {size}\nlayout = \"nchw\"\ncolour = \"rgb\"\n{RANGE}\n\n\
             [output]\n{outputs}"
        )
    }

    fn points(&self) -> String {
        // Four decimals of a pixel are more than any face is found with.
        let round = |coordinate: f64| (coordinate * 1e4).round() / 1e4;
        let [left_eye, right_eye, nose, left_mouth, right_mouth] = self
            .template
            .map(|[x, y]| format!("[{:?}, {:?}]", round(x), round(y)));
        format!(
            "[template]\nleft-eye = {left_eye}\nright-eye = {right_eye}\nnose = {nose}\nleft-mouth = {left_mouth}\n\
             right-mouth = {right_mouth}\n"
        )
    }

    fn composition(&self) -> String {
        const LIMITS: &str =
            "[limits]\nsmallest-eye-distance = 16.0\nlargest-yaw = 45.0\nlowest-confidence = 0.5\n";
        match self.kind {
            Kind::Effect => format!(
                "[mask]\nmeaning = \"change\"\n\n\
                 [compose]\nrule = \"gated-difference\"\nwindow = 0.1\ngrain = true\n\
                 gate = {{ sigma = 1.0, a = 0.0235294, b = 0.0784314 }} # 6/255 and 20/255\n\n{LIMITS}"
            ),
            Kind::Enhance => format!("[compose]\nrule = \"replace\"\nwindow = 0.1\n\n{LIMITS}"),
            Kind::Judge => String::new(),
        }
    }

    fn provenance(&self) -> String {
        let provenance = format!(
            "[provenance]\nsource = {}\ndata = {}\nlicence = {}\nauthor = {}\nnotes = {}\n",
            quoted(&self.origin.source),
            quoted(&self.origin.data),
            quoted(&self.licence),
            quoted(&self.author),
            quoted(&self.origin.notes),
        );
        match self.kind {
            Kind::Judge => provenance,
            _ => format!(
                "{provenance}\n[disclosure]\ntext = {}\n",
                quoted(&self.disclosure)
            ),
        }
    }
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use diat_manifest::{Gate, Manifest, MaskMeaning};

    use super::*;

    fn recipe() -> Recipe {
        let text = include_str!("../recipe/tests/good.toml");
        Recipe::parse(text, Path::new("r.toml"), &[]).unwrap()
    }

    fn read(draft: &Draft) -> Manifest {
        let file = format!("{}.toml", draft.id);
        let manifest = Manifest::parse_draft(&draft.text(), Path::new(&file));
        manifest.unwrap_or_else(|faults| panic!("{faults:#?}\n{}", draft.text()))
    }

    fn origin() -> Origin {
        Origin {
            source: "a \"source\" \\ of\ntwo lines".to_owned(),
            data: "data é".to_owned(),
            notes: String::new(),
        }
    }

    #[test]
    fn an_effect_says_what_the_recipe_says() {
        let mut recipe = recipe();
        recipe.licence = "CC0-1.0".to_owned();
        let manifest = read(&Draft::of_recipe(&recipe, origin()));
        assert_eq!(manifest.id, recipe.id);
        assert_eq!(manifest.version.to_string(), recipe.version);
        assert_eq!(manifest.weights.file, "example.onnx");
        assert_eq!(manifest.disclosure.as_deref(), Some(&*recipe.disclosure));
        assert_eq!(manifest.provenance.source, origin().source);
        assert_eq!(manifest.provenance.data, origin().data);
        assert_eq!(manifest.provenance.licence, "CC0-1.0");
        let diat_manifest::Kind::Effect(effect) = &manifest.kind else {
            panic!("{manifest:?}");
        };
        // The recipe speaks of 128 pixels, its network has 64.
        let points = [
            [20.5, 23.0],
            [44.0, 23.0],
            [32.0, 37.5],
            [22.5, 48.0],
            [42.5, 48.25],
        ];
        assert_eq!(effect.edit.template, points);
        assert_eq!(
            (effect.edit.input.width, effect.edit.input.height),
            (64, 64)
        );
        assert_eq!(effect.meaning, MaskMeaning::Change);
        assert!(effect.grain);
    }

    /// The shipped effects are read beside it: one that is trained anew composes as they do.
    #[test]
    fn an_effect_composes_as_the_shipped_ones() {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../manifests/mouth-open.toml");
        let shipped = Manifest::read(&shipped).unwrap();
        let ours = read(&Draft::of_recipe(&recipe(), origin()));
        let told = |manifest: &Manifest| -> (Gate, bool, f64, diat_manifest::Limits) {
            let diat_manifest::Kind::Effect(effect) = &manifest.kind else {
                panic!("{manifest:?}");
            };
            let edit = &effect.edit;
            (effect.gate, effect.grain, edit.window, edit.limits)
        };
        assert_eq!(told(&ours), told(&shipped));
    }

    #[test]
    fn hallucination_is_an_enhancer_and_a_judge_is_a_judge() {
        let mut recipe = recipe();
        recipe.task = Task::Hallucinate { factor: 8 };
        let draft = Draft::of_recipe(&recipe, origin());
        assert_eq!(read(&draft).kind.name(), "enhance");
        let judge = Draft {
            kind: Kind::Judge,
            ..draft
        };
        let manifest = read(&judge);
        assert_eq!(manifest.kind.name(), "judge");
        assert_eq!(manifest.disclosure, None);
    }
}
