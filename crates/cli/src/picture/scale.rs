//! Enlarging.

use std::path::Path;

use image::imageops::{FilterType, resize};
use image::{ImageBuffer, Pixel, Rgba};

use super::read::check_size;
use super::samples::{f32s, from_f32s, from_u16s, u16s};
use super::{Depth, Picture, PictureError};

impl Picture {
    /// Enlarges by a whole factor with Catmull-Rom; a point (x, y) comes to lie at (factor·x, factor·y).
    pub(crate) fn enlarge(&mut self, factor: u32, file: &Path) -> Result<(), PictureError> {
        if factor <= 1 {
            return Ok(());
        }
        let size = (self.width, self.height);
        let large = (size.0.saturating_mul(factor), size.1.saturating_mul(factor));
        check_size(file, large, self.depth)?;
        let pixels = std::mem::take(&mut self.pixels);
        self.pixels = match self.depth {
            Depth::U8 => resized::<u8>(pixels, size, large),
            Depth::U16 => {
                from_u16s(resized::<u16>(u16s(&pixels).collect(), size, large).into_iter())
            }
            Depth::F32 => {
                from_f32s(resized::<f32>(f32s(&pixels).collect(), size, large).into_iter())
            }
        };
        (self.width, self.height) = large;
        Ok(())
    }
}

fn resized<S>(samples: Vec<S>, from: (u32, u32), to: (u32, u32)) -> Vec<S>
where
    S: image::Primitive + 'static,
    Rgba<S>: Pixel<Subpixel = S> + 'static,
{
    let picture: Option<ImageBuffer<Rgba<S>, Vec<S>>> =
        ImageBuffer::from_raw(from.0, from.1, samples);
    // The samples are those of a picture of this size, so there always is one.
    picture.map_or_else(Vec::new, |picture| {
        resize(&picture, to.0, to.1, FilterType::CatmullRom).into_raw()
    })
}
