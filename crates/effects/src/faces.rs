//! Which faces there are, which of them may be edited, and which the host wants.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use diat_face::{Code, Face, Finder, Found, eye_distance, refusal};
use diat_image::{Points, Rect, View};
use diat_infer::{Device, Level};
use diat_manifest::{Catalogue, FaceNetworks, Limits};
use diat_places::Places;

use crate::job::{Choice, Values};
use crate::{Error, FaceReport};

/// Pictures whose faces are remembered: a slider's moves, and several effects on one picture.
const REMEMBERED: usize = 16;
/// Sides of the picture that the five points of a face may span: its middle may be all that the picture shows.
const LARGEST_FACE: f64 = 4.0;

/// A finder and the faces of the last pictures.
#[derive(Debug)]
pub(crate) struct Searcher {
    finder: Finder,
    found: Mutex<VecDeque<(Searched, Arc<Found>)>>,
}

/// What the answer of a search depends on, the finder aside: the picture and the smallest eye distance.
type Searched = (u128, u64);

impl Searcher {
    pub(crate) fn open(
        catalogue: &Catalogue,
        places: &Places,
        networks: &FaceNetworks,
        device: Device,
        threads: usize,
        log: &dyn Fn(Level, &str),
    ) -> Result<Self, Error> {
        let (detector, landmarks) = (networks.detector.as_deref(), networks.landmarks.as_deref());
        let finder = Finder::new(catalogue, detector, landmarks, places, device, threads, log)?;
        Ok(Self {
            finder,
            found: Mutex::default(),
        })
    }

    /// The faces of a picture, and whether they had to be looked for.
    pub(crate) fn search(
        &self,
        view: &View,
        fingerprint: u128,
        smallest_eye_distance: f64,
        cancel: &dyn Fn() -> bool,
    ) -> Result<(Arc<Found>, bool), Error> {
        let searched = (fingerprint, smallest_eye_distance.to_bits());
        if let Some(found) = self.recall(&searched) {
            return Ok((found, false));
        }
        let new = Arc::new(self.finder.find(view, smallest_eye_distance, cancel)?);
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.truncate(REMEMBERED - 1);
        found.push_front((searched, Arc::clone(&new)));
        Ok((new, true))
    }

    /// What was found before; it moves to the front of the list, whose back is forgotten first.
    fn recall(&self, searched: &Searched) -> Option<Arc<Found>> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let at = found.iter().position(|(known, _)| known == searched)?;
        let entry = found.remove(at)?;
        let faces = Arc::clone(&entry.1);
        found.push_front(entry);
        Some(faces)
    }
}

/// Faces whose points the host gave: it answers for them, so that no limit refuses them.
///
/// # Errors
/// Points that lie in one place, or are further apart than any face of this picture could be.
pub(crate) fn given(points: &[Points], picture: Rect) -> Result<Vec<FaceReport>, Error> {
    // A crop that shows far more than the picture would take time and memory without limit.
    let most = LARGEST_FACE * f64::from(picture.w.max(picture.h));
    let faces = points.iter().enumerate().map(|(index, points)| {
        let [_, _, w, h] = around(points);
        let size = w.max(h);
        if size > 0.0 && size <= most {
            return Ok(FaceReport::new(face(points), Code::Edited));
        }
        Err(Error::Argument(format!(
            "the points of face {index} are {size:.1} pixels apart; allowed: more than 0, and up to {most:.0} in this picture"
        )))
    });
    faces.collect()
}

fn face(points: &Points) -> Face {
    Face {
        bounds: around(points),
        points: *points,
        confidence: 1.0,
    }
}

/// The box around points: x, y, width, height.
fn around(points: &Points) -> [f64; 4] {
    let (xs, ys) = (points.map(|p| p.x), points.map(|p| p.y));
    let least = |values: &[f64; 5]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |values: &[f64; 5]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (x, y) = (least(&xs), least(&ys));
    [x, y, most(&xs) - x, most(&ys) - y]
}

