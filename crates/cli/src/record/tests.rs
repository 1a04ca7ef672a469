use super::write::{Written, write};
use super::{Edit, read};
use crate::xmp::Refused;

const COMPOSITE: &str =
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";

fn edit(effect: &str) -> Edit {
    Edit {
        effect: effect.to_owned(),
        version: "1.2.3".to_owned(),
        weights: "ab".repeat(32),
        strength: "0.5".to_owned(),
        parameters: vec!["amount=2".to_owned(), "size=-0.25".to_owned()],
        show: String::new(),
        program: "diat 0.1.0".to_owned(),
        disclosure: "Made up.".to_owned(),
        source_before: String::new(),
    }
}

/// The packet with the edit, if all that was in it stays.
#[track_caller]
fn added(packet: &[u8], edit: &Edit) -> String {
    match write(Some(packet), edit).unwrap() {
        Written::Added(packet) => packet,
        other => panic!("{other:?}"),
    }
}

fn alone(edit: &Edit) -> String {
    match write(None, edit).unwrap() {
        Written::Added(packet) => packet,
        other => panic!("{other:?}"),
    }
}

/// A packet whose RDF has these descriptions.
fn packet(descriptions: &str) -> String {
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"other\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n{descriptions}\n</rdf:RDF>\n</x:xmpmeta>\n{}\n\
         <?xpacket end=\"w\"?>",
        " ".repeat(2000)
    )
}

const TITLE: &str = "<rdf:Description rdf:about=\"uuid:1\" xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\"\n\
    photoshop:Headline=\"Ölige &lt;Hände&gt;\"/>";

#[test]
fn an_edit_comes_back_as_it_was_written_whatever_its_texts_are() {
    let odd = Edit {
        disclosure: "<&\">' ]]> \u{1f600}\nnext line".to_owned(),
        show: "difference".to_owned(),
        ..edit("a&b")
    };
    let found = read(alone(&odd).as_bytes()).unwrap();
    assert_eq!(found.edits, [odd]);
    assert_eq!(found.source_type.as_deref(), Some(COMPOSITE));
    // XML has no way to say these.
    let impossible = Edit {
        disclosure: "a\u{0}b\u{1b}c\u{ffff}d".to_owned(),
        ..edit("a")
    };
    let found = read(alone(&impossible).as_bytes()).unwrap();
    assert_eq!(found.edits[0].disclosure, "a\u{fffd}b\u{fffd}c\u{fffd}d");
}

#[test]
fn every_shape_of_packet_keeps_every_line_and_gets_the_edit() {
    let headline = "xmlns:p=\"http://ns.adobe.com/photoshop/1.0/\"";
    let rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    let shapes = [
        packet(TITLE),
        packet(""),
        // Several descriptions, elements, comments, CDATA.
        packet(&format!(
            "{TITLE}\n<!-- </rdf:RDF> -->\n<rdf:Description rdf:about=\"uuid:1\" {headline}>\n\
             <p:City><![CDATA[</rdf:Description>]]></p:City>\n</rdf:Description>"
        )),
        // No wrappers, and RDF under another prefix, under none, and empty.
        format!(
            "<r:RDF xmlns:r=\"{rdf}\">\n<r:Description r:about=\"\" {headline} p:City=\"x\"/>\n</r:RDF>"
        ),
        format!(
            "<RDF xmlns=\"{rdf}\">\n<Description about=\"\" {headline} p:City=\"x\">\n</Description>\n</RDF>"
        ),
        format!("<rdf:RDF xmlns:rdf=\"{rdf}\"/>"),
        format!(
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF\nxmlns:rdf=\"{rdf}\"\n/>\n</x:xmpmeta>"
        ),
        // Our prefixes mean something else here.
        format!(
            "<q:RDF xmlns:q=\"{rdf}\" xmlns:rdf=\"urn:a\" xmlns:diat=\"urn:b\" xmlns:xmpMM=\"urn:c\">\n\
             <q:Description xmlns:stEvt=\"urn:d\" diat:Edits=\"no\" xmpMM:History=\"no\"/>\n</q:RDF>"
        ),
        format!("\u{feff}{}\0\0\0", packet(TITLE)),
    ];
    for shape in shapes {
        let text = added(shape.as_bytes(), &edit("first"));
        for line in shape.trim_matches(['\u{feff}', '\0']).lines() {
            let kept = line.strip_suffix("/>").unwrap_or(line);
            assert!(text.contains(kept), "{line} is not in {text}");
        }
        let twice = added(text.as_bytes(), &edit("second"));
        for found in [&text, &twice] {
            let found = read(found.as_bytes()).unwrap();
            assert_eq!(found.source_type.as_deref(), Some(COMPOSITE), "{twice}");
        }
        let found = read(twice.as_bytes()).unwrap().edits;
        assert_eq!(found, [edit("first"), edit("second")], "{twice}");
        assert_eq!(twice.matches("stEvt:action>edited<").count(), 2, "{twice}");
    }
}

