//! HEIC and AVIF, made by the encoders that libheif has here.

use std::sync::LazyLock;

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, Rgba, RgbaImage};
use libheif_rs::{
    Channel, ColorPrimaries, ColorProfileNCLX, ColorProfileRaw, ColorSpace, CompressionFormat,
    EncoderQuality, EncodingOptions, HeifContext, Image, ImageOrientation, LibHeif, RgbChroma,
    color_profile_types,
};
use moxcms::ColorProfile;

use crate::support::{INSIDE, SIDE, User, exif, is_outside, metadata};

/// Never let go: its plug-ins are there once for all tests.
static LIBRARY: LazyLock<LibHeif> = LazyLock::new(LibHeif::new);

const KINDS: [(&str, CompressionFormat); 2] = [
    ("heic", CompressionFormat::Hevc),
    ("avif", CompressionFormat::Av1),
];
const XMP: &[u8] = br#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="ann's negative"/></rdf:RDF></x:xmpmeta>"#;

/// What a file is made of besides its picture.
struct Made<'a> {
    bits: u8,
    alpha: bool,
    orientation: ImageOrientation,
    exif: Option<&'a [u8]>,
    xmp: Option<&'a [u8]>,
    icc: Option<Vec<u8>>,
    primaries: Option<ColorPrimaries>,
}

impl Default for Made<'_> {
    fn default() -> Self {
        Self {
            bits: 8,
            alpha: false,
            orientation: ImageOrientation::Normal,
            exif: None,
            xmp: None,
            icc: None,
            primaries: None,
        }
    }
}

/// Smooth, so that it is hardly changed by compression, and different at every corner.
fn smooth() -> RgbaImage {
    RgbaImage::from_fn(SIDE, SIDE, |x, y| {
        let byte = |value: u32| (value * 200 / SIDE + 20) as u8;
        Rgba([byte(x), byte(y), byte(SIDE - x), byte(SIDE - y)])
    })
}

impl Made<'_> {
    /// A file of [`smooth`]; none, which is told, where the library has no encoder.
    fn file(&self, kind: CompressionFormat) -> Option<Vec<u8>> {
        let Ok(mut encoder) = LIBRARY.encoder_for_format(kind) else {
            println!("skipped: libheif has no encoder for {kind:?}");
            return None;
        };
        encoder.set_quality(EncoderQuality::Lossy(95)).unwrap();
        let mut context = HeifContext::new().unwrap();
        let mut options = EncodingOptions::new().unwrap();
        options.set_image_orientation(self.orientation);
        let main = context
            .encode_image(&self.image(), &mut encoder, Some(options))
            .unwrap();
        if let Some(exif) = self.exif {
            context.add_exif_metadata(&main, exif).unwrap();
        }
        if let Some(xmp) = self.xmp {
            context.add_xmp_metadata(&main, xmp).unwrap();
        }
        Some(context.write_to_bytes().unwrap())
    }

    fn image(&self) -> Image {
        let chroma = match (self.bits, self.alpha) {
            (8, false) => RgbChroma::Rgb,
            (8, true) => RgbChroma::Rgba,
            (_, false) => RgbChroma::HdrRgbLe,
            (_, true) => RgbChroma::HdrRgbaLe,
        };
        let mut image = Image::new(SIDE, SIDE, ColorSpace::Rgb(chroma)).unwrap();
        image
            .create_plane(Channel::Interleaved, SIDE, SIDE, self.bits)
            .unwrap();
        let plane = image.planes_mut().interleaved.unwrap();
        let most = (1_u32 << self.bits) - 1;
        let channels = if self.alpha { 4 } else { 3 };
        for (row, pixels) in plane.data.chunks_mut(plane.stride).zip(smooth().rows()) {
            let samples = pixels.flat_map(|pixel| pixel.0.into_iter().take(channels));
            let bytes: Vec<u8> = samples
                .flat_map(|sample| {
                    let value = (u32::from(sample) * most / 255) as u16;
                    let size = if self.bits == 8 { 1 } else { 2 };
                    value.to_le_bytes().into_iter().take(size)
                })
                .collect();
            row[..bytes.len()].copy_from_slice(&bytes);
        }
        if let Some(icc) = &self.icc {
            let profile = ColorProfileRaw::new(color_profile_types::PROF, icc.clone());
            image.set_color_profile_raw(&profile).unwrap();
        }
        if let Some(primaries) = self.primaries {
            let mut numbers = ColorProfileNCLX::new().unwrap();
            numbers.set_color_primaries(primaries);
            image.set_color_profile_nclx(&numbers).unwrap();
        }
        image
    }
}

