//! A recipe's text as a tree in which every value knows where it stands, and the values that `--set` puts in their place.

use std::path::Path;
use std::sync::Arc;

use diat_manifest::Fault;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where something stands.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The file, or the option.
    file: Arc<Path>,
    line: Option<u32>,
    /// What stands there, shortened to one line.
    found: String,
}

/// A value.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// In the order of the text.
    Table(Vec<(String, Node)>),
    List(Vec<Node>),
    Text(String),
    Integer(i64),
    Number(f64),
    Switch(bool),
    /// A date, or an integer beyond 64 bits: nothing a recipe has.
    Other,
}

impl Place {
    pub(super) fn fault(&self, key: &str, allowed: impl Into<String>, advice: &str) -> Fault {
        self.fault_of(key, self.found.clone(), allowed, advice)
    }

    pub(super) fn fault_of(
        &self,
        key: &str,
        found: String,
        allowed: impl Into<String>,
        advice: &str,
    ) -> Fault {
        let mut fault = Fault::new(&self.file, found, allowed.into(), advice.to_owned());
        fault.line = self.line;
        key.clone_into(&mut fault.key);
        fault
    }
}

impl Node {
    /// # Errors
    /// Every error of syntax.
    pub(super) fn parse(text: &str, file: &Path) -> Result<Self, Vec<Fault>> {
        let file: Arc<Path> = file.into();
        let (table, errors) = DeTable::parse_recoverable(text);
        let source = Source { text, file };
        if errors.is_empty() {
            return Ok(Self {
                place: source.place(0, String::new(), true),
                value: source.table(table.get_ref()),
            });
        }
        let fault = |error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            let place = source.place(at, source.line_text(at), true);
            let allowed = format!("TOML (the parser says: {})", error.message().trim());
            place.fault("", allowed, "correct the line")
        };
        Err(errors.into_iter().map(fault).collect())
    }

    /// Puts a value where `--set KEY=VALUE` wants it; an empty one takes the key away.
    ///
    /// # Errors
    /// The option says no key, or the way to it leads through something that is no table.
    pub(super) fn set(&mut self, option: &str) -> Result<(), Fault> {
        let file: Arc<Path> = Path::new(&format!("--set {option}")).into();
        let place = |found: &str| Place {
            file: file.clone(),
            line: None,
            found: shortened(found),
        };
        let advice = "write for example `--set schedule.rounds=100`";
        let (key, text) = option.split_once('=').unwrap_or((option, ""));
        let names: Vec<&str> = key.split('.').map(str::trim).collect();
        if !option.contains('=') || names.iter().any(|name| name.is_empty()) {
            return Err(place(option).fault("", "KEY=VALUE, KEY with dots", advice));
        }
        let (last, tables) = names.split_last().unwrap_or((&"", &[]));
        let mut node = self;
        for (depth, name) in tables.iter().enumerate() {
            let path = names[..=depth].join(".");
            let new = Node {
                place: place("a table"),
                value: Value::Table(Vec::new()),
            };
            let found = node.place.found.clone();
            let Some(next) = node.entry(name, new) else {
                let key = names[..depth].join(".");
                return Err(place(&found).fault(
                    &key,
                    "a table",
                    &format!("set `{key}` as a whole before `{path}`"),
                ));
            };
            node = next;
        }
        let Value::Table(entries) = &mut node.value else {
            let found = node.place.found.clone();
            let key = names[..names.len() - 1].join(".");
            let advice = format!("set `{key}` as a whole");
            return Err(place(&found).fault(&key, "a table", &advice));
        };
        let old = entries.iter().position(|(name, _)| name == last);
        let new = (!text.trim().is_empty()).then(|| {
            let value = Source { text, file }.option(text.trim());
            ((*last).to_owned(), value)
        });
        match (old, new) {
            (Some(at), Some(new)) => entries[at] = new,
            (Some(at), None) => drop(entries.remove(at)),
            (None, Some(new)) => entries.push(new),
            (None, None) => {}
        }
        Ok(())
    }

    /// The value of a key of this table, which `new` becomes where there is none; none where this is no table.
    fn entry(&mut self, name: &str, new: Node) -> Option<&mut Node> {
        let Value::Table(entries) = &mut self.value else {
            return None;
        };
        let at = match entries.iter().position(|(key, _)| key == name) {
            Some(at) => at,
            None => {
                entries.push((name.to_owned(), new));
                entries.len() - 1
            }
        };
        entries.get_mut(at).map(|(_, node)| node)
    }

    /// The value of a key of this table.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        let Value::Table(entries) = &self.value else {
            return None;
        };
        let (_, node) = entries.iter().find(|(key, _)| key == name)?;
        Some(node)
    }

    /// The value at a path, or where the nearest table around it begins.
    pub(super) fn at(&self, path: &str) -> Place {
        let mut node = self;
        for name in path.split('.') {
            match node.get(name) {
                Some(next) => node = next,
                None => {
                    return Place {
                        found: "nothing".to_owned(),
                        ..node.place.clone()
                    };
                }
            }
        }
        node.place.clone()
    }
}

