//! The square frames in which the landmark network looks at a face.

use crate::pose::{eye_distance, middle};
use diat_image::{Point, Points, Similarity};
use diat_manifest::BoxToCrop;

/// Eye distances across the frame that points give: the middle of what the landmark network was trained on (2.1 to 3.9).
const FRAME_SIDE: f64 = 3.0;

/// A frame and the way back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    /// From picture coordinates to pixels of the frame.
    pub(crate) to_frame: Similarity,
    /// Its inverse.
    pub(crate) to_picture: Similarity,
}

/// The upright frame of `side` pixels that a detector's box gives by the manifest's rule; none if the box has no size.
pub(crate) fn from_box(bounds: &[f64; 4], rule: &BoxToCrop, side: usize) -> Option<Frame> {
    let [x, y, width, height] = *bounds;
    let longer = width.max(height);
    let centre = Point {
        x: x + width / 2.0,
        y: y + height / 2.0 + rule.down * longer,
    };
    turned(centre, rule.scale * longer, 0.0, side)
}

/// The frame of `side` pixels around a face's points, turned so that its eyes lie level; none if the eyes coincide.
pub(crate) fn from_points(points: &Points, side: usize) -> Option<Frame> {
    let roll = (points[1].y - points[0].y).atan2(points[1].x - points[0].x);
    let extent = FRAME_SIDE * eye_distance(points);
    turned(middle(points), extent, roll, side)
}

/// From picture to frame: `extent` picture pixels across, centred on `centre`, its rows along `angle` (radians, clockwise).
fn turned(centre: Point, extent: f64, angle: f64, side: usize) -> Option<Frame> {
    let side = side as f64;
    let scale = side / extent;
    let (a, b) = (scale * angle.cos(), -scale * angle.sin());
    let to_frame = Similarity {
        a,
        b,
        tx: side / 2.0 - a * centre.x + b * centre.y,
        ty: side / 2.0 - b * centre.x - a * centre.y,
    };
    let to_picture = to_frame.inverse()?;
    Some(Frame {
        to_frame,
        to_picture,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(p: Point, x: f64, y: f64) {
        assert!((p.x - x).hypot(p.y - y) < 1e-9, "{p:?} is not ({x}, {y})");
    }

    #[test]
    fn a_box_is_enlarged_and_moved_down_by_shares_of_its_longer_side() {
        let rule = BoxToCrop {
            scale: 1.5,
            down: 0.1,
        };
        let frame = from_box(&[100.0, 200.0, 40.0, 60.0], &rule, 96)
            .unwrap()
            .to_frame;
        near(frame.apply(Point { x: 120.0, y: 236.0 }), 48.0, 48.0);
        near(frame.apply(Point { x: 75.0, y: 191.0 }), 0.0, 0.0);
        near(frame.apply(Point { x: 165.0, y: 281.0 }), 96.0, 96.0);
    }

    #[test]
    fn points_give_a_frame_in_which_the_eyes_lie_level() {
        let roll = 0.6_f64;
        let points = [
            (-20.0, -20.0),
            (20.0, -20.0),
            (0.0, 0.0),
            (-15.0, 20.0),
            (15.0, 20.0),
        ]
        .map(|(x, y)| Point {
            x: 300.0 + x * roll.cos() - y * roll.sin(),
            y: 500.0 + x * roll.sin() + y * roll.cos(),
        });
        let frame = from_points(&points, 96).unwrap().to_frame;
        // Three eye distances of 40 pixels become 96.
        let scale = 96.0 / 120.0;
        near(
            frame.apply(points[0]),
            48.0 - 20.0 * scale,
            48.0 - 20.0 * scale,
        );
        near(
            frame.apply(points[1]),
            48.0 + 20.0 * scale,
            48.0 - 20.0 * scale,
        );
        near(
            frame.apply(points[3]),
            48.0 - 15.0 * scale,
            48.0 + 20.0 * scale,
        );
    }

    #[test]
    fn nothing_has_no_frame() {
        let rule = BoxToCrop {
            scale: 1.0,
            down: 0.0,
        };
        assert_eq!(from_box(&[5.0, 5.0, 0.0, 0.0], &rule, 96), None);
        assert_eq!(from_box(&[f64::NAN; 4], &rule, 96), None);
        assert_eq!(from_points(&[Point { x: 3.0, y: 4.0 }; 5], 96), None);
    }
}
