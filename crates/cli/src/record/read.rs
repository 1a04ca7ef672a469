//! Edits out of a packet, which any program may have rewritten.

use roxmltree::Node;

use super::Edit;
use super::vocabulary::{
    DIAT, DISCLOSURE, EDITS, EFFECT, PARAMETERS, PROGRAM, SHOW, SOURCE_BEFORE, SOURCE_TYPE,
    STRENGTH, VERSION, WEIGHTS,
};
use crate::xmp::{self, Found, RDF, Refused, Tree, items, list_in, text_of};

/// What a packet says about edits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// First one first.
    pub(crate) edits: Vec<Edit>,
    /// The digital source type, by whomever.
    pub(crate) source_type: Option<String>,
}

/// The record in a packet.
///
/// # Errors
/// Why the packet cannot be read.
pub(crate) fn read(packet: &[u8]) -> Result<Record, Refused> {
    let text = xmp::decode(packet)?;
    let document = xmp::parse(&text)?;
    let tree = Tree::new(&text, &document)?;
    let list = tree.list(EDITS)?;
    Ok(Record {
        edits: list.into_iter().flat_map(items).map(edit).collect(),
        source_type: tree.all(SOURCE_TYPE).first().map(Found::value),
    })
}

/// Fields stand in elements or attributes, of the item or of a description in it.
fn edit(item: Node<'_, '_>) -> Edit {
    let inner = item
        .children()
        .find(|node| node.has_tag_name((RDF.uri, "Description")));
    let mut edit = Edit::default();
    for node in std::iter::once(item).chain(inner) {
        for attribute in node.attributes() {
            if attribute.namespace() == Some(DIAT.uri) {
                set(&mut edit, attribute.name(), attribute.value().to_owned());
            }
        }
        for child in node.children() {
            let name = child.tag_name();
            if name.namespace() != Some(DIAT.uri) {
                continue;
            }
            match list_in(child).filter(|_| name.name() == PARAMETERS) {
                Some(list) => edit.parameters.extend(items(list).map(text_of)),
                None => set(&mut edit, name.name(), text_of(child)),
            }
        }
    }
    edit
}

fn set(edit: &mut Edit, field: &str, text: String) {
    match field {
        EFFECT => edit.effect = text,
        VERSION => edit.version = text,
        WEIGHTS => edit.weights = text,
        STRENGTH => edit.strength = text,
        SHOW => edit.show = text,
        PROGRAM => edit.program = text,
        DISCLOSURE => edit.disclosure = text,
        SOURCE_BEFORE => edit.source_before = text,
        // Of a later version.
        _ => {}
    }
}
