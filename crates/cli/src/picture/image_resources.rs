//! Photoshop's image resources, the blocks in which JPEG and TIFF files carry IPTC.

/// Number of the resource that is IPTC.
const IPTC: u16 = 0x0404;
/// Numbers of those that show the picture as it was.
const THUMBNAILS: [u16; 2] = [0x0409, 0x040C];

/// One resource: its number, its bytes as they stand, and what it holds.
struct Resource<'a> {
    number: u16,
    bytes: &'a [u8],
    content: &'a [u8],
}

/// The resources as they were but for the thumbnail, which would go on showing the face as it was; none where none is left.
pub(super) fn without_thumbnail(bytes: &[u8]) -> Option<Vec<u8>> {
    let kept = resources(bytes).filter(|resource| !THUMBNAILS.contains(&resource.number));
    let kept = kept.flat_map(|resource| resource.bytes).copied();
    Some(kept.collect()).filter(|kept: &Vec<u8>| !kept.is_empty())
}

/// The IPTC record among them.
pub(super) fn iptc(bytes: &[u8]) -> Option<&[u8]> {
    let mut found = resources(bytes).filter(|resource| resource.number == IPTC);
    found.next().map(|resource| resource.content)
}

/// The IPTC record among them, and the others as they were.
pub(super) fn split(bytes: &[u8]) -> (Option<&[u8]>, Vec<u8>) {
    let others = resources(bytes).filter(|resource| resource.number != IPTC);
    let others = others.flat_map(|resource| resource.bytes).copied();
    (iptc(bytes), others.collect())
}

/// An IPTC record as the only resource.
pub(super) fn from_iptc(record: &[u8]) -> Vec<u8> {
    let mut bytes = b"8BIM".to_vec();
    bytes.extend(IPTC.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend((record.len() as u32).to_be_bytes());
    bytes.extend(record);
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

/// Each: a signature, a number, a name with its length before it, the content with its length before it; name and content end at
/// even places. What is broken ends the list.
fn resources(bytes: &[u8]) -> impl Iterator<Item = Resource<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let [b'8', b'B', b'I', b'M', high, low, name, ..] = *rest else {
            return None;
        };
        let sized = 6 + (1 + usize::from(name)).next_multiple_of(2);
        let size = rest.get(sized..sized + 4)?.try_into().ok()?;
        let size = u32::from_be_bytes(size) as usize;
        let content = rest.get(sized + 4..(sized + 4).checked_add(size)?)?;
        // The last byte that makes it even is missing in some files.
        let end = (sized + 4 + size).next_multiple_of(2).min(rest.len());
        let (bytes, next) = rest.split_at(end);
        rest = next;
        Some(Resource {
            number: u16::from_be_bytes([high, low]),
            bytes,
            content,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(number: u16, name: &[u8], content: &[u8]) -> Vec<u8> {
        let mut bytes = b"8BIM".to_vec();
        bytes.extend(number.to_be_bytes());
        bytes.push(name.len() as u8);
        bytes.extend(name);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes.extend((content.len() as u32).to_be_bytes());
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes
    }

    #[test]
    fn the_thumbnail_goes_and_the_rest_stays_as_it_was() {
        let (first, last) = (
            resource(0x0404, b"", b"odd"),
            resource(0x07D0, b"Path", b"12"),
        );
        let all = [&first[..], &resource(0x040C, b"x", b"FACE"), &last].concat();
        assert_eq!(without_thumbnail(&all), Some([first, last].concat()));
        assert_eq!(without_thumbnail(&resource(0x0409, b"", b"FACE")), None);
    }

    #[test]
    fn iptc_is_found_and_made() {
        for record in [&b"odd"[..], b"even"] {
            assert_eq!(from_iptc(record), resource(0x0404, b"", record));
            let all = [resource(0x03ED, b"", &[0; 16]), from_iptc(record)].concat();
            assert_eq!(iptc(&all), Some(record));
        }
    }

    #[test]
    fn resources_cut_short_anywhere_give_those_before() {
        let first = resource(0x0404, b"", b"even");
        let all = [&first[..], &resource(0x07D0, b"", b"1234")].concat();
        for length in first.len()..all.len() {
            assert_eq!(without_thumbnail(&all[..length]), Some(first.clone()));
        }
    }
}
