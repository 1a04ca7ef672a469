//! An effect as the plug-in runs it: the engine at the picture's own resolution, from a resource folder's two files.

use std::path::Path;
use std::sync::Arc;

use diat_effects::{Code, Engine, Instance, Job, Source, Values};
use diat_image::{Alpha, Format, Layout, Picture, Points, Show, Similarity, Transfer, crop};
use diat_infer::{Device, Golden, Level, Network};
use diat_manifest::{Edit, Kind, Manifest, MaskMeaning};
use diat_places::Places;
use ndarray::{Array2, Array3, Axis};

use super::Error;
use super::cells::CELL;

/// One effect, open.
pub struct Plugin {
    manifest: Arc<Manifest>,
    instance: Instance,
    network: Arc<Network>,
}

/// One face, edited.
pub struct Edited {
    /// The edited picture, as large as the input.
    pub picture: Picture,
    /// m at every pixel of the picture, row by row, 0..1.
    pub weights: Vec<f32>,
    /// The cells of the network's map, size/4 square; none without a mask.
    pub cells: Option<Array2<bool>>,
    /// What the engine did.
    pub code: Code,
    /// From picture coordinates to the effect's crop.
    pub to_crop: Similarity,
    /// Seconds of warp, network and composite.
    pub seconds: f64,
    /// Of these, the network's.
    pub network_seconds: f64,
}

/// Stages of a render that belong to every face, whether its picture is known or not.
const STAGES: [&str; 5] = ["warp", "network", "grain", "composite", "judge"];

impl Plugin {
    /// The effect `id` of a resource folder, or its only effect.
    ///
    /// # Errors
    /// No such effect, several and no `id`, or a network that does not open.
    pub fn open(folder: &Path, id: Option<&str>, places: &Places) -> Result<Self, Error> {
        let engine = Arc::new(Engine::new(places.clone(), &[folder.to_owned()], None));
        let manifest = chosen(&engine, folder, id)?;
        let quiet = |_: Level, _: &str| {};
        let instance = Instance::open(&engine, &manifest.id, 0, Arc::new(quiet))?;
        let network = diat_face::open_network(&manifest, places, Device::Auto, 0, &quiet)
            .map_err(diat_effects::Error::from)?;
        Ok(Self {
            manifest,
            instance,
            network,
        })
    }

    /// Its manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What runs its network, and where.
    pub fn runtime(&self) -> String {
        let ran = self.network.ran();
        format!("{} · {}", ran.runtime, ran.device)
    }

    fn edit_rules(&self) -> Result<&Edit, Error> {
        let none = || Error::Asked(format!("{} is no effect", self.manifest.id));
        self.manifest.edit().ok_or_else(none)
    }

    /// Where the five points lie in its crop, and the crop's side.
    ///
    /// # Errors
    /// [`Error::Asked`] if the crop is no square.
    pub fn frame(&self) -> Result<(diat_manifest::Template, usize), Error> {
        let edit = self.edit_rules()?;
        let (width, height) = (edit.input.width, edit.input.height);
        if width != height {
            let id = &self.manifest.id;
            return Err(Error::Asked(format!(
                "{id}: the crop is {width}×{height}; only square crops are measured"
            )));
        }
        Ok((edit.template, width))
    }

    /// Edits the face with these points, at full strength.
    ///
    /// # Errors
    /// The engine's.
    pub fn edit(&mut self, picture: &Picture, points: &Points) -> Result<Edited, Error> {
        let (template, size) = self.frame()?;
        let at = template.map(|[x, y]| diat_image::Point { x, y });
        let to_crop = diat_face::align(points, &at)
            .ok_or_else(|| Error::Asked("a face's points lie in one place".into()))?;
        self.instance.set_points(Some(vec![*points]));
        let edited = self.render(picture, Show::Result)?;
        let report = self.instance.report();
        let code = report
            .faces
            .first()
            .map_or(Code::NotChosen, |face| face.code);
        let stage = |wanted: &str| {
            let found = report.stages.iter().find(|(name, _)| *name == wanted);
            found.map_or(0.0, |(_, seconds)| *seconds)
        };
        let (seconds, network_seconds) = (STAGES.map(stage).iter().sum(), stage("network"));
        // As floats, so that no weight is rounded to 0.
        let weights = self.render(&floats(picture)?, Show::Mask)?;
        let weights = reds(&weights);
        let seen = crop(&picture.view(), &to_crop, size, size);
        Ok(Edited {
            picture: edited,
            weights,
            cells: self.cells(seen)?,
            code,
            to_crop,
            seconds,
            network_seconds,
        })
    }

    fn render(&mut self, picture: &Picture, show: Show) -> Result<Picture, Error> {
        let mut output =
            Picture::new(picture.rect(), picture.layout()).map_err(diat_effects::Error::from)?;
        let values = Values {
            show,
            ..Values::default()
        };
        let job = Job {
            input: Source::Separate(picture.view()),
            roi: picture.rect(),
            output: output.view_mut(),
            values: &values,
        };
        self.instance.render(job, &mut |_, _| true)?;
        Ok(output)
    }

