//! What a drawing promises: repeatable, exact points, changes that stay in their region.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use diat_image::{Picture, Point, Rect};
use diat_synth::{Attribute, Drawn, FaceStyle, Scene, SceneError, draw, texture};

/// A seed's scene with a plain face: no glasses, no beard, mouth closed.
fn plain(seed: u64) -> Scene {
    let mut scene = Scene::from_seed(seed);
    scene.style = scene
        .style
        .with(Attribute::Eyeglasses, false)
        .with(Attribute::NoBeard, true)
        .with(Attribute::MouthSlightlyOpen, false);
    scene
}

fn picture(scene: &Scene) -> Picture {
    draw(scene).unwrap().picture
}

fn pixel(picture: &Picture, x: i32, y: i32) -> [u8; 4] {
    let at = 4 * (y as usize * picture.rect().w as usize + x as usize);
    picture.bytes()[at..at + 4].try_into().unwrap()
}

/// Mean of the colours at the pixel that covers this point, 0..1.
fn level(picture: &Picture, p: Point) -> f64 {
    let [r, g, b, _] = pixel(picture, p.x.floor() as i32, p.y.floor() as i32);
    (f64::from(r) + f64::from(g) + f64::from(b)) / 765.0
}

/// A place given relative to a point, along the head's axes, in eye distances.
fn beside(scene: &Scene, p: Point, right: f64, down: f64) -> Point {
    let [left_eye, right_eye, ..] = scene.points();
    let (ax, ay) = (right_eye.x - left_eye.x, right_eye.y - left_eye.y);
    Point {
        x: p.x + right * ax - down * ay,
        y: p.y + right * ay + down * ax,
    }
}

/// The offset from `from` to `to` where the picture is darkest along the head's vertical through a point.
fn darkest(scene: &Scene, picture: &Picture, p: Point, right: f64, from: f64, to: f64) -> f64 {
    let steps = 200;
    (0..=steps)
        .map(|n| from + (to - from) * f64::from(n) / f64::from(steps))
        .min_by(|&a, &b| {
            let at = |down| level(picture, beside(scene, p, right, down));
            at(a).total_cmp(&at(b))
        })
        .unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let scene = Scene::from_seed(11);
    assert_eq!(draw(&scene).unwrap(), draw(&scene).unwrap());
    assert_ne!(
        picture(&scene).bytes(),
        picture(&Scene::from_seed(12)).bytes()
    );
    let ground = |seed| texture(seed, 90, 70).unwrap();
    assert_eq!(ground(3), ground(3));
    assert_ne!(ground(3).bytes(), ground(4).bytes());
}

#[test]
fn the_pupils_lie_round_the_points_of_the_eyes() {
    for seed in 0..25 {
        let scene = plain(seed);
        let drawn = picture(&scene);
        for eye in &scene.points()[..2] {
            // Centre of gravity of what is nearly black near the eye, in eye distances from the point.
            let (mut n, mut right, mut down) = (0.0, 0.0, 0.0);
            for (i, j) in (-30..=30).flat_map(|i| (-30..=30).map(move |j| (i, j))) {
                let (u, v) = (f64::from(i) * 0.002, f64::from(j) * 0.002);
                if level(&drawn, beside(&scene, *eye, u, v)) < 0.16 {
                    (n, right, down) = (n + 1.0, right + u, down + v);
                }
            }
            assert!(n > 200.0, "seed {seed}: no pupil");
            let off = (right / n).hypot(down / n);
            assert!(off < 0.025, "seed {seed}: pupil {off} eye distances off");
        }
    }
}

#[test]
fn the_line_of_the_lips_ends_at_the_corners_of_the_mouth() {
    for seed in 0..25 {
        let scene = plain(seed);
        let drawn = picture(&scene);
        let points = scene.points();
        for (corner, inwards) in [(points[3], 1.0), (points[4], -1.0)] {
            let down = darkest(&scene, &drawn, corner, 0.03 * inwards, -0.12, 0.12);
            assert!(down.abs() < 0.035, "seed {seed}: corner {down} off");
            let inside = level(&drawn, beside(&scene, corner, 0.03 * inwards, down));
            let outside = level(&drawn, beside(&scene, corner, -0.08 * inwards, down));
            assert!(inside < 0.75 * outside, "seed {seed}: {inside} {outside}");
        }
    }
}

#[test]
fn the_nostrils_lie_under_the_tip_of_the_nose_on_both_sides() {
    for seed in 0..25 {
        let scene = plain(seed);
        let drawn = picture(&scene);
        let tip = scene.points()[2];
        let aside = 0.54 * 0.2 * scene.style.nose.width + 0.012;
        for side in [-aside, aside] {
            let down = darkest(&scene, &drawn, tip, side, -0.1, 0.2);
            assert!(
                (down - 0.088).abs() < 0.04,
                "seed {seed}: nostril at {down}"
            );
        }
    }
}

