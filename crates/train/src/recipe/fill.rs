//! Fills any type that serde knows from a tree, and gathers every fault on the way: where a value is unsound, a harmless one takes
//! its place and the reading goes on.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use diat_manifest::Fault;
use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};

use super::source::{Node, Place, Value};

/// What `root` says, with the faults found; none where not even a stand-in could be made, which leaves a fault.
pub(super) fn fill<T: DeserializeOwned>(root: &Node) -> (Option<T>, Vec<Fault>) {
    let mut absent = BTreeSet::new();
    loop {
        let filler = Filler {
            absent: &absent,
            faults: RefCell::default(),
        };
        let result = T::deserialize(At {
            filler: &filler,
            path: String::new(),
            node: Ok(root),
        });
        let mut faults = filler.faults.into_inner();
        match result {
            Ok(value) => return (Some(value), faults),
            // Told in the next round, when its type asks for a value.
            Err(Stop::Absent(path)) if absent.insert(path.clone()) => {}
            Err(stop) => {
                let place = &root.place;
                faults.push(place.fault("", stop.to_string(), "correct it"));
                return (None, faults);
            }
        }
    }
}

struct Filler<'a> {
    /// Paths of keys that have to be there and are not.
    absent: &'a BTreeSet<String>,
    faults: RefCell<Vec<Fault>>,
}

/// Why a value cannot be made.
#[derive(Debug)]
enum Stop {
    /// The name of a key, on its way up its path.
    Missing(&'static str),
    /// Its path.
    Absent(String),
    Other(String),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => f.write_str(name),
            Self::Absent(text) | Self::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Stop {}

impl de::Error for Stop {
    fn custom<M: fmt::Display>(text: M) -> Self {
        Self::Other(text.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}

/// A value at a path, or the place where it is missing and has been told to be, or is to be told.
#[derive(Clone)]
struct At<'a> {
    filler: &'a Filler<'a>,
    path: String,
    node: Result<&'a Node, Option<Place>>,
}

impl<'a> At<'a> {
    fn key(&self, name: &str, node: Result<&'a Node, Option<Place>>) -> Self {
        Self {
            filler: self.filler,
            path: joined(&self.path, name),
            node,
        }
    }

    /// A stand-in for something below this.
    fn nothing(&self) -> Self {
        Self {
            filler: self.filler,
            path: self.path.clone(),
            node: Err(None),
        }
    }

    fn value(&self) -> Option<&'a Value> {
        self.node.as_ref().ok().map(|node| &node.value)
    }

    /// Says what may stand here, once.
    fn refuse(&self, allowed: impl Into<String>) {
        let name = self.path.rsplit('.').next().unwrap_or_default();
        let fault = match &self.node {
            Ok(node) => {
                let advice = format!("correct `{name}`");
                node.place.fault(&self.path, allowed, &advice)
            }
            Err(Some(place)) => {
                let advice = format!("write `{name}`");
                place.fault_of(&self.path, "nothing".to_owned(), allowed, &advice)
            }
            Err(None) => return,
        };
        self.filler.faults.borrow_mut().push(fault);
    }

    fn unknown(&self, name: &str, node: &Node, known: &[&str]) {
        let advice = match nearest(name, known) {
            Some(known) => format!("write `{known}` if that is meant, or remove the key"),
            None => "remove the key".to_owned(),
        };
        let found = "a key that is not known here".to_owned();
        let path = joined(&self.path, name);
        let fault = node.place.fault_of(&path, found, one_of(known), &advice);
        self.filler.faults.borrow_mut().push(fault);
    }

    /// Reads the keys of this table, which are those that may be there.
    fn table<'de, V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let mut entries = Vec::new();
        match self.value() {
            Some(Value::Table(table)) => {
                for (name, node) in table {
                    match names.iter().find(|known| *known == name) {
                        Some(known) => entries.push((*known, self.key(known, Ok(node)))),
                        None => self.unknown(name, node, names),
                    }
                }
                let place = self.node.as_ref().ok().map(|node| node.place.clone());
                let lost = |name: &&&'static str| {
                    let path = joined(&self.path, name);
                    self.filler.absent.contains(&path)
                };
                let lost = names.iter().filter(lost);
                entries.extend(lost.map(|name| (*name, self.key(name, Err(place.clone())))));
            }
            _ => {
                self.refuse(format!("a table with the keys {}", names.join(", ")));
                entries.extend(names.iter().map(|name| (*name, self.nothing())));
            }
        }
        let path = self.path;
        let keys = Keys {
            entries: entries.into_iter(),
            value: None,
        };
        visitor.visit_map(keys).map_err(|stop| match stop {
            Stop::Missing(name) => Stop::Absent(joined(&path, name)),
            other => other,
        })
    }

    fn list<'de, V: Visitor<'de>>(
        self,
        length: Option<usize>,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let items = match self.value() {
            Some(Value::List(items)) if length.is_none_or(|length| length == items.len()) => items
                .iter()
                .enumerate()
                .map(|(index, node)| self.key(&index.to_string(), Ok(node)))
                .collect(),
            _ => {
                self.refuse(match length {
                    Some(length) => format!("a list of {length} values"),
                    None => "a list".to_owned(),
                });
                vec![self.nothing(); length.unwrap_or(0)]
            }
        };
        visitor.visit_seq(Items(items.into_iter()))
    }
}

