//! Turning pixels by an orientation, without caring what a pixel is.

use image::metadata::Orientation;

/// The size after turning.
pub(crate) fn turned_size(width: u32, height: u32, by: Orientation) -> (u32, u32) {
    if swaps(by) {
        (height, width)
    } else {
        (width, height)
    }
}

/// Turns packed pixels of `pixel` bytes each as the orientation says: what is stored becomes upright.
pub(crate) fn turn(
    bytes: Vec<u8>,
    width: u32,
    height: u32,
    pixel: usize,
    by: Orientation,
) -> Vec<u8> {
    if by == Orientation::NoTransforms {
        return bytes;
    }
    let (w, h) = (width as usize, height as usize);
    let (columns, rows) = if swaps(by) { (h, w) } else { (w, h) };
    let mut turned = Vec::with_capacity(bytes.len());
    for y in 0..rows {
        for x in 0..columns {
            let (from_x, from_y) = match by {
                Orientation::NoTransforms => (x, y),
                Orientation::FlipHorizontal => (w - 1 - x, y),
                Orientation::Rotate180 => (w - 1 - x, h - 1 - y),
                Orientation::FlipVertical => (x, h - 1 - y),
                Orientation::Rotate90FlipH => (y, x),
                Orientation::Rotate90 => (y, h - 1 - x),
                Orientation::Rotate270FlipH => (w - 1 - y, h - 1 - x),
                Orientation::Rotate270 => (w - 1 - y, x),
            };
            let start = (from_y * w + from_x) * pixel;
            turned.extend_from_slice(&bytes[start..start + pixel]);
        }
    }
    turned
}

/// The orientation that undoes another.
pub(crate) fn inverse(of: Orientation) -> Orientation {
    match of {
        Orientation::Rotate90 => Orientation::Rotate270,
        Orientation::Rotate270 => Orientation::Rotate90,
        other => other,
    }
}

fn swaps(by: Orientation) -> bool {
    matches!(
        by,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, RgbImage};

    #[test]
    fn every_orientation_turns_as_the_image_crate_does_and_its_inverse_undoes_it() {
        let (width, height) = (3_u32, 2_u32);
        let bytes: Vec<u8> = (0..width * height * 3).map(|value| value as u8).collect();
        for number in 1..=8 {
            let by = Orientation::from_exif(number).unwrap();
            let picture = RgbImage::from_raw(width, height, bytes.clone()).unwrap();
            let mut expected = DynamicImage::from(picture);
            expected.apply_orientation(by);
            let turned = turn(bytes.clone(), width, height, 3, by);
            assert_eq!(turned, expected.as_bytes(), "{by:?}");
            let (w, h) = turned_size(width, height, by);
            assert_eq!((w, h), (expected.width(), expected.height()));
            assert_eq!(turn(turned, w, h, 3, inverse(by)), bytes, "{by:?}");
        }
    }
}
