//! The picture, layer by layer.

use crate::attribute::Attributes;
use crate::colour::Colour;
use crate::curve::step;
use crate::feature::{beard, brows, clothes, ears, eyes, glasses, hair, mouth, nose, skin};
use crate::noise::lattice;
use crate::relief::Relief;
use crate::scene::{Scene, SceneError};
use crate::spot::Spot;
use diat_image::{Format, Layout, Picture, Point, Points, Rect, Similarity};

/// A drawn face and what is true of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Opaque RGBA, 8 bits, sRGB; first pixel (0, 0).
    pub picture: Picture,
    /// Exact five points, picture coordinates, image-left first.
    pub points: Points,
    /// What the face has.
    pub attributes: Attributes,
}

/// Draws a scene; the same scene always gives the same bytes.
///
/// # Errors
/// A picture without pixels, or a pose that is no place.
pub fn draw(scene: &Scene) -> Result<Drawn, SceneError> {
    let painter = Painter::new(scene)?;
    let picture = raster(scene.width, scene.height, |i, j| {
        let grain = lattice(scene.style.seed ^ 0x6A, i as i64, j as i64)
            + lattice(scene.style.seed ^ 0x6B, i as i64, j as i64);
        painter
            .colour(i as f64 + 0.5, j as f64 + 0.5)
            .plus((grain - 1.0) * 0.009)
    })?;
    Ok(Drawn {
        picture,
        points: scene.points(),
        attributes: scene.style.attributes,
    })
}

/// An opaque picture from a colour for each column and row.
pub(crate) fn raster(
    width: usize,
    height: usize,
    colour: impl Fn(usize, usize) -> Colour,
) -> Result<Picture, SceneError> {
    let size = |source| SceneError::Size {
        width,
        height,
        source,
    };
    let side = |n| i32::try_from(n).unwrap_or(i32::MAX);
    let rect = Rect::new(0, 0, side(width), side(height));
    let layout = Layout::srgb(Format::RgbaU8);
    Picture::new(rect, layout).map_err(size)?;
    let mut bytes = Vec::with_capacity(width * height * 4);
    for j in 0..height {
        for i in 0..width {
            let Colour(rgb) = colour(i, j);
            bytes.extend(rgb.map(|v| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8));
            bytes.push(255);
        }
    }
    Picture::from_bytes(rect, layout, bytes).map_err(size)
}

struct Painter<'a> {
    scene: &'a Scene,
    relief: Relief,
    to_face: Similarity,
    /// The chin in picture coordinates: where the upright body takes over from the turned head.
    chin: Point,
    pixel: f64,
}

impl<'a> Painter<'a> {
    fn new(scene: &'a Scene) -> Result<Self, SceneError> {
        let to_picture = scene.to_picture();
        let pose = SceneError::Pose { pose: scene.pose };
        let to_face = match to_picture.inverse() {
            Some(way) if scene.pose.eye_distance > 0.0 && scene.pose.roll.is_finite() => way,
            _ => return Err(pose),
        };
        Ok(Self {
            scene,
            relief: Relief::new(&scene.style),
            to_face,
            chin: to_picture.apply(Point {
                x: 0.0,
                y: scene.style.head.chin,
            }),
            pixel: 1.0 / scene.pose.eye_distance,
        })
    }

    /// The colour at a place of the picture, from the back to the front.
    fn colour(&self, x: f64, y: f64) -> Colour {
        let (style, relief) = (&self.scene.style, &self.relief);
        let place = self.to_face.apply(Point { x, y });
        let head = Spot {
            x: place.x,
            y: place.y,
            pixel: self.pixel,
        };
        let body = Spot {
            x: (x - self.chin.x) * self.pixel,
            y: (y - self.chin.y) * self.pixel + style.head.chin,
            pixel: self.pixel,
        };
        let wall = &self.scene.background;
        let mut seen = wall.at(x / self.scene.width as f64, y / self.scene.height as f64);
        seen = hair::paint_behind(style, relief, head, seen);
        seen = clothes::paint(style, relief, head, body, seen);
        seen = ears::paint(style, relief, head, seen);
        seen = self.face(head, seen);
        seen = glasses::paint_behind(style, head, seen);
        seen = hair::paint(style, relief, head, seen);
        seen = glasses::paint(style, head, seen);
        let warmth = style.light.warmth;
        seen.tinted([1.0 + warmth, 1.0, 1.0 - warmth])
    }

    /// Skin and what lies on it, within the head's outline.
    fn face(&self, spot: Spot, under: Colour) -> Colour {
        let style = &self.scene.style;
        let edge = style.head.distance(spot.x, spot.y);
        let cover = spot.cover(edge, 0.025);
        if cover == 0.0 {
            return under;
        }
        let mut lit = self.relief.at(spot.x, spot.y);
        // The turn of the outline away from the eye.
        lit.light *= hair::shadow(style, spot) * (1.0 - 0.16 * step(-0.12, 0.02, edge));
        let mut seen = skin::paint(style, spot, lit);
        seen = beard::paint(style, spot, lit.light, seen);
        seen = nose::paint(style, spot, seen);
        seen = mouth::paint(style, spot, lit, seen);
        seen = eyes::paint(style, spot, lit.light, seen);
        seen = brows::paint(style, spot, lit.light, seen);
        under.mixed(seen, cover)
    }
}