macro_rules! whole {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
            match self.value() {
                Some(Value::Integer(integer)) if *integer >= 0 => {
                    visitor.visit_u64(integer.unsigned_abs())
                }
                _ => {
                    self.refuse("a whole number, 0 or more");
                    visitor.visit_u64(1)
                }
            }
        }
    )*};
}

macro_rules! number {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
            match self.value() {
                Some(Value::Number(number)) if number.is_finite() => visitor.visit_f64(*number),
                Some(Value::Integer(integer)) => visitor.visit_f64(*integer as f64),
                _ => {
                    self.refuse("a finite number");
                    visitor.visit_f64(1.0)
                }
            }
        }
    )*};
}

macro_rules! text {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
            match self.value() {
                Some(Value::Text(text)) => visitor.visit_str(text),
                _ => {
                    self.refuse("text in quotes");
                    visitor.visit_str("none")
                }
            }
        }
    )*};
}

impl<'de> de::Deserializer<'de> for At<'_> {
    type Error = Stop;

    whole! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 }
    number! { deserialize_f32 deserialize_f64 }
    text! { deserialize_char deserialize_str deserialize_string }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.value() {
            Some(Value::Switch(switch)) => visitor.visit_bool(*switch),
            _ => {
                self.refuse("true or false");
                visitor.visit_bool(false)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.node {
            Err(None) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.list(None, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.list(Some(length), visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.table(names, visitor)
    }

    /// A choice is a word, or a table of one key that has the word's name.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let known = |word: &str| words.iter().find(|known| **known == word);
        let chosen = match self.value() {
            Some(Value::Text(word)) => {
                let place = self.node.as_ref().ok().map(|node| node.place.clone());
                known(word).map(|word| (*word, self.key(word, Err(place))))
            }
            Some(Value::Table(entries)) => match &entries[..] {
                [(word, node)] => known(word).map(|word| (*word, self.key(word, Ok(node)))),
                _ => None,
            },
            _ => None,
        };
        let (word, content) = chosen.unwrap_or_else(|| {
            self.refuse(one_of(words));
            (words.first().copied().unwrap_or_default(), self.nothing())
        });
        visitor.visit_enum(Choice { word, content })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.value() {
            Some(Value::Text(text)) => visitor.visit_str(text),
            Some(Value::Integer(integer)) => visitor.visit_i64(*integer),
            Some(Value::Number(number)) => visitor.visit_f64(*number),
            Some(Value::Switch(switch)) => visitor.visit_bool(*switch),
            _ => Err(Stop::Other(format!("{}: nothing a recipe has", self.path))),
        }
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 bytes byte_buf unit unit_struct map tuple_struct identifier ignored_any
    }
}

struct Keys<'a, I: Iterator<Item = (&'static str, At<'a>)>> {
    entries: I,
    value: Option<At<'a>>,
}

impl<'de, 'a, I: Iterator<Item = (&'static str, At<'a>)>> de::MapAccess<'de> for Keys<'a, I> {
    type Error = Stop;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Stop> {
        let Some((name, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        let name: StrDeserializer<'_, Stop> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        match self.value.take() {
            Some(value) => seed.deserialize(value),
            None => Err(Stop::Other("a value without a key".to_owned())),
        }
    }
}

struct Items<I>(I);

impl<'de, 'a, I: Iterator<Item = At<'a>>> de::SeqAccess<'de> for Items<I> {
    type Error = Stop;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Stop> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

struct Choice<'a> {
    word: &'static str,
    content: At<'a>,
}

impl<'de, 'a> de::EnumAccess<'de> for Choice<'a> {
    type Error = Stop;
    type Variant = At<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, At<'a>), Stop> {
        let word: StrDeserializer<'_, Stop> = self.word.into_deserializer();
        Ok((seed.deserialize(word)?, self.content))
    }
}

impl<'de> de::VariantAccess<'de> for At<'_> {
    type Error = Stop;

    fn unit_variant(self) -> Result<(), Stop> {
        match self.value() {
            None => {}
            Some(Value::Table(entries)) if entries.is_empty() => {}
            Some(_) => self.refuse("the bare word: it has no keys"),
        }
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Stop> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Stop> {
        self.list(Some(length), visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.table(names, visitor)
    }
}

pub(super) fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn one_of(words: &[&str]) -> String {
    format!("one of: {}", words.join(", "))
}

/// The word that was meant, if one is near.
fn nearest<'w>(name: &str, words: &[&'w str]) -> Option<&'w str> {
    let near = |word: &&str| (strsim::osa_distance(name, word), word.len());
    let (word, (distance, length)) = words
        .iter()
        .map(|word| (*word, near(word)))
        .min_by_key(|(_, near)| *near)?;
    (distance <= 1 + length / 4).then_some(word)
}
