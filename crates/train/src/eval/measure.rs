//! One effect on one set of faces: every figure of a row.

use diat_effects::Code;
use diat_image::{Picture, Rect, crop};
use ndarray::{Array2, Array3, Array4, Axis};

use super::bar::bars;
use super::cells::{Overlap, VISIBLE, changing};
use super::faces::{Face, moved, region, to_crop, wider};
use super::judge::{Plan, Trained};
use super::page::Strips;
use super::plugin::{Edited, Plugin};
use super::quality::{psnr, ssim};
use super::report::{FaceRow, Means, Row, Truth};
use super::statistics::{Rate, mean};
use super::{Error, pictures};
use crate::recipe::UNIT_SIDE;

/// How faces are measured.
#[derive(Clone, Debug)]
pub struct Way<'a> {
    /// Column of `list_attr_celeba.txt`.
    pub attribute: &'a str,
    /// Its value before the edit.
    pub from: bool,
    /// Who decides.
    pub judge: &'a Trained,
    /// How far faces are moved in the crop, in pixels at a size of 128; see [`moved`].
    pub shift: f64,
    /// Seed of the moves.
    pub seed: u64,
    /// Strips kept for the page, at most.
    pub strips: usize,
}

/// The judge's crop of a face, 3×S×S in \[-1, 1\].
#[must_use]
pub fn judged(picture: &Picture, face: &Face, plan: &Plan) -> Array3<f32> {
    let template = wider(&plan.template, UNIT_SIDE, plan.wider);
    let size = plan.size;
    match to_crop(&face.points, &template, UNIT_SIDE, size) {
        Some(to_crop) => {
            crop(&picture.view(), &to_crop, size, size).mapv(|value| 2.0 * value - 1.0)
        }
        None => Array3::zeros((3, size, size)),
    }
}

/// Crops of one size as one array.
#[must_use]
pub fn stacked(crops: &[Array3<f32>]) -> Array4<f32> {
    let views: Vec<_> = crops.iter().map(|crop| crop.view()).collect();
    ndarray::stack(Axis(0), &views).unwrap_or_default()
}

/// Edits every face and measures it. `each` hears of every face once it is edited: its place and the edited picture.
///
/// # Errors
/// The engine's, and a picture that cannot be read.
pub fn measure(
    name: &str,
    plugin: &mut Plugin,
    faces: &mut dyn Iterator<Item = Result<Face, Error>>,
    way: &Way<'_>,
    each: &mut dyn FnMut(&Face, &Edited) -> Result<(), Error>,
) -> Result<(Row, Strips), Error> {
    let (template, size) = plugin.frame()?;
    let mut tally = Tally::default();
    let mut strips = Strips::new();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for face in faces {
        let face = face?;
        let points = moved(&face, &template, size, way.shift, way.seed)
            .ok_or_else(|| pictures::fault(&face.name, "its points lie in one place"))?;
        let edited = plugin.edit(&face.picture, &points)?;
        tally.add(&face, &edited, size, way.attribute);
        before.push(judged(&face.picture, &face, &way.judge.plan));
        after.push(judged(&edited.picture, &face, &way.judge.plan));
        let mut strip = String::new();
        if strips.len() < way.strips {
            strip = format!(
                "{}/{}.jpg",
                pictures::safe(name),
                pictures::safe(&face.name)
            );
            let cuts = pictures::cuts(&face, &edited, size).into();
            strips.insert(strip.clone(), pictures::jpeg(&[cuts], &face.name)?);
        }
        tally.faces.push(FaceRow {
            name: face.name.clone(),
            code: code(edited.code).to_owned(),
            before: 0.0,
            after: 0.0,
            strip,
        });
        each(&face, &edited)?;
    }
    let wanted = |crops: &[Array3<f32>]| -> Vec<f64> {
        let has = way.judge.probabilities(&stacked(crops));
        has.into_iter()
            .map(|has| if way.from { 1.0 - has } else { has })
            .collect()
    };
    let (before, after) = (wanted(&before), wanted(&after));
    for (face, (before, after)) in tally.faces.iter_mut().zip(before.iter().zip(&after)) {
        (face.before, face.after) = (*before, *after);
    }
    let manifest = plugin.manifest();
    let mut row = Row {
        name: name.to_owned(),
        effect: format!("{} {}", manifest.id, manifest.version),
        weights: diat_manifest::hex(&manifest.weights.sha256),
        runtime: plugin.runtime(),
        accepted: Rate::of(after.iter().map(|score| *score > 0.5)),
        before: Rate::of(before.iter().map(|score| *score > 0.5)),
        same_person: None,
        means: tally.means(),
        truth: tally.truth(),
        bars: Vec::new(),
        faces: tally.faces,
    };
    row.bars = bars(&row);
    Ok((row, strips))
}

/// Sums over faces.
#[derive(Default)]
struct Tally {
    faces: Vec<FaceRow>,
    masked: Vec<f64>,
    changed: Vec<f64>,
    outside: Vec<f64>,
    to_input: Vec<f64>,
    seconds: Vec<f64>,
    network: Vec<f64>,
    overlap: Option<Overlap>,
    truths: Vec<[f64; 2]>,
    ssims: Vec<[f64; 2]>,
    untouched: Vec<bool>,
}

