//! Figures of the portfolio, a boundary or a site, the same in every sheet.

use super::columns::{Column, columns_of};
use crate::records::{PURCHASED, SCOPE_1, TOTALS, Value};
use reports::report::Totals;

/// A count of intervals.
pub(super) fn count(intervals: usize) -> i128 {
    i128::try_from(intervals).unwrap_or(i128::MAX)
}

pub(super) fn columns() -> Vec<Column> {
    [columns_of(&TOTALS), columns_of(&PURCHASED), columns_of(&SCOPE_1)].concat()
}

/// In the order of the columns.
pub(super) fn values(totals: &Totals) -> Vec<Value<'_>> {
    TOTALS.iter().chain(&PURCHASED).chain(&SCOPE_1).map(|column| (column.value)(totals)).collect()
}
