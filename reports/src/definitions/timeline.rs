//! Values that change on a date: a site's boundary, a contract's share.

use crate::time::Instant;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The value that holds from an instant on.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Change<T> {
    #[serde(serialize_with = "write", deserialize_with = "read")]
    pub from: i64,
    pub value: T,
}

/// Instants as RFC 3339 in `books.json`.
pub(crate) fn write<S: Serializer>(instant: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&instant.to_string())
}

pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Instant::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

pub(crate) mod optional {
    use crate::time::Instant;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(instant: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
        instant.map(|at| at.to_string()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| Instant::parse(&text).map_err(serde::de::Error::custom)).transpose()
    }
}

/// A value per interval index, constant between a few changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline<T> {
    first: T,
    /// Sorted by index.
    changes: Vec<(usize, T)>,
}

impl<T: Copy + PartialEq> Timeline<T> {
    pub fn always(value: T) -> Self {
        Self { first: value, changes: Vec::new() }
    }

    /// From `index` on; indices come in rising order, the same index again replaces.
    pub fn change(&mut self, index: usize, value: T) {
        if index == 0 {
            self.first = value;
            return;
        }
        match self.changes.last_mut() {
            Some(last) if last.0 == index => last.1 = value,
            _ => self.changes.push((index, value)),
        }
    }

    pub fn at(&self, index: usize) -> T {
        match self.changes.iter().rev().find(|(from, _)| *from <= index) {
            Some((_, value)) => *value,
            None => self.first,
        }
    }

    /// Indices from which it takes another value.
    pub fn changed_at(&self) -> impl Iterator<Item = usize> {
        self.changes.iter().map(|(from, _)| *from)
    }

    /// Every value it takes before an index.
    pub fn within(&self, len: usize) -> impl Iterator<Item = T> {
        std::iter::once(self.first).chain(self.changes.iter().filter(move |(from, _)| *from < len).map(|(_, v)| *v))
    }

    /// Every value it ever takes.
    pub fn values(&self) -> impl Iterator<Item = T> {
        std::iter::once(self.first).chain(self.changes.iter().map(|(_, value)| *value))
    }
}
