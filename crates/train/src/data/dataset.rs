//! A folder of faces and what is known of them.

use super::drawn::{CARD, COUNTERFACTUAL, Card};
use super::list::List;
use super::{Error, plain};
use crate::recipe::Task;
use diat_face::{Code, refusal};
use diat_image::{Point, Points};
use diat_manifest::Limits;
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// Those of every effect that is made here: what an effect leaves alone teaches it nothing.
pub const LIMITS: Limits = Limits {
    smallest_eye_distance: 16.0,
    largest_yaw: 45.0,
    lowest_confidence: 0.5,
};

/// Which pictures of a set are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// `img_celeba/`, as the pictures were published.
    Wild,
    /// `img_align_celeba/`, 178×218 pixels each.
    Aligned,
    /// `with/` and `without/`.
    Plain,
}

/// What a face is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Partition {
    /// 0: networks learn from it.
    Training,
    /// 1: checkpoints and settings are chosen on it.
    Validation,
    /// 2: results are reported on it.
    Test,
}

impl Partition {
    /// All of them, by number.
    pub const ALL: [Self; 3] = [Self::Training, Self::Validation, Self::Test];
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Training => "partition 0 (training)",
            Self::Validation => "partition 1 (validation)",
            Self::Test => "partition 2 (test)",
        })
    }
}

/// One face of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// As in the lists; in a plain set with its folder.
    pub name: String,
    /// Its picture.
    pub path: PathBuf,
    /// The same face with the attribute changed; drawn sets only.
    pub counterfactual: Option<PathBuf>,
    /// In pixels of the picture.
    pub points: Points,
    /// A value for each of the set's attributes; none where it is unknown.
    pub attributes: Vec<Option<bool>>,
    /// What it is for.
    pub partition: Partition,
    /// Who it is; none where nobody says.
    pub identity: Option<u32>,
}

impl Face {
    /// Why the plug-in would leave this face alone, if it would.
    pub fn refusal(&self) -> Option<Code> {
        let face = diat_face::Face {
            bounds: [0.0; 4],
            points: self.points,
            confidence: 1.0,
        };
        refusal(&face, &LIMITS)
    }
}

/// A folder of faces; pictures are not read yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Where it lies.
    pub folder: PathBuf,
    /// Which of its pictures are used.
    pub layout: Layout,
    /// Its lists, in the order in which they count for a digest.
    pub lists: Vec<PathBuf>,
    /// Names of the attributes; `with` in a plain set.
    pub attributes: Vec<String>,
    /// In the order of the list of attributes; in a plain set by name.
    pub faces: Vec<Face>,
    /// Pictures of a plain set without a face, or that cannot be read: name and why.
    pub unusable: Vec<(String, String)>,
    /// What a drawn set says of itself.
    pub card: Option<Card>,
}

/// Places in [`Dataset::faces`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sets {
    /// To be changed: the attribute is `from`.
    pub source: Vec<usize>,
    /// As they should become: the attribute is not `from`.
    pub guided: Vec<usize>,
    /// Left out because the plug-in leaves such faces alone (too small or turned away).
    pub refused: usize,
    /// Left out because the attribute, or one of `only`, is unknown.
    pub unknown: usize,
}

impl Dataset {
    /// Reads the lists of the set in `folder`: CelebA's layout (its lists and pictures straight there or in `Anno/`, `Eval/`, `Img/`; pictures
    /// in the wild win where both are there, unless `layout` says otherwise), else a plain one, whose points the project's own detector finds.
    ///
    /// # Errors
    /// A folder that is no data set, or a list that contradicts itself or another.
    pub fn open(folder: &Path, layout: Option<Layout>) -> Result<Self, Error> {
        let find = |name: &str| {
            ["", "Anno", "Eval", "Img"]
                .map(|part| folder.join(part).join(name))
                .into_iter()
                .find(|path| path.exists())
        };
        let found = |layout| find(pictures(layout)).zip(find(landmarks(layout)));
        let celeba = [Layout::Wild, Layout::Aligned];
        let chosen = match layout {
            Some(Layout::Plain) => None,
            Some(wish) => found(wish).map(|at| (wish, at)),
            None => celeba
                .into_iter()
                .find_map(|layout| Some((layout, found(layout)?))),
        };
        let missing = |missing| Error::Layout {
            folder: folder.to_owned(),
            missing,
        };
        let Some((layout, (pictures, landmarks))) = chosen else {
            return match layout {
                Some(Layout::Wild) => Err(missing("img_celeba/ or list_landmarks_celeba.txt")),
                Some(Layout::Aligned) => Err(missing("img_align_celeba/ or its list")),
                _ if plain::is(folder) => plain::open(folder),
                _ => Err(missing("a folder of pictures")),
            };
        };
        let list = |name: &'static str| find(name).ok_or_else(|| missing(name));
        let attributes = List::with_head(&list("list_attr_celeba.txt")?)?;
        let partitions = List::without_head(&list("list_eval_partition.txt")?)?;
        let landmarks = List::with_head(&landmarks)?;
        let identities = find("identity_CelebA.txt")
            .map(|file| List::without_head(&file))
            .transpose()?;
        let card = card(folder)?;
        let mut faces = Vec::with_capacity(attributes.rows.len());
        for row in &attributes.rows {
            let values = attributes.values::<i32>(row, VALUE)?;
            let partition = partitions.row(&attributes, row)?;
            let place = landmarks.row(&attributes, row)?;
            let identity = match &identities {
                Some(list) => {
                    let row = list.row(&attributes, row)?;
                    list.values(row, "number of an identity")?.first().copied()
                }
                None => None,
            };
            faces.push(Face {
                name: row.name.clone(),
                path: pictures.join(&row.name),
                counterfactual: card
                    .as_ref()
                    .map(|_| folder.join(COUNTERFACTUAL).join(&row.name)),
                points: points(&landmarks.values::<f64>(place, "coordinate in pixels")?)
                    .ok_or_else(|| {
                        landmarks.fault(place, &row.name, "face with ten coordinates")
                    })?,
                attributes: values
                    .into_iter()
                    .map(|value| known(value).ok_or_else(|| attributes.fault(row, value, VALUE)))
                    .collect::<Result<_, _>>()?,
                partition: match partitions.values::<usize>(partition, PARTITION)?[..] {
                    [number @ 0..3] => Partition::ALL[number],
                    _ => return Err(partitions.fault(partition, &row.name, PARTITION)),
                },
                identity,
            });
        }
        let lists = [
            Some(attributes.file),
            Some(partitions.file),
            Some(landmarks.file),
        ];
        let lists = lists.into_iter().chain([identities.map(|list| list.file)]);
        Ok(Self {
            folder: folder.to_owned(),
            layout,
            lists: lists.flatten().collect(),
            attributes: attributes.columns,
            faces,
            unusable: Vec::new(),
            card,
        })
    }

