//! Boundaries and sites with their totals, and instruments in both ledgers.

use super::checks::{share_agrees, share_check, verdict};
use super::layout::{Energy, Layout};
use super::sheet::{Column, Sheet, columns_of, place, put_formula, totals_columns, totals_values, with_names};
use super::styles;
use crate::records::{self, BOUNDARIES, CONTRACTS, GRANULAR, Kind, METERS, SITES, Value, values};
use ids::{BoundaryIndex, Index};
use reports::report::{BoundaryReport, Report, Totals};
use rust_xlsxwriter::utility::{cell_range_absolute, row_col_to_cell};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Contracted energy of a boundary, capped at its load.
pub(super) const CAPPED: &str = "capped_contracted_wh";
const MATCHED_LIVE: &str = "matched_share_from_intervals";
const CHECK: &str = "check";

fn boundary_columns(layout: &Layout) -> Vec<Column> {
    let mut columns = columns_of(&BOUNDARIES);
    columns.extend(totals_columns());
    if layout.is_live() {
        columns.push((CAPPED, Kind::Integer));
        columns.push((MATCHED_LIVE, Kind::Share));
        columns.push((CHECK, Kind::Text));
    }
    columns
}

pub(super) fn site_columns(report: &Report) -> Vec<Column> {
    let columns = [columns_of(&SITES), columns_of(&METERS), totals_columns()].concat();
    with_names(columns, report.labels.has_sites())
}

pub(super) fn contract_columns(report: &Report) -> Vec<Column> {
    with_names([columns_of(&CONTRACTS), columns_of(&GRANULAR)].concat(), report.labels.has_instruments())
}

/// A column of a sheet whose `rows` start under the header.
pub(super) fn column_range(sheet: &str, columns: &[Column], name: &str, rows: usize) -> Option<String> {
    let (col, last) = (place(columns, name)?, u32::try_from(rows).ok().filter(|rows| *rows > 0)?);
    Some(format!("{sheet}!{}", cell_range_absolute(1, col, last, col)))
}

/// A column of the sheet Boundaries.
pub(super) fn boundary_range(report: &Report, layout: &Layout, name: &str) -> Option<String> {
    column_range("Boundaries", &boundary_columns(layout), name, report.boundaries.len())
}

/// What volumetric shares count of a boundary: contracted without re-issued discharge, capped at load.
pub(super) fn capped(totals: &Totals) -> i128 {
    (totals.contracted_wh - totals.reissued_wh).min(totals.load_wh)
}

pub(super) fn boundaries(report: &Report, layout: &Layout) -> Result<Worksheet, XlsxError> {
    let columns = boundary_columns(layout);
    let mut sheet = Sheet::begin("Boundaries", &[], &columns)?;
    for (index, boundary) in BoundaryIndex::each(&report.boundaries) {
        let row = sheet.row(values(&BOUNDARIES, boundary).chain(totals_values(&boundary.totals)))?;
        for (column, kind, formula, result) in recomputed(row, &columns, boundary, layout, index).into_iter().flatten()
        {
            let format = styles::format(kind).unwrap_or(&styles::RIGHT);
            put_formula(sheet.inner(), row, column, &formula, &result, format)?;
        }
    }
    sheet.finish("No boundary is in this report.")
}

/// A column and its kind, the formula in it, and what that gives.
type Live = (u16, Kind, String, String);

/// The formulas at the end of a boundary's row; none where the layout has none.
fn recomputed(
    row: u32,
    columns: &[Column],
    boundary: &BoundaryReport,
    layout: &Layout,
    index: BoundaryIndex,
) -> Option<Vec<Live>> {
    let cell = |name: &str| place(columns, name).map(|col| row_col_to_cell(row, col));
    let least = format!("=MIN({}-{},{})", cell("contracted_wh")?, cell("reissued_wh")?, cell("load_wh")?);
    let mut list = vec![(place(columns, CAPPED)?, Kind::Integer, least, capped(&boundary.totals).to_string())];
    let (matched, load) = (Energy::Matched.sum(&boundary.intervals), Energy::Load.sum(&boundary.intervals));
    if let Some(audited) = boundary.totals.matched_share.filter(|_| load > 0) {
        let share = matched as f64 / load as f64;
        let (over, under) = (layout.block(index, Energy::Matched)?, layout.block(index, Energy::Load)?);
        let check = share_check(&cell(MATCHED_LIVE)?, &format!("{}*1000000", cell("matched_share")?));
        let says = verdict(share_agrees(share, audited)).to_string();
        list.extend([
            (place(columns, MATCHED_LIVE)?, Kind::Share, format!("=SUM({over})/SUM({under})"), share.to_string()),
            (place(columns, CHECK)?, Kind::Text, check, says),
        ]);
    }
    Some(list)
}

pub(super) fn sites(report: &Report) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Sites", &[], &site_columns(report))?;
    for site in &report.sites {
        let values = values(&SITES, site).chain(values(&METERS, site)).chain(totals_values(&site.totals));
        named(&mut sheet, values, report.labels.has_sites().then(|| report.labels.site(&site.id)))?;
    }
    sheet.finish("No site is in this report.")
}

/// A claim of an instrument stands with what it rests on.
pub(super) fn contracts(report: &Report) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Contracts", &[], &contract_columns(report))?;
    for contract in &report.contracts {
        let name = report.labels.has_instruments().then(|| report.labels.instrument(&contract.id));
        named(&mut sheet, values(&CONTRACTS, contract).chain(values(&GRANULAR, contract)), name)?;
    }
    sheet.finish("No instrument is in this report.")
}

/// Adds a row, with a display name behind its id where there are any.
fn named<'v>(
    sheet: &mut Sheet,
    values: impl Iterator<Item = Value<'v>>,
    name: Option<&'v str>,
) -> Result<u32, XlsxError> {
    let mut values: Vec<Value<'v>> = values.collect();
    if let Some(name) = name {
        values.insert(1, records::word(name));
    }
    sheet.row(values)
}
