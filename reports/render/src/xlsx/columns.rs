//! Columns of a table, and what stands in them.

use crate::records;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Sentences, wrapped.
    Long,
    Integer,
    /// Six decimals.
    Share,
    /// A UTC time.
    Instant,
    /// MWh or MW, up to six decimals.
    Decimal,
    /// A share as the other forms print it.
    Percent,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

impl Column {
    pub(super) const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind }
    }

    /// In characters; the header's filter button takes some.
    pub(super) fn width(self) -> f64 {
        let least = match self.kind {
            Kind::Long => 90.0,
            Kind::Text | Kind::Instant => 22.0,
            Kind::Integer => 18.0,
            Kind::Share | Kind::Decimal | Kind::Percent => 14.0,
        };
        (self.name.len() as f64 + 4.0).max(least)
    }
}

impl From<records::Kind> for Kind {
    fn from(kind: records::Kind) -> Self {
        match kind {
            records::Kind::Text => Self::Text,
            records::Kind::Long => Self::Long,
            records::Kind::Integer => Self::Integer,
            records::Kind::Share => Self::Share,
            records::Kind::Instant => Self::Instant,
        }
    }
}

/// Columns of a table that CSV has, too.
pub(super) fn columns_of<T>(columns: &[records::Column<T>]) -> Vec<Column> {
    columns.iter().map(|column| Column::new(column.name, column.kind.into())).collect()
}

/// The same table with display names behind its ids, where it has any.
pub(super) fn with_names(mut columns: Vec<Column>, named: bool) -> Vec<Column> {
    if named {
        columns.insert(1, Column::new("name", Kind::Text));
    }
    columns
}

/// The place of a column by its name.
pub(super) fn place(columns: &[Column], name: &str) -> Option<u16> {
    columns.iter().position(|column| column.name == name).and_then(|place| u16::try_from(place).ok())
}
