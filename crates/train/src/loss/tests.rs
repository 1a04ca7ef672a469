//! Each term against its formula in f64, written out in loops over an ndarray, and its gradient against central differences of that formula.

use super::shown::{Variation, through};
use super::*;
use crate::device::test_device;
use crate::recipe::Adaptation;
use burn::tensor::TensorData;
use diat_synth::SplitMix64;
use ndarray::{Array4, Axis, s};

type Shape = (usize, usize, usize, usize);

/// Numbers in (−1, 1), the same each time.
fn numbers(seed: u64, shape: Shape) -> Array4<f64> {
    let mut random = SplitMix64::stream(seed, "losses");
    // What f32 can hold, so that the two sides start from the same numbers.
    Array4::from_shape_simple_fn(shape, || f64::from(random.range(-1.0, 1.0) as f32))
}

fn tensor(x: &Array4<f64>) -> Tensor<4> {
    let values: Vec<f32> = x.iter().map(|v| *v as f32).collect();
    let data = TensorData::new(values, [x.dim().0, x.dim().1, x.dim().2, x.dim().3]);
    Tensor::from_data(data, &test_device().autodiff())
}

fn scores(x: &Array4<f64>) -> Tensor<2> {
    tensor(x).flatten(1, 3)
}

/// The loss has the formula's value at `x`, and its gradient is the formula's.
fn agrees(
    x: &Array4<f64>,
    loss: impl Fn(Tensor<4>) -> Tensor<1>,
    formula: impl Fn(&Array4<f64>) -> f64,
) {
    let leaf = tensor(x).require_grad();
    let value = loss(leaf.clone());
    let gradient = leaf.grad(&value.backward()).unwrap();
    let (value, expected): (f32, f64) = (value.into_scalar(), formula(x));
    let close = |found: f32, expected: f64, scale: f64| {
        (f64::from(found) - expected).abs() <= 2e-5 * scale.max(expected.abs()).max(1e-3)
    };
    assert!(expected != 0.0, "a formula that is 0 here shows nothing");
    assert!(close(value, expected, 0.0), "{value} is not {expected}");
    let gradient: Vec<f32> = gradient.into_data().try_to_vec().unwrap();
    let step = 1e-5;
    let slopes: Vec<f64> = (0..x.len())
        .map(|i| {
            let at = |by: f64| {
                let mut moved = x.clone();
                *moved.iter_mut().nth(i).unwrap() += by;
                formula(&moved)
            };
            (at(step) - at(-step)) / (2.0 * step)
        })
        .collect();
    let largest = slopes.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
    assert!(largest > 0.0, "a gradient that is 0 shows nothing");
    for (i, (found, slope)) in gradient.iter().zip(&slopes).enumerate() {
        assert!(
            close(*found, *slope, largest),
            "{i}: {found} is not {slope}"
        );
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(s, n), v| (s + v, n + 1));
    sum / f64::from(count)
}

const N: Shape = (5, 1, 1, 1);
const X: Shape = (2, 3, 4, 5);

#[test]
fn equations_7_and_8() {
    let (real, made) = (numbers(1, N), numbers(2, N));
    let of_made =
        |f: Tensor<4>| adversarial::wasserstein::discriminator(scores(&real), f.flatten(1, 3));
    agrees(&made, of_made, |f| f.sum() / 5.0 - real.sum() / 5.0);
    let of_real =
        |r: Tensor<4>| adversarial::wasserstein::discriminator(r.flatten(1, 3), scores(&made));
    agrees(&real, of_real, |r| made.sum() / 5.0 - r.sum() / 5.0);
    let transfer = |f: Tensor<4>| adversarial::wasserstein::transfer(f.flatten(1, 3));
    agrees(&made, transfer, |f| -f.sum() / 5.0);
}

