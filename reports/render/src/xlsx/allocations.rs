//! Allocations of both ledgers, as many as one sheet holds. They are taken from books and ledgers before those are let
//! go: a row as text would take ten times as much.

#[cfg(test)]
pub(super) mod tests;

use super::places::column_range;
use super::sheet::{MAX_ROWS, Sheet, is_exact};
use crate::records::{ALLOCATIONS, Value, word};
use ids::{InstrumentId, InstrumentIndex, SiteId, SiteIndex};
use reports::matching::Ledger;
use reports::report::{Computed, rows};
use reports::time::Instant;
use rust_xlsxwriter::{Worksheet, XlsxError};

const NAME: &str = "Allocations";

const NONE: &str = "No allocations are in this report: nothing reached a load.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    site: SiteIndex,
    contract: InstrumentIndex,
    rule: &'static str,
    start: Instant,
    wh: i64,
    ledger: Ledger,
}

/// The first allocations of a report, one ledger after the other.
#[derive(Debug, Clone, Default)]
pub struct Allocations {
    sites: Vec<SiteId>,
    contracts: Vec<InstrumentId>,
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
        let sites = books.sites.iter().map(|site| site.id.clone()).collect();
        let contracts = books.instruments.iter().map(|instrument| instrument.id.clone()).collect();
        let mut list = Self { sites, contracts, ..Self::default() };
        for ledger in Ledger::ALL {
            rows::allocations(books, matched, &mut |row| {
                if row.ledger != ledger {
                    return;
                }
                list.total += 1;
                if list.rows.len() < most {
                    let ((site, contract), start) = (row.at, books.grid.start(row.interval));
                    list.rows.push(Row { site, contract, rule: row.rule, start, wh: row.wh, ledger });
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

pub(super) fn sheet(allocations: &Allocations) -> Result<Worksheet, XlsxError> {
    let left_out = allocations.left_out();
    let notes: Vec<&str> = left_out.as_deref().into_iter().collect();
    let mut sheet = Sheet::begin(NAME, &notes, &ALLOCATIONS)?;
    for row in &allocations.rows {
        sheet.row([
            word(&allocations.sites[row.site]),
            word(&allocations.contracts[row.contract]),
            Value::Instant(row.start),
            Value::Integer(i128::from(row.wh)),
            word(row.ledger.name()),
            word(row.rule),
        ])?;
    }
    sheet.finish(NONE)
}
