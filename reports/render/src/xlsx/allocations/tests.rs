//! What the sheet bears out, and what it says of rows that it lacks.

use super::*;
use crate::tests::sample::START;

/// Rows of one site and contract, for tests of the workbook.
pub(in crate::xlsx) fn allocations(rows: &[(i64, Ledger)], total: usize) -> Allocations {
    let (site, contract, rule) = (SiteIndex::default(), InstrumentIndex::default(), "proportional");
    let row = |(wh, ledger): &(i64, Ledger)| Row { site, contract, rule, start: START, wh: *wh, ledger: *ledger };
    let (sites, contracts) = (vec!["hall-1".into()], vec!["solar-a".into()]);
    Allocations { sites, contracts, rows: rows.iter().map(row).collect(), total }
}

#[test]
fn a_sheet_that_lacks_rows_bears_nothing_out() {
    let whole = allocations(&[(3, Ledger::Matching), (4, Ledger::Inventory)], 2);
    assert_eq!(whole.matching_sum().map(|(_, sum)| sum), Some(3));
    assert_eq!(Allocations { total: 3, ..whole }.matching_sum(), None);
    assert_eq!(allocations(&[(i64::MAX, Ledger::Matching)], 1).matching_sum(), None);
    assert_eq!(Allocations::default().matching_sum(), None);
}

#[test]
fn what_a_sheet_does_not_hold_is_said_with_where_it_is() {
    let rows = [(1, Ledger::Matching), (2, Ledger::Inventory)];
    assert_eq!(allocations(&rows, 2).left_out(), None);
    let message = allocations(&rows, 3).left_out().expect("a row is left out");
    assert!(message.starts_with("The first 2 of 3 allocations"), "{message}");
    assert!(message.contains("--table allocations` writes all with --format csv or --format parquet"), "{message}");
}