#[test]
fn equation_5() {
    let (real, made) = (numbers(1, N) * 3.0, numbers(2, N) * 3.0);
    let sigmoid = |v: &f64| 1.0 / (1.0 + (-v).exp());
    let formula = |r: &Array4<f64>, f: &Array4<f64>| {
        -mean(r.iter().map(|v| sigmoid(v).ln())) - mean(f.iter().map(|v| (1.0 - sigmoid(v)).ln()))
    };
    let of_made =
        |f: Tensor<4>| adversarial::original::discriminator(scores(&real), f.flatten(1, 3));
    agrees(&made, of_made, |f| formula(&real, f));
    let of_real =
        |r: Tensor<4>| adversarial::original::discriminator(r.flatten(1, 3), scores(&made));
    agrees(&real, of_real, |r| formula(r, &made));
    let transfer = |f: Tensor<4>| adversarial::original::transfer(f.flatten(1, 3));
    agrees(&made, transfer, |f| {
        -mean(f.iter().map(|v| sigmoid(v).ln()))
    });
}

#[test]
fn equation_5_stays_finite_where_d_is_sure() {
    let sure = Array4::from_elem(N, 500.0);
    let loss = adversarial::original::discriminator(scores(&-&sure), scores(&sure));
    assert_eq!(loss.into_scalar::<f32>(), 1000.0);
}

#[test]
fn hinge() {
    let (real, made) = (numbers(1, N) * 3.0, numbers(2, N) * 3.0);
    let formula = |r: &Array4<f64>, f: &Array4<f64>| {
        mean(r.iter().map(|v| (1.0 - v).max(0.0))) + mean(f.iter().map(|v| (1.0 + v).max(0.0)))
    };
    let of_made = |f: Tensor<4>| adversarial::hinge::discriminator(scores(&real), f.flatten(1, 3));
    agrees(&made, of_made, |f| formula(&real, f));
    let of_real = |r: Tensor<4>| adversarial::hinge::discriminator(r.flatten(1, 3), scores(&made));
    agrees(&real, of_real, |r| formula(r, &made));
    let transfer = |f: Tensor<4>| adversarial::hinge::transfer(f.flatten(1, 3));
    agrees(&made, transfer, |f| -f.sum() / 5.0);
}

#[test]
fn equation_18() {
    // Different counts: the average is over all pictures, not over the two sets' averages.
    let (guided, source) = (numbers(1, (3, 1, 1, 1)), numbers(2, N));
    let formula = |g: &Array4<f64>, s: &Array4<f64>| {
        let of_guided = g.iter().map(|v| (1.0 - v).powi(2));
        mean(of_guided.chain(s.iter().map(|v| (-1.0 - v).powi(2))))
    };
    let of_guided = |g: Tensor<4>| adversarial::regression(g.flatten(1, 3), scores(&source));
    agrees(&guided, of_guided, |g| formula(g, &source));
    let of_source = |s: Tensor<4>| adversarial::regression(scores(&guided), s.flatten(1, 3));
    agrees(&source, of_source, |s| formula(&guided, s));
}

#[test]
fn equations_9_and_10() {
    let (made, source) = (numbers(1, X), numbers(2, X));
    let of_one = |a: &Array4<f64>, i: usize| {
        let d = &a.index_axis(Axis(0), i) - &source.index_axis(Axis(0), i);
        d.mapv(|v| v * v).sum() / (2.0 * 3.0 * 4.0 * 5.0)
    };
    let formula = |a: &Array4<f64>| (of_one(a, 0) + of_one(a, 1)) / 2.0;
    agrees(
        &made,
        |f| content::perceptual(f, tensor(&source), false),
        formula,
    );
    let square = source.mapv(|v| v * v).sum() / 120.0;
    agrees(
        &made,
        |f| content::perceptual(f, tensor(&source), true),
        |a| formula(a) / square,
    );
}

#[test]
fn features_of_the_source_are_a_target_only() {
    for relative in [false, true] {
        let (made, source) = (
            tensor(&numbers(1, X)).require_grad(),
            tensor(&numbers(2, X)).require_grad(),
        );
        let loss = content::perceptual(made.clone(), source.clone(), relative);
        let gradients = loss.backward();
        assert!(source.grad(&gradients).is_none());
        assert!(made.grad(&gradients).is_some());
    }
}

#[test]
fn equation_11() {
    let (made, source) = (numbers(1, (2, 7, 1, 1)), numbers(2, (2, 7, 1, 1)));
    let loss = |f: Tensor<4>| content::identity(f.flatten(1, 3), scores(&source));
    agrees(&made, loss, |f| (f - &source).mapv(|v| v * v).sum() / 2.0);
}

