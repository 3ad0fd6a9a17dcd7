//! Every allocation of both ledgers, as far as a sheet goes.

use super::places::column_range;
use super::sheet::{Cell, Column, Kind, MAX_ROWS, Sheet};
use super::styles::Styles;
use crate::report::Report;
use rust_xlsxwriter::{Worksheet, XlsxError};

const COLUMNS: [Column; 6] = [
    Column::new("site", Kind::Text),
    Column::new("contract", Kind::Text),
    Column::new("start", Kind::Instant),
    Column::new("wh", Kind::Whole),
    Column::new("ledger", Kind::Text),
    Column::new("rule", Kind::Text),
];

const CUT: &str =
    "A sheet ends before these allocations do: these are the first million, the CSV and Parquet tables hold all.";
const NONE: &str =
    "No allocations are in this report: nothing reached a load, or they are in the CSV and Parquet tables only.";

/// A formula for the energy of the matching ledger's rows; none where there are no rows.
pub(super) fn matching_sum(report: &Report) -> Option<String> {
    let range = |name| column_range("Allocations", &COLUMNS, name, report.allocations.len());
    Some(format!("=SUMIFS({},{},\"matching\")", range("wh")?, range("ledger")?))
}

pub(super) fn sheet(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let notes: &[&str] = if report.allocations.len() > MAX_ROWS { &[CUT] } else { &[] };
    let mut sheet = Sheet::begin("Allocations", notes, &COLUMNS, styles)?;
    for row in report.allocations.iter().take(MAX_ROWS) {
        sheet.row(&[
            Cell::Text(&row.site),
            Cell::Text(&row.contract),
            Cell::Instant(&row.start),
            Cell::Whole(i128::from(row.wh)),
            Cell::Text(&row.ledger),
            Cell::Text(&row.rule),
        ])?;
    }
    sheet.finish(NONE, styles)
}
