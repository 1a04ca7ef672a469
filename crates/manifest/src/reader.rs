//! Walks a parsed text along the schema and gathers every fault on the way.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Fault;
use crate::node::{Node, Place};
use crate::schema::{Key, Need, Others, Section};
use crate::shape::Shape;

/// Gathers the faults of one text.
pub(crate) struct Reader<'t> {
    text: &'t str,
    file: Arc<Path>,
    line_ends: Vec<usize>,
    pub(crate) faults: Vec<Fault>,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str, file: &Path) -> Self {
        let line_ends = text.match_indices('\n').map(|(at, _)| at).collect();
        Self {
            text,
            file: file.into(),
            line_ends,
            faults: Vec::new(),
        }
    }

    /// Line of a byte of the text, from 1.
    pub(crate) fn line(&self, at: usize) -> u32 {
        let line = self.line_ends.partition_point(|end| *end < at) + 1;
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The text of a line, for faults that concern no single value.
    pub(crate) fn line_text(&self, at: usize) -> String {
        let line = self.line_ends.partition_point(|end| *end < at);
        match self.text.lines().nth(line).map(str::trim) {
            None | Some("") => "nothing".to_owned(),
            Some(text) => format!("`{}`", shortened(text)),
        }
    }

    /// The faults, by line.
    pub(crate) fn into_faults(mut self) -> Vec<Fault> {
        self.faults.sort_by_key(|fault| fault.line);
        self.faults
    }

    /// Whether a key, or one of a section's keys, has a fault.
    pub(crate) fn has_faults_in(&self, path: &str) -> bool {
        let in_it = |key: &str| {
            key.strip_prefix(path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.faults.iter().any(|fault| in_it(&fault.key))
    }

    pub(crate) fn fault(&mut self, place: &Place, allowed: impl Into<String>) {
        self.add(
            place.line,
            &place.path,
            place.found.clone(),
            allowed,
            &place.advice,
        );
    }

    pub(crate) fn add(
        &mut self,
        line: u32,
        key: &str,
        found: String,
        allowed: impl Into<String>,
        advice: &str,
    ) {
        self.faults.push(Fault {
            file: self.file.clone(),
            line: Some(line),
            key: key.to_owned(),
            found,
            allowed: allowed.into(),
            advice: advice.to_owned(),
        });
    }

    /// Reads `table`, which stands at `place`, as `section`.
    pub(crate) fn section(
        &mut self,
        table: &DeTable<'_>,
        section: &'static Section,
        place: Place,
    ) -> Node {
        let mut node = Node::of(place);
        for (name, value) in in_order(table) {
            let key = match (section.key(name.get_ref()), &section.others) {
                (Some(key), _) | (None, Others::Are(key)) => key,
                (None, Others::PassedOver) => continue,
                (None, Others::Refused) => {
                    self.unknown(&node.place.path, section, name);
                    continue;
                }
            };
            let place = self.place(&node.place.path, key, name, value);
            self.entry(&mut node, key, name.get_ref(), value.get_ref(), place);
        }
        for key in section.keys().filter(|key| !has(table, key.name)) {
            self.absent(&mut node, key);
        }
        node
    }

    fn entry(
        &mut self,
        node: &mut Node,
        key: &'static Key,
        name: &str,
        value: &DeValue<'_>,
        place: Place,
    ) {
        match (key.shape, value) {
            (Shape::Table(section), DeValue::Table(table)) => {
                let table = self.section(table, section, place);
                node.set_tables(key.name, vec![table]);
            }
            (Shape::Tables { of, most }, DeValue::Array(items)) if items.len() <= most => {
                let tables = self.tables(items, of, key, &place);
                node.set_tables(key.name, tables);
            }
            (shape, value) => match shape.check(value) {
                Some(value) if key.name == name => {
                    node.set(key.name, place, value);
                }
                Some(value) => node.others.push((name.to_owned(), place, value)),
                None => self.fault(&place, shape.allowed()),
            },
        }
    }

    fn tables(
        &mut self,
        items: &[Spanned<DeValue<'_>>],
        section: &'static Section,
        key: &Key,
        place: &Place,
    ) -> Vec<Node> {
        let mut tables = Vec::new();
        for item in items {
            let line = self.line(item.span().start);
            match item.get_ref() {
                DeValue::Table(table) => {
                    let place = Place {
                        line,
                        ..place.clone()
                    };
                    tables.push(self.section(table, section, place));
                }
                _ => {
                    let found = shortened(self.text.get(item.span()).unwrap_or_default());
                    self.fault(
                        &Place {
                            line,
                            found,
                            ..place.clone()
                        },
                        key.shape.allowed(),
                    );
                }
            }
        }
        tables
    }

    fn absent(&mut self, node: &mut Node, key: &'static Key) {
        let path = joined(&node.place.path, key.name);
        let advice = self.advice(&path, key);
        let line = node.place.line;
        match key.need {
            Need::Optional => {}
            Need::Required => {
                self.add(
                    line,
                    &path,
                    "nothing".to_owned(),
                    key.shape.allowed(),
                    &advice,
                );
            }
            Need::Default(text) => {
                let found = format!("nothing, which means {text}");
                let place = Place {
                    path,
                    line,
                    found,
                    advice,
                };
                // The schema's own text: a test parses each.
                if let Ok(value) = DeValue::parse(text) {
                    self.entry(node, key, key.name, value.get_ref(), place);
                }
            }
        }
    }

    fn unknown(&mut self, path: &str, section: &Section, name: &Spanned<impl AsRef<str>>) {
        let name_text: &str = name.get_ref().as_ref();
        let names: Vec<_> = section.keys().map(|key| key.name).collect();
        let nearest = names
            .iter()
            .map(|known| (distance(name_text, known), *known))
            .min();
        let advice = match nearest {
            Some((distance, known)) if distance <= 1 + known.len() / 4 => {
                format!("write `{known}` if that is meant, or remove the key")
            }
            _ => "remove the key".to_owned(),
        };
        let line = self.line(name.span().start);
        let found = "a key that is not known here".to_owned();
        let allowed = crate::shape::one_of(&names);
        self.add(
            line,
            &joined(path, &shortened(name_text)),
            found,
            allowed,
            &advice,
        );
    }

    fn place(
        &self,
        path: &str,
        key: &Key,
        name: &Spanned<impl AsRef<str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Place {
        let path = joined(path, name.get_ref().as_ref());
        let found = match value.get_ref() {
            DeValue::Table(_) => "a table".to_owned(),
            DeValue::Array(items) if matches!(key.shape, Shape::Tables { .. }) => {
                format!("{} of them", items.len())
            }
            _ => shortened(self.text.get(value.span()).unwrap_or_default()),
        };
        let advice = self.advice(&path, key);
        Place {
            path,
            line: self.line(name.span().start),
            found,
            advice,
        }
    }

    fn advice(&self, path: &str, key: &Key) -> String {
        match key.shape {
            shape if shape.is_written() => {
                format!(
                    "let `diat check --write-digest {}` write it",
                    self.file.display()
                )
            }
            Shape::Tables { .. } => format!("write [[{path}]] before each"),
            Shape::Table(_) if key.example.is_empty() => format!("write [{path}]"),
            _ => format!("write for example `{} = {}`", key.name, key.example),
        }
    }
}

type Entry<'a, 'i> = (
    &'a Spanned<toml::de::DeString<'i>>,
    &'a Spanned<DeValue<'i>>,
);

/// The table's entries as the text has them; the table itself sorts by name.
pub(crate) fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

fn has(table: &DeTable<'_>, name: &str) -> bool {
    table.keys().any(|key| key.get_ref() == name)
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// On one line and not too long, whatever the text holds.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let mut letters = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    let shown: String = letters.by_ref().take(MOST).collect();
    if letters.next().is_some() {
        shown + "..."
    } else {
        shown
    }
}

/// Letters to insert, remove or replace to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (i, a) in from.chars().take(64).enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, b) in to.chars().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
