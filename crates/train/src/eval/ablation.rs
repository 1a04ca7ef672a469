//! Trains the variants of an ablation and looks at each after equal steps.

use std::fs;
use std::path::PathBuf;

use burn::tensor::Device;
use diat_places::Places;
use ndarray::Array3;

use super::ablate::{Ablation, AblationRow, POINTS, Variant, checked, points, table};
use super::evaluate::{Place, Progress, Request};
use super::faces::Face;
use super::judge::Trained;
use super::measure::{Way, measure};
use super::page::Strips;
use super::plugin::{Edited, Plugin};
use super::statistics::Rate;
use super::{Error, ablation_page, judging, pictures, source, text};
use crate::data::{Dataset, Partition, TrainingSet, digest};
use crate::export::{Draft, Origin, Precision, write_transfer};
use crate::learn::Learner;
use crate::recipe::{Recipe, Task};

/// The phase that is cut into points; those before it belong to every point.
const ADVERSARIAL: &str = "adversarial";

/// What is trained, on what, how often it is looked at.
#[derive(Clone, Debug)]
pub struct Trial<'a> {
    /// The recipe that the variants change.
    pub recipe: &'a Recipe,
    /// Faces to train on and to look at.
    pub data: &'a Dataset,
    /// Which faces are looked at.
    pub partition: Partition,
    /// At most so many.
    pub limit: Option<usize>,
    /// VGG-Face, for DIAT-1.
    pub vgg_face: Option<PathBuf>,
    /// Steps of DIAT-1's network where that is a judge, and of the judge that decides.
    pub judge_steps: u64,
    /// Faces on each grid.
    pub shown: usize,
    /// Where everything goes.
    pub out: PathBuf,
}

/// Trains every variant and writes `ablation.json`, `.txt` and `.html`, and a grid for each.
///
/// # Errors
/// See [`Error`]; a variant whose training comes to nothing ends the ablation.
pub fn ablation(
    trial: &Trial<'_>,
    device: &Device,
    places: &Places,
    progress: &mut Progress<'_>,
) -> Result<Ablation, Error> {
    let Task::Transfer {
        attribute, from, ..
    } = &trial.recipe.task
    else {
        return Err(Error::Asked(
            "hallucination has no parts to take out: name a recipe of an effect".into(),
        ));
    };
    let rounds = points(trial.recipe.schedule.rounds);
    let judge_steps = usize::try_from(trial.judge_steps).unwrap_or(usize::MAX);
    // Every fault is found before the first training.
    let variant = |variant: Variant| {
        let changed = variant.of(trial.recipe, trial.vgg_face.as_deref(), judge_steps);
        Ok((variant, checked(&changed)?))
    };
    let variants: Vec<(Variant, Recipe)> = Variant::ALL
        .into_iter()
        .map(variant)
        .collect::<Result<_, Error>>()?;
    fs::create_dir_all(&trial.out).map_err(Error::file(&trial.out))?;
    let request = request(trial)?;
    let draft = Draft::of_recipe(trial.recipe, Origin::default());
    let chosen = source::chosen(trial.data, &trial.recipe.task, trial.partition, trial.limit)?;
    let judge = judging::judge(
        &request,
        (draft.template, draft.size),
        (attribute, *from),
        device,
        progress,
    )?;
    let set = TrainingSet::open(trial.data, trial.recipe)?;
    let bench = Bench {
        trial,
        attribute,
        from: *from,
        judge: &judge,
        chosen: &chosen,
        places,
    };
    let (mut rows, mut grids) = (Vec::new(), Strips::new());
    for (variant, recipe) in variants {
        let mut looks = Vec::with_capacity(POINTS);
        let mut learner = Learner::new(&recipe, device)?;
        for (index, phase) in learner.phases().into_iter().enumerate() {
            for round in 0..phase.rounds {
                progress(
                    &format!("{}, {}", variant.name(), phase.name),
                    round,
                    phase.rounds,
                );
                learner.round(index, round, &set)?;
                if phase.name == ADVERSARIAL && rounds.contains(&(round + 1)) {
                    looks.push(bench.look(&learner, &recipe, variant, round + 1)?);
                }
            }
        }
        let grid = format!("{}.jpg", variant.name());
        grids.insert(grid.clone(), pictures::jpeg(&grid_rows(&looks), &grid)?);
        rows.push(AblationRow {
            variant,
            accepted: looks.iter().map(|look| look.accepted).collect(),
            outside: looks.last().map_or(0.0, |look| look.outside),
            grid,
        });
    }
    let perceiver = match &trial.vgg_face {
        Some(_) => "VGG-Face",
        None => "a judge's second residual block",
    };
    let found = Ablation {
        recipe: format!("{} {}", trial.recipe.id, trial.recipe.version),
        perceiver: perceiver.to_owned(),
        rounds,
        rows,
    };
    write(&found, &grids, trial)?;
    Ok(found)
}

