//! From faces to patches: judge, warp, network. What comes out depends on the picture, the faces, the device and the
//! manifest's own parameters, and on nothing else, so that an instance can keep it while a slider moves.

use std::time::Instant;

use diat_face::{Code, align, input_tensor, open_network};
use diat_image::{
    Grain, Pace, Patch, Point, Points, Similarity, View, crop_in_parallel, gate, window,
};
use diat_infer::{Device, Level, Network, Ran};
use diat_manifest::{Colour, Edit, Kind, Manifest, MaskMeaning, Template};
use ndarray::{Array2, Array3, Array4, ArrayD, ArrayView2, ArrayView3, Axis};

use crate::instance::threads;
use crate::judge::Judge;
use crate::{Engine, Error, FaceReport, Report};

/// What an answer depends on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    pub(crate) fingerprint: u128,
    /// With the code [`Code::Edited`]: those that are to be edited.
    pub(crate) faces: Vec<FaceReport>,
    pub(crate) device: Device,
    pub(crate) extra: Vec<f64>,
}

/// What the networks made of the faces.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The question's faces with what became of them.
    pub(crate) faces: Vec<FaceReport>,
    /// One for each edited face, in their order.
    pub(crate) patches: Vec<Patch>,
    /// What ran the network; none where it did not run.
    pub(crate) ran: Option<Ran>,
}

/// What is needed to answer.
pub(crate) struct Desk<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) manifest: &'a Manifest,
    pub(crate) threads: usize,
    pub(crate) log: &'a dyn Fn(Level, &str),
    pub(crate) view: View<'a>,
    pub(crate) report: &'a mut Report,
    /// Called between networks' runs, and while pixels are read; false cancels.
    pub(crate) go_on: &'a mut dyn FnMut(f32, &str) -> bool,
}

impl<'a> Desk<'a> {
    pub(crate) fn answer(&mut self, question: &Question) -> Result<Answer, Error> {
        let manifest = self.manifest;
        let edit = manifest
            .edit()
            .ok_or_else(|| Error::Internal(format!("{} is no effect", manifest.id)))?;
        let mut faces = question.faces.clone();
        let judge = self.judge(edit, question.device)?;
        if let Some(judge) = &judge {
            self.judge_before(judge, &mut faces)?;
        }
        if !faces.iter().any(|face| face.code == Code::Edited) {
            return Ok(Answer {
                faces,
                patches: Vec::new(),
                ran: None,
            });
        }
        let network = self.open(question.device)?;
        let patches = self.patches(edit, &network, &faces, &question.extra)?;
        if let Some(judge) = &judge {
            self.judge_after(judge, &mut faces, &patches)?;
        }
        Ok(Answer {
            faces,
            patches,
            ran: Some(network.ran()),
        })
    }

    fn judge(&mut self, edit: &Edit, device: Device) -> Result<Option<Judge<'a>>, Error> {
        let Some(names) = &edit.judge else {
            return Ok(None);
        };
        let start = Instant::now();
        let judge = Judge::open(
            self.engine,
            self.manifest,
            names,
            device,
            self.threads,
            self.log,
        )?;
        self.took("open", start);
        Ok(Some(judge))
    }

    fn judge_before(&mut self, judge: &Judge<'_>, faces: &mut [FaceReport]) -> Result<(), Error> {
        for face in faces.iter_mut().filter(|face| face.code == Code::Edited) {
            self.ask("judge", 0.0)?;
            let start = Instant::now();
            let mut go_on = || (self.go_on)(0.0, "judge");
            let score = judge.before(&self.view, face, &mut Pace::new(&mut go_on))?;
            self.took("judge", start);
            face.score_before = Some(score);
            if !judge.wants(score) {
                face.code = Code::NothingToDo;
            }
        }
        Ok(())
    }

    fn judge_after(
        &mut self,
        judge: &Judge<'_>,
        faces: &mut [FaceReport],
        patches: &[Patch],
    ) -> Result<(), Error> {
        let edited = faces.iter_mut().filter(|face| face.code == Code::Edited);
        for (face, patch) in edited.zip(patches) {
            self.ask("judge", 1.0)?;
            let start = Instant::now();
            let mut go_on = || (self.go_on)(1.0, "judge");
            let score = judge.after(&self.view, face, patch, self.threads, &mut go_on)?;
            face.score_after = Some(score);
            self.took("judge", start);
        }
        Ok(())
    }

    fn open(&mut self, device: Device) -> Result<std::sync::Arc<Network>, Error> {
        let start = Instant::now();
        let places = self.engine.places();
        let network = open_network(self.manifest, places, device, self.threads, self.log)?;
        self.took("open", start);
        Ok(network)
    }

    fn patches(
        &mut self,
        edit: &Edit,
        network: &Network,
        faces: &[FaceReport],
        extra: &[f64],
    ) -> Result<Vec<Patch>, Error> {
        let (width, height) = (edit.input.width, edit.input.height);
        let template = template(&edit.template);
        self.ask("warp", 0.0)?;
        let start = Instant::now();
        let mut crops = Vec::new();
        let mut go_on = || (self.go_on)(0.0, "warp");
        let mut pace = Pace::new(&mut go_on);
        for (index, face) in faces
            .iter()
            .enumerate()
            .filter(|(_, face)| face.code == Code::Edited)
        {
            let to_crop = align(&face.face.points, &template).ok_or_else(|| {
                Error::Argument(format!("the points of face {index} lie in one place"))
            })?;
            let threads = threads(self.threads);
            let crop = crop_in_parallel(&self.view, &to_crop, width, height, threads, &mut pace);
            crops.push((to_crop, crop.ok_or(Error::Cancelled)?));
        }
        self.took("warp", start);
        let window = window(width, height, edit.window);
        let with_grain = matches!(&self.manifest.kind, Kind::Effect(effect) if effect.grain);
        let mut patches = Vec::with_capacity(crops.len());
        for part in crops.chunks(network.ran().batch()) {
            self.ask("network", patches.len() as f32 / crops.len() as f32)?;
            let start = Instant::now();
            let outputs = run(network, edit, part, extra)?;
            self.took("network", start);
            let start = Instant::now();
            let from = patches.len();
            for (index, (to_crop, crop)) in part.iter().enumerate() {
                patches.push(patch(
                    self.manifest,
                    edit,
                    to_crop,
                    crop,
                    &outputs,
                    index,
                    &window,
                )?);
            }
            self.took("warp", start);
            if with_grain {
                let done = patches.len() as f32 / crops.len() as f32;
                self.measure_grain(&mut patches[from..], done)?;
            }
        }
        Ok(patches)
    }

    fn measure_grain(&mut self, patches: &mut [Patch], done: f32) -> Result<(), Error> {
        for patch in patches {
            self.ask("grain", done)?;
            let start = Instant::now();
            patch.grain = Grain::measure(&self.view, patch);
            self.took("grain", start);
        }
        Ok(())
    }

    fn took(&mut self, stage: &'static str, start: Instant) {
        self.report.took(stage, start.elapsed().as_secs_f64());
    }

    fn ask(&mut self, stage: &str, done: f32) -> Result<(), Error> {
        if (self.go_on)(done, stage) {
            Ok(())
        } else {
            Err(Error::Cancelled)
        }
    }
}

