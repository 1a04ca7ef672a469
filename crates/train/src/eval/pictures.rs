//! Pictures for people and for other programs.

use std::fs;
use std::path::Path;

use diat_image::{Picture, Similarity, crop};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use ndarray::Array3;

use super::Error;
use super::faces::Face;
use super::plugin::Edited;

/// Side of each of a strip's three pictures.
const SIDE: usize = 192;
/// JPEG quality of strips.
const QUALITY: u8 = 88;

/// Before, after and mask, cut out at the effect's crop of `size` pixels: each 3×192×192 in 0..1.
#[must_use]
pub fn cuts(face: &Face, edited: &Edited, size: usize) -> [Array3<f32>; 3] {
    let scale = SIDE as f64 / size as f64;
    let Similarity { a, b, tx, ty } = edited.to_crop;
    let larger = Similarity {
        a: a * scale,
        b: b * scale,
        tx: tx * scale,
        ty: ty * scale,
    };
    let cut = |picture: &Picture| crop(&picture.view(), &larger, SIDE, SIDE);
    let mask = weights(&edited.picture, &edited.weights);
    let mask = mask.map_or_else(|| Array3::zeros((3, SIDE, SIDE)), |mask| cut(&mask));
    [cut(&face.picture), cut(&edited.picture), mask]
}

/// Pictures of one size (3×H×W in 0..1) in rows of equal length, as JPEG.
///
/// # Errors
/// The picture cannot be encoded.
pub fn jpeg(rows: &[Vec<Array3<f32>>], name: &str) -> Result<Vec<u8>, Error> {
    let first = rows.first().and_then(|row| row.first());
    let (_, height, width) = first.map_or((3, 0, 0), Array3::dim);
    let mut bytes = Vec::new();
    for (row, y) in rows
        .iter()
        .flat_map(|row| (0..height).map(move |y| (row, y)))
    {
        for (picture, x) in row
            .iter()
            .flat_map(|picture| (0..width).map(move |x| (picture, x)))
        {
            bytes.extend([0, 1, 2].map(|c| level(picture[[c, y, x]])));
        }
    }
    let across = width * rows.first().map_or(0, Vec::len);
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, QUALITY)
        .write_image(
            &bytes,
            across as u32,
            (height * rows.len()) as u32,
            ExtendedColorType::Rgb8,
        )
        .map_err(|error| fault(name, &error.to_string()))?;
    Ok(file)
}

fn level(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}

/// Weights as a grey picture of the size of `like`.
fn weights(like: &Picture, weights: &[f32]) -> Option<Picture> {
    let grey = |weight: &f32| {
        let level = level(*weight);
        [level, level, level, 255]
    };
    let bytes = weights.iter().flat_map(grey).collect();
    Picture::from_bytes(like.rect(), like.layout(), bytes).ok()
}

/// Writes a picture as PNG.
///
/// # Errors
/// It cannot be written.
pub fn save(path: &Path, picture: &Picture) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::file(folder))?;
    }
    let (width, height) = picture.rect().size();
    let mut file = Vec::new();
    PngEncoder::new(&mut file)
        .write_image(
            picture.bytes(),
            width as u32,
            height as u32,
            ExtendedColorType::Rgba8,
        )
        .map_err(|error| fault(&path.display().to_string(), &error.to_string()))?;
    fs::write(path, file).map_err(Error::file(path))
}

/// A name as part of a path: what is neither letter, digit, dot nor hyphen becomes a hyphen.
#[must_use]
pub fn safe(name: &str) -> String {
    let keep = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    name.chars()
        .map(|letter| if keep(letter) { letter } else { '-' })
        .collect()
}

/// What is wrong with a picture.
pub(crate) fn fault(name: &str, reason: &str) -> Error {
    Error::Picture {
        name: name.to_owned(),
        reason: reason.to_owned(),
    }
}
