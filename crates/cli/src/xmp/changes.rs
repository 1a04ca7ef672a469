//! Changes to a packet's text.

use std::borrow::Cow;
use std::ops::Range;

use roxmltree::Node;

use super::{Found, Name, Namespace, RDF, Tree};

/// Changes that are collected, then made at once.
#[derive(Debug)]
pub(crate) struct Changes<'a> {
    tree: Tree<'a>,
    /// What is replaced by what; no two overlap.
    splices: Vec<(Range<usize>, String)>,
    /// Properties that the packet does not have yet.
    new: String,
    /// Namespaces in `new`.
    used: Vec<Namespace>,
}

/// An item for a list.
#[derive(Clone, Debug)]
pub(crate) struct Appended {
    /// What stands between `<rdf:li` and `</rdf:li>`, but for declarations: attributes, `>`, content.
    pub(crate) rest: String,
    /// Namespaces that `rest` uses, by their usual prefixes.
    pub(crate) used: Vec<Namespace>,
}

impl<'a> Changes<'a> {
    pub(crate) fn new(tree: Tree<'a>) -> Self {
        Self {
            tree,
            splices: Vec::new(),
            new: String::new(),
            used: Vec::new(),
        }
    }

    /// Appends to a list: to `list`, which the tree has, or to a new one that becomes this property.
    pub(crate) fn append(&mut self, name: Name, list: Option<Node<'a, 'a>>, item: &Appended) {
        let rest = &item.rest;
        let used = [&[RDF], item.used.as_slice()].concat();
        if let Some(list) = list {
            let declared = declarations(list, &used);
            self.insert(list, &format!("<rdf:li{declared}{rest}\n</rdf:li>"));
        } else {
            let property = qualified(name);
            self.add(
                name,
                &used,
                &format!(
                    "<{property}>\n<rdf:Seq>\n<rdf:li{rest}\n</rdf:li>\n</rdf:Seq>\n</{property}>"
                ),
            );
        }
    }

    /// Gives a simple property a value, wherever it has another.
    pub(crate) fn set(&mut self, name: Name, value: &str) {
        let property = qualified(name);
        let value = escaped(value);
        let all = self.tree.all(name);
        for found in &all {
            match found {
                Found::Attribute(attribute) => self
                    .splices
                    .push((attribute.range_value(), value.clone().into_owned())),
                Found::Element(element) => {
                    // What the element declares goes with it.
                    let scope = element.parent_element().unwrap_or(self.tree.rdf);
                    let declared = declarations(scope, &[name.namespace]);
                    let text = format!("<{property}{declared}>{value}</{property}>");
                    self.splices.push((element.range(), text));
                }
            }
        }
        if all.is_empty() {
            self.add(name, &[], &format!("<{property}>{value}</{property}>"));
        }
    }

    /// Takes a property out.
    pub(crate) fn remove(&mut self, name: Name) {
        for found in self.tree.all(name) {
            let range = match found {
                Found::Attribute(attribute) => attribute.range(),
                Found::Element(element) => element.range(),
            };
            self.splices.push((range, String::new()));
        }
    }

    fn add(&mut self, name: Name, used: &[Namespace], property: &str) {
        self.new.push('\n');
        self.new.push_str(property);
        self.used.push(name.namespace);
        self.used.extend(used);
    }

    /// As the last child of an element.
    fn insert(&mut self, element: Node<'a, 'a>, child: &str) {
        let range = element.range();
        let whole = &self.tree.text[range.clone()];
        let splice = match whole.strip_suffix("/>") {
            Some(start) => {
                let name = start[1..].split(|c: char| c.is_whitespace()).next();
                let name = name.unwrap_or_default();
                let end = range.end - "/>".len();
                (end..range.end, format!(">\n{child}\n</{name}>"))
            }
            None => {
                // The space before the end tag stays there.
                let content = whole.rfind("</").map_or(whole, |end| &whole[..end]);
                let end = range.start + content.trim_ascii_end().len();
                (end..end, format!("\n{child}"))
            }
        };
        self.splices.push(splice);
    }

    /// The packet with all changes; itself if there are none.
    pub(crate) fn made(mut self) -> Cow<'a, str> {
        if !self.new.is_empty() {
            let declared = declarations(self.tree.rdf, &[&[RDF], self.used.as_slice()].concat());
            let (about, new) = (escaped(self.tree.about()), std::mem::take(&mut self.new));
            let description = format!(
                "<rdf:Description{declared} rdf:about=\"{about}\">{new}\n</rdf:Description>"
            );
            self.insert(self.tree.rdf, &description);
        }
        if self.splices.is_empty() {
            return Cow::Borrowed(self.tree.text);
        }
        self.splices.sort_by_key(|(range, _)| range.start);
        let (mut text, mut at) = (String::new(), 0);
        for (range, replacement) in self.splices {
            text.push_str(&self.tree.text[at..range.start]);
            text.push_str(&replacement);
            at = range.end;
        }
        text.push_str(&self.tree.text[at..]);
        Cow::Owned(text)
    }
}

/// The declarations that an element inside `scope` needs for the usual prefixes of these namespaces.
fn declarations(scope: Node<'_, '_>, namespaces: &[Namespace]) -> String {
    let mut declared = String::new();
    for (at, namespace) in namespaces.iter().enumerate() {
        let Namespace { prefix, uri } = namespace;
        let known = scope.lookup_namespace_uri(Some(prefix)) == Some(uri);
        if !known && !namespaces[..at].contains(namespace) {
            declared.push_str(&format!(" xmlns:{prefix}=\"{uri}\""));
        }
    }
    declared
}

fn qualified(name: Name) -> String {
    format!("{}:{}", name.namespace.prefix, name.local)
}

/// Text as content or as an attribute's value. What XML cannot say becomes U+FFFD.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"') || is_foreign(c);
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if is_foreign(c) => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// Not a character of XML 1.0.
fn is_foreign(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}
