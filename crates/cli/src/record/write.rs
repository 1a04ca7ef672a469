//! An edit into a packet.

use std::borrow::Cow;

use super::Edit;
use super::vocabulary::{
    AT_LEAST_AS_MUCH, COMPOSITE, DIAT, DISCLOSURE, EDITS, EFFECT, EVENT, HISTORY, PARAMETERS,
    PROGRAM, SHOW, SOURCE_BEFORE, SOURCE_TYPE, STRENGTH, VERSION, WEIGHTS,
};
use crate::xmp::{self, Appended, Changes, Refused, Tree, escaped};

/// A packet with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// All that was in the packet, and the edit.
    Added(String),
    /// Only the edit: the packet cannot be read.
    Instead(String, Refused),
}

/// Adds an edit to a picture's packet.
///
/// # Errors
/// None that a packet can cause.
pub(crate) fn write(packet: Option<&[u8]>, edit: &Edit) -> Result<Written, Refused> {
    let Some(packet) = packet else {
        return add(xmp::EMPTY, edit).map(Written::Added);
    };
    match xmp::decode(packet).and_then(|text| add(&text, edit)) {
        Ok(text) => Ok(Written::Added(text)),
        Err(refused) => Ok(Written::Instead(add(xmp::EMPTY, edit)?, refused)),
    }
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
