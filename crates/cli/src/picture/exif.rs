//! What an EXIF record says that is no longer true of an edited picture.

use super::tiff::Directory;

const THUMBNAIL_OFFSET: u16 = 0x0201;
const THUMBNAIL_LENGTH: u16 = 0x0202;

/// Takes the thumbnail out: it shows the face as it was, and programs would go on showing it. Everything else stays in its place.
pub(crate) fn forget_thumbnail(exif: &mut [u8]) {
    let Some(main) = Directory::first(exif) else {
        return;
    };
    let Some(thumbnail) = main.following(exif) else {
        return;
    };
    let value = |tag| usize::try_from(thumbnail.value(exif, tag)?).ok();
    if let (Some(start), Some(length)) = (value(THUMBNAIL_OFFSET), value(THUMBNAIL_LENGTH)) {
        let end = start.saturating_add(length).min(exif.len());
        if let Some(bytes) = exif.get_mut(start..end) {
            bytes.fill(0);
        }
    }
    main.end_here(exif);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An orientation, then a thumbnail of four bytes.
    fn record(little: bool) -> Vec<u8> {
        let mut bytes = if little {
            b"II*\0".to_vec()
        } else {
            b"MM\0*".to_vec()
        };
        let numbers: [(u32, usize); 21] = [
            (8, 4),
            (1, 2), // one entry: orientation 6
            (0x0112, 2),
            (3, 2),
            (1, 4),
            (6, 2),
            (0, 2),
            (26, 4), // the next directory
            (2, 2),
            (0x0201, 2),
            (4, 2),
            (1, 4),
            (56, 4),
            (0x0202, 2),
            (4, 2),
            (1, 4),
            (4, 4),
            (0, 4), // no further one
            (0x4A50, 2),
            (0x45, 1),
            (0x47, 1),
        ];
        for (value, size) in numbers {
            let all = value.to_be_bytes();
            let mut part = all[4 - size..].to_vec();
            if little {
                part.reverse();
            }
            bytes.extend(part);
        }
        bytes
    }

    #[test]
    fn the_thumbnail_goes_and_the_orientation_stays() {
        for little in [true, false] {
            let mut exif = record(little);
            assert_eq!(Directory::first(&exif).unwrap().next, 26);
            forget_thumbnail(&mut exif);
            let main = Directory::first(&exif).unwrap();
            assert_eq!((main.next, main.value(&exif, 0x0112)), (0, Some(6)));
            assert!(record(little).ends_with(b"EG") && exif.ends_with(&[0; 4]));
            assert_eq!(exif.len(), record(little).len());
        }
    }

    #[test]
    fn a_record_cut_short_anywhere_is_left_as_it_is() {
        for length in 0..record(true).len() - 4 {
            let mut exif = record(true)[..length].to_vec();
            let before = exif.clone();
            forget_thumbnail(&mut exif);
            // Once the second directory is whole the thumbnail can go.
            assert!(exif == before || length >= 56, "{length}");
        }
    }
}
