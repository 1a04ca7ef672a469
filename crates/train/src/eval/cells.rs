//! The mask against what truly changes, on the map of size/4 that M makes.

use ndarray::{Array2, ArrayView2, ArrayView3, Axis};
use serde::{Deserialize, Serialize};

/// Side of a cell in pixels of the crop.
pub const CELL: usize = 4;

/// A pixel changes visibly where one of its colours, 0..1, moves by more than this.
pub const VISIBLE: f32 = 8.0 / 255.0;

/// Pixels of two pictures (3×H×W, RGB in 0..1, of one shape) that differ visibly.
pub fn differing(a: &ArrayView3<f32>, b: &ArrayView3<f32>) -> Array2<bool> {
    let (_, height, width) = a.dim();
    let mut differs = Array2::from_elem((height, width), false);
    for (a, b) in a.axis_iter(Axis(0)).zip(b.axis_iter(Axis(0))) {
        ndarray::Zip::from(&mut differs)
            .and(a)
            .and(b)
            .for_each(|differs, a, b| *differs |= (a - b).abs() > VISIBLE);
    }
    differs
}

/// The cells that truly change: a pixel in them differs visibly from the counterfactual.
pub fn changing(source: &ArrayView3<f32>, truth: &ArrayView3<f32>) -> Array2<bool> {
    let differs = differing(source, truth);
    let (height, width) = differs.dim();
    Array2::from_shape_fn((height / CELL, width / CELL), |(y, x)| {
        let (top, left) = (y * CELL, x * CELL);
        differs
            .slice(ndarray::s![top..top + CELL, left..left + CELL])
            .iter()
            .any(|differs| *differs)
    })
}

/// How well a mask's cells meet the changing ones, counted over all faces together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overlap {
    /// Cells that truly change.
    pub changing: usize,
    /// Cells that the mask marks.
    pub marked: usize,
    /// Cells that change and are marked.
    pub found: usize,
    /// Cells there are.
    pub cells: usize,
}

impl Overlap {
    /// Counts one face in; both maps have one shape.
    pub fn add(&mut self, marked: &ArrayView2<bool>, changing: &ArrayView2<bool>) {
        for (marked, changing) in marked.iter().zip(changing) {
            self.changing += usize::from(*changing);
            self.marked += usize::from(*marked);
            self.found += usize::from(*marked && *changing);
            self.cells += 1;
        }
    }

    /// Share of the changing cells that are marked, 0..1; 1 where none changes.
    #[must_use]
    pub fn recall(&self) -> f64 {
        ratio(self.found, self.changing, 1.0)
    }

    /// Marked cells for each changing one; 0 where none changes.
    #[must_use]
    pub fn marked_ratio(&self) -> f64 {
        ratio(self.marked, self.changing, 0.0)
    }

    /// Share of all cells that are marked.
    #[must_use]
    pub fn share(&self) -> f64 {
        ratio(self.marked, self.cells, 0.0)
    }
}

fn ratio(of: usize, all: usize, nothing: f64) -> f64 {
    if all == 0 {
        nothing
    } else {
        of as f64 / all as f64
    }
}

/// The best mask that does not look at the picture: of all maps that mark at most `budget` cells for each changing one, the one
/// that finds most of a training set. What it finds is the sum, over its cells, of how often each changes: so the cells
/// that change most often are the best choice there is. None without a face.
pub fn best_constant<'a>(
    changing: impl IntoIterator<Item = &'a Array2<bool>>,
    budget: f64,
) -> Option<Array2<bool>> {
    let mut faces = changing.into_iter();
    let first = faces.next()?;
    let mut often = first.mapv(usize::from);
    let mut count = 1;
    for face in faces {
        ndarray::Zip::from(&mut often)
            .and(face)
            .for_each(|often, changes| *often += usize::from(*changes));
        count += 1;
    }
    let per_face = often.sum() as f64 / f64::from(count);
    let mut order: Vec<(usize, usize)> = often.indexed_iter().map(|(_, n)| *n).zip(0..).collect();
    // By falling frequency, then by place.
    order.sort_by(|(n, i), (m, j)| m.cmp(n).then(i.cmp(j)));
    let mut constant = Array2::from_elem(often.dim(), false);
    let columns = often.ncols();
    for (_, index) in order.into_iter().take((budget * per_face) as usize) {
        constant[[index / columns, index % columns]] = true;
    }
    Some(constant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array3, array};

    #[test]
    fn a_cell_changes_where_one_pixel_in_it_does_by_more_than_eight_levels() {
        let source = Array3::from_elem((3, 8, 12), 0.5);
        let mut truth = source.clone();
        truth[[2, 3, 4]] += 8.5 / 255.0;
        truth[[0, 7, 11]] -= 7.5 / 255.0;
        let changing = changing(&source.view(), &truth.view());
        assert_eq!(
            changing,
            array![[false, true, false], [false, false, false]]
        );
    }

    #[test]
    fn overlap_counts_cells_of_all_faces_together() {
        let mut overlap = Overlap::default();
        overlap.add(
            &array![[true, true, false, false]].view(),
            &array![[true, false, true, false]].view(),
        );
        overlap.add(
            &array![[true, true, true, false]].view(),
            &array![[true, false, false, false]].view(),
        );
        assert_eq!(
            overlap,
            Overlap {
                changing: 3,
                marked: 5,
                found: 2,
                cells: 8
            }
        );
        assert!((overlap.recall() - 2.0 / 3.0).abs() < 1e-12);
        assert!((overlap.marked_ratio() - 5.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_best_constant_mask_holds_the_cells_that_change_most_often() {
        let faces = [
            array![[true, false, false, false]],
            array![[true, true, false, false]],
            array![[false, true, true, false]],
            array![[false, true, false, false]],
        ];
        // 6 changes on 4 faces: at most 2 × 1.5 cells may be marked, which finds all of them.
        let best = best_constant(&faces, 2.0).unwrap();
        assert_eq!(best, array![[true, true, true, false]]);
        // 1 × 1.5: one cell.
        let best = best_constant(&faces, 1.0).unwrap();
        assert_eq!(best, array![[false, true, false, false]]);
        assert_eq!(best_constant(&[], 2.0), None);
    }
}
