//! YuNet, a detector network that a user can drop in.
//!
//! W. Wu, H. Peng, S. Yu: YuNet: a tiny millisecond-level face detector. Machine Intelligence Research 20 (2023).

use crate::Error;
use crate::candidate::{Candidate, suppress};
use crate::network::{input_tensor, network_error};
use diat_image::{Point, Points};
use diat_infer::Network;
use diat_manifest::{Manifest, Yunet};
use ndarray::{Array3, ArrayD, s};
use std::sync::Arc;

/// One stride's answers: one row a cell, cells row by row.
struct Cells<'a> {
    stride: u32,
    /// Cells across.
    across: usize,
    /// How sure it is that a face's centre lies in the cell, 0..1, by two measures.
    class: &'a [f32],
    object: &'a [f32],
    /// Centre relative to the cell's corner in strides, logarithm of width and height in strides.
    boxes: &'a [f32],
    /// x and y of the five points, relative to the cell's corner in strides.
    points: &'a [f32],
}

/// Boxes with faces in a picture of 3×H×W 8-bit values, red first, in its pixels.
pub(crate) fn propose(
    network: &Arc<Network>,
    manifest: &Manifest,
    yunet: &Yunet,
    score: f64,
    rgb: &Array3<u8>,
) -> Result<Vec<Candidate>, Error> {
    let largest = yunet.strides.iter().copied().max().unwrap_or(1).max(1) as usize;
    let (_, height, width) = rgb.dim();
    // Black to the right and below, as the network's authors do.
    let padded = (
        3,
        height.next_multiple_of(largest),
        width.next_multiple_of(largest),
    );
    let mut picture = Array3::<f32>::zeros(padded);
    picture
        .slice_mut(s![.., ..height, ..width])
        .zip_mut_with(rgb, |to, from| *to = f32::from(*from) / 255.0);
    let tensor = input_tensor(&[picture], yunet.colour, yunet.range);
    let outputs = network
        .run(&[(yunet.input.as_str(), tensor.view().into_dyn())])
        .map_err(|source| network_error(manifest, source))?;
    let mut candidates = Vec::new();
    for (index, stride) in yunet.strides.iter().enumerate() {
        let across = padded.2 / *stride as usize;
        let count = across * (padded.1 / *stride as usize);
        let n = yunet.strides.len();
        let output = |group: usize, width: usize| {
            let position = group * n + index;
            values(manifest, &outputs, position, count, width)
        };
        decode(
            &Cells {
                stride: *stride,
                across,
                class: output(0, 1)?,
                object: output(1, 1)?,
                boxes: output(2, 4)?,
                points: output(3, 10)?,
            },
            score,
            &mut candidates,
        );
    }
    Ok(suppress(candidates, yunet.overlap))
}

/// The numbers of one output, which must be 1×`count`×`width`.
fn values<'a>(
    manifest: &Manifest,
    outputs: &'a [ArrayD<f32>],
    position: usize,
    count: usize,
    width: usize,
) -> Result<&'a [f32], Error> {
    let output = outputs.get(position);
    let found = output.map_or(&[][..], |output| output.shape());
    let wanted = [1, count, width];
    match output.and_then(|output| output.as_slice()) {
        Some(values) if found == wanted => Ok(values),
        _ => Err(Error::Shape {
            file: manifest.file.clone(),
            name: manifest
                .output_names()
                .get(position)
                .cloned()
                .unwrap_or_default(),
            found: found.to_vec(),
            wanted: wanted.to_vec(),
        }),
    }
}

/// Adds the boxes of one stride that score at least `score`.
fn decode(cells: &Cells, score: f64, candidates: &mut Vec<Candidate>) {
    let stride = f64::from(cells.stride);
    let measures = cells.class.iter().zip(cells.object);
    let places = cells
        .boxes
        .chunks_exact(4)
        .zip(cells.points.chunks_exact(10));
    for (cell, ((class, object), (place, points))) in measures.zip(places).enumerate() {
        let share = |v: f32| f64::from(v).clamp(0.0, 1.0);
        let found = (share(*class) * share(*object)).sqrt();
        if found < score {
            continue;
        }
        let column = (cell % cells.across) as f64;
        let row = (cell / cells.across) as f64;
        let place: Vec<f64> = place.iter().map(|v| f64::from(*v)).collect();
        let &[x, y, log_width, log_height] = place.as_slice() else {
            continue;
        };
        let (width, height) = (log_width.exp() * stride, log_height.exp() * stride);
        let bounds = [
            (column + x) * stride - width / 2.0,
            (row + y) * stride - height / 2.0,
            width,
            height,
        ];
        let at = |i: usize| Point {
            x: (column + points.get(2 * i).copied().map_or(0.0, f64::from)) * stride,
            y: (row + points.get(2 * i + 1).copied().map_or(0.0, f64::from)) * stride,
        };
        let points: Points = [at(0), at(1), at(2), at(3), at(4)];
        let numbers = bounds
            .iter()
            .copied()
            .chain(points.iter().flat_map(|p| [p.x, p.y]));
        if numbers.into_iter().all(f64::is_finite) {
            candidates.push(Candidate {
                bounds,
                score: found,
                points: Some(points),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows of three cells at stride 16, with a face in the last cell of the second row.
    fn decoded(score: f64, log_width: f32) -> Vec<Candidate> {
        let mut class = [0.01; 6];
        let mut object = [0.01; 6];
        let mut boxes = [0.0; 24];
        let mut points = [0.0; 60];
        class[5] = 0.5;
        object[5] = 0.5;
        boxes[20..].copy_from_slice(&[0.25, 0.5, log_width, 4.0_f32.ln()]);
        points[50..].copy_from_slice(&[-0.5, -0.25, 0.5, -0.25, 0.0, 0.25, -0.5, 0.75, 0.5, 0.75]);
        let mut found = Vec::new();
        let cells = Cells {
            stride: 16,
            across: 3,
            class: &class,
            object: &object,
            boxes: &boxes,
            points: &points,
        };
        decode(&cells, score, &mut found);
        found
    }

    #[test]
    fn a_cell_becomes_a_box_with_points() {
        let found = decoded(0.3, 2.0_f32.ln());
        assert_eq!(found.len(), 1);
        let face = &found[0];
        assert_eq!(face.score, 0.5);
        // Centre (2.25, 1.5) strides, 2×4 strides large.
        let expected = [2.25 * 16.0 - 16.0, 1.5 * 16.0 - 32.0, 32.0, 64.0];
        for (found, expected) in face.bounds.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
        }
        let points = face.points.unwrap();
        assert_eq!(points[0], Point { x: 24.0, y: 12.0 });
        assert_eq!(points[4], Point { x: 40.0, y: 28.0 });
    }

    #[test]
    fn cells_below_the_score_are_passed_over() {
        assert_eq!(decoded(0.5, 0.0).len(), 1);
        assert_eq!(decoded(0.51, 0.0).len(), 0);
    }

    #[test]
    fn a_box_without_bounds_is_no_box() {
        assert_eq!(decoded(0.3, f32::INFINITY).len(), 0);
    }
}
