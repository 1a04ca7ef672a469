//! Views of memory: what is let in, and what is read and written there.

mod support;

use diat_image::{Alpha, Format, Layout, Picture, Rect, Transfer, View, ViewError, ViewMut};
use support::{FORMATS, noise};

const BYTES: Layout = Layout::srgb(Format::RgbaU8);

#[test]
fn what_leaves_the_memory_is_refused() {
    let bytes = vec![0u8; 1000];
    let fits = |first, stride, w, h| {
        View::new(&bytes, first, stride, Rect::new(0, 0, w, h), BYTES).map(|_| ())
    };
    assert_eq!(fits(0, 40, 10, 25), Ok(()));
    assert_eq!(fits(960, -40, 10, 25), Ok(()));
    assert_eq!(fits(0, 50, 10, 20), Ok(()), "the last row needs no padding");
    assert!(matches!(fits(1, 40, 10, 25), Err(ViewError::Bounds { .. })));
    assert!(matches!(
        fits(959, -40, 10, 25),
        Err(ViewError::Bounds { .. })
    ));
    assert!(matches!(fits(0, 39, 10, 2), Err(ViewError::Stride { .. })));
    assert!(matches!(
        fits(40, -39, 10, 2),
        Err(ViewError::Stride { .. })
    ));
    assert!(matches!(
        fits(0, isize::MAX, 10, 2),
        Err(ViewError::Bounds { .. })
    ));
    assert!(matches!(
        fits(usize::MAX, isize::MIN, 10, 3),
        Err(ViewError::Bounds { .. })
    ));
    for (w, h) in [(0, 5), (5, 0), (-1, 5), (i32::MIN, i32::MIN)] {
        assert!(matches!(fits(0, 40, w, h), Err(ViewError::Rect(_))));
    }
    let huge = Rect::new(0, 0, i32::MAX, i32::MAX);
    assert!(matches!(
        View::new(&bytes, 0, isize::MAX, huge, BYTES),
        Err(ViewError::Bounds { .. })
    ));
    let far = Rect::new(i32::MAX, 0, 1, 1);
    assert!(matches!(
        View::new(&bytes, 0, 4, far, BYTES),
        Err(ViewError::Rect(_))
    ));
    assert!(Picture::new(Rect::new(0, 0, 0, 9), BYTES).is_err());
    assert!(Picture::from_bytes(Rect::new(0, 0, 2, 2), BYTES, vec![0; 17]).is_err());
}

#[test]
fn samples_are_read_as_they_lie_at_any_offset_and_stride() {
    let mut bytes = vec![0u8; 200];
    let rect = Rect::new(-4, 100, 2, 3);
    // Row 101, column -3, in a bottom-up picture at an odd address.
    let (first, stride) = (101, -40);
    bytes[101 - 40 + 8..][..8]
        .copy_from_slice(&[0u16, 65535, 13107, 1].map(u16::to_ne_bytes).concat());
    let view = View::new(&bytes, first, stride, rect, Layout::srgb(Format::RgbaU16)).unwrap();
    assert_eq!(view.rgba_f32(-3, 101), [0.0, 1.0, 0.2, 1.0 / 65535.0]);
    assert_eq!(
        view.rgba_f32(50, 101),
        view.rgba_f32(-3, 101),
        "replicated to the right"
    );
    assert_eq!(view.row(-9), view.row(100), "replicated upwards");
    assert_eq!(view.row(900), view.row(102), "replicated downwards");
    assert_eq!(view.row(102), &bytes[21..37]);
}

#[test]
fn what_is_stored_is_rounded_to_the_nearest_and_clamped_and_floats_are_kept() {
    let rect = Rect::new(0, 0, 1, 1);
    let values = [-0.3, 1.7, 0.5, 0.3];
    for (format, want) in [
        (Format::RgbaU8, [0.0, 1.0, 128.0 / 255.0, 77.0 / 255.0]),
        (
            Format::RgbaU16,
            [0.0, 1.0, 32768.0 / 65535.0, 19661.0 / 65535.0],
        ),
        (Format::RgbaF32, values),
    ] {
        let mut picture = Picture::new(rect, Layout::srgb(format)).unwrap();
        picture.view_mut().set_rgba_f32(0, 0, values);
        picture.view_mut().set_rgba_f32(1, 0, [9.0; 4]);
        assert_eq!(picture.view().rgba_f32(0, 0), want);
    }
}

#[test]
fn the_rows_of_a_region_are_disjoint_top_down_and_as_wide_as_it() {
    for (first, stride) in [(2, 50isize), (352, -50)] {
        let mut bytes = vec![0u8; 400];
        let rect = Rect::new(10, 20, 12, 8);
        let mut view = ViewMut::new(&mut bytes, first, stride, rect, BYTES).unwrap();
        let rows = view.rows_mut(Rect::new(13, 18, 100, 5));
        assert_eq!(rows.len(), 3);
        for (row, value) in rows.into_iter().zip(1..) {
            assert_eq!(row.len(), 9 * 4);
            row.fill(value);
        }
        for y in 20..28 {
            for x in 10..22 {
                let want = if x >= 13 && y < 23 { (y - 19) as u8 } else { 0 };
                assert_eq!(
                    view.as_view().row(y)[(x - 10) as usize * 4],
                    want,
                    "({x}, {y})"
                );
            }
        }
        let sum: usize = bytes.iter().map(|&b| usize::from(b)).sum();
        assert_eq!(sum, 36 * (1 + 2 + 3));
    }
    // A single row may come with any stride.
    let mut bytes = vec![0u8; 40];
    for stride in [0, -3, 1000] {
        let rect = Rect::new(0, 0, 10, 1);
        let mut one = ViewMut::new(&mut bytes, 0, stride, rect, BYTES).unwrap();
        assert_eq!(one.rows_mut(rect).len(), 1);
    }
}

#[test]
fn copying_takes_the_region_and_nothing_else() {
    for format in FORMATS {
        let layout = Layout::srgb(format);
        let source = noise(Rect::new(0, 0, 20, 20), layout, 1);
        let mut target = noise(Rect::new(5, 5, 10, 10), layout, 2);
        let before = target.clone();
        let roi = Rect::new(7, 8, 4, 3);
        target.view_mut().copy_from(&source.view(), roi).unwrap();
        for (x, y) in (5..15).flat_map(|x| (5..15).map(move |y| (x, y))) {
            let inside = roi.contains(&Rect::new(x, y, 1, 1));
            let want = if inside { &source } else { &before };
            assert_eq!(target.view().rgba_f32(x, y), want.view().rgba_f32(x, y));
        }
        let outside = Rect::new(4, 8, 4, 3);
        assert!(
            target
                .view_mut()
                .copy_from(&source.view(), outside)
                .is_err()
        );
        let other = Layout {
            alpha: Alpha::Opaque,
            transfer: Transfer::Linear,
            ..layout
        };
        let other = noise(Rect::new(0, 0, 20, 20), other, 1);
        assert!(target.view_mut().copy_from(&other.view(), roi).is_err());
    }
}
