//! Columns of a table, and what stands in them.

use crate::records::{self, Kind, PURCHASED, SCOPE_1, TOTALS, Value};
use reports::report::Totals;

/// A column's name, and what it holds.
pub(super) type Column = (&'static str, Kind);

/// In characters; the header's filter button takes some.
pub(super) fn width((name, kind): Column) -> f64 {
    let least = match kind {
        Kind::Long => 90.0,
        Kind::Text | Kind::Instant => 22.0,
        Kind::Integer => 18.0,
        Kind::Share | Kind::Decimal | Kind::Percent => 14.0,
    };
    (name.len() as f64 + 4.0).max(least)
}

/// Columns of a table that CSV has, too.
pub(super) fn columns_of<T>(columns: &[records::Column<T>]) -> Vec<Column> {
    columns.iter().map(|column| (column.name, column.kind)).collect()
}

/// Figures of the portfolio, a boundary or a site, the same in every sheet.
pub(super) fn totals_columns() -> Vec<Column> {
    [columns_of(&TOTALS), columns_of(&PURCHASED), columns_of(&SCOPE_1)].concat()
}

/// In the order of those columns.
pub(super) fn totals_values(totals: &Totals) -> Vec<Value<'_>> {
    TOTALS.iter().chain(&PURCHASED).chain(&SCOPE_1).map(|column| (column.value)(totals)).collect()
}

/// A figure of the totals by its field.
pub(super) fn total<'a>(totals: &'a Totals, field: &str) -> Option<Value<'a>> {
    let column = TOTALS.iter().chain(&PURCHASED).chain(&SCOPE_1).find(|column| column.name == field)?;
    Some((column.value)(totals))
}

/// The same table with display names behind its ids, where it has any.
pub(super) fn with_names(mut columns: Vec<Column>, named: bool) -> Vec<Column> {
    if named {
        columns.insert(1, ("name", Kind::Text));
    }
    columns
}

/// The place of a column by its name.
pub(super) fn place(columns: &[Column], name: &str) -> Option<u16> {
    columns.iter().position(|(known, _)| *known == name).and_then(|place| u16::try_from(place).ok())
}
