//! Tables for terminals and for spreadsheets.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, Row, Table};
use reports::columns::Column;

/// Cells of a row, each as it is displayed.
macro_rules! row {
    ($($cell:expr),+ $(,)?) => {
        [$($cell.to_string()),+]
    };
}
pub(super) use row;

/// A table without rows; the columns in `figures` stand to the right.
pub fn new(headings: impl Into<Row>, figures: impl IntoIterator<Item = usize>) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_header(headings);
    for at in figures {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// Empty for none.
pub fn if_any(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// CSV of these columns.
pub fn csv<const N: usize>(columns: &[Column; N], rows: impl Iterator<Item = [String; N]>) -> anyhow::Result<String> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(columns.iter().map(|column| column.name))?;
    for row in rows {
        csv.write_record(row)?;
    }
    Ok(String::from_utf8(csv.into_inner().map_err(|e| e.into_error())?)?)
}
