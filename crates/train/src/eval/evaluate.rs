//! One evaluation from the first face to the files.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use diat_manifest::Kind;
use diat_places::Places;

use super::identity::Identity;
use super::judge::Trained;
use super::measure::{Way, measure};
use super::page::Strips;
use super::plugin::Plugin;
use super::report::{DataFacts, FORMAT, JudgeFacts, Report, Training, Transfers};
use super::{
    Error, card, constant, hallucinate, judging, page, pictures, round_trip, source, text,
};
use crate::data::{Dataset, Partition};
use crate::recipe::Task;

/// An effect of a resource folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder that has `manifests/` and `models/`.
    pub folder: PathBuf,
    /// Which of its effects; none for its only one.
    pub id: Option<String>,
}

impl Place {
    /// FOLDER:ID, or FOLDER with one effect. The last colon counts, and only one with a name after it: drives have colons too.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let parts = name.rsplit_once(':');
        let parts = parts.filter(|(folder, id)| {
            !folder.is_empty() && !id.contains(['/', '\\', '.']) && !id.is_empty()
        });
        match parts {
            Some((folder, id)) => Self {
                folder: folder.into(),
                id: Some(id.to_owned()),
            },
            None => Self {
                folder: name.into(),
                id: None,
            },
        }
    }
}

/// What is evaluated, on what, against what.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The effect.
    pub subject: Place,
    /// What it was trained to do.
    pub task: Task,
    /// How it was trained, where that is known.
    pub training: Option<Training>,
    /// Effects for the same task, in the same table.
    pub beside: Vec<Place>,
    /// The reverse effect, for the round trip.
    pub reverse: Option<Place>,
    /// Hallucination trained with the reconstruction term alone.
    pub unet: Option<Place>,
    /// The faces.
    pub data: &'a Dataset,
    /// Digest of the faces.
    pub digest: String,
    /// Which of them.
    pub partition: Partition,
    /// At most so many.
    pub limit: Option<usize>,
    /// A stored judge; without one it is trained and kept in the output.
    pub judge: Option<PathBuf>,
    /// How many steps a judge is trained for.
    pub judge_steps: u64,
    /// What the identity script wrote.
    pub identity: Option<PathBuf>,
    /// How far faces are moved in the crop, in pixels at a size of 128.
    pub shift: f64,
    /// Seed of judge and moves.
    pub seed: u64,
    /// Strips on the page, for each effect.
    pub strips: usize,
    /// Where everything goes.
    pub out: PathBuf,
    /// The model card, if one is wanted.
    pub card: Option<PathBuf>,
}

/// Hears what is being done, and how much of it.
pub type Progress<'a> = dyn FnMut(&str, u64, u64) + 'a;

/// Measures, and writes `report.json`, `report.txt` and `report.html`, the judge and its manifest, and every picture before and after in `edits/`.
///
/// # Errors
/// See [`Error`].
pub fn evaluate(
    request: &Request<'_>,
    device: &Device,
    places: &Places,
    progress: &mut Progress<'_>,
) -> Result<Report, Error> {
    fs::create_dir_all(&request.out).map_err(Error::file(&request.out))?;
    let mut report = Report {
        format: FORMAT,
        code: format!("diat-train {}", env!("CARGO_PKG_VERSION")),
        data: DataFacts {
            name: source::name(request.data),
            digest: request.digest.clone(),
            partition: source::number(request.partition),
            drawn: request.data.card.is_some(),
        },
        transfer: None,
        hallucination: None,
        training: request.training.clone(),
    };
    let mut strips = Strips::new();
    match &request.task {
        Task::Transfer {
            attribute, from, ..
        } => {
            let (transfers, made) =
                transfers(request, (attribute, *from), device, places, progress)?;
            report.transfer = Some(transfers);
            strips = made;
        }
        Task::Hallucinate { factor } => {
            report.hallucination = Some(hallucinate::hallucination(
                request, *factor, places, progress,
            )?);
        }
    }
    write(&report, &strips, request)?;
    Ok(report)
}

