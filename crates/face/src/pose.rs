//! What five points tell about a face, and the way to a template.

use diat_image::{Point, Points, Similarity};

/// How far the tip of the nose stands before the plane of the eyes, in eye distances: 0.59 on the canonical face of
/// MediaPipe's face mesh (tip at depth 7.5 cm, eyes at 3.8 cm and 6.3 cm apart).
const NOSE_DEPTH: f64 = 0.59;

/// Pixels between the eyes.
pub fn eye_distance(points: &Points) -> f64 {
    (points[1].x - points[0].x).hypot(points[1].y - points[0].y)
}

/// The mean of the points.
pub(crate) fn middle(points: &Points) -> Point {
    let n = points.len() as f64;
    Point {
        x: points.iter().map(|p| p.x).sum::<f64>() / n,
        y: points.iter().map(|p| p.y).sum::<f64>() / n,
    }
}

/// How far a face is turned to the side, in degrees: 0 looks at the camera, positive turns the nose towards the image-right
/// eye, ±90 is a profile (coinciding eyes too).
///
/// A head turned by θ shows its eyes at e·cos θ and its nose beside their middle by d·sin θ, where d is how far the nose
/// stands out: so tan θ is the nose's offset along the line of the eyes, over d and in shown eye distances. A rolled head
/// rolls that line with it.
pub fn yaw_degrees(points: &Points) -> f64 {
    let [left, right, nose, ..] = points;
    let (ex, ey) = (right.x - left.x, right.y - left.y);
    let (nx, ny) = (
        nose.x - (left.x + right.x) / 2.0,
        nose.y - (left.y + right.y) / 2.0,
    );
    let square = ex * ex + ey * ey;
    if square > 0.0 {
        ((nx * ex + ny * ey) / square / NOSE_DEPTH)
            .atan()
            .to_degrees()
    } else {
        90.0
    }
}

/// The similarity from the picture to a network's frame that takes the face's points nearest to the template's (pixels of
/// the frame); none if the points coincide or are not finite.
pub fn align(points: &Points, template: &Points) -> Option<Similarity> {
    Similarity::fit(points, template)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A face in three dimensions, turned by yaw and rolled, as a camera far away sees it.
    fn seen(yaw: f64, roll: f64) -> Points {
        let (yaw, roll) = (yaw.to_radians(), roll.to_radians());
        [
            (-0.5, 0.0, 0.0),
            (0.5, 0.0, 0.0),
            (0.0, 0.6, NOSE_DEPTH),
            (-0.4, 1.1, 0.05),
            (0.4, 1.1, 0.05),
        ]
        .map(|(x, y, z)| {
            let x = x * yaw.cos() + z * yaw.sin();
            Point {
                x: 300.0 + 80.0 * (x * roll.cos() - y * roll.sin()),
                y: 200.0 + 80.0 * (x * roll.sin() + y * roll.cos()),
            }
        })
    }

    #[test]
    fn yaw_is_the_turn_of_the_head_whatever_its_roll() {
        for yaw in [-60.0, -30.0, 0.0, 10.0, 45.0, 75.0] {
            for roll in [-150.0, -30.0, 0.0, 20.0, 90.0] {
                let found = yaw_degrees(&seen(yaw, roll));
                assert!(
                    (found - yaw).abs() < 1e-9,
                    "turned by {yaw}, rolled by {roll}: found {found}"
                );
            }
        }
    }

    #[test]
    fn a_mirrored_face_is_turned_the_other_way() {
        let points = seen(25.0, 10.0);
        let [left, right, nose, left_mouth, right_mouth] = points.map(|p| Point {
            x: 640.0 - p.x,
            y: p.y,
        });
        let mirrored = [right, left, nose, right_mouth, left_mouth];
        assert!((yaw_degrees(&mirrored) + yaw_degrees(&points)).abs() < 1e-9);
    }

    #[test]
    fn eyes_in_one_place_are_a_profile() {
        let mut points = seen(0.0, 0.0);
        points[1] = points[0];
        assert_eq!(yaw_degrees(&points), 90.0);
    }

    #[test]
    fn alignment_takes_a_rolled_and_scaled_template_back_to_itself() {
        let template = seen(0.0, 0.0);
        let moved = Similarity {
            a: 1.7,
            b: -0.9,
            tx: 12.0,
            ty: 400.0,
        };
        let points = template.map(|p| moved.apply(p));
        let back = align(&points, &template).unwrap();
        for (p, q) in points.iter().zip(&template) {
            let r = back.apply(*p);
            assert!((r.x - q.x).hypot(r.y - q.y) < 1e-9, "{r:?} is not {q:?}");
        }
    }

    #[test]
    fn points_in_one_place_have_no_alignment() {
        let template = seen(0.0, 0.0);
        assert_eq!(align(&[template[0]; 5], &template), None);
    }
}
