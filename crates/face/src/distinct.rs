//! Each face once, in an order that does not depend on the detector's.

use crate::Face;
use crate::pose::{eye_distance, middle};
use std::cmp::Ordering;

/// Two faces are one if their middles (the means of their points) lie nearer to each other than this, in eye distances of
/// the larger. Found twice, a face's middle moves by less than a tenth; a detector's small boxes on an eye or a mouth lie
/// up to 0.75 from the middle of the face they belong to; two heads cannot come so near.
const SAME: f64 = 0.9;

/// Drops every face that has its place in common with a more confident one, and orders the rest by the size of their boxes, the
/// largest first (then by confidence, then from top to bottom and from left to right).
pub(crate) fn distinct(mut faces: Vec<Face>) -> Vec<Face> {
    faces.sort_by(|a, b| {
        let confidence = b.confidence.total_cmp(&a.confidence);
        confidence.then_with(|| by_size(a, b))
    });
    let mut kept: Vec<Face> = Vec::new();
    for face in faces {
        if kept.iter().all(|surer| !same(surer, &face)) {
            kept.push(face);
        }
    }
    kept.sort_by(by_size);
    kept
}

fn same(a: &Face, b: &Face) -> bool {
    let (p, q) = (middle(&a.points), middle(&b.points));
    let size = eye_distance(&a.points).max(eye_distance(&b.points));
    (p.x - q.x).hypot(p.y - q.y) <= SAME * size
}

fn by_size(a: &Face, b: &Face) -> Ordering {
    let area = |face: &Face| face.bounds[2] * face.bounds[3];
    area(b)
        .total_cmp(&area(a))
        .then(b.confidence.total_cmp(&a.confidence))
        .then(a.bounds[1].total_cmp(&b.bounds[1]))
        .then(a.bounds[0].total_cmp(&b.bounds[0]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_image::Point;

    fn face(x: f64, y: f64, side: f64, confidence: f64) -> Face {
        let unit = [
            (0.3, 0.35),
            (0.7, 0.35),
            (0.5, 0.55),
            (0.35, 0.75),
            (0.65, 0.75),
        ];
        Face {
            bounds: [x, y, side, side],
            points: unit.map(|(u, v)| Point {
                x: x + u * side,
                y: y + v * side,
            }),
            confidence,
        }
    }

    #[test]
    fn a_face_found_at_two_scales_is_one_face_and_the_surer_one_stays() {
        let sure = face(100.0, 100.0, 90.0, 0.99);
        let mut larger = sure.clone();
        larger.bounds = [90.0, 85.0, 120.0, 120.0];
        larger.points = larger.points.map(|p| Point {
            x: p.x + 4.0,
            y: p.y - 3.0,
        });
        larger.confidence = 0.8;
        for found in [
            vec![larger.clone(), sure.clone()],
            vec![sure.clone(), larger],
        ] {
            assert_eq!(distinct(found), std::slice::from_ref(&sure));
        }
    }

    #[test]
    fn an_eye_taken_for_a_face_goes_with_the_face_it_belongs_to() {
        let whole = face(0.0, 0.0, 100.0, 0.99);
        let eye = face(52.0, 22.0, 36.0, 0.7);
        assert_eq!(distinct(vec![eye, whole.clone()]), [whole]);
    }

    #[test]
    fn neighbours_and_a_face_on_a_shirt_stay_apart() {
        let faces = vec![
            face(0.0, 0.0, 100.0, 0.9),
            face(60.0, 0.0, 100.0, 0.8),
            face(30.0, 110.0, 30.0, 0.9),
        ];
        assert_eq!(distinct(faces).len(), 3);
    }

    #[test]
    fn the_largest_comes_first_whatever_the_order_they_were_found_in() {
        let ordered = [
            face(0.0, 0.0, 120.0, 0.6),
            face(200.0, 0.0, 80.0, 0.9),
            face(400.0, 0.0, 80.0, 0.7),
            face(600.0, 10.0, 40.0, 0.5),
            face(500.0, 20.0, 40.0, 0.5),
            face(700.0, 20.0, 40.0, 0.5),
        ];
        let mut shuffled = ordered.to_vec();
        for _ in 0..ordered.len() {
            shuffled.rotate_left(1);
            assert_eq!(distinct(shuffled.clone()), ordered);
        }
        shuffled.reverse();
        assert_eq!(distinct(shuffled), ordered);
    }
}
