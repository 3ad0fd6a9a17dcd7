//! Instruments in both ledgers, and what a claim of each rests on.

use super::columns::{Column, Kind, with_names};
use super::places::column_range;
use super::sheet::{Cell, Sheet};
use super::styles::Styles;
use reports::report::Report;
use rust_xlsxwriter::{Worksheet, XlsxError};

const COLUMNS: [Column; 24] = [
    Column::new("id", Kind::Text),
    Column::new("kind", Kind::Text),
    Column::new("boundary", Kind::Text),
    Column::new("technology", Kind::Text),
    Column::new("settlement", Kind::Text),
    Column::new("delivered_wh", Kind::Integer),
    Column::new("allocated_wh", Kind::Integer),
    Column::new("stored_wh", Kind::Integer),
    Column::new("surplus_wh", Kind::Integer),
    Column::new("inventory_allocated_wh", Kind::Integer),
    Column::new("inventory_stored_wh", Kind::Integer),
    Column::new("inventory_surplus_wh", Kind::Integer),
    Column::new("ef_mg_per_kwh", Kind::Integer),
    Column::new("claim_basis", Kind::Text),
    Column::new("registry", Kind::Text),
    Column::new("beneficiary", Kind::Text),
    Column::new("commissioned", Kind::Text),
    Column::new("granular", Kind::Text),
    Column::new("cancelled_wh", Kind::Integer),
    Column::new("held_wh", Kind::Integer),
    Column::new("expired_wh", Kind::Integer),
    Column::new("withdrawn_wh", Kind::Integer),
    Column::new("backed_wh", Kind::Integer),
    Column::new("claim_statement", Kind::Long),
];

fn columns(report: &Report) -> Vec<Column> {
    with_names(COLUMNS.to_vec(), report.labels.has_instruments())
}

/// A column of this sheet.
pub(super) fn range(report: &Report, name: &str) -> Option<String> {
    column_range("Contracts", &columns(report), name, report.contracts.len())
}

pub(super) fn sheet(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Contracts", &[], &columns(report), styles)?;
    for contract in &report.contracts {
        let claim = &contract.claim;
        let mut cells = vec![
            Cell::Text(&contract.id),
            Cell::Text(&contract.kind),
            Cell::Text(&contract.boundary),
            Cell::Text(&contract.technology),
            Cell::Text(contract.settlement.as_deref().unwrap_or_default()),
            Cell::Integer(contract.delivered_wh),
            Cell::Integer(contract.allocated_wh),
            Cell::Integer(contract.stored_wh),
            Cell::Integer(contract.surplus_wh),
            Cell::Integer(contract.inventory_allocated_wh),
            Cell::Integer(contract.inventory_stored_wh),
            Cell::Integer(contract.inventory_surplus_wh),
            Cell::Integer(i128::from(contract.ef_mg_per_kwh)),
            Cell::Text(&claim.basis),
            Cell::stated(claim.registry.as_deref()),
            Cell::stated(claim.beneficiary.as_deref()),
            Cell::stated(claim.commissioned.as_deref()),
            Cell::yes(claim.granular),
            Cell::Integer(claim.cancelled_wh),
            Cell::Integer(claim.held_wh),
            Cell::Integer(claim.expired_wh),
            Cell::Integer(claim.withdrawn_wh),
            Cell::known(claim.backed_wh),
            Cell::Text(&claim.statement),
        ];
        if report.labels.has_instruments() {
            cells.insert(1, Cell::Text(report.labels.instrument(&contract.id)));
        }
        sheet.row(&cells)?;
    }
    sheet.finish("No instrument is in this report.", styles)
}
