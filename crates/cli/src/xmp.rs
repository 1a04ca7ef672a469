//! XMP packets: read without trust, and changed only where something is to change.
//!
//! A packet is RDF in one of several shapes that mean the same. It is parsed to find places; what is added, replaced or taken out
//! is cut into its text there, so that all else stays as some other program wrote it.

mod changes;
#[cfg(test)]
mod tests;
mod text;
mod tree;

use std::borrow::Cow;

pub(crate) use changes::{Appended, Changes, escaped};
pub(crate) use text::{decode, parse};
pub(crate) use tree::{Found, Tree, items, list_in, text_of};

/// A namespace, and the prefix by which it is usually known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Namespace {
    pub(crate) prefix: &'static str,
    pub(crate) uri: &'static str,
}

/// A property's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) namespace: Namespace,
    pub(crate) local: &'static str,
}

/// Of RDF itself.
pub(crate) const RDF: Namespace = Namespace {
    prefix: "rdf",
    uri: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
};

/// A packet in which there is nothing yet.
pub(crate) const EMPTY: &str = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
    <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
    <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
    </rdf:RDF>\n\
    </x:xmpmeta>\n\
    <?xpacket end=\"w\"?>";

/// Previews that programs put into the packet.
const THUMBNAILS: Name = Name {
    namespace: Namespace {
        prefix: "xmp",
        uri: "http://ns.adobe.com/xap/1.0/",
    },
    local: "Thumbnails",
};

/// The packet without previews, which show a picture as it was; none if it has none or cannot be read.
pub(crate) fn without_thumbnails(packet: &[u8]) -> Option<Vec<u8>> {
    let text = decode(packet).ok()?;
    let document = parse(&text).ok()?;
    let mut changes = Changes::new(Tree::new(&text, &document).ok()?);
    changes.remove(THUMBNAILS);
    match changes.made() {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text.into_bytes()),
    }
}

/// Why a packet cannot be worked with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("{found} bytes; at most {allowed} are read")]
    TooLong { found: usize, allowed: usize },
    #[error("neither UTF-8 nor UTF-16")]
    Encoding,
    #[error("more attributes and namespaces than any picture needs")]
    Tangled,
    /// What the document says is not repeated: it may be anything.
    #[error("no well-formed XML (line {line}, column {column})")]
    Malformed { line: u32, column: u32 },
    #[error("no rdf:RDF in it")]
    NoRdf,
    #[error("{0} in it is no list")]
    NoList(&'static str),
}
