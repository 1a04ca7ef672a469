use super::*;

const POINTS: Points = [
    Point { x: 41.5, y: 46.5 },
    Point { x: 87.5, y: 46.5 },
    Point { x: 64.1, y: 75.5 },
    Point { x: 44.9, y: 96.0 },
    Point { x: 85.0, y: 96.0 },
];

fn skin() -> Array3<f32> {
    let mut face = Array3::zeros((3, 128, 128));
    for (mut plane, value) in face.outer_iter_mut().zip([0.6, 0.3, 0.1]) {
        plane.fill(value);
    }
    face
}

/// Where the glasses of this seed change skin by more than a fortieth of the range.
fn changed(seed: u64, points: &Points) -> Vec<(usize, usize)> {
    let glasses = Glasses::pick(&mut SplitMix64::new(seed), points);
    let (face, worn) = (skin(), glasses.put_on(&skin(), points));
    let places = (0..128).flat_map(|y| (0..128).map(move |x| (x, y)));
    places
        .filter(|&(x, y)| (0..3).any(|c| (worn[(c, y, x)] - face[(c, y, x)]).abs() > 0.05))
        .collect()
}

#[test]
fn they_change_what_lies_round_the_eyes_and_nothing_below_the_nose() {
    for seed in 0..200 {
        let places = changed(seed, &POINTS);
        assert!(places.len() > 40, "{seed}: {}", places.len());
        assert!(places.iter().all(|&(_, y)| (15..85).contains(&y)), "{seed}");
        let glasses = Glasses::pick(&mut SplitMix64::new(seed), &POINTS);
        let (face, worn) = (skin(), glasses.put_on(&skin(), &POINTS));
        assert!(worn.iter().all(|value| (-1.0..=1.0).contains(value)));
        let lips = ndarray::s![.., 86.., ..];
        assert_eq!(face.slice(lips), worn.slice(lips), "{seed}");
    }
}

#[test]
fn they_are_thin_and_thick_round_and_square() {
    let areas: Vec<usize> = (0..200).map(|seed| changed(seed, &POINTS).len()).collect();
    let (least, most) = (areas.iter().min().unwrap(), areas.iter().max().unwrap());
    assert!(most > &(5 * least), "{least} to {most} pixels");
}

#[test]
fn they_follow_a_face_that_is_elsewhere_and_rolled() {
    let (sine, cosine) = 0.3_f64.sin_cos();
    let turned = POINTS.map(|Point { x, y }| {
        let (x, y) = (0.7 * (x - 64.0), 0.7 * (y - 64.0));
        Point {
            x: 60.0 + x * cosine - y * sine,
            y: 66.0 + x * sine + y * cosine,
        }
    });
    for seed in 0..40 {
        let middle = |points: &Points| {
            let places = changed(seed, points);
            let axes = Axes::new(points);
            let n = places.len() as f64;
            let places = places.iter().map(|&(x, y)| {
                axes.to_face(Point {
                    x: x as f64 + 0.5,
                    y: y as f64 + 0.5,
                })
            });
            let sum = places.fold((0.0, 0.0), |sum, p| (sum.0 + p.x, sum.1 + p.y));
            (sum.0 / n, sum.1 / n)
        };
        let (straight, rolled) = (middle(&POINTS), middle(&turned));
        let apart = (straight.0 - rolled.0).hypot(straight.1 - rolled.1);
        assert!(apart < 0.05, "{seed}: {straight:?} {rolled:?}");
    }
}

#[test]
fn the_same_chance_gives_the_same_glasses() {
    let pair = |seed| Glasses::pick(&mut SplitMix64::new(seed), &POINTS);
    assert_eq!(pair(1), pair(1));
    assert_ne!(pair(1), pair(2));
}
