//! Instruments in both ledgers, and what a claim of each rests on.

use super::columns::{Column, columns_of, with_names};
use super::places::column_range;
use super::sheet::{Cell, Sheet};
use super::styles::Styles;
use crate::records::{CONTRACTS, GRANULAR, Value};
use reports::report::Report;
use rust_xlsxwriter::{Worksheet, XlsxError};

fn columns(report: &Report) -> Vec<Column> {
    let columns = [columns_of(&CONTRACTS), columns_of(&GRANULAR)].concat();
    with_names(columns, report.labels.has_instruments())
}

/// A column of this sheet.
pub(super) fn range(report: &Report, name: &str) -> Option<String> {
    column_range("Contracts", &columns(report), name, report.contracts.len())
}

pub(super) fn sheet(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Contracts", &[], &columns(report), styles)?;
    for contract in &report.contracts {
        let columns = CONTRACTS.iter().chain(&GRANULAR);
        let values: Vec<Value<'_>> = columns.map(|column| (column.value)(contract)).collect();
        let mut cells: Vec<Cell<'_>> = values.iter().map(Cell::from_value).collect();
        if report.labels.has_instruments() {
            cells.insert(1, Cell::Text(report.labels.instrument(&contract.id)));
        }
        sheet.row(&cells)?;
    }
    sheet.finish("No instrument is in this report.", styles)
}
