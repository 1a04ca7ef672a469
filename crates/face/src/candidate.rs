//! A detector's proposals.

use diat_image::Points;

/// A box in which a detector sees a face.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Candidate {
    /// x, y, width, height.
    pub(crate) bounds: [f64; 4],
    /// On the detector's own scale; higher is surer.
    pub(crate) score: f64,
    /// The five points, from a detector that gives them.
    pub(crate) points: Option<Points>,
}

impl Candidate {
    /// From the pixels of a picture shrunk `factor` times to those of the picture, whose first pixel is at (`x`, `y`).
    pub(crate) fn enlarged(mut self, factor: f64, x: i32, y: i32) -> Self {
        let (x, y) = (f64::from(x), f64::from(y));
        let [left, top, width, height] = self.bounds.map(|v| v * factor);
        self.bounds = [left + x, top + y, width, height];
        for point in self.points.iter_mut().flatten() {
            point.x = point.x * factor + x;
            point.y = point.y * factor + y;
        }
        self
    }
}

/// Share of the union of two boxes that lies in both: 0 apart, 1 the same.
pub(crate) fn overlap(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    let width = (a[0] + a[2]).min(b[0] + b[2]) - a[0].max(b[0]);
    let height = (a[1] + a[3]).min(b[1] + b[3]) - a[1].max(b[1]);
    if width > 0.0 && height > 0.0 {
        let both = width * height;
        both / (a[2] * a[3] + b[2] * b[3] - both)
    } else {
        0.0
    }
}

/// Non-maximum suppression: of any two boxes that overlap by more than `allowed` the one with the higher score stays, of
/// equal scores the one that came first. What stays is in order of score.
pub(crate) fn suppress(mut candidates: Vec<Candidate>, allowed: f64) -> Vec<Candidate> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if kept
            .iter()
            .all(|better| overlap(&better.bounds, &candidate.bounds) <= allowed)
        {
            kept.push(candidate);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_image::Point;

    fn candidate(bounds: [f64; 4], score: f64) -> Candidate {
        Candidate {
            bounds,
            score,
            points: None,
        }
    }

    #[test]
    fn overlap_is_the_shared_part_of_the_union() {
        let a = [0.0, 0.0, 10.0, 10.0];
        assert_eq!(overlap(&a, &a), 1.0);
        assert_eq!(overlap(&a, &[5.0, 0.0, 10.0, 10.0]), 50.0 / 150.0);
        assert_eq!(overlap(&a, &[2.0, 2.0, 5.0, 5.0]), 0.25);
        assert_eq!(overlap(&a, &[10.0, 0.0, 10.0, 10.0]), 0.0);
        assert_eq!(overlap(&a, &[20.0, 20.0, 1.0, 1.0]), 0.0);
        assert_eq!(overlap(&a, &[0.0; 4]), 0.0);
    }

    #[test]
    fn the_best_of_overlapping_boxes_stays_and_so_do_those_apart() {
        let best = candidate([1.0, 1.0, 10.0, 10.0], 0.9);
        let apart = candidate([40.0, 0.0, 10.0, 10.0], 0.5);
        let kept = suppress(
            vec![
                candidate([0.0, 0.0, 10.0, 10.0], 0.7),
                apart.clone(),
                best.clone(),
                candidate([2.0, 2.0, 10.0, 10.0], 0.8),
            ],
            0.3,
        );
        assert_eq!(kept, [best, apart]);
    }

    #[test]
    fn a_box_that_only_a_suppressed_one_overlapped_stays() {
        let row = [0.0, 6.0, 12.0].map(|x| candidate([x, 0.0, 10.0, 10.0], 1.0 - x / 100.0));
        let kept = suppress(row.to_vec(), 0.2);
        assert_eq!(kept, [row[0].clone(), row[2].clone()]);
    }

    #[test]
    fn of_equal_scores_the_first_stays() {
        let first = candidate([0.0, 0.0, 10.0, 10.0], 0.5);
        let kept = suppress(
            vec![first.clone(), candidate([1.0, 0.0, 10.0, 10.0], 0.5)],
            0.3,
        );
        assert_eq!(kept, [first]);
    }

    #[test]
    fn boxes_and_points_return_to_the_picture_they_were_shrunk_from() {
        let seen = Candidate {
            bounds: [10.0, 20.0, 30.0, 40.0],
            score: 0.5,
            points: Some([Point { x: 1.5, y: 2.0 }; 5]),
        };
        let found = seen.enlarged(3.0, -7, 100);
        assert_eq!(found.bounds, [23.0, 160.0, 90.0, 120.0]);
        assert_eq!(found.points, Some([Point { x: -2.5, y: 106.0 }; 5]));
    }
}
