//! A term over the rounds as a drawing in SVG.

use std::fmt::Write;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 170.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 24.0;
/// More are joined.
const MOST_POINTS: usize = 400;
/// Points that the running mean looks back on, as a share of all.
const SMOOTHED: f64 = 0.08;

/// Rounds and values.
#[derive(Debug, Default)]
pub(super) struct Curve {
    pub(super) points: Vec<[f64; 2]>,
}

impl Curve {
    pub(super) fn svg(&self) -> String {
        let points = self.thinned();
        let [x, y] = [0, 1].map(|axis| Axis::of(points.iter().map(|point| point[axis])));
        let place = |[a, b]: [f64; 2]| {
            let across = LEFT + x.share(a) * (WIDTH - LEFT - RIGHT);
            [
                across,
                HEIGHT - BOTTOM - y.share(b) * (HEIGHT - TOP - BOTTOM),
            ]
        };
        let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">");
        for value in y.marks() {
            let [_, at] = place([x.from, value]);
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 6.0,
                at + 3.5,
                number(value)
            );
        }
        for (value, anchor) in [(x.from, "start"), (x.to, "end")] {
            let [at, _] = place([value, y.from]);
            let below = HEIGHT - 7.0;
            let _ = write!(
                svg,
                "<text x=\"{at:.1}\" y=\"{below:.1}\" text-anchor=\"{anchor}\">{value:.0}</text>"
            );
        }
        let path = |points: &[[f64; 2]]| {
            let places = points.iter().map(|point| place(*point));
            let places = places.map(|[x, y]| format!("{x:.1},{y:.1}"));
            places.collect::<Vec<_>>().join(" ")
        };
        for (class, points) in [("raw", &points), ("mean", &smoothed(&points))] {
            let _ = write!(
                svg,
                "<polyline class=\"{class}\" points=\"{}\"/>",
                path(points)
            );
        }
        if let Some(last) = smoothed(&points).last() {
            let [x, y] = place(*last);
            let _ = write!(
                svg,
                "<circle class=\"end\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.6\"/>"
            );
        }
        svg + "</svg>"
    }

    /// At most [`MOST_POINTS`], each the mean of those it stands for.
    fn thinned(&self) -> Vec<[f64; 2]> {
        let some = self.points.len().div_ceil(MOST_POINTS).max(1);
        let mean = |points: &[[f64; 2]], axis: usize| {
            points.iter().map(|point| point[axis]).sum::<f64>() / points.len() as f64
        };
        self.points
            .chunks(some)
            .map(|points| [mean(points, 0), mean(points, 1)])
            .collect()
    }
}

fn smoothed(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let stay = 1.0 - 1.0 / (points.len() as f64 * SMOOTHED).max(1.0);
    let mut mean = points.first().map_or(0.0, |point| point[1]);
    let step = |point: &[f64; 2]| {
        mean = stay * mean + (1.0 - stay) * point[1];
        [point[0], mean]
    };
    points.iter().map(step).collect()
}

struct Axis {
    from: f64,
    to: f64,
}

impl Axis {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let from = values.clone().fold(f64::INFINITY, f64::min);
        let to = values.fold(f64::NEG_INFINITY, f64::max);
        match from < to {
            true => Self { from, to },
            // One value, or none.
            false => {
                let middle = if from.is_finite() { from } else { 0.0 };
                Self {
                    from: middle - 0.5,
                    to: middle + 0.5,
                }
            }
        }
    }

    fn share(&self, value: f64) -> f64 {
        (value - self.from) / (self.to - self.from)
    }

    /// Round numbers within, three to six of them.
    fn marks(&self) -> Vec<f64> {
        let rough = (self.to - self.from) / 4.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .map(|times| times * power)
            .into_iter()
            .find(|step| *step >= rough)
            .unwrap_or(rough);
        let first = (self.from / step).ceil();
        let marks = (0..8).map(|index| (first + f64::from(index)) * step);
        marks
            .take_while(|mark| *mark <= self.to + step * 1e-9)
            .collect()
    }
}

fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs();
    if !(1e-3..1e5).contains(&size) {
        return format!("{value:.1e}");
    }
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_within() {
        let marks = |from, to| Axis { from, to }.marks();
        assert_eq!(marks(0.0, 1.0), [0.0, 0.5, 1.0]);
        assert_eq!(marks(-3.0, 9.0), [0.0, 5.0]);
        assert_eq!(marks(100.0, 104.0), [100.0, 101.0, 102.0, 103.0, 104.0]);
    }

    #[test]
    fn a_flat_curve_and_an_empty_one_can_be_drawn() {
        for points in [vec![], vec![[1.0, 2.0]], vec![[1.0, 2.0], [2.0, 2.0]]] {
            let svg = Curve { points }.svg();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }

    #[test]
    fn long_curves_are_thinned_to_means() {
        let points = (0..1000).map(|x| [f64::from(x), 1.0]).collect();
        let thin = Curve { points }.thinned();
        assert_eq!((thin.len(), thin[0]), (334, [1.0, 1.0]));
    }

    #[test]
    fn numbers_are_short() {
        let shown = [0.0, 0.25, 12.0, -0.0001, 250_000.0].map(number);
        assert_eq!(shown, ["0", "0.25", "12", "-1.0e-4", "2.5e5"]);
    }
}
