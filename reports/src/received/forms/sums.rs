//! Readings whose value is a sum: of several columns, or of several rows.

use super::cells::Cell;
use crate::received::Rows;
use crate::text::clip;
use crate::time::{Instant, Interval};
use crate::units::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Why a sum is left out.
const PART_MISSING: &str = "a part of the sum is missing";

/// A cell's place in a sum: the row by which rows are added up, and the column.
pub type Part = (String, usize);

/// Series, interval and issue time.
type Key = (usize, Interval, Option<Instant>);

/// Sums, until all rows are read: only then it is known which parts there are.
#[derive(Debug, Default)]
pub struct Sums {
    sums: BTreeMap<Key, Sum>,
    /// Parts of each series that ever have a value: a column without any is of something that does not exist.
    ever: BTreeMap<usize, BTreeSet<Part>>,
}

#[derive(Debug)]
struct Sum {
    line: u64,
    estimated: bool,
    parts: BTreeMap<Part, Cell>,
}

/// A reading to be: a value that a row has, a sum with all its parts, or what a register shows or rose by.
#[derive(Debug)]
pub struct Reading {
    pub series: usize,
    pub line: u64,
    pub interval: Interval,
    pub issued: Option<Instant>,
    pub estimated: bool,
    pub value: Decimal,
}

impl Sums {
    /// Adds the cells of a row. Fails on a part that stands twice.
    pub fn add(&mut self, key: Key, line: u64, estimated: bool, cells: Vec<(Part, Cell)>) -> Result<(), String> {
        let sum = self.sums.entry(key).or_insert_with(|| Sum { line, estimated: false, parts: BTreeMap::new() });
        sum.estimated |= estimated;
        for (part, cell) in cells {
            if matches!(cell, Cell::Value(_)) {
                let ever = self.ever.entry(key.0).or_default();
                if !ever.contains(&part) {
                    ever.insert(part.clone());
                }
            }
            if sum.parts.contains_key(&part) {
                return Err(format!("{} stands twice in {}", named(&part), key.1));
            }
            sum.parts.insert(part, cell);
        }
        Ok(())
    }

    /// The sums that are whole: a part that is unknown, or whose row is not there, leaves none.
    pub fn finish(self, batch: &mut impl Rows) -> Vec<Reading> {
        let mut whole = Vec::new();
        for ((series, interval, issued), sum) in self.sums {
            let Some(ever) = self.ever.get(&series) else { continue };
            if ever.iter().any(|part| !sum.parts.contains_key(part)) {
                batch.leave_out(sum.line, PART_MISSING);
                continue;
            }
            match total(&sum, ever) {
                Ok(Some(value)) => {
                    let Sum { line, estimated, .. } = sum;
                    whole.push(Reading { series, line, interval, issued, estimated, value });
                }
                Ok(None) => batch.leave_out(sum.line, PART_MISSING),
                Err(reason) => batch.reject(sum.line, reason),
            }
        }
        whole
    }
}

/// None where a part is unknown, or there is none.
fn total(sum: &Sum, ever: &BTreeSet<Part>) -> Result<Option<Decimal>, String> {
    let mut total: Option<Decimal> = None;
    for part in ever {
        match sum.parts.get(part) {
            Some(Cell::Value(value)) => {
                total = Some(total.map_or(Ok(*value), |before| before.plus(*value)).map_err(|e| e.to_string())?);
            }
            Some(Cell::Absent) => {}
            Some(Cell::Missing) | None => return Ok(None),
        }
    }
    Ok(total)
}

fn named((row, _): &Part) -> String {
    if row.is_empty() { "its value".into() } else { format!("`{}`", clip(row)) }
}
