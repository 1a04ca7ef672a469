//! Asks an attribute network about a face, before the edit and after it.

use std::sync::Arc;

use diat_face::{align, input_tensor, open_network};
use diat_image::{Pace, Patch, Picture, Point, Rect, Show, Similarity, View, composite, crop_at};
use diat_infer::{Device, Level, Network};
use diat_manifest::{JudgeUse, Kind, Manifest};

use crate::answer::template;
use crate::{Engine, Error, FaceReport};

/// The judge of an effect, open.
pub(crate) struct Judge<'a> {
    rules: &'a diat_manifest::Judge,
    range: [f64; 2],
    network: Arc<Network>,
}

impl<'a> Judge<'a> {
    pub(crate) fn open(
        engine: &'a Engine,
        effect: &Manifest,
        names: &JudgeUse,
        device: Device,
        threads: usize,
        log: &dyn Fn(Level, &str),
    ) -> Result<Self, Error> {
        let manifest = engine.judge(effect, &names.id)?;
        let Kind::Judge(rules) = &manifest.kind else {
            return Err(Error::Internal(format!("{} is no judge", manifest.id)));
        };
        Ok(Self {
            rules,
            range: names.range,
            network: open_network(manifest, engine.places(), device, threads, log)?,
        })
    }

    /// Whether a score leaves anything to do.
    pub(crate) fn wants(&self, score: f64) -> bool {
        (self.range[0]..=self.range[1]).contains(&score)
    }

    /// The score of a face of the picture, 0..1.
    pub(crate) fn before(
        &self,
        view: &View,
        face: &FaceReport,
        pace: &mut Pace,
    ) -> Result<f64, Error> {
        self.score(view, &self.to_crop(face)?, pace)
    }

    /// The score that the face would have once `patch` is laid over it at full strength.
    pub(crate) fn after(
        &self,
        view: &View,
        face: &FaceReport,
        patch: &Patch,
        threads: usize,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<f64, Error> {
        let to_crop = self.to_crop(face)?;
        let input = &self.rules.input;
        let seen = seen(&to_crop, input.width, input.height).intersection(&view.rect());
        if seen.is_empty() {
            return self.before(view, face, &mut Pace::new(go_on));
        }
        let mut edited = Picture::new(seen, view.layout())?;
        let mut pixels = edited.view_mut().in_space(view.space());
        pixels.copy_from(view, seen)?;
        let patches = std::slice::from_ref(patch);
        let done = composite(
            &mut pixels,
            seen,
            patches,
            1.0,
            Show::Result,
            threads,
            &mut |_| go_on(),
        );
        if done.cancelled {
            return Err(Error::Cancelled);
        }
        let edited = edited.view().in_space(view.space());
        self.score(&edited, &to_crop, &mut Pace::new(go_on))
    }

    fn to_crop(&self, face: &FaceReport) -> Result<Similarity, Error> {
        align(&face.face.points, &template(&self.rules.template))
            .ok_or_else(|| Error::Argument("a face's points lie in one place".into()))
    }

    fn score(&self, view: &View, to_crop: &Similarity, pace: &mut Pace) -> Result<f64, Error> {
        let input = &self.rules.input;
        let crop = crop_at(view, to_crop, input.width, input.height, pace);
        let crop = crop.ok_or(Error::Cancelled)?;
        let tensor = input_tensor(&[crop], input.colour, input.range).into_dyn();
        let outputs = self.network.run(&[(input.name.as_str(), tensor.view())]);
        let outputs = outputs.map_err(|error| Error::Backend(error.to_string()))?;
        let score = outputs.first().and_then(|scores| scores.first());
        score
            .map(|score| f64::from(*score))
            .ok_or_else(|| Error::Model("the judge gave no score".into()))
    }
}

/// The pixels of the picture that a crop is made of, with some to spare for the filter.
fn seen(to_crop: &Similarity, width: usize, height: usize) -> Rect {
    const SPARE: f64 = 4.0;
    let Some(back) = to_crop.inverse() else {
        return Rect::new(0, 0, 0, 0);
    };
    let (width, height) = (width as f64, height as f64);
    let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)]
        .map(|(x, y)| back.apply(Point { x, y }));
    // The filter reaches a few pixels of the picture, or of the crop where those are larger.
    let spare = SPARE * back.scale().max(1.0);
    let least = |value: fn(&Point) -> f64| {
        corners
            .iter()
            .map(value)
            .fold(f64::INFINITY, f64::min)
            .floor()
            - spare
    };
    let most = |value: fn(&Point) -> f64| {
        corners
            .iter()
            .map(value)
            .fold(f64::NEG_INFINITY, f64::max)
            .ceil()
            + spare
    };
    // `as` saturates; the intersection with the picture is all that is used.
    let (x, y) = (least(|p| p.x) as i32, least(|p| p.y) as i32);
    let w = (most(|p| p.x) - f64::from(x)) as i32;
    let h = (most(|p| p.y) - f64::from(y)) as i32;
    Rect::new(x, y, w, h)
}
