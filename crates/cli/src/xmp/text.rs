//! From bytes to a tree, within limits.

use roxmltree::{Document, ParsingOptions};

use super::Refused;

/// Programs that keep the whole history of a picture reach some megabytes.
const LONGEST: usize = 16 << 20;
const MOST_NODES: u32 = 1_000_000;
/// Comparisons of names, less than a second's worth. A packet with 50 namespaces and a million elements makes a fifth of them.
const MOST_WORK: u64 = 250_000_000;

/// A packet's text without the zeros that may follow it.
pub(crate) fn decode(packet: &[u8]) -> Result<String, Refused> {
    if packet.len() > LONGEST {
        return Err(Refused::TooLong {
            found: packet.len(),
            allowed: LONGEST,
        });
    }
    // By the standard the first character, `<` or a byte order mark, tells the encoding.
    let text = match packet {
        [0xFE, 0xFF, ..] | [0, b'<', ..] => utf16(packet, u16::from_be_bytes)?,
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => utf16(packet, u16::from_le_bytes)?,
        _ => str::from_utf8(packet)
            .map_err(|_| Refused::Encoding)?
            .to_owned(),
    };
    let text = text.trim_start_matches('\u{feff}').trim_end_matches('\0');
    if work(text) > MOST_WORK {
        return Err(Refused::Tangled);
    }
    Ok(text.to_owned())
}

/// The text without an XML declaration, which would name an encoding that it no longer has.
fn utf16(packet: &[u8], number: fn([u8; 2]) -> u16) -> Result<String, Refused> {
    let (pairs, rest) = packet.as_chunks();
    let units: Vec<u16> = pairs.iter().map(|pair| number(*pair)).collect();
    let text = String::from_utf16(&units).map_err(|_| Refused::Encoding)?;
    if rest.iter().any(|byte| *byte != 0) {
        return Err(Refused::Encoding);
    }
    let text = text.trim_start_matches('\u{feff}');
    let declaration = text
        .strip_prefix("<?xml ")
        .and_then(|rest| rest.split_once("?>"));
    Ok(declaration.map_or(text, |(_, rest)| rest).to_owned())
}

/// At most so many comparisons of names does the parser make: it compares each attribute of an element with each other one, each
/// prefix with all that are in scope, and what an element declares with all that is inherited.
fn work(text: &str) -> u64 {
    let declarations = text.matches("xmlns").count() as u64;
    let mut work = declarations.saturating_pow(3);
    // No attribute holds a `<`, so that each piece has all attributes of its tag, and may have more that are none.
    for piece in text.split('<') {
        let attributes = piece.matches(['"', '\'']).count() as u64 / 2;
        let names = attributes + 1;
        work = work.saturating_add(attributes * attributes + names.saturating_mul(declarations));
    }
    work
}

/// The tree. Document types, and with them entities, are refused.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Refused> {
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| Refused::Malformed {
        line: error.pos().row,
        column: error.pos().col,
    })
}
