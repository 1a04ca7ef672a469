//! Distances between pictures.

use super::sum_of_each;
use burn::tensor::Tensor;

/// ‖a − b‖², summed over a picture's elements, averaged over the batch: Eq. 17 between T(x) and x on both sets, Eq. 19
/// between F(x) and the truth.
pub fn sum_of_squares(a: Tensor<4>, b: Tensor<4>) -> Tensor<1> {
    sum_of_each((a - b).square()).mean()
}

/// Mean |a − b| over pictures and elements. Not in the paper; between T(x) and x, in place of Eq. 17, and, for two effects
/// trained together, between F′(F(x)) and x.
pub fn l1(a: Tensor<4>, b: Tensor<4>) -> Tensor<1> {
    (a - b).abs().mean()
}

/// As [`l1`], over the rows (pictures) that `known` names and no others; `None` if it names none. Not in the paper: between F(x)
/// or T(x) and the truth where there is one.
pub fn l1_of_rows(a: Tensor<4>, b: Tensor<4>, known: &[bool]) -> Option<Tensor<1>> {
    let count = known.iter().filter(|k| **k).count();
    if count == 0 {
        return None;
    }
    let weights: Vec<f32> = known.iter().map(|k| f32::from(u8::from(*k))).collect();
    let weights = Tensor::<1>::from_floats(weights.as_slice(), &a.device());
    let [_, channels, height, width] = a.dims();
    let sums = sum_of_each((a - b).abs()) * weights;
    Some(sums.sum() / (count * channels * height * width) as f64)
}
