//! The report as an Excel workbook, one sheet per table. On the first sheet, formulas over the other sheets recompute the
//! headline figures beside the audit's own; on the second are the heat map and charts over cells of other sheets.

mod allocations;
mod audited;
mod charts;
mod checks;
mod compare;
mod headline;
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

use crate::content::{Options, disclosed};
use crate::names::limitations;
use crate::records::{EXCEPTIONS, FACTORS, LIMITATIONS, RECONCILIATIONS, REVISIONS, STATED, STORAGE};
use layout::Layout;
use records::table;
use reports::report::Report;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};
use sheet::cell_text;

/// The workbook's bytes. Every cell is held until the file is written: whoever has books and ledgers lets go of them
/// first and keeps [`Allocations`]. Of the options it takes the period before and the targets.
pub fn workbook(
    report: &Report,
    allocations: &Allocations,
    engine: &str,
    options: &Options,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The zip's own first day stands for the time of creation, which would make every file another.
    let created = ExcelDateTime::from_ymd(1980, 1, 1)?;
    let properties = DocProperties::new().set_title(cell_text(&report.name)).set_subject("Hourly matching report");
    book.set_properties(&properties.set_comment(cell_text(engine)).set_creation_datetime(&created));
    for sheet in sheets(report, allocations, engine, options)? {
        book.push_worksheet(sheet);
    }
    book.save_to_buffer()
}

fn sheets(
    report: &Report,
    allocations: &Allocations,
    engine: &str,
    options: &Options,
) -> Result<Vec<Worksheet>, XlsxError> {
    let layout = Layout::new(report);
    let mut sheets = vec![summary::sheet(report, engine, options, (&layout, allocations))?];
    sheets.extend(charts::sheets(report, options)?);
    let (factors, invoices) = (&report.disclosure.factors, &report.reconciliations);
    let no_invoice = "No invoice was given for this period: nothing is reconciled.";
    sheets.extend([
        table(("Disclosure", &[]), &STATED, &disclosed(report), "Nothing is disclosed.")?,
        table(("Factors", &[]), &FACTORS, factors, "No emission factor was used.")?,
        places::boundaries(report, &layout)?,
        places::sites(report)?,
        places::contracts(report)?,
        layout::intervals(report, &layout)?,
        table(("Storage", &[]), &STORAGE, &report.storage, "No storage is in this report.")?,
        records::efficiency(report)?,
        table(("Reconciliations", &[]), &RECONCILIATIONS, invoices, no_invoice)?,
    ]);
    if let Some(before) = options.previous.as_deref() {
        sheets.push(compare::sheet(before, report)?);
    }
    if let Some(restatement) = &report.restatement {
        sheets.push(records::restatement(restatement)?);
    }
    if !report.overlaps.is_empty() {
        sheets.push(records::overlaps(report)?);
    }
    let (files, exceptions, limits) = (&report.files, &report.exceptions, limitations(report));
    sheets.extend([
        table(("Revisions", &[]), &REVISIONS, files, "These figures rest on no file.")?,
        table(("Exceptions", &[]), &EXCEPTIONS, exceptions, "No exceptions.")?,
        allocations::sheet(allocations)?,
        table(("Limitations", &[]), &LIMITATIONS, &limits, "No limitations are stated.")?,
    ]);
    Ok(sheets)
}
