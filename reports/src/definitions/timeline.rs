//! Values that change on a date: a site's boundary, a contract's share.

use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// The value that holds from an instant on.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Change<T> {
    pub from: Instant,
    pub value: T,
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
        self.changes.iter().rev().find(|(from, _)| *from <= index).map_or(self.first, |(_, value)| *value)
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
