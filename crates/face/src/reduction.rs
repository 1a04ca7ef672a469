//! How far a picture is shrunk before a detector sees it.

use diat_manifest::Detector;

/// Side of the narrowest box around a face, in eye distances.
const NARROWEST_FACE: f64 = 2.0;

/// No detector is shown more pixels: `rustface` adds up 8-bit pixels in 32-bit integers, and YuNet needs some 60 bytes of
/// memory for each.
pub(crate) const MOST_PIXELS: usize = i32::MAX as usize / 255;

/// The whole factor by which a picture of `width`×`height` pixels is shrunk: enough to bring it under the detector's largest
/// picture, but not so far that the smallest face that is wanted (by the distance of its eyes, in pixels of the picture)
/// falls below the smallest that the detector sees; yet always under [`MOST_PIXELS`].
pub(crate) fn factor(
    width: usize,
    height: usize,
    detector: &Detector,
    smallest_eye_distance: f64,
) -> usize {
    let needed = smallest_factor(width, height, detector.largest_picture as usize);
    let smallest = f64::from(detector.smallest_face.max(1));
    // Saturates at both ends; NaN becomes 0.
    let harmless = (NARROWEST_FACE * smallest_eye_distance / smallest) as usize;
    let unavoidable = smallest_factor(width, height, MOST_PIXELS);
    needed.min(harmless).max(unavoidable)
}

/// The smallest whole factor that brings a picture to at most `pixels` pixels.
fn smallest_factor(width: usize, height: usize, pixels: usize) -> usize {
    let shrunk = |k: usize| width.div_ceil(k).saturating_mul(height.div_ceil(k));
    let whole = width as f64 * height as f64;
    let mut factor = ((whole / pixels.max(1) as f64).sqrt() as usize).max(1);
    while shrunk(factor) > pixels.max(1) {
        factor += 1;
    }
    factor
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
        assert_eq!(factor(1000, 1000, &detector(1_000_000), 1e9), 1);
        assert_eq!(factor(1, 1, &detector(1), 1e9), 1);
    }

    #[test]
    fn a_larger_one_is_shrunk_until_it_fits_and_no_further() {
        assert_eq!(factor(1001, 1000, &detector(1_000_000), 1e9), 2);
        assert_eq!(factor(2000, 2000, &detector(1_000_000), 1e9), 2);
        assert_eq!(factor(2001, 2000, &detector(1_000_000), 1e9), 3);
        assert_eq!(factor(100, 1, &detector(1), 1e9), 100);
    }

    #[test]
    fn faces_that_are_wanted_stay_large_enough_to_be_seen() {
        // Eyes 60 pixels apart: a box of at least 120 pixels, of which the detector needs 40.
        assert_eq!(factor(2800, 2800, &detector(500_000), 60.0), 3);
        assert_eq!(factor(2800, 2800, &detector(500_000), 59.0), 2);
        assert_eq!(factor(2800, 2800, &detector(500_000), 16.0), 1);
        assert_eq!(factor(2800, 2800, &detector(500_000), f64::NAN), 1);
    }

    #[test]
    fn no_wish_for_small_faces_lets_a_picture_grow_without_bound() {
        assert_eq!(factor(6000, 4000, &detector(500_000), 16.0), 2);
        let k = factor(100_000, 100_000, &detector(500_000), 0.0);
        assert!(100_000_usize.div_ceil(k).pow(2) <= MOST_PIXELS);
    }
}