/// A manifest's template as points.
pub(crate) fn template(template: &Template) -> Points {
    template.map(|[x, y]| Point { x, y })
}

type Aligned = (Similarity, Array3<f32>);

fn run(
    network: &Network,
    edit: &Edit,
    part: &[Aligned],
    extra: &[f64],
) -> Result<Vec<ArrayD<f32>>, Error> {
    let crops: Vec<Array3<f32>> = part.iter().map(|(_, crop)| crop.clone()).collect();
    let image = input_tensor(&crops, edit.input.colour, edit.input.range).into_dyn();
    let scalars: Vec<ArrayD<f32>> = edit
        .parameters
        .iter()
        .enumerate()
        .map(|(index, parameter)| {
            let value = extra.get(index).copied().unwrap_or(parameter.default);
            Array4::from_elem((part.len(), 1, 1, 1), value as f32).into_dyn()
        })
        .collect();
    let mut inputs = vec![(edit.input.name.as_str(), image.view())];
    let names = edit
        .parameters
        .iter()
        .map(|parameter| parameter.input.as_str());
    inputs.extend(names.zip(scalars.iter().map(|value| value.view())));
    network.run(&inputs).map_err(|error| match error {
        diat_infer::Error::Input { .. } => Error::Internal(error.to_string()),
        _ => Error::Backend(error.to_string()),
    })
}

/// One face's part of the network's outputs, in the picture's terms.
fn patch(
    manifest: &Manifest,
    edit: &Edit,
    to_crop: &Similarity,
    crop: &Array3<f32>,
    outputs: &[ArrayD<f32>],
    index: usize,
    window: &Array2<f32>,
) -> Result<Patch, Error> {
    let wrong = |name: &str| {
        let file = manifest.file.display();
        Error::Model(format!(
            "{file}: output {name:?} has another shape than the crop"
        ))
    };
    let item = |output: usize| Some(outputs.get(output)?.index_axis(Axis(0), index));
    let transformed = item(0)
        .and_then(|item| item.into_dimensionality().ok())
        .filter(|item: &ArrayView3<f32>| item.dim() == crop.dim())
        .ok_or_else(|| wrong(&edit.transformed))?;
    let transformed = colours(transformed, edit.input.colour, edit.range);
    let (weight, gate) = match &manifest.kind {
        Kind::Effect(effect) => {
            let mask = item(1)
                .and_then(|item| item.index_axis_move(Axis(0), 0).into_dimensionality().ok())
                .filter(|mask: &ArrayView2<f32>| mask.dim() == window.dim())
                .ok_or_else(|| wrong(&effect.mask))?;
            let mask = mask.mapv(|m| match effect.meaning {
                MaskMeaning::Change => m.clamp(0.0, 1.0),
                MaskMeaning::Keep => 1.0 - m.clamp(0.0, 1.0),
            });
            let rules = &effect.gate;
            (
                mask * window,
                gate(&transformed, crop, rules.sigma, rules.a, rules.b),
            )
        }
        // Without a mask the window takes its place, and all detail is the network's.
        _ => (window.clone(), Array2::ones(window.dim())),
    };
    Ok(Patch {
        to_crop: *to_crop,
        crop: crop.clone(),
        transformed,
        weight,
        gate,
        grain: None,
    })
}

/// A network's picture, red first, with black at 0 and white at 1; what is beyond either is clamped, as in any picture.
fn colours(output: ArrayView3<f32>, order: Colour, [black, white]: [f64; 2]) -> Array3<f32> {
    let (low, span) = (black as f32, (white - black) as f32);
    let mut colours = output.mapv(|value| ((value - low) / span).clamp(0.0, 1.0));
    if order == Colour::Bgr {
        colours.invert_axis(Axis(0));
    }
    colours
}
