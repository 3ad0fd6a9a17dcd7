//! What an auditor checks the figures against: storage, invoices, corrections, exceptions.

use super::columns::{Column, Kind};
use super::sheet::{Cell, Sheet};
use super::styles::Styles;
use super::totals::count;
use reports::report::{OverlapReport, Report, RestatementReport};
use rust_xlsxwriter::{Worksheet, XlsxError};

const STORAGE: [Column; 8] = [
    Column::new("id", Kind::Text),
    Column::new("site", Kind::Text),
    Column::new("charge_wh", Kind::Integer),
    Column::new("clean_charge_wh", Kind::Integer),
    Column::new("discharge_wh", Kind::Integer),
    Column::new("reissued_wh", Kind::Integer),
    Column::new("opening_wh", Kind::Integer),
    Column::new("opening_known", Kind::Text),
];

const EFFICIENCY: [Column; 5] = [
    Column::new("storage", Kind::Text),
    Column::new("start", Kind::Instant),
    Column::new("end", Kind::Instant),
    Column::new("efficiency", Kind::Share),
    Column::new("basis", Kind::Text),
];

const RECONCILIATIONS: [Column; 8] = [
    Column::new("invoice", Kind::Text),
    Column::new("site", Kind::Text),
    Column::new("start", Kind::Instant),
    Column::new("end", Kind::Instant),
    Column::new("invoice_wh", Kind::Integer),
    Column::new("metered_wh", Kind::Integer),
    Column::new("difference_wh", Kind::Integer),
    Column::new("outcome", Kind::Text),
];

const RESTATEMENT: [Column; 4] = [
    Column::new("scope", Kind::Text),
    Column::new("figure", Kind::Text),
    Column::new("before", Kind::Integer),
    Column::new("after", Kind::Integer),
];

const OVERLAPS: [Column; 10] = [
    Column::new("period_start", Kind::Instant),
    Column::new("period_end", Kind::Instant),
    Column::new("version", Kind::Integer),
    Column::new("intervals_changed", Kind::Integer),
    Column::new("scope", Kind::Text),
    Column::new("start", Kind::Text),
    Column::new("figure", Kind::Text),
    Column::new("published", Kind::Integer),
    Column::new("here", Kind::Integer),
    Column::new("root", Kind::Long),
];

const REVISIONS: [Column; 5] = [
    Column::new("recorded", Kind::Text),
    Column::new("actor", Kind::Text),
    Column::new("readings", Kind::Integer),
    Column::new("file_sha256", Kind::Long),
    Column::new("reason", Kind::Long),
];

const EXCEPTIONS: [Column; 6] = [
    Column::new("code", Kind::Text),
    Column::new("series", Kind::Text),
    Column::new("start", Kind::Instant),
    Column::new("end", Kind::Instant),
    Column::new("wh", Kind::Integer),
    Column::new("message", Kind::Long),
];

pub(super) fn storage(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Storage", &[], &STORAGE, styles)?;
    for storage in &report.storage {
        sheet.row(&[
            Cell::Text(&storage.id),
            Cell::Text(&storage.site),
            Cell::Integer(storage.charge_wh),
            Cell::Integer(storage.clean_charge_wh),
            Cell::Integer(storage.discharge_wh),
            Cell::Integer(storage.reissued_wh),
            Cell::Integer(i128::from(storage.opening_wh)),
            Cell::yes(storage.opening_known),
        ])?;
    }
    sheet.finish("No storage is in this report.", styles)
}

pub(super) fn efficiency(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Efficiency", &[], &EFFICIENCY, styles)?;
    for storage in &report.storage {
        for window in &storage.windows {
            sheet.row(&[
                Cell::Text(&storage.id),
                Cell::Instant(&window.start),
                Cell::Instant(&window.end),
                Cell::Share(&window.efficiency),
                Cell::Text(&window.basis),
            ])?;
        }
    }
    sheet.finish("No storage is in this report, so no efficiency was measured.", styles)
}

