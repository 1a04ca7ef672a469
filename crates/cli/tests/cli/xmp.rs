//! XMP packets get from one file to the other.

use crate::jpeg::{plain, segments, with_segment};
use crate::metadata::png_with;
use crate::support::{User, packet_of};

const ENDINGS: [&str; 4] = ["png", "jpg", "webp", "tif"];

/// A packet with a title of this length.
fn packet(length: usize) -> Vec<u8> {
    let title = "Ö".repeat(length / 2);
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" photoshop:Headline=\"{title}\"/>\
         </rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"
    )
    .into_bytes()
}

/// A JPEG file with this packet.
fn with_packet(packet: &[u8]) -> Vec<u8> {
    let content = [b"http://ns.adobe.com/xap/1.0/\0", packet].concat();
    with_segment(&plain(), 0xE1, &content)
}

#[test]
fn xmp_stays_in_every_format_and_from_each_to_each() {
    let user = User::new();
    let packet = packet(500);
    user.write("a.jpg", &with_packet(&packet));
    for from in ENDINGS {
        let first = format!("1.{from}");
        user.paint(&["a.jpg", "-o", &first, "--no-record"])
            .expect(0, &["1 edited"]);
        for to in ENDINGS {
            let second = format!("2.{to}");
            let ran = user
                .paint(&[&first, "-o", &second, "--no-record"])
                .expect(0, &["1 edited"]);
            assert!(!ran.stderr.contains("not kept: XMP"), "{ran:?}");
            let found = packet_of(&user.read(&second));
            assert_eq!(found.as_ref(), Some(&packet), "{from} to {to}");
        }
    }
}

#[test]
fn a_packet_that_is_too_long_for_a_segment_of_jpeg_gets_there_and_back() {
    let user = User::new();
    let long = packet(200_000);
    let text = [b"XML:com.adobe.xmp\0\0\0\0\0", &long[..]].concat();
    user.write("a.png", &png_with(&[(b"iTXt", &text)]));
    user.paint(&["a.png", "-o", "b.jpg", "--no-record"])
        .expect(0, &["1 edited"]);
    let pieces = segments(&user.read("b.jpg"));
    let is_piece = |content: &[u8]| content.starts_with(b"http://ns.adobe.com/xmp/extension/\0");
    assert!(
        pieces
            .iter()
            .filter(|(_, content)| is_piece(content))
            .count()
            > 3
    );
    for (from, to) in [("b.jpg", "c.jpg"), ("c.jpg", "d.png")] {
        let ran = user
            .paint(&[from, "-o", to, "--no-record"])
            .expect(0, &["1 edited"]);
        assert!(!ran.stderr.contains("not kept"), "{ran:?}");
    }
    let found = packet_of(&user.read("d.png")).unwrap();
    let (start, end) = (find(&long, b"<x:xmpmeta"), find(&long, b"<?xpacket end"));
    assert!(found == long[start..end], "{} bytes", found.len());
}

#[test]
fn an_extension_joins_its_packet_and_one_that_is_not_whole_is_told() {
    let user = User::new();
    let name = "0123456789ABCDEF0123456789ABCDEF";
    let describe = |namespace: &str, property: &str| {
        format!(
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
             <rdf:Description rdf:about=\"\" xmlns:a=\"{namespace}\" {property}/></rdf:RDF></x:xmpmeta>"
        )
    };
    let main = describe(
        "http://ns.adobe.com/xmp/note/",
        &format!("xmpNote:HasExtendedXMP=\"{name}\""),
    )
    .replace("xmlns:a", "xmlns:xmpNote");
    let extension = describe("http://ns.adobe.com/photoshop/1.0/", "a:Headline=\"H\"");
    let (head, tail) = extension.as_bytes().split_at(100);
    let piece = |offset: u32, part: &[u8]| {
        let whole = (extension.len() as u32).to_be_bytes();
        [
            b"http://ns.adobe.com/xmp/extension/\0",
            name.as_bytes(),
            &whole,
            &offset.to_be_bytes(),
            part,
        ]
        .concat()
    };
    // Out of order, as they may be: a segment is put before those that are there.
    let half = with_segment(&with_packet(main.as_bytes()), 0xE1, &piece(0, head));
    user.write("half.jpg", &half);
    user.write("whole.jpg", &with_segment(&half, 0xE1, &piece(100, tail)));
    user.paint(&["half.jpg", "-o", "half.png"])
        .expect(0, &["not kept: the extension of XMP", "half.jpg"]);
    let ran = user
        .paint(&["whole.jpg", "-o", "whole.png"])
        .expect(0, &["1 edited"]);
    assert!(!ran.stderr.contains("not kept"), "{ran:?}");
    let joined = String::from_utf8(packet_of(&user.read("whole.png")).unwrap()).unwrap();
    assert!(joined.contains("a:Headline=\"H\""), "{joined}");
    assert_eq!(joined.matches("</rdf:RDF>").count(), 1, "{joined}");
    assert!(!joined.contains("HasExtendedXMP"), "{joined}");
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes
        .windows(what.len())
        .position(|window| window == what)
        .unwrap()
}