/// Faces that were found, with the code of those that the limits refuse.
pub(crate) fn found(faces: &[Face], limits: &Limits) -> Vec<FaceReport> {
    let code = |face: &Face| refusal(face, limits).unwrap_or(Code::Edited);
    faces
        .iter()
        .map(|face| FaceReport::new(face.clone(), code(face)))
        .collect()
}

/// Of the faces that no limit refused, leaves those that the host wants.
pub(crate) fn choose(faces: &mut [FaceReport], values: &Values, picture: Rect) {
    let at = (
        f64::from(picture.x) + values.at_x * f64::from(picture.w),
        f64::from(picture.y) + values.at_y * f64::from(picture.h),
    );
    let merit = |face: &Face| match values.faces {
        Choice::All => None,
        Choice::Largest => Some(eye_distance(&face.points)),
        Choice::Nearest => {
            let mean = |value: fn(&diat_image::Point) -> f64| {
                face.points.iter().map(value).sum::<f64>() / face.points.len() as f64
            };
            Some(-(mean(|p| p.x) - at.0).hypot(mean(|p| p.y) - at.1))
        }
    };
    let mut best: Option<(usize, f64)> = None;
    for (index, face) in faces
        .iter()
        .enumerate()
        .filter(|(_, face)| face.code == Code::Edited)
    {
        let Some(merit) = merit(&face.face) else {
            return;
        };
        // Of equals the first, so that the choice is the same every time.
        if best.is_none_or(|(_, most)| merit > most) {
            best = Some((index, merit));
        }
    }
    for (index, face) in faces.iter_mut().enumerate() {
        if face.code == Code::Edited && best.is_some_and(|(chosen, _)| chosen != index) {
            face.code = Code::NotChosen;
        }
    }
}

#[cfg(test)]
mod tests {
    use diat_image::Point;

    use super::*;

    fn at(x: f64, y: f64, eyes: f64) -> Points {
        let point = |dx: f64, dy: f64| Point {
            x: x + dx * eyes,
            y: y + dy * eyes,
        };
        [
            point(-0.5, -0.4),
            point(0.5, -0.4),
            point(0.0, 0.0),
            point(-0.4, 0.4),
            point(0.4, 0.4),
        ]
    }

    fn codes(faces: Choice, at_x: f64) -> Vec<Code> {
        let three = [
            at(20.0, 50.0, 10.0),
            at(50.0, 50.0, 30.0),
            at(80.0, 50.0, 20.0),
        ];
        let mut three = given(&three, Rect::new(0, 0, 100, 100)).unwrap();
        three[1].code = Code::Turned;
        let values = Values {
            faces,
            at_x,
            ..Values::default()
        };
        choose(&mut three, &values, Rect::new(0, 0, 100, 100));
        three.iter().map(|face| face.code).collect()
    }

    #[test]
    fn the_choice_is_among_faces_that_nothing_refused() {
        use Code::{Edited, NotChosen, Turned};
        assert_eq!(codes(Choice::All, 0.5), [Edited, Turned, Edited]);
        assert_eq!(codes(Choice::Largest, 0.5), [NotChosen, Turned, Edited]);
        assert_eq!(codes(Choice::Nearest, 0.3), [Edited, Turned, NotChosen]);
        assert_eq!(codes(Choice::Nearest, 0.6), [NotChosen, Turned, Edited]);
    }

    #[test]
    fn points_in_one_place_and_points_beyond_any_face_are_the_hosts_mistake() {
        let picture = Rect::new(0, 0, 100, 50);
        let good = at(20.0, 20.0, 30.0);
        assert!(given(&[good, at(20.0, 20.0, 399.0)], picture).is_ok());
        for bad in [
            [good[0]; 5],
            at(20.0, 20.0, 401.0),
            at(20.0, 20.0, f64::MAX),
        ] {
            match given(&[good, bad], picture) {
                Err(Error::Argument(text)) => assert!(text.contains("face 1"), "{text}"),
                other => panic!("{other:?}"),
            }
        }
    }
}
