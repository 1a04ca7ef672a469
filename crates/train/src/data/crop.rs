//! From a picture to a network's frame, by the same code as the plug-in.

use super::{Error, dataset::Face};
use crate::recipe::{Network, Template};
use diat_face::align;
use diat_image::{Format, Layout, Picture, Point, Points, Rect, Similarity, crop};
use image::ImageReader;
use ndarray::Array3;
use std::path::Path;

/// How faces are cut: a template, and around it as much more as a shift can bring in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cutter {
    template: Points,
    size: usize,
    margin: usize,
}

/// A face in a network's frame and what lies around it, rounded to 8 bits as pictures are: a quarter of the memory of floats, and off by
/// at most 1/510 of the range.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Crop {
    /// Planes of red, green, blue; rows of `size` + 2·`margin`.
    pixels: Vec<u8>,
    /// In the frame, without the margin.
    pub(crate) points: Points,
    size: usize,
    margin: usize,
}

impl Cutter {
    /// For a recipe's networks and template; `margin` in pixels of the crop.
    pub fn new(network: &Network, template: &Template, margin: usize) -> Self {
        let points = template.at(network.size);
        Self {
            template: points.map(|[x, y]| Point { x, y }),
            size: network.size,
            margin,
        }
    }

    /// A face's frame in a picture as the plug-in gives it to the network, to the bit: 3×S×S, RGB in \[-1, 1\]. No margin.
    ///
    /// # Errors
    /// A picture that cannot be read, or points that coincide.
    pub fn exact(&self, face: &Face, path: &Path) -> Result<Array3<f32>, Error> {
        let to_crop = self.similarity(face, path)?;
        let picture = decode(path)?;
        let crop = crop(&picture.view(), &to_crop, self.size, self.size);
        Ok(crop.mapv_into(|value| 2.0 * value - 1.0))
    }

    pub(crate) fn cut(&self, face: &Face, path: &Path) -> Result<Crop, Error> {
        let to_crop = self.similarity(face, path)?;
        let picture = decode(path)?;
        let (margin, side) = (self.margin as f64, self.side());
        let wide = Similarity {
            tx: to_crop.tx + margin,
            ty: to_crop.ty + margin,
            ..to_crop
        };
        let pixels = crop(&picture.view(), &wide, side, side);
        Ok(Crop {
            pixels: pixels
                .iter()
                .map(|value| (value * 255.0 + 0.5) as u8)
                .collect(),
            points: face.points.map(|point| to_crop.apply(point)),
            size: self.size,
            margin: self.margin,
        })
    }

    fn side(&self) -> usize {
        self.size + 2 * self.margin
    }

    /// What a crop takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        3 * self.side() * self.side()
    }

    fn similarity(&self, face: &Face, path: &Path) -> Result<Similarity, Error> {
        align(&face.points, &self.template).ok_or_else(|| Error::Picture {
            path: path.to_owned(),
            why: "its five points coincide".to_owned(),
        })
    }
}

/// Which part of a crop, and whether mirrored.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Window {
    /// Pixels by which the part lies rightwards; at most the margin.
    pub(crate) dx: i32,
    /// Downwards.
    pub(crate) dy: i32,
    /// The part is mirrored.
    pub(crate) flip: bool,
}

impl Crop {
    /// 3×S×S, RGB in \[-1, 1\].
    pub(crate) fn part(&self, window: Window) -> Array3<f32> {
        let side = self.size + 2 * self.margin;
        let start = |shift: i32| {
            self.margin
                .saturating_add_signed(shift as isize)
                .min(2 * self.margin)
        };
        let (left, top) = (start(window.dx), start(window.dy));
        Array3::from_shape_fn((3, self.size, self.size), |(c, y, x)| {
            let x = if window.flip { self.size - 1 - x } else { x };
            let byte = self.pixels[(c * side + top + y) * side + left + x];
            f32::from(byte) * (2.0 / 255.0) - 1.0
        })
    }

    /// The face's points in that part, image-left first.
    pub(crate) fn points(&self, window: Window) -> Points {
        let points = self.points.map(|point| Point {
            x: point.x - f64::from(window.dx),
            y: point.y - f64::from(window.dy),
        });
        if !window.flip {
            return points;
        }
        let [a, b, c, d, e] = points.map(|point| Point {
            x: self.size as f64 - point.x,
            y: point.y,
        });
        [b, a, c, e, d]
    }
}

/// A picture as it is stored, RGBA of 8 bits: neither profiles nor orientations are heard, since lists give points in stored pixels.
///
/// # Errors
/// A file that is not there or is no picture.
pub fn decode(path: &Path) -> Result<Picture, Error> {
    let fault = |why: String| Error::Picture {
        path: path.to_owned(),
        why,
    };
    let picture = ImageReader::open(path)
        .and_then(ImageReader::with_guessed_format)
        .map_err(|error| fault(error.to_string()))?
        .decode()
        .map_err(|error| fault(error.to_string()))?
        .into_rgba8();
    let side = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let rect = Rect::new(0, 0, side(picture.width()), side(picture.height()));
    Picture::from_bytes(rect, Layout::srgb(Format::RgbaU8), picture.into_raw())
        .map_err(|error| fault(error.to_string()))
}

#[cfg(test)]
mod tests;