pub(super) fn reconciliations(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Reconciliations", &[], &RECONCILIATIONS, styles)?;
    let known = |wh: Option<i128>| wh.map_or(Cell::Text("not covered"), Cell::Integer);
    for line in &report.reconciliations {
        sheet.row(&[
            Cell::Text(&line.invoice),
            Cell::Text(&line.site),
            Cell::Instant(&line.start),
            Cell::Instant(&line.end),
            Cell::Integer(i128::from(line.invoice_wh)),
            known(line.metered_wh),
            known(line.difference_wh),
            Cell::Text(&line.outcome),
        ])?;
    }
    sheet.finish("No invoice was given for this period: nothing is reconciled.", styles)
}

pub(super) fn restatement(restatement: &RestatementReport, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let reason = format!("Reason: {}", restatement.reason);
    let actor = format!("By: {}", restatement.actor);
    let changed = format!("Intervals whose figures changed: {}", count(restatement.intervals_changed));
    let notes = [reason.as_str(), actor.as_str(), changed.as_str()];
    let mut sheet = Sheet::begin("Restatement", &notes, &RESTATEMENT, styles)?;
    for row in &restatement.totals {
        sheet.row(&[Cell::Text(&row.scope), Cell::Text(&row.figure), figure(&row.before), figure(&row.after)])?;
    }
    sheet.finish("No headline figure changed.", styles)
}

/// Published reports of other periods that share hours with this one, and every figure of theirs that is another here.
pub(super) fn overlaps(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    const MEANS: &str = "Published reports of other periods cover some of these hours; this report replaces none of \
                         them. A row without figures names one of which nothing has changed.";
    let mut sheet = Sheet::begin("Overlaps", &[MEANS], &OVERLAPS, styles)?;
    for overlap in &report.overlaps {
        let OverlapReport { period, version, root, intervals_changed, totals, changed, .. } = overlap;
        let many = intervals_changed.map_or(Cell::Text("not compared"), |many| Cell::Integer(count(many)));
        let head =
            [Cell::Instant(&period.start), Cell::Instant(&period.end), Cell::Integer(i128::from(*version)), many];
        let mut line = |rest: [Cell<'_>; 5]| {
            let cells: Vec<Cell<'_>> = head.into_iter().chain(rest).chain([Cell::Text(root)]).collect();
            sheet.row(&cells)
        };
        if totals.is_empty() && changed.is_empty() {
            line([Cell::Text(""); 5])?;
        }
        for row in totals.iter().chain(changed) {
            let (scope, start, name) = (Cell::Text(&row.scope), Cell::Text(&row.start), Cell::Text(&row.figure));
            line([scope, start, name, figure(&row.before), figure(&row.after)])?;
        }
    }
    sheet.finish("Nothing was published of these hours in reports of other periods.", styles)
}

/// An integer as a number; a score keeps its six decimals as text.
fn figure(text: &str) -> Cell<'_> {
    text.parse::<i128>().map_or(Cell::Text(text), Cell::Integer)
}

pub(super) fn revisions(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Revisions", &[], &REVISIONS, styles)?;
    for revision in &report.files {
        sheet.row(&[
            Cell::Text(&revision.recorded),
            Cell::stated(revision.actor.as_deref()),
            Cell::Integer(i128::from(revision.readings)),
            Cell::Text(&revision.file_sha256),
            Cell::stated(revision.reason.as_deref()),
        ])?;
    }
    sheet.finish("These figures rest on no file.", styles)
}

pub(super) fn exceptions(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Exceptions", &[], &EXCEPTIONS, styles)?;
    for exception in &report.exceptions {
        sheet.row(&[
            Cell::Text(&exception.code),
            Cell::Text(&exception.series),
            Cell::Instant(&exception.start),
            Cell::Instant(&exception.end),
            Cell::Integer(i128::from(exception.wh)),
            Cell::Text(&exception.message),
        ])?;
    }
    sheet.finish("No exceptions.", styles)
}
