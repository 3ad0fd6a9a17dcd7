//! Every interval of every boundary, and their sums as formulas.

use super::layout::{Energy, INTERVALS, Layout, figures, interval_rows};
use super::sheet::{Cell, MAX_ROWS, Sheet, put, put_formula};
use super::styles::Styles;
use reports::report::Report;
use rust_xlsxwriter::{Worksheet, XlsxError};

const EVERY: [Energy; 7] = [
    Energy::Load,
    Energy::Contracted,
    Energy::Matched,
    Energy::Stored,
    Energy::Surplus,
    Energy::Unmatched,
    Energy::GridCfe,
];

const CUT: &str = "A sheet ends before these intervals do: these are the first million. `hourmatch report --format csv` \
                   and Parquet hold all.";

pub(super) fn sheet(report: &Report, layout: &Layout, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let notes: &[&str] = if interval_rows(report) > MAX_ROWS { &[CUT] } else { &[] };
    let mut sheet = Sheet::begin("Intervals", notes, &INTERVALS, styles)?;
    let rows = report.boundaries.iter().flat_map(|boundary| boundary.intervals.iter().map(move |row| (boundary, row)));
    for (boundary, row) in rows.take(MAX_ROWS) {
        let [load, contracted, matched, stored, surplus, unmatched, grid_cfe, backed] =
            figures(row).map(|wh| Cell::Integer(i128::from(wh)));
        sheet.row(&[
            Cell::Text(&boundary.id),
            Cell::Instant(&row.start),
            load,
            contracted,
            matched,
            stored,
            surplus,
            unmatched,
            grid_cfe,
            if row.backed_wh.is_some() { backed } else { Cell::known(None) },
        ])?;
    }
    if layout.is_live() {
        totals(&mut sheet, report, layout, styles)?;
    }
    sheet.finish("No intervals: the report has no boundary.", styles)
}

fn totals(sheet: &mut Sheet, report: &Report, layout: &Layout, styles: &Styles) -> Result<(), XlsxError> {
    let row = sheet.after();
    put(sheet.inner(), row, 0, Cell::Text("Total"), Some(&styles.total_label))?;
    put(sheet.inner(), row, 1, Cell::Text(""), Some(&styles.total_label))?;
    let backed = Energy::Backed.is_reported(report).then_some(Energy::Backed);
    for energy in EVERY.into_iter().chain(backed) {
        if let Some(range) = layout.range(energy) {
            let result = energy.total(report).to_string();
            put_formula(sheet.inner(), row, energy.column(), &format!("=SUM({range})"), &result, &styles.total)?;
        }
    }
    Ok(())
}
