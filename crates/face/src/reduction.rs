//! How much smaller than the picture a detector may see it.

use diat_manifest::Detector;

/// Side of a box around a face, in eye distances, as detectors lay it.
const BOX_SIDE: f64 = 2.5;

/// Pictures of no more pixels are shown to a detector as they are, whatever faces are wanted.
const ALWAYS_WHOLE: f64 = 1.5e6;

/// No detector is shown more pixels, whatever its manifest says: YuNet needs some 60 bytes of memory for each.
const MOST_PIXELS: f64 = 8.4e6;

/// By how much a picture of `width`×`height` pixels is to be shrunk, at least 1: enough to bring it under the detector's largest
/// picture; and further, if faces are only wanted from a `smallest_eye_distance` on (pixels of the picture) at which the
/// detector sees them in less.
pub(crate) fn reduction(
    width: usize,
    height: usize,
    detector: &Detector,
    smallest_eye_distance: f64,
) -> f64 {
    let pixels = width as f64 * height as f64;
    let until = |most: f64| (pixels / most.max(1.0)).sqrt();
    let needed = until(f64::from(detector.largest_picture).min(MOST_PIXELS));
    let harmless = BOX_SIDE * smallest_eye_distance / f64::from(detector.smallest_face.max(1));
    // NaN, which `max` passes over, asks for nothing.
    needed
        .max(harmless.max(1.0).min(until(ALWAYS_WHOLE)))
        .max(1.0)
}

/// The smallest whole factor that shrinks at least so far.
pub(crate) fn whole_factor(reduction: f64) -> usize {
    (reduction.ceil() as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_manifest::{BoxToCrop, Decoder};

    fn detector(largest_picture: u32) -> Detector {
        Detector {
            decoder: Decoder::Seeta,
            score: 2.0,
            smallest_face: 40,
            largest_picture,
            crop: BoxToCrop {
                scale: 1.0,
                down: 0.0,
            },
        }
    }

    #[test]
    fn a_picture_that_fits_is_not_shrunk() {
        assert_eq!(reduction(2000, 2000, &detector(4_000_000), 16.0), 1.0);
        assert_eq!(reduction(1, 1, &detector(1), 16.0), 1.0);
        assert_eq!(whole_factor(1.0), 1);
    }

    #[test]
    fn a_larger_one_is_shrunk_until_it_fits_and_no_further() {
        assert_eq!(reduction(6000, 4000, &detector(3_840_000), 16.0), 2.5);
        assert_eq!(reduction(2000, 2000, &detector(1_000_000), 16.0), 2.0);
        assert_eq!(whole_factor(2.0), 2);
        assert_eq!(whole_factor(2.001), 3);
    }

    #[test]
    fn faces_that_are_not_wanted_need_not_be_seen() {
        // Eyes 32 pixels apart: a box of 80 pixels, of which the detector needs 40.
        let whole = detector(100_000_000);
        assert_eq!(reduction(2800, 2800, &whole, 32.0), 2.0);
        assert_eq!(reduction(2800, 2800, &whole, 16.0), 1.0);
        assert_eq!(reduction(2800, 2800, &whole, 0.0), 1.0);
        assert_eq!(reduction(2800, 2800, &whole, f64::NAN), 1.0);
        // A small picture costs little, and all of it is looked at.
        assert_eq!(reduction(1000, 1000, &whole, 100.0), 1.0);
    }

    #[test]
    fn no_manifest_lets_a_picture_grow_without_bound() {
        let shrunk = reduction(100_000, 100_000, &detector(u32::MAX), 16.0);
        assert!((100_000.0 / shrunk).powi(2) <= MOST_PIXELS * 1.000_001);
    }
}
