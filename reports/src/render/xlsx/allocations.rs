//! Allocations of both ledgers, as far as a workbook goes. They are taken from books and ledgers before those are let go,
//! each text once: a row as text would take ten times as much.

use super::layout::interval_rows;
use super::places::column_range;
use super::sheet::{Cell, Column, Kind, MAX_ROWS, Sheet, is_exact};
use super::styles::Styles;
use crate::matching::Ledger;
use crate::report::{Computed, rows};
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::collections::BTreeMap;

const COLUMNS: [Column; 6] = [
    Column::new("site", Kind::Text),
    Column::new("contract", Kind::Text),
    Column::new("start", Kind::Instant),
    Column::new("wh", Kind::Whole),
    Column::new("ledger", Kind::Text),
    Column::new("rule", Kind::Text),
];

/// Rows there is room for however many intervals there are.
const LEAST: usize = 100_000;

const NONE: &str = "No allocations are in this report: nothing reached a load.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    site: u32,
    contract: u32,
    rule: u32,
    start_s: i64,
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
    /// Every one, or as many as a workbook holds beside its intervals.
    pub fn of(computed: &Computed) -> Self {
        Self::first(computed, MAX_ROWS.saturating_sub(interval_rows(&computed.report)).max(LEAST))
    }

    fn first(computed: &Computed, most: usize) -> Self {
        let (books, matched) = (&computed.books, &computed.matched);
        let mut known: BTreeMap<String, u32> = BTreeMap::new();
        let mut list = Self::default();
        for ledger in Ledger::BOTH {
            rows::allocations(books, matched, &mut |row| {
                if row.ledger != ledger {
                    return;
                }
                list.total += 1;
                if list.rows.len() < most {
                    let [site, contract, rule] =
                        [row.site, row.contract, row.rule].map(|text| number(&mut known, &mut list.texts, text));
                    let start_s = books.grid.start(row.interval);
                    list.rows.push(Row { site, contract, rule, start_s, wh: row.wh, ledger });
                }
            });
        }
        list
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
        let range = |name| column_range("Allocations", &COLUMNS, name, self.rows.len());
        let formula = format!("=SUMIFS({},{},\"matching\")", range("wh")?, range("ledger")?);
        let matching = self.rows.iter().filter(|row| row.ledger == Ledger::Matching);
        Some((formula, matching.map(|row| i128::from(row.wh)).sum())).filter(|_| self.is_whole())
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
    let (held, total) = (allocations.rows.len(), allocations.total);
    let cut = format!(
        "The first {held} of {total} allocations: a workbook holds a million rows of intervals and allocations. \
         `hourmatch report --format csv --table allocations` and Parquet hold all."
    );
    let notes: Vec<&str> = if held < total { vec![cut.as_str()] } else { Vec::new() };
    let mut sheet = Sheet::begin("Allocations", &notes, &COLUMNS, styles)?;
    for row in &allocations.rows {
        sheet.row(&[
            Cell::Text(allocations.text(row.site)),
            Cell::Text(allocations.text(row.contract)),
            Cell::Seconds(row.start_s),
            Cell::Whole(i128::from(row.wh)),
            Cell::Text(row.ledger.name()),
            Cell::Text(allocations.text(row.rule)),
        ])?;
    }
    sheet.finish(NONE, styles)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Rows of one site and contract, for tests of the workbook.
    pub(in crate::render::xlsx) fn allocations(rows: &[(i64, Ledger)], total: usize) -> Allocations {
        let texts = ["hall-1", "solar-a", "contracts/proportional"].map(String::from).to_vec();
        let row = |(wh, ledger): &(i64, Ledger)| Row {
            site: 0,
            contract: 1,
            rule: 2,
            start_s: 1_774_742_400,
            wh: *wh,
            ledger: *ledger,
        };
        Allocations { texts, rows: rows.iter().map(row).collect(), total }
    }

    #[test]
    fn a_sheet_that_lacks_rows_bears_nothing_out() {
        let whole = allocations(&[(3, Ledger::Matching), (4, Ledger::Inventory)], 2);
        assert_eq!(whole.matching_sum().map(|(_, sum)| sum), Some(3));
        assert_eq!(Allocations { total: 3, ..whole }.matching_sum(), None);
        assert_eq!(allocations(&[(i64::MAX, Ledger::Matching)], 1).matching_sum(), None);
        assert_eq!(Allocations::default().matching_sum(), None);
    }
}
