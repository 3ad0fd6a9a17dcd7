//! Every interval of every boundary, and their sums as formulas.

use super::columns::Column;
use super::layout::{Energy, Layout, interval_rows};
use super::sheet::{Cell, MAX_ROWS, Sheet, put, put_formula};
use super::styles::Styles;
use crate::records::interval_columns;
use reports::report::Report;
use rust_xlsxwriter::{Worksheet, XlsxError};

const CUT: &str = "A sheet ends before these intervals do: these are the first million. `hourmatch report --format csv` \
                   and Parquet hold all.";

pub(super) fn sheet(report: &Report, layout: &Layout, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let notes: &[&str] = if interval_rows(report) > MAX_ROWS { &[CUT] } else { &[] };
    let columns: Vec<Column> = interval_columns().collect();
    let mut sheet = Sheet::begin("Intervals", notes, &columns, styles)?;
    let rows = report.boundaries.iter().flat_map(|boundary| boundary.intervals.iter().map(move |row| (boundary, row)));
    for (boundary, row) in rows.take(MAX_ROWS) {
        let head = [Cell::Text(&boundary.id), Cell::Instant(&row.start)];
        let figures = row.figures().map(|wh| Cell::known(wh.map(i128::from)));
        sheet.row(&head.into_iter().chain(figures).collect::<Vec<_>>())?;
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
    for energy in Energy::ALL.into_iter().filter(|energy| energy.is_reported(report)) {
        if let Some(range) = layout.range(energy) {
            let result = energy.total(report).to_string();
            put_formula(sheet.inner(), row, energy.column(), &format!("=SUM({range})"), &result, &styles.total)?;
        }
    }
    Ok(())
}
