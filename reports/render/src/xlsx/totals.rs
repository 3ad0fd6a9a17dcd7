//! The columns of [`Totals`], the same for boundaries and sites.

use super::columns::{Column, Kind};
use super::sheet::Cell;
use crate::figures::{NOT_KNOWN, without_score};
use reports::report::{Backed, TierSplit, Totals};

pub(super) const COLUMNS: [Column; 45] = [
    Column::new("load_wh", Kind::Integer),
    Column::new("metered_load_wh", Kind::Integer),
    Column::new("contracted_wh", Kind::Integer),
    Column::new("matched_wh", Kind::Integer),
    Column::new("stored_wh", Kind::Integer),
    Column::new("reissued_wh", Kind::Integer),
    Column::new("surplus_wh", Kind::Integer),
    Column::new("unmatched_wh", Kind::Integer),
    Column::new("grid_cfe_wh", Kind::Integer),
    Column::new("matched_share", Kind::Share),
    Column::new("cfe_score", Kind::Share),
    Column::new("annual_share", Kind::Share),
    Column::new("annual_share_capped", Kind::Share),
    Column::new("matched_metered_share", Kind::Share),
    Column::new("intervals_with_load", Kind::Integer),
    Column::new("intervals_fully_matched", Kind::Integer),
    Column::new("location_based_g", Kind::Integer),
    Column::new("market_based_annual_g", Kind::Integer),
    Column::new("market_based_hourly_g", Kind::Integer),
    Column::new("market_based_hourly_without_legacy_g", Kind::Integer),
    Column::new("upstream_g", Kind::Integer),
    Column::new("load_measured_wh", Kind::Integer),
    Column::new("load_validated_wh", Kind::Integer),
    Column::new("load_calculated_wh", Kind::Integer),
    Column::new("load_estimated_wh", Kind::Integer),
    Column::new("load_profiled_wh", Kind::Integer),
    Column::new("load_missing_wh", Kind::Integer),
    Column::new("generation_measured_wh", Kind::Integer),
    Column::new("generation_validated_wh", Kind::Integer),
    Column::new("generation_calculated_wh", Kind::Integer),
    Column::new("generation_estimated_wh", Kind::Integer),
    Column::new("generation_profiled_wh", Kind::Integer),
    Column::new("generation_missing_wh", Kind::Integer),
    Column::new("purchased_wh", Kind::Integer),
    Column::new("storage_losses_wh", Kind::Integer),
    Column::new("scope_1_wh", Kind::Integer),
    Column::new("scope_1_share", Kind::Share),
    Column::new("scope_1_g", Kind::Integer),
    Column::new("backed_matched_wh", Kind::Integer),
    Column::new("backed_matched_share", Kind::Share),
    Column::new("backed_annual_share", Kind::Share),
    Column::new("market_based_annual_claimed_wh", Kind::Integer),
    Column::new("market_based_annual_backed_wh", Kind::Integer),
    Column::new("market_based_hourly_claimed_wh", Kind::Integer),
    Column::new("market_based_hourly_backed_wh", Kind::Integer),
];

/// What an older ruleset has no figure of.
pub(super) const NOT_COUNTED: Cell<'static> = Cell::Text("not counted");

/// A count of intervals.
pub(super) fn count(intervals: usize) -> i128 {
    i128::try_from(intervals).unwrap_or(i128::MAX)
}

/// In the order of [`COLUMNS`].
pub(super) fn cells(totals: &Totals) -> Vec<Cell<'_>> {
    let emissions = &totals.emissions;
    let mut cells = vec![
        Cell::Integer(totals.load_wh),
        Cell::Integer(totals.metered_load_wh),
        Cell::Integer(totals.contracted_wh),
        Cell::Integer(totals.matched_wh),
        Cell::Integer(totals.stored_wh),
        Cell::Integer(totals.reissued_wh),
        Cell::Integer(totals.surplus_wh),
        Cell::Integer(totals.unmatched_wh),
        Cell::Integer(totals.grid_cfe_wh),
        Cell::score(totals.matched_share.as_deref()),
        totals.cfe_score.as_deref().map_or(Cell::Text(without_score("cfe_score", totals)), Cell::Share),
        Cell::score(totals.annual_share.as_deref()),
        Cell::score(totals.annual_share_capped.as_deref()),
        Cell::score(totals.matched_metered_share.as_deref()),
        Cell::Integer(count(totals.intervals_with_load)),
        Cell::Integer(count(totals.intervals_fully_matched)),
        Cell::grams(emissions.location_based_g),
        Cell::grams(emissions.market_based_annual_g),
        Cell::grams(emissions.market_based_hourly_g),
        Cell::grams(emissions.market_based_hourly_without_legacy_g),
        Cell::grams(emissions.upstream_g),
    ];
    cells.extend(tiers(&totals.quality.load).map(Cell::Integer));
    cells.extend(tiers(&totals.quality.generation).map(Cell::Integer));
    let counted = |wh: Option<i128>| wh.map_or(NOT_COUNTED, Cell::Integer);
    cells.extend([totals.purchased_wh, totals.storage_losses_wh, totals.scope_1_wh].map(counted));
    cells.push(totals.scope_1_wh.map_or(NOT_COUNTED, |_| Cell::score(totals.scope_1_share.as_deref())));
    cells.push(emissions.scope_1_g.map_or(NOT_COUNTED, Cell::grams));
    cells.extend(backed(totals.backed.as_ref()));
    cells
}

/// What cancelled certificates back of them.
fn backed(backed: Option<&Backed>) -> [Cell<'_>; 7] {
    let Some(backed) = backed else { return [Cell::Text(NOT_KNOWN); 7] };
    [
        Cell::known(backed.matched_wh),
        Cell::known_share(backed.matched_share.as_deref()),
        Cell::known_share(backed.annual_share.as_deref()),
        Cell::known(backed.market_based_annual_claimed_wh),
        Cell::known(backed.market_based_annual_wh),
        Cell::Integer(backed.market_based_hourly_claimed_wh),
        Cell::known(backed.market_based_hourly_wh),
    ]
}

/// Best first.
pub(super) fn tiers(split: &TierSplit) -> [i128; 6] {
    [split.measured, split.validated, split.calculated, split.estimated, split.profiled, split.missing]
}
