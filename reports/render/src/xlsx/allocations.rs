//! Allocations of both ledgers, as many as one sheet holds. They are taken from books and ledgers before those are let
//! go, each text once: a row as text would take ten times as much.

#[cfg(test)]
pub(super) mod tests;

use super::places::column_range;
use super::sheet::{Cell, MAX_ROWS, Sheet, is_exact};
use super::styles::Styles;
use crate::records::ALLOCATIONS;
use reports::matching::Ledger;
use reports::report::{Computed, rows};
use reports::time::Instant;
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::collections::BTreeMap;

const NAME: &str = "Allocations";

const NONE: &str = "No allocations are in this report: nothing reached a load.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    site: u32,
    contract: u32,
    rule: u32,
    start: Instant,
    wh: i64,
    ledger: Ledger,
}

/// The first allocations of a report, one ledger after the other.
#[derive(Debug, Clone, Default)]
pub struct Allocations {
    texts: Vec<String>,
    rows: Vec<Row>,
    /// How many there are.
    total: usize,
}

impl Allocations {
    /// Every one, or the first million: cells are held until the workbook is written, and a million rows of them take
    /// more than a gigabyte.
    pub fn new(computed: &Computed) -> Self {
        Self::first(computed, MAX_ROWS)
    }

    fn first(computed: &Computed, most: usize) -> Self {
        let (books, matched) = (&computed.books, &computed.matched);
        let mut known: BTreeMap<String, u32> = BTreeMap::new();
        let mut list = Self::default();
        for ledger in Ledger::ALL {
            rows::allocations(books, matched, &mut |row| {
                if row.ledger != ledger {
                    return;
                }
                list.total += 1;
                if list.rows.len() < most {
                    let [site, contract, rule] =
                        [row.site, row.contract, row.rule].map(|text| number(&mut known, &mut list.texts, text));
                    let start = books.grid.start(row.interval);
                    list.rows.push(Row { site, contract, rule, start, wh: row.wh, ledger });
                }
            });
        }
        list
    }

    /// That rows were left out, and where they are; none where the sheet holds all.
    pub fn left_out(&self) -> Option<String> {
        let (held, total) = (self.rows.len(), self.total);
        (held < total).then(|| {
            format!(
                "The first {held} of {total} allocations: a workbook holds no more of them. `hourmatch report --table \
                 allocations` writes all with --format csv or --format parquet."
            )
        })
    }

    fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }

    /// Whether the sheet holds every row, each as a number.
    fn is_whole(&self) -> bool {
        self.rows.len() == self.total && self.rows.iter().all(|row| is_exact(i128::from(row.wh)))
    }

    /// A formula for the energy of the matching ledger's rows and what it gives; none where the sheet lacks rows.
    pub(super) fn matching_sum(&self) -> Option<(String, i128)> {
        let range = |column| column_range(NAME, &ALLOCATIONS, column, self.rows.len());
        let (wh, ledger) = (range("wh")?, range("ledger")?);
        if !self.is_whole() {
            return None;
        }
        let formula = format!("=SUMIFS({wh},{ledger},\"matching\")");
        let matching = self.rows.iter().filter(|row| row.ledger == Ledger::Matching);
        Some((formula, matching.map(|row| i128::from(row.wh)).sum()))
    }
}

/// The number of a text, given to each once.
fn number(known: &mut BTreeMap<String, u32>, texts: &mut Vec<String>, text: &str) -> u32 {
    if let Some(number) = known.get(text) {
        return *number;
    }
    let number = u32::try_from(texts.len()).unwrap_or(u32::MAX);
    texts.push(text.to_string());
    known.insert(text.to_string(), number);
    number
}

pub(super) fn sheet(allocations: &Allocations, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let left_out = allocations.left_out();
    let notes: Vec<&str> = left_out.as_deref().into_iter().collect();
    let mut sheet = Sheet::begin(NAME, &notes, &ALLOCATIONS, styles)?;
    for row in &allocations.rows {
        sheet.row(&[
            Cell::Text(allocations.text(row.site)),
            Cell::Text(allocations.text(row.contract)),
            Cell::Start(row.start),
            Cell::Integer(i128::from(row.wh)),
            Cell::Text(row.ledger.name()),
            Cell::Text(allocations.text(row.rule)),
        ])?;
    }
    sheet.finish(NONE, styles)
}
