//! What an auditor checks the figures against: statements, storage, invoices, corrections, exceptions, limitations.

use super::sheet::{Cell, Column, Sheet, columns_of};
use super::styles::Styles;
use crate::records::{self, Kind, figure, values};
use reports::report::{OverlapReport, Report, RestatementReport};
use rust_xlsxwriter::{Worksheet, XlsxError};

const EFFICIENCY: [Column; 5] = [
    ("storage", Kind::Text),
    ("start", Kind::Instant),
    ("end", Kind::Instant),
    ("efficiency", Kind::Share),
    ("basis", Kind::Text),
];

const OVERLAPS: [Column; 10] = [
    ("period_start", Kind::Instant),
    ("period_end", Kind::Instant),
    ("version", Kind::Integer),
    ("intervals_changed", Kind::Integer),
    ("scope", Kind::Text),
    ("start", Kind::Text),
    ("figure", Kind::Text),
    ("published", Kind::Integer),
    ("here", Kind::Integer),
    ("root", Kind::Long),
];

/// A sheet of one table, below its notes.
pub(super) fn table<'r, T: 'r>(
    (name, notes): (&str, &[&str]),
    columns: &[records::Column<T>],
    rows: impl IntoIterator<Item = &'r T>,
    empty: &str,
    styles: &Styles,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin(name, notes, &columns_of(columns), styles)?;
    for row in rows {
        sheet.record(values(columns, row))?;
    }
    sheet.finish(empty, styles)
}

pub(super) fn efficiency(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Efficiency", &[], &EFFICIENCY, styles)?;
    for storage in &report.storage {
        for window in &storage.windows {
            sheet.row(&[
                Cell::Text(&storage.id),
                Cell::Instant(window.start),
                Cell::Instant(window.end),
                Cell::Share(window.efficiency),
                Cell::Text(window.basis.name()),
            ])?;
        }
    }
    sheet.finish("No storage is in this report, so no efficiency was measured.", styles)
}

pub(super) fn restatement(restatement: &RestatementReport, styles: &Styles) -> Result<Worksheet, XlsxError> {
    let reason = format!("Reason: {}", restatement.reason);
    let actor = format!("By: {}", restatement.actor);
    let changed = format!("Intervals whose figures changed: {}", restatement.intervals_changed);
    let notes = [reason.as_str(), actor.as_str(), changed.as_str()];
    let empty = "No headline figure changed.";
    table(("Restatement", &notes), &records::RESTATEMENT, &restatement.totals, empty, styles)
}

/// Published reports of other periods that share hours with this one, and every figure of theirs that is another here.
pub(super) fn overlaps(report: &Report, styles: &Styles) -> Result<Worksheet, XlsxError> {
    const MEANS: &str = "Published reports of other periods cover some of these hours; this report replaces none of \
                         them. A row without figures names one of which nothing has changed.";
    let mut sheet = Sheet::begin("Overlaps", &[MEANS], &OVERLAPS, styles)?;
    for overlap in &report.overlaps {
        let OverlapReport { period, version, root, intervals_changed, totals, changed, .. } = overlap;
        let many = intervals_changed.map_or(Cell::Text("not compared"), |many| Cell::Integer(many as i128));
        let head = [Cell::Instant(period.start), Cell::Instant(period.end), Cell::Integer(i128::from(*version)), many];
        let mut line = |rest: [Cell<'_>; 5]| {
            let cells: Vec<Cell<'_>> = head.into_iter().chain(rest).chain([Cell::Text(root)]).collect();
            sheet.row(&cells)
        };
        if totals.is_empty() && changed.is_empty() {
            line([Cell::Text(""); 5])?;
        }
        for row in totals.iter().chain(changed) {
            let scope = row.scope.to_string();
            let start = row.start.map_or_else(String::new, |start| start.to_string());
            let [scope, start, name] = [&*scope, &*start, row.figure.name()].map(Cell::Text);
            let [before, after] = [&row.before, &row.after].map(figure);
            line([scope, start, name, Cell::from_value(&before), Cell::from_value(&after)])?;
        }
    }
    sheet.finish("Nothing was published of these hours in reports of other periods.", styles)
}