#[test]
fn a_description_of_ours_names_the_picture_as_the_others_do() {
    let text = added(packet(TITLE).as_bytes(), &edit("a"));
    assert_eq!(text.matches("rdf:about=\"uuid:1\"").count(), 2, "{text}");
}

#[test]
fn utf_16_of_either_order_becomes_utf_8() {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>{}",
        packet(TITLE)
    );
    for mark in ["", "\u{feff}"] {
        let units: Vec<u16> = format!("{mark}{text}").encode_utf16().collect();
        for order in [u16::to_be_bytes, u16::to_le_bytes] {
            let bytes: Vec<u8> = units.iter().flat_map(|unit| order(*unit)).collect();
            let found = added(&bytes, &edit("a"));
            assert!(
                found.contains("Ölige") && !found.contains("UTF-16"),
                "{found}"
            );
            assert_eq!(read(found.as_bytes()).unwrap().edits, [edit("a")]);
            assert_eq!(read(&bytes).unwrap().edits, []);
        }
    }
}

#[test]
fn a_record_that_another_program_rewrote_is_read_and_continued() {
    let fields = "diat:Effect=\"a\" diat:Version=\"1.2.3\" diat:Strength=\"0.5\" diat:Program=\"diat 0.1.0\" diat:Later=\"x\"";
    let list = "<diat:Parameters><rdf:Bag><rdf:li>amount=2</rdf:li></rdf:Bag></diat:Parameters>";
    for item in [
        format!("<rdf:li {fields}/>"),
        format!("<rdf:li {fields}></rdf:li>"),
        format!("<rdf:li><rdf:Description {fields}>{list}</rdf:Description></rdf:li>"),
        format!("<rdf:li rdf:parseType=\"Resource\" {fields}>{list}</rdf:li>"),
    ] {
        let text = packet(&format!(
            "<rdf:Description xmlns:diat=\"urn:x-diat:record/1.0/\"><diat:Edits><rdf:Seq>{item}</rdf:Seq></diat:Edits></rdf:Description>"
        ));
        let found = read(added(text.as_bytes(), &edit("b")).as_bytes())
            .unwrap()
            .edits;
        let first = Edit {
            weights: String::new(),
            disclosure: String::new(),
            parameters: vec!["amount=2".to_owned(); usize::from(item.contains("amount"))],
            ..edit("a")
        };
        assert_eq!(found, [first, edit("b")], "{item}");
    }
    // A list without items.
    let text = packet(
        "<rdf:Description xmlns:diat=\"urn:x-diat:record/1.0/\"><diat:Edits><rdf:Seq/></diat:Edits></rdf:Description>",
    );
    let found = read(added(text.as_bytes(), &edit("b")).as_bytes()).unwrap();
    assert_eq!(found.edits, [edit("b")]);
}