/// Whether pixels outside the painted disc are those of the other picture, compression aside.
#[track_caller]
fn assert_alike_outside(found: &DynamicImage, expected: &RgbaImage) {
    let found = found.to_rgba8();
    assert_eq!(found.dimensions(), expected.dimensions());
    for (x, y, pixel) in found.enumerate_pixels().filter(|at| is_outside(at.0, at.1)) {
        let wanted = expected.get_pixel(x, y);
        let is_alike = (0..3).all(|channel| pixel[channel].abs_diff(wanted[channel]) <= 8);
        assert!(is_alike, "{x},{y}: {pixel:?}, and expected {wanted:?}");
    }
}

#[test]
fn eight_bits_become_eight_and_more_become_sixteen() {
    let user = User::new();
    for (ending, kind) in KINDS {
        for (bits, colour) in [(8, ColorType::Rgb8), (10, ColorType::Rgb16)] {
            let made = Made {
                bits,
                ..Made::default()
            };
            let Some(bytes) = made.file(kind) else {
                continue;
            };
            let name = format!("a.{ending}");
            user.write(&name, &bytes);
            user.paint(&[&name, "-o", "b.png"]).expect(0, &["1 edited"]);
            let written = user.open("b.png");
            assert_eq!(written.color(), colour, "{ending} {bits}");
            assert_alike_outside(&written, &smooth());
            let (x, y) = INSIDE;
            let (painted, was) = (written.to_rgba8(), smooth());
            let change: i32 = (0..3)
                .map(|channel| {
                    let before = i32::from(was.get_pixel(x, y)[channel]);
                    (i32::from(painted.get_pixel(x, y)[channel]) - before).abs()
                })
                .sum();
            assert!(change > 30, "{ending} {bits}: {change}");
            if bits == 10 {
                let deep = written.to_rgb16();
                let fine = deep.pixels().any(|pixel| pixel[0] % 257 != 0);
                assert!(fine, "{ending}: only values that 8 bits can say");
            }
        }
    }
}

#[test]
fn the_file_turns_its_picture_once_and_exif_does_not_turn_it_again() {
    let user = User::new();
    let icc = ColorProfile::new_adobe_rgb().encode().unwrap();
    let exif = exif(6);
    for (ending, kind) in KINDS {
        let made = Made {
            orientation: ImageOrientation::Rotate90Cw,
            exif: Some(&exif),
            xmp: Some(XMP),
            icc: Some(icc.clone()),
            ..Made::default()
        };
        let Some(bytes) = made.file(kind) else {
            continue;
        };
        let name = format!("a.{ending}");
        user.write(&name, &bytes);
        let mut upright = DynamicImage::from(smooth());
        upright.apply_orientation(Orientation::Rotate90);
        for output in ["b.png", "b.jpg", "b.tif", "b.webp"] {
            let ran = user.paint(&[&name, "-o", output]).expect(0, &["1 edited"]);
            assert!(!ran.stderr.contains("not kept"), "{ran:?}");
            assert_alike_outside(&user.open(output), &upright.to_rgba8());
            let bytes = user.read(output);
            let (kept, profile) = metadata(&bytes);
            assert_eq!(profile, Some(icc.clone()), "{output}");
            let has = |what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
            assert!(has(b"ann's negative") && has(b"ann\0"), "{output}");
            // TIFF has it in its own directory.
            let kept = kept.as_deref().filter(|_| output != "b.tif");
            let turned = kept.and_then(Orientation::from_exif_chunk);
            assert!(
                matches!(turned, None | Some(Orientation::NoTransforms)),
                "{output}"
            );
        }
    }
}