#[test]
fn a_changed_attribute_changes_its_region_and_no_pixel_elsewhere() {
    for seed in 0..6 {
        let scene = Scene::from_seed(seed);
        let before = draw(&scene).unwrap();
        for attribute in Attribute::ALL {
            let value = !scene.style.attributes.has(attribute);
            let mut other = scene.clone();
            other.style = scene.style.with(attribute, value);
            let after = draw(&other).unwrap();
            assert_eq!(before.points, after.points, "seed {seed}: {attribute:?}");
            assert_eq!(after.attributes.has(attribute), value);
            let region = scene.region(attribute);
            assert_eq!(region, other.region(attribute));
            let (mut inside, mut outside) = (0, 0);
            let pixels = |drawn: &Drawn| drawn.picture.bytes().as_chunks::<4>().0.to_vec();
            let pairs = pixels(&before).into_iter().zip(pixels(&after));
            for (at, _) in pairs.enumerate().filter(|(_, (a, b))| a != b) {
                let (x, y) = (at % scene.width, at / scene.width);
                match region.contains(&Rect::new(x as i32, y as i32, 1, 1)) {
                    true => inside += 1,
                    false => outside += 1,
                }
            }
            assert_eq!(
                outside, 0,
                "seed {seed}: {attribute:?} reaches out of {region:?}"
            );
            let least = (0.02 * scene.pose.eye_distance * scene.pose.eye_distance) as i32;
            assert!(
                inside > least,
                "seed {seed}: {attribute:?} changes {inside} pixels"
            );
        }
    }
}

#[test]
fn regions_of_glasses_and_mouth_leave_most_of_a_portrait_alone() {
    let scene = Scene::portrait(FaceStyle::from_seed(1), 640, 800);
    let size = |r: Rect| f64::from(r.w) * f64::from(r.h);
    let picture = 640.0 * 800.0;
    for (attribute, most) in [
        (Attribute::Eyeglasses, 0.16),
        (Attribute::MouthSlightlyOpen, 0.07),
        (Attribute::NoBeard, 0.2),
    ] {
        let share = size(scene.region(attribute)) / picture;
        assert!(share < most, "{attribute:?}: {share}");
    }
}

#[test]
fn a_face_may_be_drawn_anywhere_at_any_size() {
    let mut scene = Scene::portrait(FaceStyle::from_seed(2), 31, 17);
    for (x, y, eye_distance, roll) in [
        (-900.0, 4.0, 60.0, 0.0),
        (15.0, 8.0, 0.001, 0.3),
        (15.0, 8.0, 4000.0, -1.5),
        (f64::from(i32::MAX), -1e12, 60.0, 0.0),
    ] {
        scene.pose.centre = Point { x, y };
        scene.pose.eye_distance = eye_distance;
        scene.pose.roll = roll;
        let drawn = draw(&scene).unwrap();
        assert_eq!(drawn.picture.bytes().len(), 31 * 17 * 4);
        for attribute in Attribute::ALL {
            let region = scene.region(attribute);
            assert!(Rect::new(0, 0, 31, 17).contains(&region), "{region:?}");
        }
    }
}

#[test]
fn what_cannot_be_drawn_is_an_error() {
    let good = Scene::portrait(FaceStyle::from_seed(2), 20, 20);
    let mut empty = good.clone();
    empty.height = 0;
    assert!(matches!(
        draw(&empty),
        Err(SceneError::Size { height: 0, .. })
    ));
    assert!(matches!(texture(1, 0, 5), Err(SceneError::Size { .. })));
    for eye_distance in [0.0, -3.0, f64::NAN, f64::INFINITY] {
        let mut scene = good.clone();
        scene.pose.eye_distance = eye_distance;
        assert!(
            matches!(draw(&scene), Err(SceneError::Pose { .. })),
            "{eye_distance}"
        );
    }
    let mut nowhere = good;
    nowhere.pose.centre.x = f64::NAN;
    assert!(matches!(draw(&nowhere), Err(SceneError::Pose { .. })));
}

#[test]
fn textures_have_contrast() {
    for seed in 0..40 {
        let bytes = texture(seed, 128, 96).unwrap().into_bytes();
        let (least, most) = bytes
            .chunks_exact(4)
            .map(|p| u32::from(p[0]) + u32::from(p[1]) + u32::from(p[2]))
            .fold((u32::MAX, 0), |(a, b), v| (a.min(v), b.max(v)));
        assert!(most - least > 40, "seed {seed}: {least}..{most}");
    }
}