#[test]
fn the_source_type_becomes_that_of_a_composite_unless_it_says_more_and_what_it_was_is_recorded() {
    let iptc = "xmlns:i=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\"";
    let term = |name: &str| format!("http://cv.iptc.org/newscodes/digitalsourcetype/{name}");
    for (before, after) in [
        ("digitalCapture", "compositeWithTrainedAlgorithmicMedia"),
        (
            "algorithmicallyEnhanced",
            "compositeWithTrainedAlgorithmicMedia",
        ),
        ("trainedAlgorithmicMedia", "trainedAlgorithmicMedia"),
        ("compositeSynthetic", "compositeSynthetic"),
        (
            "compositeWithTrainedAlgorithmicMedia",
            "compositeWithTrainedAlgorithmicMedia",
        ),
    ] {
        let (before, after) = (term(before), term(after));
        for shape in [
            format!("<rdf:Description {iptc} i:DigitalSourceType='{before}'/>"),
            format!(
                "<rdf:Description {iptc}><i:DigitalSourceType> {before} </i:DigitalSourceType></rdf:Description>"
            ),
            format!(
                "<rdf:Description {iptc}><i:DigitalSourceType rdf:resource=\"{before}\"/></rdf:Description>"
            ),
            format!(
                "<rdf:Description><i:DigitalSourceType {iptc}>{before}</i:DigitalSourceType></rdf:Description>"
            ),
        ] {
            let found = read(added(packet(&shape).as_bytes(), &edit("a")).as_bytes()).unwrap();
            let source = found.source_type.unwrap();
            assert_eq!(source.trim(), after, "{shape}");
            let was = found.edits[0].source_before.trim();
            assert_eq!(was, if before == after { "" } else { &before }, "{shape}");
        }
    }
}

#[test]
fn the_history_of_other_programs_goes_on() {
    let text = packet(
        "<rdf:Description xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\" xmlns:stEvt=\"http://ns.adobe.com/xap/1.0/sType/ResourceEvent#\">\
         <xmpMM:History><rdf:Seq><rdf:li stEvt:action=\"created\"/></rdf:Seq></xmpMM:History></rdf:Description>",
    );
    let text = added(text.as_bytes(), &edit("a"));
    let history = text.split("<xmpMM:History>").nth(1).unwrap();
    let created = history.find("created").unwrap();
    assert!(
        history
            .find("a 1.2.3, strength 0.5, amount=2, size=-0.25")
            .unwrap()
            > created,
        "{text}"
    );
    assert_eq!(text.matches("<xmpMM:History>").count(), 1, "{text}");
    // One that is no list stays what it is.
    let text = packet(
        "<rdf:Description xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\" xmpMM:History=\"long\"/>",
    );
    let text = added(text.as_bytes(), &edit("a"));
    assert!(
        text.contains("xmpMM:History=\"long\"") && !text.contains("<xmpMM:History"),
        "{text}"
    );
}

#[test]
fn a_packet_that_cannot_be_read_is_replaced_and_the_reason_told() {
    let line = |line, column| Refused::Malformed { line, column };
    for (packet, reason) in [
        ("", line(1, 1)),
        ("<a>", line(1, 1)),
        ("<a/>", Refused::NoRdf),
        ("<rdf:RDF/>", line(1, 2)),
        ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", line(1, 1)),
        ("caf\u{e9} is not XML", line(1, 1)),
    ] {
        let written = write(Some(packet.as_bytes()), &edit("a")).unwrap();
        let Written::Instead(alone, refused) = written else {
            panic!("{packet}: {written:?}");
        };
        assert_eq!(refused, reason, "{packet}");
        assert_eq!(read(alone.as_bytes()).unwrap().edits, [edit("a")]);
        assert_eq!(read(packet.as_bytes()), Err(reason));
    }
    let no_list =
        packet("<rdf:Description xmlns:diat=\"urn:x-diat:record/1.0/\" diat:Edits=\"many\"/>");
    let written = write(Some(no_list.as_bytes()), &edit("a")).unwrap();
    assert!(
        matches!(written, Written::Instead(_, Refused::NoList("Edits"))),
        "{written:?}"
    );
    let written = write(Some(b"<a>\xff</a>"), &edit("a")).unwrap();
    assert!(
        matches!(written, Written::Instead(_, Refused::Encoding)),
        "{written:?}"
    );
}