#[test]
fn equation_14() {
    // 4·5 cells, γ = 0.01: the paper's form, over the number of cells squared, is ours.
    let shape = (2, 1, 4, 5);
    let cells = numbers(1, shape).mapv(|v| v.abs());
    let paper = |m: &Array4<f64>| {
        let one = |i| (m.index_axis(Axis(0), i).sum() - 0.32 * 20.0).powi(2);
        0.01 * (one(0) + one(1)) / 2.0
    };
    agrees(&cells, |m| mask::ratio(m, 0.32) * (0.01 * 400.0), paper);
}

#[test]
fn the_band_is_free_inside_and_squared_outside() {
    let shape = (3, 1, 4, 5);
    // Shares far below, far above and inside 0.85·p..1.15·p.
    let mut cells = numbers(1, shape).mapv(|v| 0.2 * v.abs());
    cells.slice_mut(s![1, .., .., ..]).mapv_inplace(|v| v * 8.0);
    cells.slice_mut(s![2, .., .., ..]).fill(0.31);
    let formula = |m: &Array4<f64>| {
        let one = |i| {
            let share = m.index_axis(Axis(0), i).mean().unwrap();
            let distance = (share - 0.32_f64).abs() - 0.15 * 0.32;
            distance.max(0.0).powi(2)
        };
        (one(0) + one(1) + one(2)) / 3.0
    };
    assert!((0..2).all(|i| (cells.index_axis(Axis(0), i).mean().unwrap() - 0.32).abs() > 0.06));
    agrees(&cells, |m| mask::band(m, 0.32), formula);
}

#[test]
fn only_what_lies_outside_counts() {
    let (cells, region) = (
        numbers(1, (2, 1, 4, 5)).mapv(f64::abs),
        numbers(2, (1, 1, 4, 5)).mapv(f64::abs),
    );
    let loss = |m: Tensor<4>| mask::outside(m, tensor(&region));
    agrees(&cells, loss, |m| {
        (m * &region.mapv(|r| 1.0 - r)).sum() / 40.0
    });
}

/// Differences of neighbours, through f, summed over each direction and divided by its number of pairs.
fn of_neighbours(x: &Array4<f64>, f: impl Fn(f64) -> f64) -> f64 {
    let (n, c, h, w) = x.dim();
    let (mut across, mut down) = (0.0, 0.0);
    for ((i, j, y, z), v) in x.indexed_iter() {
        if z + 1 < w {
            across += f(x[[i, j, y, z + 1]] - v);
        }
        if y + 1 < h {
            down += f(x[[i, j, y + 1, z]] - v);
        }
    }
    across / (n * c * h * (w - 1)) as f64 + down / (n * c * (h - 1) * w) as f64
}

#[test]
fn smoothness_of_map_change_and_picture() {
    let (map, change) = (numbers(1, (2, 1, 4, 5)), numbers(2, X));
    agrees(&map, mask::map_smoothness, |m| of_neighbours(m, |d| d * d));
    agrees(&change, smooth::change_smoothness, |x| {
        of_neighbours(x, |d| d * d)
    });
    agrees(&change, smooth::total_variation, |x| {
        of_neighbours(x, f64::abs)
    });
}

#[test]
fn equation_12() {
    let (residual, noisy, clean) = (numbers(1, X), numbers(2, X), numbers(3, X));
    let loss = |r: Tensor<4>| smooth::denoising(r, tensor(&noisy), tensor(&clean));
    agrees(&residual, loss, |r| {
        (r + &noisy - &clean).mapv(|v| v * v).sum() / 2.0
    });
}

#[test]
fn equation_13() {
    // One picture above the threshold, one below.
    let mut residual = numbers(1, X);
    residual
        .slice_mut(s![1, .., .., ..])
        .mapv_inplace(|v| 0.1 * v);
    let threshold = 10.0 * 49152.0 / 60.0;
    let formula = |r: &Array4<f64>| {
        let one = |i| (r.index_axis(Axis(0), i).mapv(|v| v * v).sum() - 10.0).max(0.0);
        (one(0) + one(1)) / 2.0
    };
    agrees(&residual, |r| smooth::residual(r, threshold), formula);
}

