//! A report's long tables as Parquet, one table per file, with metadata that names the report it belongs to: intervals as in
//! `intervals.csv`, allocations as in `allocations.csv`.

mod table;
#[cfg(test)]
mod tests;

pub use table::ParquetError;

use crate::records::{ALLOCATIONS, interval_columns};
use reports::report::{Computed, Report, rows};
use std::io::Write;
use table::{Cell, Column, TableWriter};

/// One row per boundary and interval.
pub fn intervals(report: &Report) -> Result<Vec<u8>, ParquetError> {
    let mut columns: Vec<Column> = interval_columns().collect();
    // No column has nulls: the last is there where every interval is told.
    if !report.boundaries.iter().flat_map(|b| &b.intervals).all(|row| row.backed_wh.is_some()) {
        columns.pop();
    }
    let mut table = TableWriter::new(Vec::new(), "intervals", &columns, &identity(report))?;
    for boundary in &report.boundaries {
        for row in &boundary.intervals {
            let mut cells = vec![Cell::Text(&boundary.id), Cell::Instant(row.start)];
            cells.extend(row.figures().into_iter().flatten().map(Cell::Integer));
            table.row(&cells[..columns.len()])?;
        }
    }
    table.finish()
}

/// Streams every allocation of both ledgers to `sink`, a row group at a time, and gives the sink back.
pub fn allocations<W: Write + Send>(sink: W, computed: &Computed) -> Result<W, ParquetError> {
    let mut table = TableWriter::new(sink, "allocations", &ALLOCATIONS, &identity(&computed.report))?;
    let grid = computed.books.grid;
    let mut outcome: Result<(), ParquetError> = Ok(());
    rows::allocations(&computed.books, &computed.matched, &mut |row| {
        if outcome.is_ok() {
            outcome = table.row(&[
                Cell::Text(row.site),
                Cell::Text(row.contract),
                Cell::Instant(grid.start(row.interval)),
                Cell::Integer(row.wh),
                Cell::Text(row.ledger.name()),
                Cell::Text(row.rule),
            ]);
        }
    });
    outcome?;
    table.finish()
}

/// What tells whose figures a file holds, as key-value metadata.
fn identity(report: &Report) -> Vec<(&'static str, String)> {
    let mut pairs = vec![
        ("hourmatch.schema", report.schema.clone()),
        ("hourmatch.name", report.name.clone()),
        ("hourmatch.synthetic", report.synthetic.to_string()),
        ("hourmatch.ruleset", report.ruleset.id.clone()),
        ("hourmatch.ruleset_version", report.ruleset.version.clone()),
        ("hourmatch.ruleset_sha256", report.ruleset.sha256.clone()),
        ("hourmatch.portfolio_sha256", report.portfolio_sha256.clone()),
        ("hourmatch.period_start", report.period.start.to_string()),
        ("hourmatch.period_end", report.period.end.to_string()),
        ("hourmatch.resolution", report.resolution.to_string()),
        ("hourmatch.version", report.version.to_string()),
    ];
    pairs.extend(report.inputs_sha256.iter().map(|digest| ("hourmatch.inputs_sha256", digest.clone())));
    pairs.extend(report.as_of.iter().map(|as_of| ("hourmatch.as_of", as_of.to_string())));
    pairs.extend(report.replaces.iter().map(|root| ("hourmatch.replaces", root.clone())));
    pairs
}
