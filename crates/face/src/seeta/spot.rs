//! Windows of the picture that may hold a face, and which of them are one.

use std::collections::BTreeMap;

/// A square of the picture's pixels; it may reach beyond the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) side: i64,
    /// How sure the last classifier was, and all those that were merged into this one.
    pub(super) score: f64,
}

impl Spot {
    /// Share of the union of two that lies in both.
    fn overlap(&self, other: &Self) -> f32 {
        let shared = |a: i64, b: i64| (a + self.side).min(b + other.side) - a.max(b);
        let (width, height) = (shared(self.x, other.x), shared(self.y, other.y));
        if width <= 0 || height <= 0 {
            return 0.0;
        }
        let both = (width * height) as f32;
        let area = |spot: &Self| (spot.side * spot.side) as f32;
        both / (area(self) + area(other) - both)
    }
}

/// Keeps, the surest first, every spot that no surer one overlaps by more than `allowed`; the others add their scores to
/// the surest that overlaps them. Of equally sure ones the first counts as surer.
pub(super) fn merge(mut spots: Vec<Spot>, allowed: f32) -> Vec<Spot> {
    spots.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Spot> = Vec::new();
    // Indices of those kept, by x.
    let mut columns: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for spot in spots {
        // What overlaps by a share of at least `allowed` is at most so much wider and begins at most so much before.
        let before = (spot.side as f32 / allowed) as i64 + 1;
        let near = columns.range(spot.x - before..=spot.x + spot.side);
        let surest = near
            .flat_map(|(_, kept)| kept)
            .copied()
            .filter(|index| kept[*index].overlap(&spot) > allowed)
            .min();
        match surest {
            Some(index) => kept[index].score += spot.score,
            None => {
                columns.entry(spot.x).or_default().push(kept.len());
                kept.push(spot);
            }
        }
    }
    kept
}
