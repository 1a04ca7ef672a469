//! Held-out faces on one picture: a row a face, a column a picture of it.

use font8x8::UnicodeFonts;
use image::{ImageFormat, Rgb, RgbImage};
use ndarray::{Array4, ArrayView3, Axis};

use super::Edited;

const GAP: u32 = 4;
const HEADER: u32 = 24;
/// Neither black nor white, so that the ends of a mask show.
const PAPER: Rgb<u8> = Rgb([226, 223, 217]);
const INK: Rgb<u8> = Rgb([45, 44, 48]);
/// Smaller crops are enlarged to it, without smoothing.
const LEAST_SIDE: usize = 128;

/// A picture as it is saved and shown.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) png: Vec<u8>,
    pub(super) size: [u32; 2],
}

impl Grid {
    /// Columns: the face, F(x), the mask, T(x), and the counterfactual where it is known.
    pub(super) fn new(
        faces: &Array4<f32>,
        edited: &Edited,
        truth: Option<&Array4<f32>>,
    ) -> Result<Self, image::ImageError> {
        let columns = [
            ("input", Some(faces)),
            ("result", Some(&edited.result)),
            ("mask", edited.mask.as_ref()),
            ("T", Some(&edited.transformed)),
            ("truth", truth),
        ];
        let columns: Vec<_> = columns
            .into_iter()
            .filter_map(|(name, pictures)| pictures.map(|pictures| (name, pictures)))
            .collect();
        let side = faces.dim().3.max(1);
        let enlarge = LEAST_SIDE.div_ceil(side);
        let cell = (side * enlarge) as u32;
        let rows = faces.dim().0 as u32;
        let width = GAP + columns.len() as u32 * (cell + GAP);
        let height = HEADER + rows * (cell + GAP);
        let mut picture = RgbImage::from_pixel(width, height, PAPER);
        for (column, (name, pictures)) in columns.into_iter().enumerate() {
            let x = GAP + column as u32 * (cell + GAP);
            write_word(&mut picture, name, x, (HEADER - 16) / 2);
            for (row, face) in pictures.axis_iter(Axis(0)).enumerate() {
                let y = HEADER + row as u32 * (cell + GAP);
                paint(&mut picture, &face, [x, y], enlarge as u32);
            }
        }
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, ImageFormat::Png)?;
        Ok(Self {
            png: png.into_inner(),
            size: [width, height],
        })
    }
}

/// A picture 3×S×S in \[-1, 1\], or a mask 1×S×S in \[0, 1\].
fn paint(picture: &mut RgbImage, face: &ArrayView3<'_, f32>, [x, y]: [u32; 2], enlarge: u32) {
    let (channels, height, width) = face.dim();
    let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    for row in 0..height {
        for column in 0..width {
            let sample = |channel: usize| face[[channel.min(channels - 1), row, column]];
            let pixel = Rgb([0, 1, 2].map(|channel| match channels {
                1 => byte(sample(0)),
                _ => byte((sample(channel) + 1.0) / 2.0),
            }));
            for dy in 0..enlarge {
                for dx in 0..enlarge {
                    let at = [
                        x + column as u32 * enlarge + dx,
                        y + row as u32 * enlarge + dy,
                    ];
                    picture.put_pixel(at[0], at[1], pixel);
                }
            }
        }
    }
}

/// In letters of 16 pixels.
fn write_word(picture: &mut RgbImage, word: &str, x: u32, y: u32) {
    const ENLARGE: u32 = 2;
    for (index, letter) in word.chars().enumerate() {
        let Some(rows) = font8x8::BASIC_FONTS.get(letter) else {
            continue;
        };
        for (row, bits) in rows.into_iter().enumerate() {
            for column in (0..8).filter(|column| bits >> column & 1 == 1) {
                for pixel in 0..ENLARGE * ENLARGE {
                    let at_x = x + (index as u32 * 8 + column) * ENLARGE + pixel % ENLARGE;
                    let at_y = y + row as u32 * ENLARGE + pixel / ENLARGE;
                    if at_x < picture.width() && at_y < picture.height() {
                        picture.put_pixel(at_x, at_y, INK);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_hold_what_their_column_says() {
        let full = |channels, value| Array4::from_elem((2, channels, 32, 32), value);
        let edited = Edited {
            result: full(3, 1.0),
            transformed: full(3, 0.0),
            mask: Some(full(1, 0.0)),
        };
        let truth = full(3, -0.2);
        let grid = Grid::new(&full(3, -1.0), &edited, Some(&truth)).unwrap();
        let picture = image::load_from_memory(&grid.png).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), grid.size.into());
        assert_eq!(grid.size, [4 + 5 * 132, 24 + 2 * 132]);
        for row in 0..2 {
            let grey = |column: u32| picture.get_pixel(4 + column * 132 + 127, 24 + row * 132).0[0];
            assert_eq!([0, 1, 2, 3, 4].map(grey), [0, 255, 0, 128, 102], "{row}");
        }
    }

    #[test]
    fn a_network_without_mask_has_no_column_of_it() {
        let faces = Array4::zeros((1, 3, 32, 32));
        let edited = Edited {
            result: faces.clone(),
            transformed: faces.clone(),
            mask: None,
        };
        let grid = Grid::new(&faces, &edited, None).unwrap();
        assert_eq!(grid.size[0], 4 + 3 * 132);
    }
}