    /// What the network itself gives for a crop, 3×H×W in 0..1: the transformed crop in 0..1.
    ///
    /// # Errors
    /// The network cannot be run, or gives another shape.
    pub fn transformed(&self, seen: Array3<f32>) -> Result<Array3<f32>, Error> {
        let edit = self.edit_rules()?;
        let [black, white] = edit.range.map(|value| value as f32);
        let mut outputs = self.outputs(edit, seen)?;
        let transformed = (!outputs.is_empty()).then(|| outputs.remove(0));
        let transformed =
            transformed.and_then(|output| output.into_dimensionality::<ndarray::Ix4>().ok());
        let mut transformed = transformed
            .map(|output| output.index_axis_move(Axis(0), 0))
            .ok_or_else(|| self.wrong())?;
        if edit.input.colour == diat_manifest::Colour::Bgr {
            transformed.invert_axis(Axis(0));
        }
        Ok(transformed.mapv(|value| ((value - black) / (white - black)).clamp(0.0, 1.0)))
    }

    fn outputs(&self, edit: &Edit, seen: Array3<f32>) -> Result<Vec<ndarray::ArrayD<f32>>, Error> {
        let image =
            diat_face::input_tensor(&[seen], edit.input.colour, edit.input.range).into_dyn();
        let scalar = |value: f64| ndarray::Array4::from_elem((1, 1, 1, 1), value as f32).into_dyn();
        let scalars: Vec<_> = edit
            .parameters
            .iter()
            .map(|own| (own, scalar(own.default)))
            .collect();
        let mut inputs = vec![(edit.input.name.as_str(), image.view())];
        inputs.extend(
            scalars
                .iter()
                .map(|(own, value)| (own.input.as_str(), value.view())),
        );
        let outputs = self.network.run(&inputs);
        Ok(outputs.map_err(|error| diat_effects::Error::Backend(error.to_string()))?)
    }

    /// The map of the network for its crop: cells whose centre in the mask is above 0.5, as in a golden vector.
    fn cells(&self, seen: Array3<f32>) -> Result<Option<Array2<bool>>, Error> {
        let Kind::Effect(effect) = &self.manifest.kind else {
            return Ok(None);
        };
        let (_, height, width) = seen.dim();
        let outputs = self.outputs(&effect.edit, seen)?;
        let mask = outputs.get(1).ok_or_else(|| self.wrong())?;
        let name = effect.mask.as_str();
        let (_, bytes) = Golden::measure(&[(name, mask.view())], Some(name))
            .map
            .ok_or_else(|| self.wrong())?;
        let (rows, columns) = (height / CELL, width / CELL);
        let keeps = effect.meaning == MaskMeaning::Keep;
        let set = |index: usize| {
            let byte = bytes.get(index / 8).copied().unwrap_or(0);
            (byte >> (7 - index % 8) & 1 == 1) != keeps
        };
        Ok(Some(Array2::from_shape_fn((rows, columns), |(y, x)| {
            set(y * columns + x)
        })))
    }

    fn wrong(&self) -> Error {
        let file = self.manifest.file.display();
        Error::Asked(format!(
            "{file}: the network's outputs are not what the manifest says"
        ))
    }
}

fn chosen(engine: &Engine, folder: &Path, id: Option<&str>) -> Result<Arc<Manifest>, Error> {
    // The catalogue has absolute paths without links.
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let here: Vec<&Arc<Manifest>> = engine
        .catalogue()
        .manifests
        .iter()
        .filter(|manifest| manifest.edit().is_some() && manifest.file.starts_with(&real))
        .collect();
    let found = match id {
        Some(id) => here.iter().find(|manifest| manifest.id == id),
        None if here.len() == 1 => here.first(),
        None => None,
    };
    found.map(|manifest| Arc::clone(manifest)).ok_or_else(|| {
        let ids: Vec<&str> = here.iter().map(|manifest| manifest.id.as_str()).collect();
        let wanted = id.map_or("one effect".into(), |id| format!("the effect {id:?}"));
        let faults: Vec<String> = engine
            .catalogue()
            .faults
            .iter()
            .map(ToString::to_string)
            .collect();
        Error::Asked(format!(
            "{}: {wanted} is wanted; its manifests/ folder has: {}; name one as FOLDER:ID{}{}",
            folder.display(),
            if ids.is_empty() {
                "none".to_owned()
            } else {
                ids.join(", ")
            },
            if faults.is_empty() {
                ""
            } else {
                "; cannot be used: "
            },
            faults.join("; ")
        ))
    })
}

/// The same picture as floats.
fn floats(picture: &Picture) -> Result<Picture, Error> {
    let layout = Layout {
        format: Format::RgbaF32,
        alpha: Alpha::Straight,
        transfer: Transfer::Srgb,
    };
    let bytes = picture
        .bytes()
        .iter()
        .flat_map(|byte| (f32::from(*byte) / 255.0).to_ne_bytes())
        .collect();
    Ok(Picture::from_bytes(picture.rect(), layout, bytes).map_err(diat_effects::Error::from)?)
}

fn reds(picture: &Picture) -> Vec<f32> {
    let pixels = picture.bytes().chunks_exact(16);
    pixels
        .map(|pixel| f32::from_ne_bytes([pixel[0], pixel[1], pixel[2], pixel[3]]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Plugin;
    use diat_places::Places;
    use std::path::Path;

    /// Tests run in the crate's folder, two under the checkout with its `manifests/`.
    #[test]
    fn a_folder_may_be_named_from_where_one_is() {
        let nobody = tempfile::tempdir().unwrap();
        let places = Places::with_data_dir(nobody.path().to_owned());
        let plugin = Plugin::open(Path::new("../.."), Some("eyeglasses-off"), &places).unwrap();
        assert_eq!(plugin.manifest().id, "eyeglasses-off");
    }
}
