//! Figures of the portfolio, a boundary or a site, the same in every sheet.

use super::columns::{Column, columns_of};
use super::sheet::Cell;
use crate::records::{self, PURCHASED, SCOPE_1, TOTALS, Value};
use reports::report::{TierSplit, Totals};

/// What an older ruleset has no figure of.
pub(super) const NOT_COUNTED: Cell<'static> = Cell::Text(records::NOT_COUNTED);

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

/// Best first.
pub(super) fn tiers(split: &TierSplit) -> [i128; 6] {
    [split.measured, split.validated, split.calculated, split.estimated, split.profiled, split.missing]
}
