//! Where an edit lands: the painter's disc against the place that the manifest's template gives it.

use crate::stage::{FORMATS, MASK, Wish, converted, face, open, picture, plugin, random, render};
use diat_host::Points;
use diat_image::{Format, Layout, Picture, Point, Similarity};
use diat_synth::{FaceStyle, Pose, Scene, draw};
use diat_tests::{Painter, Resources, TEMPLATE};

/// Nowhere in particular, so that no symmetry hides a shift.
const CENTRE: [f64; 2] = [27.3, 43.8];
const RADIUS: f64 = 6.0;

fn painter() -> Painter {
    Painter {
        centre: CENTRE,
        radius: RADIUS,
        ..Painter::default()
    }
}

/// The centroid of some weights over the pixels of a picture, and their sum.
fn centroid(picture: &Picture, weight: impl Fn(i32, i32) -> f64) -> (Point, f64) {
    let (mut sum, mut x_sum, mut y_sum) = (0.0, 0.0, 0.0);
    let area = picture.rect();
    for y in area.y..area.y + area.h {
        for x in area.x..area.x + area.w {
            let weight = weight(x, y);
            sum += weight;
            x_sum += weight * (f64::from(x) + 0.5);
            y_sum += weight * (f64::from(y) + 0.5);
        }
    }
    (
        Point {
            x: x_sum / sum,
            y: y_sum / sum,
        },
        sum,
    )
}

/// Checks that weights form the painter's disc at its place; all is measured in crop pixels.
fn check(picture: &Picture, to_picture: &Similarity, what: &str, weight: impl Fn(i32, i32) -> f64) {
    let (found, area) = centroid(picture, weight);
    let [x, y] = CENTRE;
    let wanted = to_picture.apply(Point { x, y });
    let scale = to_picture.scale();
    let off = (found.x - wanted.x).hypot(found.y - wanted.y) / scale;
    // The bar is 0.25. What is measured is a hundredth of it; half a pixel anywhere would be 0.5.
    assert!(off < 0.05, "{what}: {off:.4} crop pixels off");
    // A disc whose edge falls over one pixel has the area of its radius, and a ring's twelfth more.
    let wanted = std::f64::consts::PI * (RADIUS * RADIUS + 1.0 / 12.0);
    let area = area / (scale * scale);
    assert!(
        (area / wanted - 1.0).abs() < 0.02,
        "{what}: {area:.1} square crop pixels of {wanted:.1}"
    );
}

/// m of a picture that was plain grey: how far a pixel went towards the painter's blue.
fn blueness(picture: &Picture, grey: f64) -> impl Fn(i32, i32) -> f64 {
    move |x, y| {
        let [r, _, b, _] = picture.view().rgba_f32(x, y).map(f64::from);
        // Blue rises by 1 − grey, red falls by grey: by 1 together.
        (b - grey) - (r - grey)
    }
}

#[test]
fn the_disc_lands_where_the_template_says_on_plain_pictures_from_100_to_1000_pixels_between_the_eyes()
 {
    let resources = Resources::new();
    painter().add_to(&resources, "painter");
    let plugin = plugin(&resources, 0);
    let mut random = random(1);
    for (eyes, rolls) in [
        (100.0, &[0.0, 30.0, -30.0, 11.0][..]),
        (173.0, &[-19.0, 7.5]),
        (316.0, &[0.0, -30.0, 23.0]),
        (560.0, &[30.0]),
        (1000.0, &[-30.0, 14.0]),
    ] {
        for &roll in rolls {
            // Room for the disc, not for the whole crop: a face may leave the picture.
            let size = (eyes * 1.5) as i32;
            let middle = [0.5, 0.25].map(|share| f64::from(size) * share + random());
            let (to_picture, points) = face(64, eyes, roll, middle);
            for format in FORMATS {
                let layout = Layout::srgb(format);
                let input = picture(size, size, layout, |_, _| [0.4, 0.4, 0.4, 0.7]);
                let mut instance = open(&plugin, "painter", &[points]);
                let out = render(&mut instance, &input, &Wish::default());
                let grey = f64::from(input.view().rgba_f32(0, 0)[0]);
                let what = format!("{eyes} pixels, {roll}°, {format:?}");
                check(&out, &to_picture, &what, blueness(&out, grey));
            }
        }
    }
}

#[test]
fn the_disc_lands_on_drawn_faces_where_their_points_lay_it() {
    let resources = Resources::new();
    painter().add_to(&resources, "painter");
    let plugin = plugin(&resources, 0);
    let template = TEMPLATE.map(|[x, y]| Point {
        x: x * 64.0,
        y: y * 64.0,
    });
    for (seed, eyes, roll) in [(3, 100.0, -30.0), (4, 230.0, 30.0), (5, 400.0, 12.0f64)] {
        let size = (eyes * 3.0) as usize;
        let mut scene = Scene::portrait(FaceStyle::from_seed(seed), size, size);
        let (x, y) = (size as f64 * 0.5, size as f64 * 0.4);
        scene.pose = Pose {
            centre: Point { x, y },
            eye_distance: eyes,
            roll: roll.to_radians(),
        };
        let drawn = draw(&scene).unwrap();
        let to_picture = Similarity::fit(&drawn.points, &template)
            .unwrap()
            .inverse()
            .unwrap();
        let points: Points = drawn.points.map(|p| [p.x, p.y]);
        for format in FORMATS {
            let input = converted(&drawn.picture, format);
            let mut instance = open(&plugin, "painter", &[points]);
            let mask = render(&mut instance, &input, &Wish::show(MASK));
            let what = format!("seed {seed}, {eyes} pixels, {roll}°, {format:?}");
            check(&mask, &to_picture, &what, |x, y| {
                f64::from(mask.view().rgba_f32(x, y)[0])
            });
            let out = render(&mut instance, &input, &Wish::default());
            assert_painted(&input, &out, &mask, &what);
        }
    }
}

/// Full strength and an open gate: out = x + m·(blue − x), in the middle of the disc blue itself.
fn assert_painted(input: &Picture, out: &Picture, mask: &Picture, what: &str) {
    let area = input.rect();
    let step = if input.layout().format == Format::RgbaU8 {
        1.0 / 255.0
    } else {
        1e-3
    };
    let mut inside = 0;
    for y in 0..area.h {
        for x in 0..area.w {
            let [before, after, m] = [input, out, mask].map(|p| p.view().rgba_f32(x, y));
            if m[0] == 1.0 {
                inside += 1;
                for (c, blue) in [0.0, 0.0, 1.0].into_iter().enumerate() {
                    assert!(
                        (after[c] - blue).abs() <= step,
                        "{what} ({x}, {y}): {after:?} of {before:?}"
                    );
                }
            }
        }
    }
    assert!(inside > 100, "{what}: {inside}");
}