fn transfers(
    request: &Request<'_>,
    (attribute, from): (&str, bool),
    device: &Device,
    places: &Places,
    progress: &mut Progress<'_>,
) -> Result<(Transfers, Strips), Error> {
    let open = |place: &Place| Plugin::open(&place.folder, place.id.as_deref(), places);
    let mut subject = open(&request.subject)?;
    if !matches!(subject.manifest().kind, Kind::Effect(_)) {
        let id = &subject.manifest().id;
        return Err(Error::Asked(format!(
            "{id} is no effect that changes an attribute"
        )));
    }
    let chosen = source::chosen(
        request.data,
        &request.task,
        request.partition,
        request.limit,
    )?;
    let judge = judging::judge(
        request,
        subject.frame()?,
        (attribute, from),
        device,
        progress,
    )?;
    judging::export(&judge, &request.out.join("judge"), places)?;
    let way = Way {
        attribute,
        from,
        judge: &judge,
        shift: request.shift,
        seed: request.seed,
        strips: request.strips,
    };
    let identity = request
        .identity
        .as_deref()
        .map(Identity::read)
        .transpose()?;
    let (mut rows, mut strips) = (Vec::new(), Strips::new());
    let mut measured =
        |plugin: &mut Plugin, rows: &mut Vec<super::report::Row>| -> Result<(), Error> {
            let name = unique(
                &plugin.manifest().id,
                &plugin.manifest().version.to_string(),
                rows,
            );
            let edits = request.out.join("edits").join(&name);
            let total = chosen.len() as u64;
            let mut faces = chosen.iter().enumerate().map(|(done, place)| {
                progress(&format!("editing by {name}"), done as u64, total);
                source::face(request.data, *place, attribute)
            });
            let mut keep = |face: &super::faces::Face, edited: &super::plugin::Edited| {
                let file = format!("{}.png", pictures::safe(&face.name));
                pictures::save(&edits.join("before").join(&file), &face.picture)?;
                pictures::save(&edits.join("after").join(&file), &edited.picture)
            };
            let (mut row, made) = measure(&name, plugin, &mut faces, &way, &mut keep)?;
            if let Some(identity) = &identity {
                let names: Vec<String> = row
                    .faces
                    .iter()
                    .map(|face| pictures::safe(&face.name))
                    .collect();
                row.same_person = identity.sameness(&name, names.iter().map(String::as_str));
            }
            rows.push(row);
            strips.extend(made);
            Ok(())
        };
    measured(&mut subject, &mut rows)?;
    for place in &request.beside {
        measured(&mut open(place)?, &mut rows)?;
    }
    let constant = constant::overlap(request, &subject, attribute, &chosen)?;
    let round_trip = match &request.reverse {
        Some(place) => {
            let mut faces = chosen
                .iter()
                .map(|place| source::face(request.data, *place, attribute));
            Some(round_trip::round_trip(
                &mut subject,
                &mut open(place)?,
                &mut faces,
                from,
                &judge,
            )?)
        }
        None => None,
    };
    let transfers = Transfers {
        attribute: attribute.to_owned(),
        from,
        judge: facts(request, attribute, &judge)?,
        rows,
        constant,
        round_trip,
    };
    Ok((transfers, strips))
}

/// A row's name: the effect's id, with its version and a number where another row has it.
fn unique(id: &str, version: &str, rows: &[super::report::Row]) -> String {
    let taken = |name: &str| rows.iter().any(|row| row.name == name);
    let versioned = format!("{id}-{version}");
    let numbered = (2..).map(|number| format!("{versioned}-{number}"));
    let mut names = [id.to_owned(), versioned.clone()]
        .into_iter()
        .chain(numbered);
    names.find(|name| !taken(name)).unwrap_or(versioned)
}

fn facts(request: &Request<'_>, attribute: &str, judge: &Trained) -> Result<JudgeFacts, Error> {
    let seen = judging::labelled(
        request.data,
        attribute,
        request.partition,
        &judge.plan,
        None,
    )?;
    Ok(JudgeFacts {
        size: judge.plan.size,
        wider: judge.plan.wider,
        steps: judge.steps,
        seed: judge.plan.seed,
        digest: Trained::digest(&judging::file(request))?,
        accuracy: judge.right(&seen, |_| true),
        on_with: judge.right(&seen, |has| has),
        on_without: judge.right(&seen, |has| !has),
        chosen_at: judge.chosen_at,
    })
}

fn write(report: &Report, strips: &Strips, request: &Request<'_>) -> Result<(), Error> {
    let put = |path: &Path, bytes: &[u8]| {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Error::file(folder))?;
        }
        fs::write(path, bytes).map_err(Error::file(path))
    };
    let file = |name: &str| request.out.join(name);
    let json = serde_json::to_string_pretty(report)
        .map_err(Error::json(&file("report.json"), "report this"))?;
    put(&file("report.json"), (json + "\n").as_bytes())?;
    put(&file("report.txt"), text::text(report).as_bytes())?;
    put(&file("report.html"), page::page(report, strips).as_bytes())?;
    for (name, jpeg) in strips {
        put(&file(&format!("strips/{name}")), jpeg)?;
    }
    if let Some(path) = &request.card {
        put(path, card::card(report).as_bytes())?;
    }
    Ok(())
}
