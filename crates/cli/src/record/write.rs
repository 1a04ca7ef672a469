//! An edit into a packet.

use std::borrow::Cow;

use super::vocabulary::{
    AT_LEAST_AS_MUCH, COMPOSITE, DIAT, DISCLOSURE, EDITS, EFFECT, EVENT, HISTORY, PARAMETERS,
    PROGRAM, SHOW, SOURCE_BEFORE, SOURCE_TYPE, STRENGTH, VERSION, WEIGHTS,
};
use super::{Edit, read};
use crate::xmp::{self, Appended, Changes, Refused, Tree, escaped};

/// A packet with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// All that was in the packet, and the edit.
    Added(Vec<u8>),
    /// Only records of edits: with the rest the packet is longer than the format allows.
    Alone(Vec<u8>),
    /// Only this edit: the packet cannot be read.
    Instead(Vec<u8>, Refused),
}

/// Adds an edit to a picture's packet, which may get `longest` bytes long.
///
/// # Errors
/// None that a packet can cause.
pub(crate) fn write(
    packet: Option<&[u8]>,
    edit: &Edit,
    longest: usize,
) -> Result<Written, Refused> {
    let added = match packet {
        None => return new(std::slice::from_ref(edit)).map(Written::Added),
        Some(packet) => xmp::decode(packet).and_then(|text| add(&text, edit)),
    };
    let text = match added {
        Err(refused) => return Ok(Written::Instead(new(std::slice::from_ref(edit))?, refused)),
        Ok(text) if text.len() <= longest => return Ok(Written::Added(text.into_bytes())),
        Ok(text) => without_padding(&text),
    };
    if text.len() <= longest {
        return Ok(Written::Added(text.into_bytes()));
    }
    let edits = read(text.as_bytes())?.edits;
    for first in 0..edits.len() {
        let alone = new(&edits[first..])?;
        if alone.len() <= longest {
            return Ok(Written::Alone(alone));
        }
    }
    new(std::slice::from_ref(edit)).map(Written::Alone)
}

/// A packet with nothing but records.
fn new(edits: &[Edit]) -> Result<Vec<u8>, Refused> {
    let empty = xmp::EMPTY.to_owned();
    let text = edits
        .iter()
        .try_fold(empty, |text, edit| add(&text, edit))?;
    Ok(text.into_bytes())
}

fn add(text: &str, edit: &Edit) -> Result<String, Refused> {
    let document = xmp::parse(text)?;
    let tree = Tree::new(text, &document)?;
    let mut changes = Changes::new(tree);
    let edits = tree.list(EDITS)?;
    let mut edit = Cow::Borrowed(edit);
    let source = tree.all(SOURCE_TYPE).first().map(xmp::Found::value);
    let source = source.unwrap_or_default();
    if !AT_LEAST_AS_MUCH.contains(&source.trim()) {
        changes.set(SOURCE_TYPE, COMPOSITE);
        if !source.is_empty() {
            edit.to_mut().source_before = source;
        }
    }
    changes.append(EDITS, edits, &entry(&edit));
    // A history that is no list is none of ours to mend.
    if let Ok(history) = tree.list(HISTORY) {
        changes.append(HISTORY, history, &event(&edit));
    }
    Ok(changes.made().into_owned())
}

/// The edit in our own words.
fn entry(edit: &Edit) -> Appended {
    let mut rest = RESOURCE.to_owned();
    let texts = [
        (EFFECT, &edit.effect),
        (VERSION, &edit.version),
        (WEIGHTS, &edit.weights),
        (STRENGTH, &edit.strength),
        (SHOW, &edit.show),
        (PROGRAM, &edit.program),
        (DISCLOSURE, &edit.disclosure),
        (SOURCE_BEFORE, &edit.source_before),
    ];
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        rest.push_str(&field(DIAT.prefix, name, &escaped(text)));
    }
    if !edit.parameters.is_empty() {
        let item = |text: &String| format!("<rdf:li>{}</rdf:li>", escaped(text));
        let items: String = edit.parameters.iter().map(item).collect();
        let list = format!("<rdf:Seq>{items}</rdf:Seq>");
        rest.push_str(&field(DIAT.prefix, PARAMETERS, &list));
    }
    Appended {
        rest,
        used: vec![DIAT],
    }
}

/// The edit in the words of XMP Media Management.
fn event(edit: &Edit) -> Appended {
    let texts = [
        ("action", "edited".to_owned()),
        ("softwareAgent", edit.program.clone()),
        ("parameters", edit.in_words()),
    ];
    let fields = texts.map(|(name, text)| field(EVENT.prefix, name, &escaped(&text)));
    Appended {
        rest: format!("{RESOURCE}{}", fields.concat()),
        used: vec![EVENT],
    }
}

/// What follows `<rdf:li` where the item has fields.
const RESOURCE: &str = " rdf:parseType=\"Resource\">";

fn field(prefix: &str, name: &str, content: &str) -> String {
    format!("\n<{prefix}:{name}>{content}</{prefix}:{name}>")
}

/// Programs leave room in a packet, so that a longer one can be written in its place.
fn without_padding(text: &str) -> String {
    let Some(end) = text.rfind("<?xpacket end") else {
        return text.trim_end().to_owned();
    };
    let (packet, end) = text.split_at(end);
    format!("{}{}", packet.trim_end(), end.trim_end())
}
