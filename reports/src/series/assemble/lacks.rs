//! What a report does without: generation, and what the grid was like.

use super::desk::Desk;
use crate::books::BoundaryBook;
use crate::definitions::{BoundaryDef, ContractDef};
use crate::ruleset::FallbackTier;
use crate::series::delivery::Delivery;
use crate::series::{boundary, pieces};
use crate::time::{Grid, Interval};
use std::collections::BTreeMap;

/// What is lacking, and of what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// Of a contract: counted as nothing delivered.
    Generation(String),
    /// Of a boundary: the default stands in for the factor of unmatched load.
    Factor(String),
    /// Of a boundary: counted as none.
    CarbonFreeShare(String),
}

/// Spans by what they lack, in order of time.
pub type Lacks = BTreeMap<Lack, Vec<Interval>>;

pub(super) fn of_contract(grid: Grid, contract: &ContractDef, delivery: &Delivery, lacks: &mut Lacks) {
    // A fixed volume is no matter of hours.
    if contract.annual_wh.is_some() {
        return;
    }
    let open = |index: usize| delivery.wh[index].is_none() && contract.is_valid(grid.start(index));
    add(lacks, Lack::Generation(contract.id.clone()), grid, open);
}

pub(super) fn of_boundary(desk: &Desk<'_>, definition: &BoundaryDef, book: &BoundaryBook, lacks: &mut Lacks) {
    let grid = desk.grid;
    let by_default = |index: usize| book.fallback_tier[index] == FallbackTier::DefaultFossil;
    add(lacks, Lack::Factor(definition.id.clone()), grid, by_default);
    let Ok(series) = boundary::of_inputs(desk.inputs, definition, grid) else { return };
    let unknown = |index: usize| series.cfe_share.as_ref().is_none_or(|shares| shares[index].is_none());
    add(lacks, Lack::CarbonFreeShare(definition.id.clone()), grid, unknown);
}

fn add(lacks: &mut Lacks, lack: Lack, grid: Grid, is_open: impl Fn(usize) -> bool) {
    let open: Vec<Interval> = (0..grid.len).filter(|index| is_open(*index)).map(|index| grid.interval(index)).collect();
    if !open.is_empty() {
        lacks.entry(lack).or_default().extend(pieces::joined(open));
    }
}
