//! The drawn faces that are measured.

use std::fs;
use std::path::Path;

use diat_host::Points;
use diat_synth::{Attribute, FaceStyle, Scene, draw};

use crate::Result;

/// A picture with one face that wears glasses; 8-bit RGBA.
pub(crate) struct Drawn {
    pub(crate) name: &'static str,
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) points: Points,
    pub(crate) pixels: Vec<u8>,
}

/// Name, size, distance between the eyes in pixels. The large one's crop is 2000×2000 pixels of the picture.
const PICTURES: [(&str, usize, usize, f64); 2] =
    [("small", 335, 410, 69.0), ("large", 6000, 4000, 718.0)];

fn scene(name: &str) -> Result<(&'static str, Scene)> {
    let picture = PICTURES.iter().find(|picture| picture.0 == name);
    let (name, width, height, eyes) = *picture.ok_or("no such picture")?;
    let style = FaceStyle::from_seed(5).with(Attribute::Eyeglasses, true);
    let mut scene = Scene::portrait(style, width, height);
    scene.pose.eye_distance = eyes;
    scene.pose.roll = 0.1;
    Ok((name, scene))
}

/// Draws those that are not there yet; the large one takes a while.
pub(crate) fn draw_all(folder: &Path) -> Result<()> {
    for (name, ..) in PICTURES {
        let file = folder.join(name).with_extension("rgba");
        if file.exists() {
            continue;
        }
        let (_, scene) = scene(name)?;
        let (width, height) = (scene.width as u32, scene.height as u32);
        let pixels = draw(&scene)?.picture.into_bytes();
        let png = image::RgbaImage::from_raw(width, height, pixels.clone());
        let png = png.ok_or("a picture of another size was drawn")?;
        png.save(file.with_extension("png"))?;
        fs::write(file, pixels)?;
    }
    Ok(())
}

impl Drawn {
    pub(crate) fn read(folder: &Path, name: &str) -> Result<Self> {
        let (name, scene) = scene(name)?;
        Ok(Self {
            name,
            width: scene.width,
            height: scene.height,
            points: scene.points().map(|point| [point.x, point.y]),
            pixels: fs::read(folder.join(name).with_extension("rgba"))?,
        })
    }
}
