//! Pictures of formats that are not read.

use std::io::Cursor;

use tiff::encoder::TiffEncoder;
use tiff::encoder::colortype::Gray8;
use tiff::tags::Tag;

use crate::support::User;

/// A TIFF whose only picture is a small grey one, with a tag of this value.
fn tiff_with(tags: &[(u16, u32)]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut file = TiffEncoder::new(&mut bytes).unwrap();
    let mut picture = file.new_image::<Gray8>(8, 8).unwrap();
    for (tag, value) in tags {
        let tag = Tag::from_u16_exhaustive(*tag);
        picture.encoder().write_tag(tag, *value).unwrap();
    }
    picture.write_data(&[9; 64]).unwrap();
    bytes.into_inner()
}

#[test]
fn each_is_named_and_what_to_do_is_said() {
    let user = User::new();
    let dng = tiff_with(&[(50706, 0x0101)]);
    let nef = tiff_with(&[(254, 1), (330, 8)]);
    let files: [(&str, &[u8], &str); 9] = [
        (
            "a.heic",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
            "is a HEIC picture; convert it first",
        ),
        // What a file holds says what it is, whatever its name.
        (
            "b.jpg",
            b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic",
            "is a HEIC picture",
        ),
        (
            "c.avif",
            b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
            "is an AVIF picture; convert it first",
        ),
        (
            "d.gif",
            b"GIF89a\x01\0\x01\0",
            "is a GIF picture; convert it",
        ),
        (
            "e.bmp",
            b"BM\x42\0\0\0\0\0\0\0\x36\0\0\0",
            "is a BMP picture; convert it",
        ),
        (
            "f.jxl",
            b"\xFF\x0A\xFA\x1F",
            "is a JPEG XL picture; convert it",
        ),
        ("g.psd", b"8BPS\0\x01", "is a Photoshop document; export it"),
        ("h.dng", &dng, "is a camera's raw file; develop it"),
        ("i.nef", &nef, "is a camera's raw file; develop it"),
    ];
    // A build that reads them says of these that they are cut off.
    let reads_heif = cfg!(feature = "heif");
    let files = files
        .into_iter()
        .filter(|(.., told)| !(reads_heif && (told.contains("HEIC") || told.contains("AVIF"))));
    for (name, bytes, told) in files {
        user.write(name, bytes);
        user.paint(&[name, "-o", "out.png"])
            .expect(1, &[&format!("{name}: {told}")]);
        assert!(!user.path("out.png").exists(), "{name}");
    }
    user.write("j.tif", &tiff_with(&[(254, 0)]));
    let arguments = ["apply", "painter", "j.tif", "-o", "out.png"];
    user.with_resources(&arguments).expect(0, &["0 failed"]);
}
