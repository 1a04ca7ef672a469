use super::{Refused, decode, parse, without_thumbnails};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// What becomes of a packet whose RDF holds this.
fn tried(content: &str) -> Result<usize, Refused> {
    let packet = format!("<rdf:RDF xmlns:rdf=\"{RDF}\">{content}</rdf:RDF>");
    let text = decode(packet.as_bytes())?;
    parse(&text).map(|document| document.descendants().count())
}

#[test]
fn depth_and_size_that_a_picture_may_have_are_read() {
    let deep = 100_000;
    let content = format!("{}{}", "<a>".repeat(deep), "</a>".repeat(deep));
    assert_eq!(tried(&content), Ok(deep + 2));
    assert_eq!(tried(&"<a/>".repeat(deep)), Ok(deep + 2));
    assert!(tried(&"x".repeat(10 << 20)).is_ok());
}

#[test]
fn what_would_take_the_parser_long_or_much_memory_is_refused() {
    let malformed =
        |result: &Result<usize, Refused>| matches!(result, Err(Refused::Malformed { .. }));
    let many = tried(&"<a/>".repeat(1_100_000));
    assert!(malformed(&many), "{many:?}");
    let long = tried(&"x".repeat(17 << 20));
    assert!(matches!(long, Err(Refused::TooLong { .. })), "{long:?}");
    let attributes: String = (0..100_000).map(|index| format!(" a{index}=''")).collect();
    assert_eq!(tried(&format!("<a{attributes}/>")), Err(Refused::Tangled));
    let namespaces: String = (0..5000)
        .map(|index| format!("<a xmlns:p{index}='u'>"))
        .collect();
    let ends = "</a>".repeat(5000);
    assert_eq!(tried(&format!("{namespaces}{ends}")), Err(Refused::Tangled));
    let flat: String = (0..900)
        .map(|index| format!(" xmlns:p{index}='u'"))
        .collect();
    let used = "<p899:a/>".repeat(900_000);
    assert!(tried(&format!("<a{flat}>{used}</a>")).is_err());
}

#[test]
fn entities_are_refused_before_any_is_expanded() {
    let laughs: String = (1..30)
        .map(|index| format!("<!ENTITY l{index} \"&l{0};&l{0};\">", index - 1))
        .collect();
    let text = format!("<!DOCTYPE a [<!ENTITY l0 \"ha\">{laughs}]><a>&l29;</a>");
    assert!(parse(&decode(text.as_bytes()).unwrap()).is_err());
    assert!(tried("&undeclared;").is_err());
}

#[test]
fn previews_go_and_nothing_else_does() {
    let xmp = "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"";
    let packet = |thumbnails: &str| {
        format!(
            "<rdf:RDF xmlns:rdf=\"{RDF}\"><rdf:Description {xmp} xmp:Rating=\"5\">{thumbnails}<xmp:Label>a</xmp:Label></rdf:Description></rdf:RDF>"
        )
    };
    let with = packet("<xmp:Thumbnails><rdf:Alt><rdf:li>FACE</rdf:li></rdf:Alt></xmp:Thumbnails>");
    assert_eq!(
        without_thumbnails(with.as_bytes()),
        Some(packet("").into_bytes())
    );
    assert_eq!(without_thumbnails(packet("").as_bytes()), None);
    assert_eq!(without_thumbnails(b"<xmp:Thumbnails"), None);
}
