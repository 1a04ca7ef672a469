//! Tells whether a picture is one that was seen before.

use diat_image::{Alpha, Format, Layout, Pace, Transfer, View};
use twox_hash::XxHash3_128;

/// XXH3-128 of a picture's pixels and of what they mean; padding and address do not count. None if the pace stopped.
pub(crate) fn fingerprint(view: &View, pace: &mut Pace) -> Option<u128> {
    let mut hasher = XxHash3_128::new();
    let rect = view.rect();
    for side in [rect.x, rect.y, rect.w, rect.h] {
        hasher.write(&side.to_le_bytes());
    }
    hasher.write(&meaning(view.layout()));
    let space = view.space().map_or(&[][..], |space| space.definition());
    hasher.write(&space.len().to_le_bytes());
    hasher.write(space);
    for y in 0..rect.h {
        hasher.write(view.row(rect.y.saturating_add(y)));
        if !pace.after(rect.w as usize) {
            return None;
        }
    }
    Some(hasher.finish_128())
}

fn meaning(layout: Layout) -> [u8; 3] {
    let format = match layout.format {
        Format::RgbaU8 => 0,
        Format::RgbaU16 => 1,
        Format::RgbaF32 => 2,
    };
    let alpha = match layout.alpha {
        Alpha::Straight => 0,
        Alpha::Premultiplied => 1,
        Alpha::Opaque => 2,
    };
    let transfer = match layout.transfer {
        Transfer::Srgb => 0,
        Transfer::Linear => 1,
    };
    [format, alpha, transfer]
}

#[cfg(test)]
mod tests {
    use diat_image::Rect;

    use super::*;

    const RECT: Rect = Rect::new(0, 0, 5, 4);

    fn fingerprint(view: &View) -> u128 {
        super::fingerprint(view, &mut Pace::new(&mut || true)).unwrap()
    }

    fn bytes() -> Vec<u8> {
        (0..96).map(|i| (i * 37 % 251) as u8).collect()
    }

    #[test]
    fn padding_does_not_count_and_every_pixel_does() {
        let layout = Layout::srgb(Format::RgbaU8);
        let mut bytes = bytes();
        let print = |bytes: &[u8]| fingerprint(&View::new(bytes, 0, 24, RECT, layout).unwrap());
        let first = print(&bytes);
        bytes[22] ^= 1;
        assert_eq!(print(&bytes), first, "padding");
        bytes[24] ^= 1;
        assert_ne!(print(&bytes), first, "a pixel");
    }

    #[test]
    fn place_and_meaning_count() {
        let bytes = bytes();
        let print = |rect, layout| fingerprint(&View::new(&bytes, 0, 20, rect, layout).unwrap());
        let srgb = Layout::srgb(Format::RgbaU8);
        let first = print(RECT, srgb);
        assert_ne!(print(Rect::new(1, 0, 5, 4), srgb), first);
        let alpha = Alpha::Premultiplied;
        assert_ne!(print(RECT, Layout { alpha, ..srgb }), first);
        let transfer = Transfer::Linear;
        assert_ne!(print(RECT, Layout { transfer, ..srgb }), first);
    }
}
