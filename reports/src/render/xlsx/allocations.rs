//! Allocations of both ledgers, on as many sheets as they take, as far as a workbook goes. They are taken from books and ledgers before those are let go,
//! each text once: a row as text would take ten times as much.

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

/// Sheets of allocations in a workbook. Its cells are held in memory until it is written, and spreadsheet programs give
/// out before that: with more, the first rows are shown.
const SHEETS: usize = 4;

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
    /// Every one, or as many as a workbook holds.
    pub fn of(computed: &Computed) -> Self {
        Self::first(computed, SHEETS * MAX_ROWS)
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

    /// Whether the sheets hold every row, each as a number.
    fn is_whole(&self) -> bool {
        self.rows.len() == self.total && self.rows.iter().all(|row| is_exact(i128::from(row.wh)))
    }

    /// A formula for the energy of the matching ledger's rows and what it gives; none where the sheets lack rows.
    pub(super) fn matching_sum(&self) -> Option<(String, i128)> {
        let formula = self.matching_formula(MAX_ROWS).filter(|_| self.is_whole())?;
        let matching = self.rows.iter().filter(|row| row.ledger == Ledger::Matching);
        Some((formula, matching.map(|row| i128::from(row.wh)).sum()))
    }

    /// The sum over every sheet; none without rows.
    fn matching_formula(&self, rows_a_sheet: usize) -> Option<String> {
        let mut sums = Vec::new();
        for (index, rows) in self.rows.chunks(rows_a_sheet).enumerate() {
            let sheet = if index == 0 { name(index) } else { format!("'{}'", name(index)) };
            let range = |column| column_range(&sheet, &COLUMNS, column, rows.len());
            sums.push(format!("SUMIFS({},{},\"matching\")", range("wh")?, range("ledger")?));
        }
        (!sums.is_empty()).then(|| format!("={}", sums.join("+")))
    }
}

/// What a sheet is called, counted from 0.
fn name(index: usize) -> String {
    if index == 0 { "Allocations".into() } else { format!("Allocations {}", index + 1) }
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

pub(super) fn sheets(allocations: &Allocations, styles: &Styles) -> Result<Vec<Worksheet>, XlsxError> {
    sheets_of(allocations, styles, MAX_ROWS)
}

fn sheets_of(allocations: &Allocations, styles: &Styles, rows_a_sheet: usize) -> Result<Vec<Worksheet>, XlsxError> {
    let (held, total) = (allocations.rows.len(), allocations.total);
    let cut = format!(
        "The first {held} of {total} allocations: a workbook holds {SHEETS} million of them. \
         `hourmatch report --format csv --table allocations` and Parquet hold all."
    );
    let notes: Vec<&str> = if held < total { vec![cut.as_str()] } else { Vec::new() };
    let mut parts: Vec<&[Row]> = allocations.rows.chunks(rows_a_sheet).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let several = parts.into_iter().enumerate();
    several.map(|(index, rows)| sheet(allocations, rows, &name(index), &notes, styles)).collect()
}

fn sheet(
    allocations: &Allocations,
    rows: &[Row],
    name: &str,
    notes: &[&str],
    styles: &Styles,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin(name, notes, &COLUMNS, styles)?;
    for row in rows {
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

    #[test]
    fn what_a_sheet_does_not_hold_stands_on_the_next() {
        let rows = [(1, Ledger::Matching), (2, Ledger::Matching), (4, Ledger::Inventory)];
        let all = allocations(&rows, 3);
        let names: Vec<String> = sheets_of(&all, &Styles::new(), 2).expect("sheets").iter().map(|s| s.name()).collect();
        assert_eq!(names, ["Allocations", "Allocations 2"]);
        let expected = "=SUMIFS(Allocations!$D$2:$D$3,Allocations!$E$2:$E$3,\"matching\")\
                        +SUMIFS('Allocations 2'!$D$2,'Allocations 2'!$E$2,\"matching\")";
        assert_eq!(all.matching_formula(2).as_deref(), Some(expected));
        assert_eq!(sheets_of(&Allocations::default(), &Styles::new(), 2).expect("sheets").len(), 1);
    }
}
