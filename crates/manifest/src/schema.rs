//! Which keys a manifest may have: each stands here once, with what it may hold, an example and its meaning. Checking, faults
//! and the reference in `manifests/README.md` all come from these tables.

#[rustfmt::skip] // One key, two lines.
mod keys;

pub(crate) use keys::*;

use crate::shape::Shape;

/// One key of a section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) need: Need,
    pub(crate) shape: Shape,
    /// As it would stand in a manifest.
    pub(crate) example: &'static str,
    pub(crate) meaning: &'static str,
}

/// What happens where a key is absent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Need {
    Required,
    Optional,
    /// The value, as TOML, that it then has.
    Default(&'static str),
}

/// The keys of one table.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) keys: &'static [&'static [Key]],
    pub(crate) others: Others,
}

/// What becomes of keys that a section does not list.
#[derive(Debug)]
pub(crate) enum Others {
    Refused,
    /// Nobody can tell yet whether they are right.
    PassedOver,
    /// Each is like this one.
    Are(Key),
}

impl Section {
    const fn of(keys: &'static [&'static [Key]]) -> Self {
        Self {
            keys,
            others: Others::Refused,
        }
    }

    const fn part(keys: &'static [&'static [Key]]) -> Self {
        Self {
            keys,
            others: Others::PassedOver,
        }
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.keys.iter().copied().flatten()
    }

    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys().find(|key| key.name == name)
    }
}

const fn key(
    name: &'static str,
    need: Need,
    shape: Shape,
    example: &'static str,
    meaning: &'static str,
) -> Key {
    Key {
        name,
        need,
        shape,
        example,
        meaning,
    }
}

/// A table that must be there.
const fn table(name: &'static str, of: &'static Section) -> Key {
    key(name, Need::Required, Shape::Table(of), "", "")
}

/// A table that, left out, has its defaults or says nothing.
const fn spare(name: &'static str, need: Need, of: &'static Section) -> Key {
    key(name, need, Shape::Table(of), "", "")
}
