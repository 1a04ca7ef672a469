//! XMP packets get from one file to the other.

use image::{DynamicImage, ImageDecoder};

use crate::support::{User, encode, picture};

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

/// The packet of a file, as the decoders of `image` find it.
fn packet_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let reader = image::ImageReader::new(std::io::Cursor::new(bytes));
    let reader = reader.with_guessed_format().unwrap();
    reader.into_decoder().unwrap().xmp_metadata().unwrap()
}

/// A JPEG file with this packet.
fn jpeg(packet: &[u8]) -> Vec<u8> {
    let picture = DynamicImage::from(picture()).to_rgb8().into();
    let mut bytes = encode("a.jpg", &picture, None, None);
    let content = [b"http://ns.adobe.com/xap/1.0/\0", packet].concat();
    let mut segment = vec![0xFF, 0xE1];
    segment.extend((content.len() as u16 + 2).to_be_bytes());
    segment.extend(content);
    bytes.splice(2..2, segment);
    bytes
}

#[test]
fn xmp_stays_in_every_format_and_from_each_to_each() {
    let user = User::new();
    let packet = packet(500);
    user.write("a.jpg", &jpeg(&packet));
    for from in ENDINGS {
        let first = format!("1.{from}");
        user.paint(&["a.jpg", "-o", &first])
            .expect(0, &["1 edited"]);
        for to in ENDINGS {
            let second = format!("2.{to}");
            let ran = user
                .paint(&[&first, "-o", &second])
                .expect(0, &["1 edited"]);
            assert!(!ran.stderr.contains("not kept: XMP"), "{ran:?}");
            let found = packet_of(&user.read(&second));
            assert_eq!(found.as_ref(), Some(&packet), "{from} to {to}");
        }
    }
}
