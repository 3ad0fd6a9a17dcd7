//! A sparse linear program whose columns and rows know what they mean.
//!
//! minimise `constant + cost'x` subject to `lower <= A x <= upper` and bounds on x.

use crate::keys::Keys;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Place { work: usize, site: usize, step: usize },
    Miss { work: usize },
    Later { work: usize },
    Use { group: usize, step: usize },
    Grid { boundary: usize, step: usize },
    Short { target: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    Energy { work: usize },
    Rate { work: usize, step: usize },
    Capacity { site: usize, step: usize },
    Balance { boundary: usize, step: usize },
    Nested { node: usize, step: usize },
    Target { target: usize },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    pub kind: ColumnKind,
    pub lower: f64,
    pub upper: f64,
    pub cost: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    pub kind: RowKind,
    pub lower: f64,
    pub upper: f64,
}

/// Half-size indices: the largest models are bounded by memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    pub row: u32,
    pub column: u32,
    pub value: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LinearModel {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// By row, then column, once stated.
    pub entries: Vec<Entry>,
    pub constant: f64,
    pub keys: Keys,
}

impl LinearModel {
    pub fn new(keys: Keys, constant: f64) -> LinearModel {
        let column = Column { kind: ColumnKind::Short { target: usize::MAX }, lower: 0.0, upper: 0.0, cost: 0.0 };
        let row = Row { kind: RowKind::Target { target: usize::MAX }, lower: f64::NEG_INFINITY, upper: f64::INFINITY };
        LinearModel {
            columns: vec![column; keys.columns()],
            rows: vec![row; keys.rows()],
            entries: Vec::with_capacity(4 * keys.columns()),
            constant,
            keys,
        }
    }

    /// Every quantity of the plan is zero or more.
    pub fn column(&mut self, index: usize, kind: ColumnKind, upper: f64, cost: f64) {
        self.columns[index] = Column { kind, lower: 0.0, upper, cost };
    }

    pub fn row(&mut self, index: usize, kind: RowKind, lower: f64, upper: f64) {
        self.rows[index] = Row { kind, lower, upper };
    }

    pub fn entry(&mut self, row: usize, column: usize, value: f64) {
        if value != 0.0 {
            self.entries.push(Entry { row: row as u32, column: column as u32, value });
        }
    }

    /// Row by row, so that rows can be read as slices and the same problem is the same bytes.
    pub fn finish(&mut self) {
        self.entries.sort_unstable_by_key(|e| (e.row, e.column));
    }

    /// The entries of each row, in row order; rows without entries are empty slices.
    pub fn by_row(&self) -> impl Iterator<Item = (&Row, &[Entry])> {
        let mut rest: &[Entry] = &self.entries;
        self.rows.iter().enumerate().map(move |(r, row)| {
            let count = rest.iter().take_while(|e| e.row as usize == r).count();
            let (mine, others) = rest.split_at(count);
            rest = others;
            (row, mine)
        })
    }

    pub fn objective(&self, x: &[f64]) -> f64 {
        let moving: f64 = self.columns.iter().zip(x).map(|(c, x)| c.cost * x).sum();
        self.constant + moving
    }
}