/// What every look has in common.
struct Bench<'a> {
    trial: &'a Trial<'a>,
    attribute: &'a str,
    from: bool,
    judge: &'a Trained,
    chosen: &'a [usize],
    places: &'a Places,
}

/// A variant after some rounds.
struct Look {
    accepted: Rate,
    outside: f64,
    /// Before, after, mask of the faces shown.
    cuts: Vec<[Array3<f32>; 3]>,
}

impl Bench<'_> {
    fn look(
        &self,
        learner: &Learner,
        recipe: &Recipe,
        variant: Variant,
        rounds: u64,
    ) -> Result<Look, Error> {
        let folder = self
            .trial
            .out
            .join(variant.name())
            .join(format!("{rounds:06}"));
        let origin = Origin {
            source: format!("An ablation: {} after {rounds} rounds", variant.name()),
            ..Origin::default()
        };
        write_transfer(
            &learner.transfer(),
            recipe,
            origin,
            Precision::F16,
            &folder,
            self.places,
        )?;
        let mut plugin = Plugin::open(&folder, Some(&recipe.id), self.places)?;
        let (_, size) = plugin.frame()?;
        let way = Way {
            attribute: self.attribute,
            from: self.from,
            judge: self.judge,
            shift: 0.0,
            seed: recipe.run.seed,
            strips: 0,
        };
        let data = self.trial.data;
        let mut faces = self
            .chosen
            .iter()
            .map(|place| source::face(data, *place, self.attribute));
        let mut cuts = Vec::new();
        let mut keep = |face: &Face, edited: &Edited| {
            if cuts.len() < self.trial.shown {
                cuts.push(pictures::cuts(face, edited, size));
            }
            Ok(())
        };
        let (row, _) = measure(variant.name(), &mut plugin, &mut faces, &way, &mut keep)?;
        Ok(Look {
            accepted: row.accepted,
            outside: row.means.outside,
            cuts,
        })
    }
}

/// A row for each face: before, after at each point, the last mask.
fn grid_rows(looks: &[Look]) -> Vec<Vec<Array3<f32>>> {
    let Some(last) = looks.last() else {
        return Vec::new();
    };
    let row = |(face, [before, _, mask]): (usize, &[Array3<f32>; 3])| {
        let afters = looks
            .iter()
            .filter_map(|look| look.cuts.get(face))
            .map(|[_, after, _]| after);
        std::iter::once(before)
            .chain(afters)
            .chain([mask])
            .cloned()
            .collect()
    };
    last.cuts.iter().enumerate().map(row).collect()
}

/// For the judge alone.
fn request<'a>(trial: &Trial<'a>) -> Result<Request<'a>, Error> {
    Ok(Request {
        subject: Place::named(""),
        task: trial.recipe.task.clone(),
        training: None,
        beside: Vec::new(),
        reverse: None,
        unet: None,
        data: trial.data,
        digest: digest(trial.data)?,
        partition: trial.partition,
        limit: trial.limit,
        judge: None,
        judge_steps: trial.judge_steps,
        identity: None,
        shift: 0.0,
        seed: trial.recipe.run.seed,
        strips: 0,
        out: trial.out.clone(),
        card: None,
    })
}

fn write(found: &Ablation, grids: &Strips, trial: &Trial<'_>) -> Result<(), Error> {
    let put = |name: &str, bytes: &[u8]| {
        let path = trial.out.join(name);
        fs::write(&path, bytes).map_err(Error::file(&path))
    };
    let json = serde_json::to_string_pretty(found);
    let json = json.map_err(Error::json(&trial.out.join("ablation.json"), "report this"))?;
    put("ablation.json", (json + "\n").as_bytes())?;
    put("ablation.txt", text::table(&table(found)).as_bytes())?;
    put(
        "ablation.html",
        ablation_page::page(found, grids).as_bytes(),
    )?;
    grids.iter().try_for_each(|(name, jpeg)| put(name, jpeg))
}
