//! The faces that are measured.

use std::sync::Arc;

use crate::recipe::UNIT_SIDE;
use diat_image::{Picture, Point, Points, Rect, Similarity};
use diat_manifest::Template;
use diat_synth::{Attribute, FaceStyle, Pose, Scene, SplitMix64};

/// A face that no training saw.
#[derive(Clone, Debug)]
pub struct Face {
    /// Its place in its set.
    pub place: usize,
    /// Its picture's file name, unique in its set.
    pub name: String,
    /// The whole picture, RGBA of 8 bits.
    pub picture: Arc<Picture>,
    /// Five points, picture coordinates, image-left first.
    pub points: Points,
    /// Whether it has the attribute.
    pub has: bool,
    /// The same face with the attribute changed; drawn faces only.
    pub truth: Option<Arc<Picture>>,
}

/// Steps of the sequence R2 (M. Roberts): 1/g and 1/g², where g³ = g + 1; its points cover a square evenly, however few they are.
const EVEN: [f64; 2] = [0.754_877_666_246_692_7, 0.569_840_290_998_053_2];

/// Moves a face in its crop by up to `shift` pixels (at a size of 128) each way: the points that bring it there. Where to is a function of
/// the seed and the face's place in its set, such that any few faces in a row are spread evenly. `template` is in pixels of a crop
/// `size` wide. None where the points lie in one place.
///
/// Faces cut by exact points hardly move, and a mask that looks at nothing fits them all.
#[must_use]
pub fn moved(
    face: &Face,
    template: &Template,
    size: usize,
    shift: f64,
    seed: u64,
) -> Option<Points> {
    if shift == 0.0 {
        return Some(face.points);
    }
    let reach = shift * size as f64 / UNIT_SIDE;
    let mut start = SplitMix64::stream(seed, "eval: where faces lie");
    let [dx, dy] = EVEN.map(|step| {
        let share = (start.unit() + step * face.place as f64).fract();
        reach * (2.0 * share - 1.0)
    });
    let at = template.map(|[x, y]| Point { x, y });
    let away = at.map(|p| Point {
        x: p.x + dx,
        y: p.y + dy,
    });
    let back = diat_face::align(&face.points, &away)?.inverse()?;
    Some(at.map(|p| back.apply(p)))
}

/// From picture coordinates to a crop of `size` pixels. `template` is in pixels of a crop `own` wide.
#[must_use]
pub fn to_crop(points: &Points, template: &Template, own: f64, size: usize) -> Option<Similarity> {
    let scale = size as f64 / own;
    let at = template.map(|[x, y]| Point {
        x: scale * x,
        y: scale * y,
    });
    diat_face::align(points, &at)
}

/// The template of a crop that shows so many times as much as one `own` pixels wide, about the same middle.
#[must_use]
pub fn wider(template: &Template, own: f64, times: f64) -> Template {
    let middle = own / 2.0;
    template.map(|point| point.map(|value| middle + (value - middle) / times))
}

/// The box that would hold the attribute of a drawn face with these points: the whole picture for attributes that have no
/// place of their own or are unknown to the drawings.
#[must_use]
pub fn region(picture: &Picture, points: &Points, attribute: &str) -> Rect {
    let known = Attribute::ALL
        .into_iter()
        .find(|known| known.name() == attribute);
    let Some(attribute) = known else {
        return picture.rect();
    };
    let (width, height) = picture.rect().size();
    let [left, right, _, left_mouth, right_mouth] = points;
    let centre = between(left, right);
    let mouth = between(left_mouth, right_mouth);
    let eye_distance = (right.x - left.x).hypot(right.y - left.y);
    let mut scene = Scene::portrait(FaceStyle::from_seed(0), width, height);
    scene.pose = Pose {
        centre,
        eye_distance,
        roll: (right.y - left.y).atan2(right.x - left.x),
    };
    scene.style.mouth.y = (mouth.x - centre.x).hypot(mouth.y - centre.y) / eye_distance;
    scene.region(attribute)
}

