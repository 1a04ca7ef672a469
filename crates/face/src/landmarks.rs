//! The landmark network: five points and a confidence for each frame.

use crate::Error;
use crate::frame::Frame;
use crate::network::{input_tensor, network_error, open_network};
use diat_image::{Pace, Point, Points, View, crop_at};
use diat_infer::{Device, Level, Network};
use diat_manifest::{Landmarks, Manifest};
use diat_places::Places;
use ndarray::ArrayD;
use std::sync::Arc;

/// A landmark network that is ready to run.
pub(crate) struct Locator {
    manifest: Arc<Manifest>,
    rules: Landmarks,
    network: Arc<Network>,
}

/// What the network sees in one frame.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Located {
    /// In picture coordinates.
    pub(crate) points: Points,
    /// That this is a face, 0..1.
    pub(crate) confidence: f64,
}

impl Locator {
    /// Opens the network that `manifest` describes.
    pub(crate) fn open(
        manifest: &Arc<Manifest>,
        rules: &Landmarks,
        places: &Places,
        device: Device,
        threads: usize,
        log: &dyn Fn(Level, &str),
    ) -> Result<Self, Error> {
        Ok(Self {
            manifest: Arc::clone(manifest),
            rules: rules.clone(),
            network: open_network(manifest, places, device, threads, log)?,
        })
    }

    /// Its manifest's id.
    pub(crate) fn id(&self) -> &str {
        &self.manifest.id
    }

    /// Pixels across the network's square frame.
    pub(crate) fn side(&self) -> usize {
        self.rules.input.width
    }

    /// What it sees in each frame, one answer a frame. `cancel` is asked between the network's runs, and while pixels are read.
    pub(crate) fn locate(
        &self,
        view: &View,
        frames: &[Frame],
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<Located>, Error> {
        let mut go_on = || !cancel();
        let mut pace = Pace::new(&mut go_on);
        let mut located = Vec::with_capacity(frames.len());
        for part in frames.chunks(self.network.ran().batch()) {
            if cancel() {
                return Err(Error::Cancelled);
            }
            located.extend(self.look(view, part, &mut pace)?);
        }
        Ok(located)
    }

    /// One run.
    fn look(&self, view: &View, frames: &[Frame], pace: &mut Pace) -> Result<Vec<Located>, Error> {
        let input = &self.rules.input;
        let crops = frames
            .iter()
            .map(|frame| crop_at(view, &frame.to_frame, input.width, input.height, pace));
        let crops: Vec<_> = crops.collect::<Option<_>>().ok_or(Error::Cancelled)?;
        let tensor = input_tensor(&crops, input.colour, input.range);
        let outputs = self
            .network
            .run(&[(input.name.as_str(), tensor.view().into_dyn())])
            .map_err(|source| network_error(&self.manifest, source))?;
        let points = self.rows(&outputs, 0, frames.len(), 10)?;
        let confidences = self.rows(&outputs, 1, frames.len(), 1)?;
        let located = points.chunks_exact(10).zip(confidences).zip(frames);
        Ok(located
            .map(|((points, confidence), frame)| Located {
                points: decode(points, &self.rules, frame),
                confidence: f64::from(*confidence),
            })
            .collect())
    }

    fn rows<'a>(
        &self,
        outputs: &'a [ArrayD<f32>],
        position: usize,
        count: usize,
        width: usize,
    ) -> Result<&'a [f32], Error> {
        let output = outputs.get(position);
        let found = output.map_or(&[][..], |output| output.shape());
        match output.and_then(|output| output.as_slice()) {
            Some(values) if found == [count, width] => Ok(values),
            _ => Err(Error::Shape {
                file: self.manifest.file.clone(),
                name: self
                    .manifest
                    .output_names()
                    .get(position)
                    .cloned()
                    .unwrap_or_default(),
                found: found.to_vec(),
                wanted: vec![count, width],
            }),
        }
    }
}

/// From the network's ten numbers to points of the picture.
fn decode(numbers: &[f32], rules: &Landmarks, frame: &Frame) -> Points {
    let pixel = |i: usize| f64::from(numbers[i]) * rules.scale + rules.offset;
    [0, 1, 2, 3, 4].map(|i| {
        frame.to_picture.apply(Point {
            x: pixel(2 * i),
            y: pixel(2 * i + 1),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_image::Similarity;
    use diat_manifest::{Colour, Input};

    #[test]
    fn numbers_become_points_of_the_picture() {
        let rules = Landmarks {
            input: Input {
                name: "image".to_owned(),
                width: 96,
                height: 96,
                colour: Colour::Rgb,
                range: [-1.0, 1.0],
            },
            points: "points".to_owned(),
            confidence: "confidence".to_owned(),
            scale: 96.0,
            offset: 0.5,
        };
        // The frame shows 192 picture pixels from (100, 50), turned by a quarter: its x axis runs down the picture.
        let to_frame = Similarity {
            a: 0.0,
            b: -0.5,
            tx: -25.0,
            ty: 50.0,
        };
        let frame = Frame {
            to_frame,
            to_picture: to_frame.inverse().unwrap(),
        };
        let numbers = [0.25, 0.5, 0.75, 0.5, 0.5, 0.625, 0.25, 0.75, 0.75, 0.75];
        let points = decode(&numbers, &rules, &frame);
        for (point, xy) in points.iter().zip(numbers.chunks(2)) {
            let in_frame = to_frame.apply(*point);
            assert!((in_frame.x - (f64::from(xy[0]) * 96.0 + 0.5)).abs() < 1e-9);
            assert!((in_frame.y - (f64::from(xy[1]) * 96.0 + 0.5)).abs() < 1e-9);
        }
        assert_eq!(points[0], Point { x: 3.0, y: 99.0 });
    }
}
