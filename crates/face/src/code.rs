//! What became of a face.

use crate::Face;
use crate::pose::{eye_distance, yaw_degrees};
use diat_manifest::Limits;

/// What became of a face; the numbers are the ABI's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum Code {
    /// Edited.
    Edited = 0,
    /// The judge sees nothing to do.
    NothingToDo = 1,
    /// The eyes are too near to each other.
    TooSmall = 2,
    /// Turned too far to the side.
    Turned = 3,
    /// The landmark network is not sure that this is a face.
    LowConfidence = 4,
    /// The parameter `faces` chose others.
    NotChosen = 5,
}

/// Why a face must be left alone, if it must. Confidence comes first: of points that are no face's, neither size nor turn
/// mean anything.
pub fn refusal(face: &Face, limits: &Limits) -> Option<Code> {
    // Written so that NaN, which no comparison accepts, is refused.
    let sure = face.confidence >= limits.lowest_confidence;
    let large = eye_distance(&face.points) >= limits.smallest_eye_distance;
    let frontal = yaw_degrees(&face.points).abs() <= limits.largest_yaw;
    match (sure, large, frontal) {
        (false, _, _) => Some(Code::LowConfidence),
        (_, false, _) => Some(Code::TooSmall),
        (_, _, false) => Some(Code::Turned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_image::Point;

    const LIMITS: Limits = Limits {
        smallest_eye_distance: 16.0,
        largest_yaw: 45.0,
        lowest_confidence: 0.5,
    };

    fn face(eyes: f64, nose: f64, confidence: f64) -> Face {
        let at = |x: f64, y: f64| Point { x, y };
        Face {
            bounds: [0.0, 0.0, 100.0, 100.0],
            points: [
                at(50.0 - eyes / 2.0, 40.0),
                at(50.0 + eyes / 2.0, 40.0),
                at(50.0 + nose, 60.0),
                at(42.0, 75.0),
                at(58.0, 75.0),
            ],
            confidence,
        }
    }

    #[test]
    fn a_face_at_the_limits_is_accepted() {
        assert_eq!(refusal(&face(16.0, 0.0, 0.5), &LIMITS), None);
    }

    #[test]
    fn each_limit_has_its_code() {
        let cases = [
            (face(15.9, 0.0, 0.9), Code::TooSmall),
            (face(20.0, 14.0, 0.9), Code::Turned),
            (face(20.0, -14.0, 0.9), Code::Turned),
            (face(20.0, 0.0, 0.49), Code::LowConfidence),
        ];
        for (face, code) in cases {
            assert_eq!(refusal(&face, &LIMITS), Some(code), "{face:?}");
        }
    }

    #[test]
    fn confidence_comes_before_size_and_size_before_turn() {
        assert_eq!(
            refusal(&face(4.0, 9.0, 0.1), &LIMITS),
            Some(Code::LowConfidence)
        );
        assert_eq!(refusal(&face(4.0, 9.0, 0.9), &LIMITS), Some(Code::TooSmall));
    }

    #[test]
    fn a_face_that_is_no_number_is_refused() {
        assert!(refusal(&face(20.0, 0.0, f64::NAN), &LIMITS).is_some());
        assert!(refusal(&face(f64::NAN, 0.0, 0.9), &LIMITS).is_some());
        assert!(refusal(&face(20.0, f64::NAN, 0.9), &LIMITS).is_some());
    }

    #[test]
    fn the_numbers_are_those_of_the_abi() {
        let codes = [
            Code::Edited,
            Code::NothingToDo,
            Code::TooSmall,
            Code::Turned,
            Code::LowConfidence,
            Code::NotChosen,
        ];
        assert_eq!(codes.map(|code| code as u32), [0, 1, 2, 3, 4, 5]);
    }
}
