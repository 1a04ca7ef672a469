//! Formats that are known by sight and not read.

use super::tiff::is_raw;

/// Starts of files, and what they are.
const STARTS: [(&[u8], &str); 10] = [
    (b"\xFF\x0A", JPEG_XL),
    (b"\0\0\0\x0CJXL \r\n\x87\n", JPEG_XL),
    (b"\xFF\x4F\xFF\x51", JPEG_2000),
    (b"\0\0\0\x0CjP  \r\n\x87\n", JPEG_2000),
    (b"GIF8", "a GIF picture; convert it to PNG first"),
    (b"v/1\x01", "an OpenEXR picture; convert it to TIFF first"),
    (b"8BPS", "a Photoshop document; export it as TIFF first"),
    (b"gimp xcf", "a GIMP document; export it as TIFF first"),
    (b"%PDF", "a PDF document; export its picture first"),
    (b"FUJIFILMCCD-RAW", RAW),
];
/// Brands of files in ISO's base media format, and what they are; the first that a file has counts.
const BRANDS: [(&[u8; 4], &str); 7] = [
    (b"avif", AVIF),
    (b"avis", AVIF),
    (b"heic", HEIC),
    (b"heix", HEIC),
    (b"hevc", HEIC),
    (b"crx ", RAW),
    (b"mif1", HEIC),
];
const AVIF: &str = "an AVIF picture; convert it first, for example `avifdec IN.avif OUT.png`, or build diat with `--features heif`";
const HEIC: &str = "a HEIC picture; convert it first, for example `heif-convert -q 95 IN.heic OUT.jpg`, let the phone export JPEG, or build diat with `--features heif`";
const JPEG_XL: &str = "a JPEG XL picture; convert it first, for example `djxl IN.jxl OUT.png`";
const JPEG_2000: &str = "a JPEG 2000 picture; convert it to PNG or TIFF first";
const RAW: &str = "a camera's raw file; develop it to TIFF or JPEG first";
const BMP: &str = "a BMP picture; convert it to PNG first";

/// What a file is that is not read, and what to do; none where it is one of ours or nothing that is known.
pub(super) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    known(bytes).filter(|what| !(cfg!(feature = "heif") && matches!(*what, AVIF | HEIC)))
}

/// Whether a file is HEIC or AVIF.
#[cfg(feature = "heif")]
pub(super) fn is_heif(bytes: &[u8]) -> bool {
    matches!(known(bytes), Some(AVIF | HEIC))
}

/// Whether a HEIC or AVIF file has a sequence of pictures.
#[cfg(feature = "heif")]
pub(super) fn is_sequence(bytes: &[u8]) -> bool {
    let of_sequences = |brand: &[u8; 4]| matches!(brand, b"avis" | b"hevc" | b"msf1");
    brands(bytes).iter().any(of_sequences)
}

/// The same whether or not this build reads HEIC and AVIF.
fn known(bytes: &[u8]) -> Option<&'static str> {
    let start = STARTS.iter().find(|(start, _)| bytes.starts_with(start));
    let brands = brands(bytes);
    let brand = BRANDS.iter().find(|(brand, _)| brands.contains(brand));
    if let Some(name) = start.map(|start| start.1).or(brand.map(|brand| brand.1)) {
        Some(name)
    } else if is_raw(bytes) {
        // It would be read as the small picture that it has for a preview.
        Some(RAW)
    } else if bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]) {
        Some(BMP)
    } else {
        None
    }
}

/// All brands that a file of ISO's base media format says it has (ISO/IEC 14496-12, 4.3).
fn brands(bytes: &[u8]) -> &[[u8; 4]] {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else {
        return &[];
    };
    let length = u32::from_be_bytes(*length) as usize;
    match rest.strip_prefix(b"ftyp") {
        // Between the first brand and the others is a version, which is no brand's name.
        Some(brands) => {
            brands[..brands.len().min(length.saturating_sub(8))]
                .as_chunks()
                .0
        }
        None => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brands_say_what_a_file_is_whichever_comes_first() {
        let file = |brands: &[u8]| {
            let length = (8 + brands.len() as u32).to_be_bytes();
            [&length, b"ftyp", brands, b"\0\0\0\x08mdat"].concat()
        };
        for (brands, name) in [
            (&b"heic\0\0\0\0mif1heic"[..], HEIC),
            (b"mif1\0\0\0\0mif1heic", HEIC),
            (b"mif1\0\0\0\0mif1avif", AVIF),
            (b"avif\0\0\0\0mif1miaf", AVIF),
            (b"crx \0\0\0\x01crx isom", RAW),
        ] {
            assert_eq!(known(&file(brands)), Some(name));
        }
        assert_eq!(foreign(&file(b"isom\0\0\0\0isommp42")), None);
        assert_eq!(foreign(b"\xFF\xFF\xFF\xFFftyphe"), None);
        assert_eq!(known(b"\xFF\xFF\xFF\xFFftypheic"), Some(HEIC));
    }
}
