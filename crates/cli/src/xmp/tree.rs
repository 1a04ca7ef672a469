//! Finding properties, in whatever shape they come.

use roxmltree::{Attribute, Document, Node};

use super::{Name, RDF, Refused};

/// A packet's RDF.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tree<'a> {
    pub(super) text: &'a str,
    pub(super) rdf: Node<'a, 'a>,
}

/// A property as one shape has it.
#[derive(Clone, Debug)]
pub(crate) enum Found<'a> {
    Attribute(Attribute<'a, 'a>),
    Element(Node<'a, 'a>),
}

impl<'a> Tree<'a> {
    /// `text` is what was parsed.
    pub(crate) fn new(text: &'a str, document: &'a Document<'a>) -> Result<Self, Refused> {
        let rdf = document
            .descendants()
            .find(|node| node.has_tag_name((RDF.uri, "RDF")))
            .ok_or(Refused::NoRdf)?;
        Ok(Self { text, rdf })
    }

    /// Every place that has this property of the picture; more than one only where somebody erred.
    pub(crate) fn all(&self, name: Name) -> Vec<Found<'a>> {
        let key = (name.namespace.uri, name.local);
        let mut found = Vec::new();
        for description in self.descriptions() {
            found.extend(description.attribute_node(key).map(Found::Attribute));
            let elements = description.children().filter(|node| node.has_tag_name(key));
            found.extend(elements.map(Found::Element));
        }
        found
    }

    /// The list that this property is; an error if it is something else.
    pub(crate) fn list(&self, name: Name) -> Result<Option<Node<'a, 'a>>, Refused> {
        match self.all(name).first() {
            None => Ok(None),
            Some(Found::Element(element)) => list_in(*element)
                .map(Some)
                .ok_or(Refused::NoList(name.local)),
            Some(Found::Attribute(_)) => Err(Refused::NoList(name.local)),
        }
    }

    /// The name that the packet gives the picture; in general none.
    pub(super) fn about(&self) -> &'a str {
        let about = |node: Node<'a, 'a>| {
            node.attribute((RDF.uri, "about"))
                .or_else(|| node.attribute("about"))
        };
        self.descriptions().find_map(about).unwrap_or_default()
    }

    fn descriptions(&self) -> impl Iterator<Item = Node<'a, 'a>> {
        self.rdf
            .children()
            .filter(|node| node.has_tag_name((RDF.uri, "Description")))
    }
}

impl Found<'_> {
    /// A simple property's value.
    pub(crate) fn value(&self) -> String {
        match self {
            Self::Attribute(attribute) => attribute.value().to_owned(),
            Self::Element(element) => match element.attribute((RDF.uri, "resource")) {
                Some(address) => address.to_owned(),
                None => text_of(*element),
            },
        }
    }
}

/// The list that a property's element holds.
pub(crate) fn list_in<'a>(element: Node<'a, 'a>) -> Option<Node<'a, 'a>> {
    let is_list = |node: &Node<'_, '_>| {
        ["Seq", "Bag", "Alt"]
            .iter()
            .any(|kind| node.has_tag_name((RDF.uri, *kind)))
    };
    element.children().find(is_list)
}

/// A list's items.
pub(crate) fn items<'a>(list: Node<'a, 'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    list.children()
        .filter(|node| node.has_tag_name((RDF.uri, "li")))
}

/// The text that stands in an element itself.
pub(crate) fn text_of(element: Node<'_, '_>) -> String {
    let texts = element.children().filter(Node::is_text);
    texts.filter_map(|node| node.text()).collect()
}
