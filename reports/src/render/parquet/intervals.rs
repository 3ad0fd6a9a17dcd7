//! One row per boundary and interval, as in `intervals.csv`.

use super::error::ParquetError;
use super::identity::identity;
use super::table::{Cell, Column, TableWriter};
use crate::report::Report;
use crate::time::parse_instant;

const COLUMNS: [Column; 9] = [
    Column::text("boundary"),
    Column::instant("start"),
    Column::whole("load_wh"),
    Column::whole("contracted_wh"),
    Column::whole("matched_wh"),
    Column::whole("stored_wh"),
    Column::whole("surplus_wh"),
    Column::whole("unmatched_wh"),
    Column::whole("grid_cfe_wh"),
];

/// Every interval of every boundary.
pub fn intervals(report: &Report) -> Result<Vec<u8>, ParquetError> {
    // No column has nulls: it is there where every interval is told.
    let told = report.boundaries.iter().flat_map(|b| &b.intervals).all(|row| row.backed_wh.is_some());
    let mut columns = COLUMNS.to_vec();
    columns.extend(told.then_some(Column::whole("backed_wh")));
    let mut table = TableWriter::new(Vec::new(), "intervals", &columns, &identity(report))?;
    for boundary in &report.boundaries {
        for row in &boundary.intervals {
            let mut cells = vec![
                Cell::Text(&boundary.id),
                Cell::Instant(parse_instant(&row.start)?),
                Cell::Whole(row.load_wh),
                Cell::Whole(row.contracted_wh),
                Cell::Whole(row.matched_wh),
                Cell::Whole(row.stored_wh),
                Cell::Whole(row.surplus_wh),
                Cell::Whole(row.unmatched_wh),
                Cell::Whole(row.grid_cfe_wh),
            ];
            cells.extend(row.backed_wh.filter(|_| told).map(Cell::Whole));
            table.row(&cells)?;
        }
    }
    table.finish()
}