#[test]
fn equations_17_and_19_and_l1() {
    let (a, b) = (numbers(1, X), numbers(2, X));
    let squares = |x: Tensor<4>| pixel::sum_of_squares(x, tensor(&b));
    agrees(&a, squares, |x| (x - &b).mapv(|v| v * v).sum() / 2.0);
    let l1 = |x: Tensor<4>| pixel::l1(x, tensor(&b));
    agrees(&a, l1, |x| (x - &b).mapv(f64::abs).sum() / 120.0);
}

#[test]
fn pairs_count_where_the_truth_is_known() {
    let (a, b) = (numbers(1, (3, 3, 4, 5)), numbers(2, (3, 3, 4, 5)));
    let known = [true, false, true];
    let loss = |x: Tensor<4>| pixel::l1_of_rows(x, tensor(&b), &known).unwrap();
    agrees(&a, loss, |x| {
        let one = |i| {
            (&x.index_axis(Axis(0), i) - &b.index_axis(Axis(0), i))
                .mapv(f64::abs)
                .sum()
        };
        (one(0) + one(2)) / 120.0
    });
    assert!(pixel::l1_of_rows(tensor(&a), tensor(&b), &[false; 3]).is_none());
}

#[test]
fn what_d_is_shown_is_varied_picture_by_picture() {
    let (x, weights) = (numbers(1, X), numbers(2, X));
    let variation = Variation {
        brightness: vec![0.2, -0.1],
        saturation: vec![0.5, 1.7],
        contrast: vec![1.3, 0.6],
        squares: vec![None, Some([3, -1, 3])],
    };
    let formula = |x: &Array4<f64>| {
        let mut total = 0.0;
        for i in 0..2 {
            let (b, s, c) = ([0.2, -0.1][i], [0.5, 1.7][i], [1.3, 0.6][i]);
            let one = x.index_axis(Axis(0), i).mapv(|v| v + b);
            let mut saturated = one.clone();
            for ((k, y, z), v) in saturated.indexed_iter_mut() {
                let grey = (one[[0, y, z]] + one[[1, y, z]] + one[[2, y, z]]) / 3.0;
                *v = grey + s * (one[[k, y, z]] - grey);
            }
            let mean = saturated.mean().unwrap();
            for ((k, y, z), v) in saturated.indexed_iter() {
                let cut = i == 1 && y < 2 && z >= 3;
                let seen = if cut { 0.0 } else { mean + c * (v - mean) };
                total += weights[[i, k, y, z]] * seen;
            }
        }
        total
    };
    agrees(&x, |x| (variation.of(x) * tensor(&weights)).sum(), formula);
    let oval = numbers(3, (1, 1, 4, 5));
    let seen = |x: Tensor<4>| (through(&tensor(&oval), x) * tensor(&weights)).sum();
    agrees(&x, seen, |x| (x * &oval * &weights).sum());
}

#[test]
fn variations_follow_the_recipe_and_the_step() {
    let adaptation = Adaptation {
        brightness: 0.3,
        saturation: 1.0,
        contrast: 0.5,
        cut_out: 28.0,
        cut_out_share: 0.6,
    };
    let new = |step, purpose| Variation::new(&adaptation, (2000, 64), (7, purpose, step));
    let one = new(3, "made");
    assert_eq!(one, new(3, "made"));
    assert_ne!(one, new(4, "made"));
    assert_ne!(one, new(3, "real"));
    let within = |values: &[f32], low: f32, high: f32| {
        let (least, most) = values
            .iter()
            .fold((9.0_f32, -9.0_f32), |(l, m), v| (l.min(*v), m.max(*v)));
        assert!(
            least >= low && most <= high && most - least > 0.95 * (high - low),
            "{least}..{most}"
        );
    };
    within(&one.brightness, -0.3, 0.3);
    within(&one.saturation, 0.0, 2.0);
    within(&one.contrast, 0.5, 1.5);
    let cut = one
        .squares
        .iter()
        .flatten()
        .inspect(|[_, _, side]| assert_eq!(*side, 14))
        .count();
    assert!((1120..1280).contains(&cut), "{cut}");
    let none = Variation::new(&Adaptation::default(), (4, 64), (7, "made", 3));
    let x = numbers(1, (4, 3, 8, 8));
    let same: Vec<f32> = none.of(tensor(&x)).into_data().try_to_vec().unwrap();
    assert!(
        same.iter()
            .zip(&x)
            .all(|(a, b)| (f64::from(*a) - b).abs() < 1e-6)
    );
}