impl Tally {
    fn add(&mut self, face: &Face, edited: &Edited, size: usize, attribute: &str) {
        let cut = |picture: &Picture| crop(&picture.view(), &edited.to_crop, size, size);
        let (input, result) = (cut(&face.picture), cut(&edited.picture));
        self.to_input.push(psnr(&result.view(), &input.view()));
        self.seconds.push(edited.seconds);
        self.network.push(edited.network_seconds);
        if let Some(cells) = &edited.cells {
            self.masked
                .push(mean(cells.iter().map(|set| f64::from(u8::from(*set)))).unwrap_or(0.0));
        }
        let changes = Changes::new(&face.picture, &edited.picture);
        self.changed.push(changes.share(|_| true));
        let truth = face.truth.as_deref();
        self.outside.push(match truth {
            Some(truth) => {
                let kept = equal(&face.picture, truth);
                changes.share(|index| kept[index])
            }
            None => {
                let inside = region(&face.picture, &face.points, attribute);
                changes.share(|index| !changes.within(index, &inside))
            }
        });
        if let Some(truth) = truth {
            let truth = cut(truth);
            self.against(&input, &result, &truth, edited.cells.as_ref());
            self.untouched
                .push(changes.kept_where_nothing(&edited.weights));
        }
    }

    fn against(
        &mut self,
        input: &Array3<f32>,
        result: &Array3<f32>,
        truth: &Array3<f32>,
        cells: Option<&Array2<bool>>,
    ) {
        let truth = truth.view();
        self.truths
            .push([input, result].map(|seen| psnr(&seen.view(), &truth)));
        let [before, after] = [input, result].map(|seen| ssim(&seen.view(), &truth));
        self.ssims
            .extend(before.zip(after).map(|(before, after)| [before, after]));
        if let Some(cells) = cells {
            let changing = changing(&input.view(), &truth);
            self.overlap
                .get_or_insert_default()
                .add(&cells.view(), &changing.view());
        }
    }

    fn means(&self) -> Means {
        let of = |values: &[f64]| mean(values.iter().copied()).unwrap_or(0.0);
        Means {
            mask_ratio: mean(self.masked.iter().copied()),
            changed: of(&self.changed),
            outside: of(&self.outside),
            psnr_to_input: of(&self.to_input),
            seconds: of(&self.seconds),
            network_seconds: of(&self.network),
        }
    }

    fn truth(&self) -> Option<Truth> {
        let nth = |pairs: &[[f64; 2]], n: usize| mean(pairs.iter().map(|pair| pair[n]));
        Some(Truth {
            faces: self.truths.len(),
            psnr_unedited: nth(&self.truths, 0)?,
            psnr: nth(&self.truths, 1)?,
            ssim_unedited: nth(&self.ssims, 0),
            ssim: nth(&self.ssims, 1),
            mask: self.overlap,
            untouched: Rate::of(self.untouched.iter().copied()),
        })
    }
}

/// Which pixels of a picture an edit changed.
struct Changes {
    rect: Rect,
    visible: Vec<bool>,
    at_all: Vec<bool>,
}

impl Changes {
    fn new(before: &Picture, after: &Picture) -> Self {
        let least = (VISIBLE * 255.0) as u8;
        let pairs = || {
            before
                .bytes()
                .chunks_exact(4)
                .zip(after.bytes().chunks_exact(4))
        };
        let visible = |(a, b): (&[u8], &[u8])| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > least);
        Self {
            rect: before.rect(),
            visible: pairs().map(visible).collect(),
            at_all: pairs().map(|(a, b)| a != b).collect(),
        }
    }

    /// Share of the visibly changed among the pixels that count; 0 where none does.
    fn share(&self, counts: impl Fn(usize) -> bool) -> f64 {
        let counted = self
            .visible
            .iter()
            .enumerate()
            .filter(|(index, _)| counts(*index));
        Rate::of(counted.map(|(_, visible)| *visible)).share
    }

    fn within(&self, index: usize, rect: &Rect) -> bool {
        let width = self.rect.size().0.max(1);
        let x = i64::from(self.rect.x) + (index % width) as i64;
        let y = i64::from(self.rect.y) + (index / width) as i64;
        let (left, top) = (i64::from(rect.x), i64::from(rect.y));
        (left..rect.right()).contains(&x) && (top..rect.bottom()).contains(&y)
    }

    /// Whether every pixel with weight 0 kept its bytes.
    fn kept_where_nothing(&self, weights: &[f32]) -> bool {
        self.at_all.len() == weights.len()
            && self
                .at_all
                .iter()
                .zip(weights)
                .all(|(changed, weight)| *weight > 0.0 || !changed)
    }
}

fn equal(a: &Picture, b: &Picture) -> Vec<bool> {
    let pairs = a.bytes().chunks_exact(4).zip(b.bytes().chunks_exact(4));
    pairs.map(|(a, b)| a == b).collect()
}

fn code(code: Code) -> &'static str {
    match code {
        Code::Edited => "edited",
        Code::NothingToDo => "nothing-to-do",
        Code::TooSmall => "too-small",
        Code::Turned => "turned",
        Code::LowConfidence => "low-confidence",
        _ => "not-chosen",
    }
}