struct Source<'t> {
    text: &'t str,
    file: Arc<Path>,
}

impl Source<'_> {
    fn place(&self, at: usize, found: String, has_lines: bool) -> Place {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Place {
            file: self.file.clone(),
            line: u32::try_from(line).ok().filter(|_| has_lines),
            found,
        }
    }

    fn line_text(&self, at: usize) -> String {
        let line = self
            .text
            .get(..at)
            .unwrap_or_default()
            .matches('\n')
            .count();
        shortened(self.text.lines().nth(line).unwrap_or_default().trim())
    }

    /// The value of an option: as in the file, or a bare word.
    fn option(&self, text: &str) -> Node {
        let mut node = match DeValue::parse(text) {
            Ok(value) => Source {
                text,
                ..self.copy()
            }
            .node(0, &value),
            Err(_) => Node {
                place: self.place(0, shortened(text), false),
                value: Value::Text(text.to_owned()),
            },
        };
        node.forget_lines();
        node
    }

    fn copy(&self) -> Self {
        Self {
            text: self.text,
            file: self.file.clone(),
        }
    }

    fn table(&self, table: &DeTable<'_>) -> Value {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let entry = |(name, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let name: (&std::borrow::Cow<'_, str>, usize) = (name.get_ref(), name.span().start);
            (name.0.clone().into_owned(), self.node(name.1, value))
        };
        Value::Table(entries.into_iter().map(entry).collect())
    }

    /// A value whose key stands at byte `at`.
    fn node(&self, at: usize, value: &Spanned<DeValue<'_>>) -> Node {
        let found = match value.get_ref() {
            DeValue::Table(_) => "a table".to_owned(),
            _ => shortened(self.text.get(value.span()).unwrap_or_default()),
        };
        let item = |item: &Spanned<DeValue<'_>>| self.node(item.span().start, item);
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Integer(integer) => {
                let integer = i64::from_str_radix(integer.as_str(), integer.radix());
                integer.map_or(Value::Other, Value::Integer)
            }
            DeValue::Float(float) => float.as_str().parse().map_or(Value::Other, Value::Number),
            DeValue::Boolean(switch) => Value::Switch(*switch),
            DeValue::Array(items) => Value::List(items.iter().map(item).collect()),
            DeValue::Table(table) => self.table(table),
            DeValue::Datetime(_) => Value::Other,
        };
        Node {
            place: self.place(at, found, true),
            value,
        }
    }
}

impl Node {
    fn forget_lines(&mut self) {
        self.place.line = None;
        match &mut self.value {
            Value::Table(entries) => entries.iter_mut().for_each(|(_, node)| node.forget_lines()),
            Value::List(items) => items.iter_mut().for_each(Node::forget_lines),
            _ => {}
        }
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