fn between(a: &Point, b: &Point) -> Point {
    Point {
        x: 0.5 * (a.x + b.x),
        y: 0.5 * (a.y + b.y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diat_synth::draw;

    const TEMPLATE: Template = [
        [20.0, 23.0],
        [44.0, 23.0],
        [32.0, 37.0],
        [22.0, 48.0],
        [42.0, 48.0],
    ];

    fn face(seed: u64) -> (Face, Scene) {
        let scene = Scene::from_seed(seed);
        let drawn = draw(&scene).unwrap();
        let face = Face {
            place: seed as usize,
            name: format!("{seed}.png"),
            picture: Arc::new(drawn.picture),
            points: drawn.points,
            has: true,
            truth: None,
        };
        (face, scene)
    }

    #[test]
    fn a_moved_face_lies_in_its_crop_within_the_shift_and_each_time_alike() {
        let (face, _) = face(3);
        let still = to_crop(&face.points, &TEMPLATE, 64.0, 64).unwrap();
        let points = moved(&face, &TEMPLATE, 64, 20.0, 5).unwrap();
        assert_eq!(moved(&face, &TEMPLATE, 64, 20.0, 5), Some(points));
        let there = to_crop(&points, &TEMPLATE, 64.0, 64).unwrap();
        assert!((there.scale() / still.scale() - 1.0).abs() < 1e-9);
        let (was, is) = (still.apply(face.points[2]), there.apply(face.points[2]));
        let (dx, dy) = ((is.x - was.x).abs(), (is.y - was.y).abs());
        assert!(dx <= 10.0 && dy <= 10.0 && dx + dy > 0.5, "{dx}, {dy}");
        assert_eq!(moved(&face, &TEMPLATE, 64, 0.0, 5), Some(face.points));
    }

    #[test]
    fn a_few_faces_in_a_row_are_spread_over_most_that_the_shift_allows() {
        let (face, _) = face(3);
        let still = to_crop(&face.points, &TEMPLATE, 64.0, 64).unwrap();
        let rise = |place| {
            let face = Face {
                place,
                ..face.clone()
            };
            let points = moved(&face, &TEMPLATE, 64, 20.0, 5).unwrap();
            let there = to_crop(&points, &TEMPLATE, 64.0, 64).unwrap();
            there.apply(face.points[2]).y - still.apply(face.points[2]).y
        };
        // As in a drawn set, where every second face is to be edited: of 20 pixels at least half are reached.
        for first in [0, 90] {
            let rises: Vec<f64> = (0..6).map(|i| rise(first + 2 * i)).collect();
            let most = rises.iter().copied().fold(f64::MIN, f64::max);
            let least = rises.iter().copied().fold(f64::MAX, f64::min);
            assert!(most - least > 10.0, "{rises:?}");
        }
    }

    #[test]
    fn the_region_of_a_drawn_face_is_the_drawings_own() {
        for seed in 0..5 {
            let (face, scene) = face(seed);
            for attribute in [Attribute::Eyeglasses, Attribute::MouthSlightlyOpen] {
                let found = region(&face.picture, &face.points, attribute.name());
                let own = scene.region(attribute);
                // Rounding may move an edge by a pixel.
                let near = |a: i32, b: i32| (a - b).abs() <= 1;
                assert!(
                    near(found.x, own.x)
                        && near(found.y, own.y)
                        && near(found.w, own.w)
                        && near(found.h, own.h),
                    "{found:?} is not {own:?}"
                );
            }
        }
    }

    #[test]
    fn a_wider_crop_shows_the_same_middle_smaller() {
        let (face, _) = face(1);
        let narrow = to_crop(&face.points, &TEMPLATE, 64.0, 128).unwrap();
        let wide = to_crop(&face.points, &wider(&TEMPLATE, 64.0, 1.6), 64.0, 128).unwrap();
        assert!((narrow.scale() / wide.scale() - 1.6).abs() < 1e-9);
        let middle = narrow.inverse().unwrap().apply(Point { x: 64.0, y: 64.0 });
        let seen = wide.apply(middle);
        assert!((seen.x - 64.0).abs() < 1e-6 && (seen.y - 64.0).abs() < 1e-6);
    }
}
