//! What an auditor checks the figures against: statements, storage, invoices, corrections, exceptions, limitations.

use super::sheet::{Column, Sheet, columns_of};
use crate::records::{self, Kind, Value, figure, values, word, words};
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
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin(name, notes, &columns_of(columns))?;
    for row in rows {
        sheet.row(values(columns, row))?;
    }
    sheet.finish(empty)
}

pub(super) fn efficiency(report: &Report) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::begin("Efficiency", &[], &EFFICIENCY)?;
    for storage in &report.storage {
        for window in &storage.windows {
            sheet.row([
                word(&storage.id),
                Value::Instant(window.start),
                Value::Instant(window.end),
                Value::Share(window.efficiency),
                word(window.basis.name()),
            ])?;
        }
    }
    sheet.finish("No storage is in this report, so no efficiency was measured.")
}

pub(super) fn restatement(restatement: &RestatementReport) -> Result<Worksheet, XlsxError> {
    let reason = format!("Reason: {}", restatement.reason);
    let actor = format!("By: {}", restatement.actor);
    let changed = format!("Intervals whose figures changed: {}", restatement.intervals_changed);
    let notes = [reason.as_str(), actor.as_str(), changed.as_str()];
    let empty = "No headline figure changed.";
    table(("Restatement", &notes), &records::RESTATEMENT, &restatement.totals, empty)
}

/// Published reports of other periods that share hours with this one, and every figure of theirs that is another here.
pub(super) fn overlaps(report: &Report) -> Result<Worksheet, XlsxError> {
    const MEANS: &str = "Published reports of other periods cover some of these hours; this report replaces none of \
                         them. A row without figures names one of which nothing has changed.";
    let mut sheet = Sheet::begin("Overlaps", &[MEANS], &OVERLAPS)?;
    for overlap in &report.overlaps {
        let OverlapReport { period, version, root, intervals_changed, totals, changed, .. } = overlap;
        let many = intervals_changed.map_or(Value::Absent("not compared"), |many| Value::Integer(many as i128));
        let [start, end] = [period.start, period.end].map(Value::Instant);
        let head = [start, end, Value::Integer(i128::from(*version)), many];
        let mut line = |rest: [Value<'_>; 5]| sheet.row(head.iter().cloned().chain(rest).chain([word(root)]));
        if totals.is_empty() && changed.is_empty() {
            line([""; 5].map(word))?;
        }
        for row in totals.iter().chain(changed) {
            let start = row.start.map_or(Value::Absent(""), words);
            let [before, after] = [&row.before, &row.after].map(figure);
            line([words(&row.scope), start, word(row.figure.name()), before, after])?;
        }
    }
    sheet.finish("Nothing was published of these hours in reports of other periods.")
}
