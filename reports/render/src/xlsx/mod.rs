//! The report as an Excel workbook, one sheet per table. On the first sheet, formulas over the other sheets recompute the
//! headline figures beside the audit's own; on the second are the heat map and charts over cells of other sheets.

mod allocations;
mod audited;
mod charts;
mod checks;
mod columns;
mod compare;
mod headline;
mod intervals;
mod layout;
mod places;
mod records;
mod sheet;
mod styles;
mod summary;
#[cfg(test)]
mod tests;

pub use allocations::Allocations;
pub use rust_xlsxwriter::XlsxError;

use crate::content::Options;
use layout::Layout;
use reports::report::Report;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};
use sheet::cell_text;
use styles::Styles;

/// The workbook's bytes. Every cell is held until the file is written: whoever has books and ledgers lets go of them
/// first and keeps [`Allocations`]. Of the options it takes the period before and the targets.
pub fn workbook(
    report: &Report,
    allocations: &Allocations,
    engine: &str,
    options: &Options,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(report, engine)?);
    for sheet in sheets(report, allocations, engine, options)? {
        book.push_worksheet(sheet);
    }
    book.save_to_buffer()
}

/// The zip's own first day stands for the time of creation, which would make every file another.
fn properties(report: &Report, engine: &str) -> Result<DocProperties, XlsxError> {
    let created = ExcelDateTime::from_ymd(1980, 1, 1)?;
    Ok(DocProperties::new()
        .set_title(cell_text(&report.name))
        .set_subject("Hourly matching report")
        .set_comment(cell_text(engine))
        .set_creation_datetime(&created))
}

fn sheets(
    report: &Report,
    allocations: &Allocations,
    engine: &str,
    options: &Options,
) -> Result<Vec<Worksheet>, XlsxError> {
    let styles = Styles::new();
    let layout = Layout::new(report);
    let mut sheets = vec![summary::sheet(report, engine, options, (&layout, allocations), &styles)?];
    sheets.extend(charts::sheets(report, options, &styles)?);
    sheets.extend([
        records::stated(report, &styles)?,
        records::factors(report, &styles)?,
        places::boundaries(report, &layout, &styles)?,
        places::sites(report, &styles)?,
        places::contracts(report, &styles)?,
        intervals::sheet(report, &layout, &styles)?,
        records::storage(report, &styles)?,
        records::efficiency(report, &styles)?,
        records::reconciliations(report, &styles)?,
    ]);
    if let Some(before) = options.previous.as_deref() {
        sheets.push(compare::sheet(before, report, &styles)?);
    }
    if let Some(restatement) = &report.restatement {
        sheets.push(records::restatement(restatement, &styles)?);
    }
    if !report.overlaps.is_empty() {
        sheets.push(records::overlaps(report, &styles)?);
    }
    sheets.push(records::revisions(report, &styles)?);
    sheets.push(records::exceptions(report, &styles)?);
    sheets.push(allocations::sheet(allocations, &styles)?);
    sheets.push(records::limitations(report, &styles)?);
    Ok(sheets)
}
