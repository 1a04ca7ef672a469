//! A table of the text on its way from the reader to the manifest.

use std::collections::BTreeMap;

use crate::shape::Value;

/// A table of the text as far as it is sound.
#[derive(Debug, Default)]
pub(crate) struct Node {
    values: BTreeMap<&'static str, (Place, Value)>,
    tables: BTreeMap<&'static str, Vec<Node>>,
    /// Keys that the schema leaves open, in the text's order.
    pub(crate) others: Vec<(String, Place, Value)>,
    pub(crate) place: Place,
}

/// What a fault has to tell of a key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    /// With its section, as in `weights.size`.
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) found: String,
    pub(crate) advice: String,
}

static NOTHING: Node = Node {
    values: BTreeMap::new(),
    tables: BTreeMap::new(),
    others: Vec::new(),
    place: Place {
        path: String::new(),
        line: 0,
        found: String::new(),
        advice: String::new(),
    },
};

/// Values that are absent or unsound read as empty: a fault stands for each, so that nobody gets to see them.
impl Node {
    pub(crate) fn of(place: Place) -> Self {
        Self {
            place,
            ..Self::default()
        }
    }

    pub(crate) fn set(&mut self, name: &'static str, place: Place, value: Value) {
        self.values.insert(name, (place, value));
    }

    pub(crate) fn set_tables(&mut self, name: &'static str, tables: Vec<Node>) {
        self.tables.insert(name, tables);
    }

    /// Names of its single values, as the text has them.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.values.iter().collect();
        names.sort_by_key(|(_, (place, _))| place.line);
        names.into_iter().map(|(name, _)| *name).collect()
    }

    pub(crate) fn at(&self, name: &str) -> Option<(&Place, &Value)> {
        self.values.get(name).map(|(place, value)| (place, value))
    }

    pub(crate) fn tables(&self, name: &str) -> &[Node] {
        self.tables.get(name).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn optional_table(&self, name: &str) -> Option<&Node> {
        self.tables(name).first()
    }

    pub(crate) fn table(&self, name: &str) -> &Node {
        self.optional_table(name).unwrap_or(&NOTHING)
    }

    pub(crate) fn optional_text(&self, name: &str) -> Option<String> {
        match self.at(name) {
            Some((_, Value::Text(text))) => Some(text.clone()),
            _ => None,
        }
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.optional_text(name).unwrap_or_default()
    }

    pub(crate) fn number_at(&self, name: &str) -> Option<(&Place, f64)> {
        match self.at(name) {
            Some((place, Value::Number(number))) => Some((place, *number)),
            _ => None,
        }
    }

    pub(crate) fn optional_number(&self, name: &str) -> Option<f64> {
        self.number_at(name).map(|(_, number)| number)
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.optional_number(name).unwrap_or_default()
    }

    pub(crate) fn switch(&self, name: &str) -> bool {
        matches!(self.at(name), Some((_, Value::Switch(true))))
    }

    pub(crate) fn integer<T: TryFrom<i64> + Default>(&self, name: &str) -> T {
        match self.at(name) {
            Some((_, Value::Integer(integer))) => T::try_from(*integer).unwrap_or_default(),
            _ => T::default(),
        }
    }

    pub(crate) fn pair_at(&self, name: &str) -> Option<(&Place, [f64; 2])> {
        match self.at(name) {
            Some((place, Value::Numbers(numbers))) => {
                Some((place, numbers.as_slice().try_into().ok()?))
            }
            _ => None,
        }
    }

    pub(crate) fn pair(&self, name: &str) -> [f64; 2] {
        self.pair_at(name).map(|(_, pair)| pair).unwrap_or_default()
    }

    pub(crate) fn bytes(&self, name: &str) -> Option<&[u8]> {
        match self.at(name) {
            Some((_, Value::Bytes(bytes))) => Some(bytes),
            _ => None,
        }
    }
}