    /// The column of an attribute. A plain set takes any name for what its two folders tell apart.
    ///
    /// # Errors
    /// The set has no such attribute.
    pub fn column(&self, name: &str) -> Result<usize, Error> {
        if self.layout == Layout::Plain {
            return Ok(0);
        }
        let column = self.attributes.iter().position(|column| column == name);
        column.ok_or_else(|| self.no_attribute(name))
    }

    fn no_attribute(&self, name: &str) -> Error {
        Error::Attribute {
            file: self.lists.first().unwrap_or(&self.folder).clone(),
            name: name.to_owned(),
            found: self.attributes.clone(),
        }
    }

    /// The two sets of a task among the faces of a partition; for hallucination both are all of them.
    ///
    /// # Errors
    /// An attribute that the set does not have.
    pub fn sets(&self, task: &Task, partition: Partition) -> Result<Sets, Error> {
        let (column, only) = match task {
            Task::Hallucinate { .. } => (None, Vec::new()),
            Task::Transfer {
                attribute,
                from,
                only,
            } => {
                let condition = |(name, value): &(String, bool)| {
                    // A plain set's two folders tell one attribute only.
                    match self.layout {
                        Layout::Plain => Err(self.no_attribute(name)),
                        _ => Ok((self.column(name)?, *value)),
                    }
                };
                let only: Result<Vec<_>, _> = only.iter().map(condition).collect();
                (Some((self.column(attribute)?, *from)), only?)
            }
        };
        let mut sets = Sets::default();
        for (place, face) in self.faces.iter().enumerate() {
            if face.partition != partition {
                continue;
            }
            let fits: Vec<Option<bool>> = only
                .iter()
                .map(|&(column, value)| Some(face.attributes[column]? == value))
                .collect();
            // One that fails decides, whatever is unknown beside it.
            let fits = if fits.contains(&Some(false)) {
                Some(false)
            } else {
                (!fits.contains(&None)).then_some(true)
            };
            let from = column.map(|(column, from)| Some(face.attributes[column]? == from));
            match (fits, from) {
                (Some(false), _) => {}
                (None, _) | (_, Some(None)) => sets.unknown += 1,
                _ if face.refusal().is_some() => sets.refused += 1,
                (_, Some(Some(true))) => sets.source.push(place),
                (_, Some(Some(false))) => sets.guided.push(place),
                (_, None) => {
                    sets.source.push(place);
                    sets.guided.push(place);
                }
            }
        }
        Ok(sets)
    }
}

const VALUE: &str = "value of an attribute (1, -1, or 0 for unknown)";
const PARTITION: &str = "partition (0, 1 or 2)";

fn pictures(layout: Layout) -> &'static str {
    match layout {
        Layout::Aligned => "img_align_celeba",
        Layout::Wild | Layout::Plain => "img_celeba",
    }
}

fn landmarks(layout: Layout) -> &'static str {
    match layout {
        Layout::Aligned => "list_landmarks_align_celeba.txt",
        Layout::Wild | Layout::Plain => "list_landmarks_celeba.txt",
    }
}

fn known(value: i32) -> Option<Option<bool>> {
    match value {
        1 => Some(Some(true)),
        -1 => Some(Some(false)),
        0 => Some(None),
        _ => None,
    }
}

fn points(values: &[f64]) -> Option<Points> {
    let (pairs, rest) = values.as_chunks::<2>();
    let pairs: [[f64; 2]; 5] = pairs.try_into().ok()?;
    let finite = rest.is_empty() && values.iter().all(|value| value.is_finite());
    finite.then(|| pairs.map(|[x, y]| Point { x, y }))
}

/// What a drawn set says of itself; one that was not finished is no set.
fn card(folder: &Path) -> Result<Option<Card>, Error> {
    let file = folder.join(CARD);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(&file)(error)),
    };
    let card = toml::from_str(&text).map_err(|error| Error::Line {
        file,
        line: error.span().map_or(1, |span| {
            text[..span.start.min(text.len())].lines().count().max(1)
        }),
        found: error.message().to_owned(),
        wanted: "card of a drawn set".to_owned(),
    })?;
    Ok(Some(card))
}

#[cfg(test)]
mod tests;