#[test]
fn in_a_folder_they_become_jpeg_or_png_where_jpeg_would_lose_something() {
    let user = User::new();
    for (ending, kind) in KINDS {
        for (name, bits, alpha) in [("plain", 8, false), ("deep", 10, false), ("glass", 8, true)] {
            let made = Made {
                bits,
                alpha,
                ..Made::default()
            };
            let Some(bytes) = made.file(kind) else {
                return;
            };
            user.write(
                &format!("{ending}/{name}.{}", ending.to_uppercase()),
                &bytes,
            );
        }
        let out = format!("out-{ending}/");
        // There is no face in them: they are only written anew.
        let ran = user.with_resources(&["apply", "identity", ending, "-o", &out]);
        let ran = ran.expect(0, &["0 failed"]);
        assert!(!ran.stderr.contains("not kept"), "{ran:?}");
        assert_eq!(user.names(&out), ["deep.png", "glass.png", "plain.jpg"]);
        assert!(
            user.read(&format!("{out}plain.jpg"))
                .starts_with(b"\xFF\xD8")
        );
        let glass = user.open(&format!("{out}glass.png"));
        assert_eq!(glass.color(), ColorType::Rgba8);
        let glass = glass.to_rgba8();
        for (x, y) in [(5, 5), (190, 5), (5, 190)] {
            let (alpha, was) = (glass.get_pixel(x, y)[3], smooth().get_pixel(x, y)[3]);
            assert!(alpha.abs_diff(was) <= 8, "{x},{y}: {alpha}, and was {was}");
        }
    }
}

#[test]
fn colours_by_number_become_a_profile_and_hdr_is_refused() {
    let user = User::new();
    for (ending, kind) in KINDS {
        let made = Made {
            primaries: Some(ColorPrimaries::SMPTE_EG_432_1),
            ..Made::default()
        };
        let Some(mut bytes) = made.file(kind) else {
            continue;
        };
        let name = format!("a.{ending}");
        user.write(&name, &bytes);
        let ran = user.paint(&[&name, "-o", "b.png"]).expect(0, &["1 edited"]);
        assert!(!ran.stderr.contains("profile"), "{ran:?}");
        // The samples stay; the profile says what they are.
        assert_alike_outside(&user.open("b.png"), &smooth());
        let (_, profile) = metadata(&user.read("b.png"));
        let profile = ColorProfile::new_from_slice(&profile.unwrap()).unwrap();
        let red = profile.red_colorant.x - ColorProfile::new_display_p3().red_colorant.x;
        assert!(red.abs() < 1e-3, "{ending}: {red}");
        let numbers = b"nclx\0\x0c\0\x0d";
        let place = bytes.windows(8).position(|part| part == numbers).unwrap();
        bytes[place + 7] = 16;
        user.write(&name, &bytes);
        let told = format!("{name}: cannot be read as HEIC/AVIF");
        user.paint(&[&name, "-o", "c.png"])
            .expect(1, &[&told, "its colours are for HDR"]);
        assert!(!user.path("c.png").exists());
    }
}

#[test]
fn a_file_cut_off_anywhere_is_named_and_nothing_is_written() {
    let user = User::new();
    for (ending, kind) in KINDS {
        let Some(bytes) = Made::default().file(kind) else {
            continue;
        };
        let name = format!("a.{ending}");
        for length in [40, 200, bytes.len() / 2, bytes.len() - 1] {
            user.write(&name, &bytes[..length]);
            let told = format!("{name}: cannot be read as HEIC/AVIF");
            user.paint(&[&name, "-o", "b.png"]).expect(1, &[&told]);
            assert!(!user.path("b.png").exists(), "{ending} {length}");
        }
    }
}
