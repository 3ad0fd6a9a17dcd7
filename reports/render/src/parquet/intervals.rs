//! One row per boundary and interval, as in `intervals.csv`.

use super::error::ParquetError;
use super::identity::identity;
use super::table::{Cell, Column, TableWriter};
use reports::report::Report;
use reports::time::Instant;

const COLUMNS: [Column; 9] = [
    Column::text("boundary"),
    Column::instant("start"),
    Column::integer("load_wh"),
    Column::integer("contracted_wh"),
    Column::integer("matched_wh"),
    Column::integer("stored_wh"),
    Column::integer("surplus_wh"),
    Column::integer("unmatched_wh"),
    Column::integer("grid_cfe_wh"),
];

/// Every interval of every boundary.
pub fn intervals(report: &Report) -> Result<Vec<u8>, ParquetError> {
    // No column has nulls: it is there where every interval is told.
    let has_backed = report.boundaries.iter().flat_map(|b| &b.intervals).all(|row| row.backed_wh.is_some());
    let mut columns = COLUMNS.to_vec();
    columns.extend(has_backed.then_some(Column::integer("backed_wh")));
    let mut table = TableWriter::new(Vec::new(), "intervals", &columns, &identity(report))?;
    for boundary in &report.boundaries {
        for row in &boundary.intervals {
            let mut cells = vec![
                Cell::Text(&boundary.id),
                Cell::Instant(Instant::parse(&row.start)?),
                Cell::Integer(row.load_wh),
                Cell::Integer(row.contracted_wh),
                Cell::Integer(row.matched_wh),
                Cell::Integer(row.stored_wh),
                Cell::Integer(row.surplus_wh),
                Cell::Integer(row.unmatched_wh),
                Cell::Integer(row.grid_cfe_wh),
            ];
            cells.extend(row.backed_wh.filter(|_| has_backed).map(Cell::Integer));
            table.row(&cells)?;
        }
    }
    table.finish()
}
