//! Every allocation of both ledgers, as in `allocations.csv`.

use super::error::ParquetError;
use super::identity::identity;
use super::table::{Cell, Column, TableWriter};
use reports::report::{Computed, rows};
use std::io::Write;

const COLUMNS: [Column; 6] = [
    Column::text("site"),
    Column::text("contract"),
    Column::instant("start"),
    Column::integer("wh"),
    Column::text("ledger"),
    Column::text("rule"),
];

/// Streams the allocations to `sink`, a row group at a time, and gives the sink back.
pub fn allocations<W: Write + Send>(sink: W, computed: &Computed) -> Result<W, ParquetError> {
    let mut table = TableWriter::new(sink, "allocations", &COLUMNS, &identity(&computed.report))?;
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
